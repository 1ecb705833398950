import Crypto

/// The text of (91) on a sealed code: `keyID.dispatch.dealer.time.territories`.
///
/// Its alphabet is `A-Z a-z 0-9 - . _`, which both CSET 82 and the query of a URI take as they are. The longest fields
/// make 8 + 16 + 32 + 7 + 4 points = 67 characters, which leaves 23 for the territories: exactly what a digest takes.
enum SealText {
  /// What (91) holds.
  static let longest = 90
  /// Times that fit into 7 digits of base 36.
  static let times: ClosedRange<Int64> = 0...78_364_164_095
  /// Stands before a digest; no list begins with it.
  private static let digestMark: Character = "_"

  /// The text up to the territories, its last point included.
  static func withoutTerritories(keyID: String, dispatch: String, dealer: String, sealedAt: Int64) -> String {
    "\(keyID).\(dispatch).\(dealer).\(String(sealedAt, radix: 36))."
  }

  /// Region codes with `_` between them, pairs of zeros at the end of GB/T 2260 codes dropped: `43_4401_US-CA`.
  static func list(_ territories: [String]) -> String {
    territories.map(shortened).joined(separator: "_")
  }

  /// `_` and the first 16 bytes of SHA-256 over the full codes, a line feed after each, in base64url: 23 characters.
  static func digest(_ territories: [String]) -> String {
    let hash = SHA256.hash(data: Array(territories.map { $0 + "\n" }.joined().utf8))
    return String(digestMark) + Base64URL.encode(Array(hash.prefix(16)))
  }

  /// Reads (91) of a code that names `subject`.
  /// - Throws: `malformedSeal`: `notCanonical` unless printing gives the same text again.
  static func statement(_ text: String, on subject: ScannedCode.Subject) throws(CodeError) -> SealStatement {
    let fields = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 5 else { throw .malformedSeal(.incomplete) }
    guard fields[3].utf8.count <= 7, let time = Int64(fields[3], radix: 36) else { throw .malformedSeal(.badTime) }
    let statement = try SealStatement(
      subject: subject, dealer: fields[2], territories: try territories(fields[4]), dispatch: fields[1], sealedAt: time,
      keyID: fields[0], territoryText: fields[4])
    // Refuses upper-case digits, signs and zeros before the time: a seal has one spelling.
    guard statement.text == text else { throw .malformedSeal(.notCanonical) }
    return statement
  }

  /// The list written in `text`, empty for a digest.
  private static func territories(_ text: String) throws(CodeError) -> [String] {
    if text.first == digestMark {
      guard text.utf8.count == 23, Base64URL.decode(text.dropFirst())?.count == 16 else {
        throw .malformedSeal(.badTerritories)
      }
      return []
    }
    let territories = text.split(separator: "_", omittingEmptySubsequences: false).map(lengthened)
    guard territories.allSatisfy(isRegion) else { throw .malformedSeal(.badTerritories) }
    guard Set(territories).sorted() == territories, list(territories) == text else {
      throw .malformedSeal(.notCanonical)
    }
    return territories
  }

  private static func shortened(_ region: String) -> String {
    var digits = region[...]
    guard digits.utf8.allSatisfy(Digits.isDigit) else { return region }
    while digits.utf8.count > 2, digits.hasSuffix("00") { digits = digits.dropLast(2) }
    return String(digits)
  }

  private static func lengthened(_ text: Substring) -> String {
    let isShort = text.utf8.count == 2 || text.utf8.count == 4
    guard isShort, text.utf8.allSatisfy(Digits.isDigit) else { return String(text) }
    return text + String(repeating: "0", count: 6 - text.utf8.count)
  }

  /// Six digits, or a country with perhaps a subdivision of ISO 3166-2.
  static func isRegion(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    if bytes.count == 6, bytes.allSatisfy(Digits.isDigit) { return true }
    guard bytes.count >= 2, bytes[..<2].allSatisfy(isCapital) else { return false }
    if bytes.count == 2 { return true }
    return (4...6).contains(bytes.count) && bytes[2] == UInt8(ascii: "-")
      && bytes[3...].allSatisfy { isCapital($0) || Digits.isDigit($0) }
  }

  static func isKeyID(_ text: String) -> Bool {
    text.utf8.count == 8 && text.utf8.allSatisfy { CrockfordBase32.alphabet.contains($0) }
  }

  static func isDispatch(_ text: String) -> Bool {
    (1...16).contains(text.utf8.count)
      && text.utf8.allSatisfy { isCapital($0) || Digits.isDigit($0) || $0 == UInt8(ascii: "-") }
  }

  static func isDealer(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        PercentCoding.isUnreserved(byte) && byte != UInt8(ascii: ".") && byte != UInt8(ascii: "~")
      }
  }

  private static func isCapital(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
}
