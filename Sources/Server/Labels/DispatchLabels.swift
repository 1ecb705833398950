import Codes
import Issuing
import Labels
import Ledger
import Regions
import Storage

/// What the labels of a dispatch say: the sealed code of each unit, and for whom and where the goods are.
package struct DispatchLabels: LabelSource {
  private let issuing: Issuing
  private let ledger: Ledger
  private let id: Int64
  private let level: UnitReference.Level

  /// - Parameter level: which of the dispatch's units get a label: its boxes, or the items that went without a box.
  package init(_ issuing: Issuing, _ ledger: Ledger, dispatch id: Int64, level: UnitReference.Level) {
    self.issuing = issuing
    self.ledger = ledger
    self.id = id
    self.level = level
  }

  /// The labels of the units from a place on.
  package func labels(from place: Int64, limit: Int) async throws -> (labels: [LabelContent], units: Int64) {
    guard let page = try await issuing.seals(ofDispatch: id, after: place, limit: limit) else { return ([], 0) }
    let (row, seals, level) = (page.row, page.seals, level)
    let labels = try await ledger.answer { [ledger] transaction in
      let writer = try DispatchLabelWriter(row, ledger, transaction)
      return try seals.compactMap { seal in
        let subject = try ScannedCode(seal.code).subject
        switch (subject, level) {
        case (.box(let box), .box): return try writer.label(of: box, uri: seal.uri)
        case (.item(let gtin, let serial), .item): return try writer.label(of: gtin, serial: serial, uri: seal.uri)
        default: return nil
        }
      }
    }
    return (labels, Int64(seals.count))
  }
}

/// Writes the labels of one dispatch, inside one transaction.
private struct DispatchLabelWriter {
  let row: DispatchRow
  let transaction: Transaction
  let boxes: BoxReader
  let recogniser: Recogniser
  let dealer: String
  let territories: [TerritoryName]

  init(_ row: DispatchRow, _ ledger: Ledger, _ transaction: Transaction) throws {
    self.row = row
    self.transaction = transaction
    boxes = try BoxReader(transaction)
    recogniser = ledger.recogniser
    dealer = try transaction.dealer(row.dealer)?.name ?? row.dealer
    territories = try Territory.stored(row.territories).codes.map { code in
      TerritoryName(
        zh: ledger.atlas.name(of: code, .zh) ?? code.description, en: ledger.atlas.name(of: code, .en))
    }
  }

  func label(of box: SSCC, uri: String) throws -> LabelContent {
    let content = try boxes.content(of: box) ?? BoxContent()
    let only = content.gtins.count == 1 ? content.gtins.first : nil
    let product = try only.flatMap { try transaction.product($0) }
    return try BoxLabel(
      uri: uri, sscc: box.description, productZh: product?.zh ?? "混装商品", productEn: product?.en ?? "Mixed products",
      gtin: product?.gtinText, batch: content.batches.count == 1 ? content.batches.first.map { "B\($0)" } : nil,
      quantity: Int(content.items), dealerName: dealer, dealerCode: row.dealer, territories: territories,
      dispatchNumber: row.number, dispatchDate: ChinaTime.day(Timestamp(milliseconds: row.at))
    ).content()
  }

  func label(of gtin: GTIN, serial: String, uri: String) throws -> LabelContent {
    let product = try transaction.product(Int64(gtin.value))
    let batch = try boxes.batch(of: gtin, serial: serial, recogniser)
    return try ItemLabel(
      uri: uri, gtin: gtin.description, serial: serial, productZh: product?.zh ?? gtin.description,
      productEn: product?.en, batch: batch.map { "B\($0.id)" }
    ).content()
  }
}

/// Dates and times as people in China read them (UTC+8, without summer time since 1991).
package enum ChinaTime {
  /// `2026-09-01`.
  package static func day(_ time: Timestamp) -> String { String(shifted(time).prefix(10)) }

  /// `2026-09-01 17:05` in Chinese, `1 Sep 2026, 17:05` in English.
  package static func minute(_ time: Timestamp, _ language: Language) -> String {
    let text = shifted(time)
    let clock = text.dropFirst(11).prefix(5)
    return language == .zh ? "\(text.prefix(10)) \(clock)" : "\(english(text.prefix(10))), \(clock)"
  }

  /// `1 Sep 2026` of `2026-09-01`; any other text as it is.
  package static func english(_ day: some StringProtocol) -> String {
    let parts = day.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, months.indices.contains(parts[1] - 1) else { return String(day) }
    return "\(parts[2]) \(months[parts[1] - 1]) \(parts[0])"
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private static func shifted(_ time: Timestamp) -> String { time.advanced(by: 8 * 3_600_000).description }
}
