import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

/// The warehouse's module: products, dealers and terminals; batches, packing, dispatch and what follows.
///
/// Each call is one transaction: it reads what is true, refuses with the reason or writes the change and its event.
package struct Issuing: Sendable {
  let ledger: Ledger

  /// Over the ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// Runs a change and tells caches of the catalogue.
  func changeCatalogue<T: Sendable>(
    _ body: @escaping @Sendable (Transaction, Timestamp) throws -> T
  ) async throws(IssuingError) -> T {
    let now = ledger.now()
    let result = try await ledger.write(IssuingError.self) { try body($0, now) }
    ledger.catalogueChanged()
    return result
  }
}

/// Limits that are part of the interface.
package enum IssuingLimits {
  /// Characters of a name.
  package static let nameMax = 200
  /// Units or children of one call.
  package static let unitsMax = 100_000
  /// Codes of one batch: the index space of a product and epoch (2^36).
  package static let quantityMax: Int64 = 1 << 36
  /// Items of one box.
  package static let perBoxMax: Int64 = 100_000
  /// How far in the future a step may be dated, milliseconds: clocks differ.
  package static let futureMax: Int64 = 10 * 60 * 1000
}

extension String {
  /// Checks a name: not blank, not too long, no control characters.
  func asName(_ field: String) throws(IssuingError) -> String {
    let trimmed = drop { $0.isWhitespace }
    guard !trimmed.isEmpty, count <= IssuingLimits.nameMax else {
      throw .invalid(field: field, .length(max: IssuingLimits.nameMax))
    }
    guard unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
      throw .invalid(field: field, .characters(allowed: "no control characters"))
    }
    return self
  }

  /// Checks a code that people give things: it also stands in seals and file names.
  func asCode(_ field: String, max: Int = 32) throws(IssuingError) -> String {
    guard (1...max).contains(utf8.count) else { throw .invalid(field: field, .length(max: max)) }
    let isAllowed = { (byte: UInt8) in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard utf8.allSatisfy(isAllowed) else { throw .invalid(field: field, .characters(allowed: "A-Z a-z 0-9 - _")) }
    return self
  }
}

extension Timestamp {
  /// Checks that a step is not dated in the future.
  func asPast(_ field: String, now: Timestamp) throws(IssuingError) -> Timestamp {
    guard self <= now.advanced(by: IssuingLimits.futureMax) else { throw .invalid(field: field, .future) }
    return self
  }
}
