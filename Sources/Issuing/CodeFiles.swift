import Codes
import Ledger
import Storage

/// What is needed to write a batch's codes into a file or onto labels, without touching the database again.
package struct BatchCodes: Sendable {
  /// The batch and its product.
  package let batch: BatchRow, product: ProductRow
  /// Makes the item codes.
  package let cipher: ProductCipher
  /// The form of the serials.
  package let profile: SerialProfile
  /// The series of its boxes.
  package let series: BoxSeries
  /// The base of the URIs.
  package let resolver: Resolver

  /// A writer of the item codes `first ..< end`, counted from 0 within the batch.
  package func lines(
    _ format: CodeLineWriter.Format, first: Int64 = 0, end: Int64? = nil
  ) throws(IssuingError) -> CodeLineWriter {
    let end = min(end ?? batch.count, batch.count)
    guard first >= 0, first <= end else { throw .invalid(field: "/from", .range(0, batch.count)) }
    do throws(CodeError) {
      return try CodeLineWriter(
        cipher: cipher, profile: profile, range: UInt64(batch.first + first)..<UInt64(batch.first + end),
        resolver: resolver, format: format, boxes: try assignment(), countedFrom: UInt64(batch.first))
    } catch { throw .invalid(field: "/from", .code(error.slug)) }
  }

  /// The item code at a place of the batch.
  package func item(_ place: Int64) throws(CodeError) -> (uri: String, serial: ItemSerial) {
    let serial = try cipher.serial(index: UInt64(batch.first + place), profile: profile)
    return (resolver.uri(of: cipher.gtin, serial: serial), serial)
  }

  /// The box at a place of the batch.
  package func box(_ place: Int64) throws(CodeError) -> SSCC { try series.sscc(UInt64(batch.boxFirst + place)) }

  private func assignment() throws(CodeError) -> BoxAssignment? {
    guard let perBox = batch.perBox else { return nil }
    return try BoxAssignment(
      series: series, firstSerial: UInt64(batch.boxFirst), firstIndex: UInt64(batch.first), perBox: UInt64(perBox))
  }
}

extension Issuing {
  /// Prepares a batch's codes; nil for an unknown batch.
  package func codes(ofBatch id: Int64) async throws(IssuingError) -> BatchCodes? {
    try await ledger.read(IssuingError.self) { [ledger] transaction in
      guard let batch = try transaction.batch(id), let product = try transaction.product(batch.gtin),
        let key = try transaction.spaceKey(batch.space), case .items(let gtin, let epoch) = CodeSpace(key: key),
        let profile = SerialProfile(rawValue: batch.profile)
      else { return nil }
      return BatchCodes(
        batch: batch, product: product, cipher: try ledger.recogniser.cipher(gtin: gtin, epoch: epoch),
        profile: profile, series: try BoxSeries(key: product.series), resolver: ledger.resolver)
    }
  }
}
