import Crypto

/// What a seal says: this box or item went to this dealer, for these territories, with this dispatch, at this time.
package struct SealStatement: Equatable, Sendable {
  /// The code that the seal is on.
  package let subject: ScannedCode.Subject
  /// Dealer code, 1–32 of `A-Z a-z 0-9 _ -`.
  package let dealer: String
  /// Region codes in ascending order, each once: GB/T 2260 (6 digits) or ISO 3166 (`JP`, `JP-13`). Empty only in a
  /// statement read from a code that carries no more than their digest; see `territoriesAreKnown`.
  package let territories: [String]
  /// Short identifier of the dispatch, 1–16 of `A-Z 0-9 -`.
  package let dispatch: String
  /// When it was sealed, Unix seconds, 0 to 36^7 - 1 (the year 4453).
  package let sealedAt: Int64
  /// Which key signs, 8 characters.
  package let keyID: String
  /// How the territories stand in (91): a list or a digest.
  let territoryText: String

  /// A statement to be sealed. Territories may come in any order and more than once.
  /// - Throws: `malformedSeal` with the field that cannot be sealed.
  package init(
    subject: ScannedCode.Subject, dealer: String, territories: [String], dispatch: String, sealedAt: Int64,
    keyID: String
  ) throws(CodeError) {
    let sorted = Set(territories).sorted()
    guard !sorted.isEmpty, sorted.allSatisfy(SealText.isRegion) else { throw .malformedSeal(.badTerritories) }
    let others = SealText.withoutTerritories(keyID: keyID, dispatch: dispatch, dealer: dealer, sealedAt: sealedAt)
    let listed = SealText.list(sorted)
    let fits = others.utf8.count + listed.utf8.count <= SealText.longest
    try self.init(
      subject: subject, dealer: dealer, territories: sorted, dispatch: dispatch, sealedAt: sealedAt, keyID: keyID,
      territoryText: fits ? listed : SealText.digest(sorted))
  }

  /// Checks every field but the territories.
  init(
    subject: ScannedCode.Subject, dealer: String, territories: [String], dispatch: String, sealedAt: Int64,
    keyID: String, territoryText: String
  ) throws(CodeError) {
    guard SealText.isKeyID(keyID) else { throw .malformedSeal(.badKeyID) }
    guard SealText.isDispatch(dispatch) else { throw .malformedSeal(.badDispatch) }
    guard SealText.isDealer(dealer) else { throw .malformedSeal(.badDealer) }
    guard SealText.times.contains(sealedAt) else { throw .malformedSeal(.badTime) }
    self.subject = subject
    self.dealer = dealer
    self.territories = territories
    self.dispatch = dispatch
    self.sealedAt = sealedAt
    self.keyID = keyID
    self.territoryText = territoryText
    guard text.utf8.count <= SealText.longest else { throw .malformedSeal(.tooLong) }
  }

  /// False when only the digest of the territories is known; a list that has it can be offered to the key ring.
  package var territoriesAreKnown: Bool { !territories.isEmpty }

  /// The value of (91), at most 90 characters that need no percent-encoding.
  package var text: String {
    SealText.withoutTerritories(keyID: keyID, dispatch: dispatch, dealer: dealer, sealedAt: sealedAt) + territoryText
  }

  /// What is signed: purpose, identifiers and (91), a line each. No part can hold a line feed, so no two statements
  /// have the same bytes.
  package var canonicalBytes: [UInt8] { Self.canonicalStart(subject) + Self.canonicalEnd(text) }

  /// Purpose and identifiers, which begin what is signed.
  static func canonicalStart(_ subject: ScannedCode.Subject) -> [UInt8] { Array("yima/seal/v1\n\(subject)".utf8) }

  /// The value of (91), which ends it.
  static func canonicalEnd(_ text: String) -> [UInt8] { Array("\n\(text)\n".utf8) }

  /// The same statement with its territories filled in.
  /// - Throws: `territoriesNotSealed` when `list` is not what was sealed.
  func filled(with list: [String]) throws(CodeError) -> SealStatement {
    let sorted = Set(list).sorted()
    guard !sorted.isEmpty, SealText.digest(sorted) == territoryText else { throw .territoriesNotSealed }
    return try SealStatement(
      subject: subject, dealer: dealer, territories: sorted, dispatch: dispatch, sealedAt: sealedAt, keyID: keyID,
      territoryText: territoryText)
  }
}
