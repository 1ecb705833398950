import Synchronization

/// Makes the seals of one dispatch: what all of them say is checked and written once, each costs little more than its
/// signature. Safe to use from several threads.
package struct SealPress: Sendable {
  private let key: SealingKey
  /// The base of the URIs.
  package let resolver: Resolver
  /// What stands behind the code in what is signed and in the URI: it does not depend on the code.
  private let signedEnd: [UInt8], shownEnd: [UInt8]

  /// - Throws: `malformedSeal` with the field that cannot be sealed.
  package init(
    _ key: SealingKey, dealer: String, territories: [String], dispatch: String, at sealedAt: Int64, resolver: Resolver
  ) throws(CodeError) {
    self.key = key
    self.resolver = resolver
    let statement = try SealStatement(
      subject: .item(gtin: try GTIN("00000000000000"), serial: "0"), dealer: dealer, territories: territories,
      dispatch: dispatch,
      sealedAt: sealedAt, keyID: key.keyID)
    signedEnd = SealStatement.canonicalEnd(statement.text)
    shownEnd = Array("&91=\(statement.text)".utf8)
  }

  /// The printed form of a code with its seal: the same as `SealedCode.uri`.
  package func uri(of subject: ScannedCode.Subject) throws(CodeError) -> String {
    let signature = try key.signature(for: SealStatement.canonicalStart(subject) + signedEnd)
    var uri = Array(resolver.uri(of: subject).utf8)
    uri.reserveCapacity(uri.count + 96 + shownEnd.count)
    uri += "?8030=".utf8
    Base64URL.append(signature, to: &uri)
    uri += shownEnd
    return String(decoding: uri, as: UTF8.self)
  }

  /// Many seals in order, made on all cores.
  package func uris(of subjects: [ScannedCode.Subject]) throws -> [String] {
    let piece = 64
    let made = Mutex<[String]>([])
    try InOrder.run((subjects.count + piece - 1) / piece) {
    } make: { _, number in
      try subjects[(number * piece)..<min(subjects.count, (number + 1) * piece)].map { try uri(of: $0) }
    } take: { some in
      made.withLock { $0 += some }
    }
    return made.withLock { $0 }
  }
}
