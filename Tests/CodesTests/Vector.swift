import Codes
import Foundation

/// One case of `codes/vectors.json`: inputs, and either what comes of them or the error.
struct Vector: Codable, Equatable {
  let id: String
  let kind: Kind
  var text: String?
  var gtin: String?
  var epoch: UInt8?
  var index: UInt64?
  var profile: String?
  var serial: String?
  var seed: String?
  var dealer: String?
  var dispatch: String?
  var territories: [String]?
  var sealedAt: Int64?
  var knownTerritories: [String]?
  // Expectations.
  var value: String?
  var subject: String?
  var attributes: [String: String]?
  var signed: String?
  var error: String?

  /// What is done with the inputs; described in `codes/SPEC.md`, "Test vectors".
  enum Kind: String, Codable, CaseIterable {
    case gtin, sscc, box, resolver, derive, serial, recognise, elements, link, scan, seal, verify
  }
}

/// The whole file.
struct VectorFile: Codable, Equatable {
  let format: String
  let resolver: String
  /// Root keys by epoch, hexadecimal.
  let roots: [String: String]
  /// The public keys that seals are checked with.
  let jwks: KeySet
  let good: [Vector]
  let bad: [Vector]

  struct KeySet: Codable, Equatable {
    struct Key: Codable, Equatable {
      let kty, crv, x, kid, use, alg: String
      let notBefore: Int64
      var revokedAt: Int64?
    }
    let keys: [Key]
  }

  static let url = repository.appending(path: "codes/vectors.json")
}

extension Vector {
  /// Epochs whose root keys are published.
  static let epochs: [UInt8] = [0, 1, 15]

  /// The same vector with everything filled in that follows from its inputs.
  /// - Throws: what the code under test throws.
  func run() throws -> Vector {
    var result = self
    result.value = nil
    switch kind {
    case .gtin: result.value = try GTIN(text ?? "").description
    case .sscc: result.value = try SSCC(text ?? "").description
    case .box: result.value = try BoxSeries(key: text ?? "").sscc(index ?? 0).description
    case .resolver: result.value = try Resolver(text ?? "").description
    case .derive: result.value = hex(try cipher(epoch ?? 0).derivedKeys)
    case .serial:
      result.value = try cipher(epoch ?? 0).serial(index: index ?? 0, profile: Self.profile(profile)).description
    case .recognise: try recognise(&result)
    case .elements: result.value = try ElementString(bracketed: text ?? "").scannerData
    case .link: result.value = try DigitalLink(ElementString(bracketed: text ?? "")).uri(Fixture.resolver())
    case .scan:
      let code = try ScannedCode(text ?? "")
      result.subject = code.subject.description
      result.attributes = code.attributes
    case .seal: try seal(&result)
    case .verify: try verify(&result)
    }
    return result
  }

  private func cipher(_ epoch: UInt8) throws -> ProductCipher {
    guard Self.epochs.contains(epoch) else { throw CodeError.unknownEpoch(Int(epoch)) }
    return ProductCipher(
      root: try Fixture.root(epoch), suite: .intl, gtin: try GTIN(gtin ?? ""), epoch: try Fixture.epoch(epoch))
  }

  private static func profile(_ name: String?) -> SerialProfile { name.flatMap(SerialProfile.init) ?? .compact }

  private func recognise(_ result: inout Vector) throws {
    let serial = try ItemSerial(serial ?? "")
    result.index = try cipher(serial.epoch.rawValue).index(of: serial)
    result.epoch = serial.epoch.rawValue
    result.profile = serial.profile.rawValue
    result.value = serial.description
  }

  private func seal(_ result: inout Vector) throws {
    guard let key = SealingKey(seed: bytes(hex: seed ?? "")) else { return }
    let sealed = try key.seal(
      ScannedCode(text ?? "").subject, dealer: dealer ?? "", territories: territories ?? [], dispatch: dispatch ?? "",
      at: sealedAt ?? 0)
    result.value = sealed.uri(try Fixture.resolver())
    result.signed = String(decoding: sealed.statement.canonicalBytes, as: UTF8.self)
  }

  private func verify(_ result: inout Vector) throws {
    let statement = try Fixture.ring().verify(ScannedCode(text ?? ""), knownTerritories: knownTerritories).statement
    result.subject = statement.subject.description
    result.dealer = statement.dealer
    result.dispatch = statement.dispatch
    result.sealedAt = statement.sealedAt
    result.territories = statement.territories
  }
}
