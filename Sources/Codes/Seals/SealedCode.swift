/// A code with a seal on it, as printed or as read. That one exists says nothing: only `SealKeyRing` can tell whether
/// the signature holds.
package struct SealedCode: Equatable, Sendable {
  /// What the seal says.
  package let statement: SealStatement
  /// The Ed25519 signature over `statement.canonicalBytes`, 64 bytes.
  package let signature: [UInt8]

  init(statement: SealStatement, signature: [UInt8]) {
    self.statement = statement
    self.signature = signature
  }

  /// Finds the seal on a code that was read: the signed fields in (91), the signature in (8030).
  /// - Throws: `malformedSeal`: `absent` without either, `incomplete` with one of them, else what cannot be read.
  package init(_ scanned: ScannedCode) throws(CodeError) {
    let text = scanned.attributes["91"]
    let signature = scanned.attributes["8030"]
    guard text != nil || signature != nil else { throw .malformedSeal(.absent) }
    guard let text, let signature else { throw .malformedSeal(.incomplete) }
    guard let bytes = Base64URL.decode(signature), bytes.count == 64 else { throw .malformedSeal(.badSignatureText) }
    self.init(statement: try SealText.statement(text, on: scanned.subject), signature: bytes)
  }

  /// The printed form: the URI of the code with `?8030=…&91=…`, attributes in the order of the canonical URI.
  package func uri(_ resolver: Resolver) -> String {
    "\(resolver.uri(of: statement.subject))?8030=\(Base64URL.encode(signature))&91=\(statement.text)"
  }
}
