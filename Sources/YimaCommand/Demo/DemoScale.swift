/// How large a demo is.
package struct DemoScale: Hashable, Sendable {
  /// Items issued in boxes; a few hundred more are packed by scanning.
  package let items: Int
  /// Days of trade before the demo's present.
  package let days: Int
  /// Scans, roughly: buyers who scan twice and planted matters come on top.
  package let scans: Int
  /// Shops with a registered terminal.
  package let stores: Int

  /// Made from its parts. Fewer than four weeks, 25 000 items or a dozen shops have no room for the matters that are
  /// planted: smaller numbers are raised to these.
  package init(items: Int, days: Int, scans: Int, stores: Int) {
    self.items = max(25_000, items)
    self.days = max(28, days)
    self.scans = max(0, scans)
    self.stores = max(12, stores)
  }

  /// What `yima demo` makes: half a million items, twelve weeks, some 60 000 scans.
  package static let full = DemoScale(items: 500_000, days: 84, scans: 60_000, stores: 150)
}
