import Synchronization

/// Makes the seals of one dispatch: what all of them say is checked and written once, each costs little more than its
/// signature. Safe to use from several threads.
package struct SealPress: Sendable {
  private let key: SealingKey
  /// The base of the URIs.
  package let resolver: Resolver
  /// The text of (91); it does not depend on the code.
  private let text: String

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
    text = statement.text
  }

  /// The printed form of a code with its seal: the same as `SealedCode.uri`.
  package func uri(of subject: ScannedCode.Subject) throws(CodeError) -> String {
    let signature = try key.signature(for: SealStatement.canonicalBytes(subject, text))
    return "\(resolver.uri(of: subject))?8030=\(Base64URL.encode(signature))&91=\(text)"
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
