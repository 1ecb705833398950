/// What another setting would have found over the same history.
package struct WhatIf: Sendable, Equatable {
  /// What an alert is about, without its moment.
  package struct Matter: Hashable, Sendable, Comparable {
    /// What is the matter, and the numbers of dealer, province, store, code and device.
    let kind: Finding.Kind
    let dealer: UInt64
    let province: Int32
    let subject: UInt64

    /// In the order of kinds and numbers.
    package static func < (a: Matter, b: Matter) -> Bool {
      (a.kind.rawValue, a.dealer, a.province, a.subject) < (b.kind.rawValue, b.dealer, b.province, b.subject)
    }

    init(_ finding: Finding) {
      self.init(
        finding.kind, dealer: finding.dealer, region: finding.region, lot: finding.lot, store: finding.store,
        code: finding.code, device: finding.device)
    }

    init(
      _ kind: Finding.Kind, dealer: UInt64, region: Int32, lot: UInt64, store: UInt64, code: UInt64, device: UInt64
    ) {
      self.kind = kind
      self.dealer = kind == .diversion ? dealer : 0
      province = kind == .diversion ? region / 10_000 : 0
      subject =
        switch kind {
        case .diversion: 0
        case .clone: code
        case .price, .registration: store
        case .counterfeit, .burning: device
        case .missing: lot
        }
    }
  }

  /// One kind's numbers of alerts: as set, and with the other setting.
  package struct Count: Sendable, Equatable {
    /// What is the matter.
    package let kind: Finding.Kind
    /// Alerts as set, with the other setting, and matters in both.
    package let now: Int, then: Int, both: Int
  }

  /// By kind, those that came up.
  package let counts: [Count]
  /// Confirmed matters, and those that the other setting would not have found.
  package let confirmed: Int, missed: Int

  /// Compares findings over one history.
  package init(_ now: [Finding], _ then: [Finding], confirmed: [Matter] = []) {
    let before = Set(now.map(Matter.init))
    let after = Set(then.map(Matter.init))
    counts = Finding.Kind.allCases.compactMap { kind in
      let count = Count(
        kind: kind, now: now.count { $0.kind == kind }, then: then.count { $0.kind == kind },
        both: before.intersection(after).count { $0.kind == kind })
      return count.now + count.then > 0 ? count : nil
    }
    let known = Set(confirmed)
    self.confirmed = known.count
    missed = known.subtracting(after).count
  }

  /// What alerts of an alerts file are about.
  package static func matters(
    file: String, _ chunks: @escaping () throws(MarketError) -> [UInt8]
  ) throws(MarketError) -> [Matter] {
    let columns = ["kind", "dealer_ids", "region_code", "lot_id", "store_id", "code", "device_id"]
    var table = try TableReader(file, columns: columns, chunks)
    var matters: [Matter] = []
    while try table.next() {
      guard let kind = Finding.Kind(rawValue: table.text(0)) else { throw table.failure(0, .text) }
      guard table.isEmpty(2) || Int32(table.text(2)) != nil else { throw table.failure(2, .region) }
      matters.append(
        Matter(
          kind, dealer: table.id(1), region: Int32(table.text(2)) ?? 0, lot: table.id(3), store: table.id(4),
          code: table.id(5), device: table.id(6)))
    }
    return matters
  }

  /// For people: a line a kind, and one about confirmed matters.
  package var lines: [String] {
    var lines = counts.map {
      "\($0.kind.rawValue): \($0.now) alerts as set, \($0.then) what-if, \($0.both) matters in both"
    }
    if confirmed > 0 { lines.append("confirmed: \(confirmed), of which \(missed) would have been missed") }
    return lines
  }
}
