import TransparencyLog

/// What an alert is about.
enum AlertKind: String, CaseIterable {
  case diversion, price, clone, forgery, unsold, registration, missing, burning
}

/// `alert`: what a rule found, on which scans.
struct AlertFacts {
  let number: Int64
  let kind: AlertKind
  let rule: String
  let severity: String
  /// Any of `dealer`, `region`, `gtin`, `dispatch`, `code`.
  let subject: Members
  let numbers: Members
  /// Leaf indexes of the scans, ascending.
  let scans: [UInt64]

  init(_ data: Members) throws(Misread) {
    number = try data.whole("alert")
    guard let kind = AlertKind(rawValue: try data.text("kind")) else { throw Misread("kind") }
    self.kind = kind
    rule = try data.text("rule")
    severity = try data.text("severity")
    subject = try data.object("subject")
    numbers = try data.object("numbers")
    let indexes = try data.list("scans").map { value throws(Misread) in
      // Events are numbered from 1, leaves from 0.
      guard let number = value.int, number >= 1 else { throw Misread("scans") }
      return UInt64(number - 1)
    }
    guard Set(indexes).count == indexes.count else { throw Misread("scans") }
    // That nothing is scanned is what goods with removed codes show.
    guard !indexes.isEmpty || kind == .missing else { throw Misread("scans") }
    scans = indexes.sorted()
  }

  /// Whether the dealer's hold on the goods is part of the matter.
  var restsOnBinding: Bool {
    switch kind {
    case .diversion: true
    case .price: subject.has("dealer")
    case .clone, .forgery, .unsold, .registration, .missing, .burning: false
    }
  }
}
