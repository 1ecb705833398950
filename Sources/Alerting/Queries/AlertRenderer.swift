import Codes
import Ledger
import Storage
import TransparencyLog

/// Makes stored alerts into what is shown, inside one transaction.
struct AlertRenderer {
  private let ledger: Ledger
  private let transaction: Transaction

  init(_ ledger: Ledger, _ transaction: Transaction) {
    self.ledger = ledger
    self.transaction = transaction
  }

  func view(_ row: AlertRow, scans: [AlertScan]) throws -> AlertView {
    guard let detail = try? JSONValue(parsing: row.detail), let explanation = Explanation(detail["explanation"]),
      let occurredAt = detail["occurredAt"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    else { throw LedgerError.inconsistent("alert \(row.id)") }
    let subject = AlertSubject(detail["subject"])
    let product = try row.gtin.flatMap { try transaction.product($0) }
    return AlertView(
      id: AlertID(row.id), kind: row.kind, status: row.status, severity: row.severity, rule: row.rule,
      raisedAt: Timestamp(milliseconds: row.raised), occurredAt: occurredAt, subject: subject,
      numbers: detail["numbers"]?.object ?? [:], explanation: explanation, event: row.event,
      product: product.map { ProductRow.Names(zh: $0.zh, en: $0.en) },
      code: try subject.code.flatMap(text), decision: detail["decision"],
      corrections: detail["corrections"]?.array ?? [],
      valueAtRisk: Self.money(AlertUrgency.value(row.urgency), product?.currency),
      dispatchNumber: try subject.dispatch.flatMap { try transaction.dispatch($0)?.number }, scans: scans)
  }

  private static func money(_ value: Int64, _ currency: String?) -> JSONValue? {
    guard value > 0, let currency else { return nil }
    let (whole, rest) = (value / 100, value % 100)
    return ["amount": .string("\(whole).\(rest < 10 ? "0" : "")\(rest)"), "currency": .string(currency)]
  }

  /// The Digital Link URI of what a scan read; nil when it was none of ours.
  func uri(of scan: AlertScan) throws -> String? {
    guard let code = scan.body?["data"]?["code"].flatMap({ SightedCode($0) }) else { return nil }
    if case .raw = code { return nil }
    return try text(code)
  }

  /// The code as it is printed, or as it was read when it is none of ours.
  private func text(_ code: SightedCode) throws -> String? {
    switch code {
    case .raw(let text): return text
    case .box(let digits): return (try? SSCC(digits)).map(ledger.resolver.uri(of:))
    case .item(let item):
      guard let space = try transaction.findSpace(CodeSpace.items(item.gtin, item.epoch).key),
        let batch = try transaction.batch(ofItem: item.index, space: space),
        let profile = SerialProfile(rawValue: batch.profile),
        let cipher = try? ledger.recogniser.cipher(gtin: item.gtin, epoch: item.epoch),
        let serial = try? cipher.serial(index: UInt64(item.index), profile: profile)
      else { return nil }
      return ledger.resolver.uri(of: item.gtin, serial: serial)
    }
  }
}
