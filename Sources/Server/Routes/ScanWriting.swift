import Ledger
import Storage
import Synchronization
import TransparencyLog
import Verification

/// Lays out the answer to a scan, without building a tree: this is done for every scan.
enum ScanWriting {
  /// The answer as this actor may see it.
  static func bytes(_ answer: ScanAnswer, to actor: Actor, _ names: NameCache) async throws -> [UInt8] {
    let product = try await answer.gtin.asyncMap { try await names.product($0) }
    let dealer = answer.mayShowDealer(to: actor) ? try await answer.dealer.asyncMap { try await names.dealer($0) } : nil
    return bytes(answer, AnswerNames(product: product, dealer: dealer))
  }

  /// The same with names that are known already.
  static func bytes(_ answer: ScanAnswer, _ names: AnswerNames) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(900)
    if let event = answer.event {
      out.put("{\"scanId\":\"S")
      out.put(number: event)
      out.put("\",\"recorded\":true,\"scannedAt\":\"")
    } else {
      out.put("{\"scanId\":null,\"recorded\":false,\"scannedAt\":\"")
    }
    answer.at.write(to: &out)
    out.put("\",\"verdict\":\"")
    out.put(word: answer.overall.rawValue)
    out.put("\",\"authenticity\":\"")
    out.put(word: answer.authenticity.rawValue)
    out.put("\",\"state\":")
    if let state = answer.state {
      out.put("\"")
      out.put(word: state.name)
      out.put("\"")
    } else {
      out.put("null")
    }
    out.put(",\"territory\":\"")
    out.put(word: answer.territory.rawValue)
    out.put("\",\"price\":\"")
    out.put(word: answer.price.rawValue)
    out.put("\",\"reasons\":[")
    for (place, reason) in answer.reasons.enumerated() {
      if place > 0 { out.put(",") }
      out += ReasonText.bytes(reason)
    }
    out.put("]")
    if let product = names.product {
      out.put(",\"product\":")
      out += product
    }
    if let dealer = names.dealer {
      out.put(",\"dealer\":")
      out += dealer
    }
    if let first = answer.firstScannedAt {
      out.put(",\"firstScannedAt\":\"")
      first.write(to: &out)
      out.put("\"")
    }
    out.put(",\"scanCount\":")
    out.put(number: answer.scanCount)
    out.put("}")
    return out
  }
}

/// The product and the dealer of an answer as JSON; nil is left out.
struct AnswerNames {
  var product: [UInt8]?, dealer: [UInt8]?
}

extension Optional where Wrapped: Sendable {
  fileprivate func asyncMap<T: Sendable>(_ body: (Wrapped) async throws -> T?) async throws -> T? {
    if let self { try await body(self) } else { nil }
  }
}

/// The reasons as JSON, laid out once.
enum ReasonText {
  private static let all: [ScanReason: [UInt8]] = Dictionary(
    uniqueKeysWithValues: ScanReason.allCases.map { reason in
      let message = reason.message
      let json: JSONValue = [
        "code": .string(reason.rawValue), "message": ["zh": .string(message.zh), "en": .string(message.en)],
      ]
      return (reason, json.canonicalBytes)
    })

  static func bytes(_ reason: ScanReason) -> [UInt8] { all[reason] ?? [] }
}

/// Products and dealers as they stand in answers, remembered. Neither is ever changed once
/// added, so only what was missing can become stale, and that is not remembered.
final class NameCache: Sendable {
  private let ledger: Ledger
  private let known = Mutex((products: [Int64: [UInt8]](), rows: [Int64: ProductRow](), dealers: [String: [UInt8]]()))

  static let entriesMax = 50_000

  init(_ ledger: Ledger) { self.ledger = ledger }

  /// The names in an answer as this actor may see them; nil when one has to be looked up.
  func known(_ answer: ScanAnswer, _ actor: Actor) -> AnswerNames? {
    known.withLock { known in
      var names = AnswerNames()
      if let gtin = answer.gtin {
        guard let product = known.products[gtin] else { return nil }
        names.product = product
      }
      if let code = answer.dealer, answer.mayShowDealer(to: actor) {
        guard let dealer = known.dealers[code] else { return nil }
        names.dealer = dealer
      }
      return names
    }
  }

  /// A product as JSON.
  func product(_ gtin: Int64) async throws -> [UInt8]? {
    if let found = known.withLock({ $0.products[gtin] }) { return found }
    guard let row = try await ledger.answer({ try $0.product(gtin) }) else { return nil }
    let bytes = row.json.canonicalBytes
    known.withLock {
      if $0.products.count >= Self.entriesMax { $0.products.removeAll() }
      $0.products[gtin] = bytes
    }
    return bytes
  }

  /// A product's row, when it is remembered.
  func knownRow(_ gtin: Int64) -> ProductRow? { known.withLock { $0.rows[gtin] } }

  /// A product's row.
  func row(_ gtin: Int64) async throws -> ProductRow? {
    if let found = knownRow(gtin) { return found }
    guard let row = try await ledger.answer({ try $0.product(gtin) }) else { return nil }
    known.withLock {
      if $0.rows.count >= Self.entriesMax { $0.rows.removeAll() }
      $0.rows[gtin] = row
    }
    return row
  }

  /// A dealer's code and name as JSON.
  func dealer(_ code: String) async throws -> [UInt8]? {
    if let found = known.withLock({ $0.dealers[code] }) { return found }
    guard let row = try await ledger.answer({ try $0.dealer(code) }) else { return nil }
    let json: JSONValue = ["code": .string(row.code), "name": .string(row.name)]
    let bytes = json.canonicalBytes
    known.withLock {
      if $0.dealers.count >= Self.entriesMax { $0.dealers.removeAll() }
      $0.dealers[code] = bytes
    }
    return bytes
  }
}
