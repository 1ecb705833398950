import Codes
import Issuing
import Labels
import Ledger

/// What the labels of a batch say: one for each item or box between two places.
package struct BatchLabels: LabelSource {
  private let codes: BatchCodes
  private let level: UnitReference.Level
  private let first: Int64
  private let last: Int64
  private let counts: BoxCounts?

  /// - Parameters:
  ///   - first, last: places within the batch, from 0, both included.
  ///   - counts: tells what is in boxes that are packed by scanning; without it they are taken as empty.
  package init(
    _ codes: BatchCodes, level: UnitReference.Level, first: Int64, last: Int64, counts: BoxCounts? = nil
  ) {
    self.codes = codes
    self.level = level
    self.first = first
    self.last = last
    self.counts = counts
  }

  /// How many labels there are.
  package var count: Int64 { max(0, last - first + 1) }

  /// The labels from a place of the job on (from 0).
  package func labels(from place: Int64, limit: Int) async throws -> (labels: [LabelContent], units: Int64) {
    let start = first + place
    let end = min(last + 1, start + Int64(limit))
    guard start < end else { return ([], 0) }
    let labels =
      switch level {
      case .item: try (start..<end).map { try item($0) }
      case .box: try await boxes(start..<end)
      }
    return (labels, end - start)
  }

  private func item(_ place: Int64) throws -> LabelContent {
    let (uri, serial) = try codes.item(place)
    return try ItemLabel(
      uri: uri, gtin: codes.cipher.gtin.description, serial: serial.description, productZh: codes.product.zh,
      productEn: codes.product.en, batch: "B\(codes.batch.id)"
    ).content()
  }

  private func boxes(_ places: Range<Int64>) async throws -> [LabelContent] {
    let boxes = try places.map { try codes.box($0) }
    let packed = codes.batch.perBox == nil ? try await counts?.items(in: boxes) ?? [:] : [:]
    return try zip(places, boxes).map { place, box in
      try BoxLabel(
        uri: codes.resolver.uri(of: box), sscc: box.description, productZh: codes.product.zh,
        productEn: codes.product.en, gtin: codes.cipher.gtin.description, batch: "B\(codes.batch.id)",
        quantity: Int(assigned(to: place) ?? packed[box] ?? 0)
      ).content()
    }
  }

  /// How many items the batch pre-assigns to a box: the last one may hold fewer.
  private func assigned(to place: Int64) -> Int64? {
    codes.batch.perBox.map { max(0, min($0, codes.batch.count - place * $0)) }
  }
}

/// Counts the items that lie in boxes now.
package struct BoxCounts: Sendable {
  private let ledger: Ledger

  /// Over the ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// Items at any depth in each box; boxes that are not ours are left out.
  package func items(in boxes: [SSCC]) async throws -> [SSCC: Int64] {
    try await ledger.answer { transaction in
      let reader = try BoxReader(transaction)
      return try boxes.reduce(into: [:]) { counts, box in counts[box] = try reader.content(of: box)?.items }
    }
  }
}
