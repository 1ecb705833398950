import Synchronization

/// A rendered page with gaps for what differs from code to code. A template costs a hundred times more than filling gaps,
/// and all pages of a finding share theirs.
struct PageShell: Sendable {
  /// What stands before each gap, and the number of the gap's text; the last has none.
  private let parts: [(bytes: [UInt8], gap: Int?)]

  /// From a page that was rendered with `PageGaps.mark` in the places of its texts.
  init(_ page: [UInt8]) {
    var parts: [(bytes: [UInt8], gap: Int?)] = []
    var rest = page[...]
    while let start = rest.firstIndex(of: PageGaps.opening), let end = rest.firstIndex(of: PageGaps.closing),
      start < end
    {
      let gap = Int(String(decoding: rest[(start + 1)..<end], as: UTF8.self))
      parts.append((Array(rest[..<start]), gap))
      rest = rest[(end + 1)...]
    }
    parts.append((Array(rest), nil))
    self.parts = parts
  }

  /// The page with its texts, escaped for HTML.
  func filled(with texts: [String]) -> [UInt8] {
    var page: [UInt8] = []
    page.reserveCapacity(4096)
    for part in parts {
      page += part.bytes
      guard let gap = part.gap, texts.indices.contains(gap) else { continue }
      for byte in texts[gap].utf8 {
        switch byte {
        case UInt8(ascii: "<"): page += "&lt;".utf8
        case UInt8(ascii: ">"): page += "&gt;".utf8
        case UInt8(ascii: "&"): page += "&amp;".utf8
        case UInt8(ascii: "\""): page += "&quot;".utf8
        case UInt8(ascii: "'"): page += "&#39;".utf8
        default: page.append(byte)
        }
      }
    }
    return page
  }
}

/// The texts of a page that differ from code to code, and the marks that hold their places in its template's values.
struct PageGaps {
  /// Control characters that no text of a page has.
  static let opening: UInt8 = 0x01, closing: UInt8 = 0x02
  private(set) var texts: [String] = []

  /// Takes a text and gives what to put into the values instead.
  mutating func mark(_ text: String) -> String {
    texts.append(text)
    return "\u{1}\(texts.count - 1)\u{2}"
  }
}

/// Shells by what they have in common: a few dozen, and never many.
final class PageShells: Sendable {
  private let shells = Mutex<[String: PageShell]>([:])
  private static let kept = 1000

  /// The shell under a key, rendered when it is not there.
  func shell(_ key: String, _ render: () -> [UInt8]) -> PageShell {
    if let known = shells.withLock({ $0[key] }) { return known }
    let shell = PageShell(render())
    shells.withLock {
      if $0.count >= Self.kept { $0.removeAll() }
      $0[key] = shell
    }
    return shell
  }
}
