/// Why bytes are not a signed note, or why it is not to be believed.
package enum NoteError: Error, Equatable, Sendable {
  /// Longer than ``SignedNote/maxBytes``.
  case tooLong
  /// Not valid UTF-8.
  case notUTF8
  /// A control character other than newline, at this offset.
  case controlCharacter(offset: Int)
  /// The text does not end in a newline.
  case textNotTerminated
  /// No blank line with signatures after it.
  case noSignatures
  /// The signature line of this number (from 1) is not `— name base64`.
  case badSignatureLine(Int)
  /// More than ``SignedNote/maxSignatures``.
  case tooManySignatures
  /// The signature of a known key is wrong: then the whole note is refused.
  case badSignature(keyName: String)
  /// No known key has signed.
  case noKnownSignature
  /// A log's key was asked to cosign or a witness's to sign.
  case wrongKind
  /// A cosignature's time exceeds 2^63 − 1 seconds.
  case badTime
  /// The cryptographic library refused to sign.
  case signingFailed
}

/// One signature line of a note, not yet checked.
package struct NoteSignature: Hashable, Sendable {
  /// The name of the key, as claimed.
  package let name: String
  /// The id of the key, as claimed.
  package let keyID: UInt32
  /// What the key's algorithm produced: 64 bytes for Ed25519, 72 for a cosignature.
  package let signature: [UInt8]

  /// The line, with its newline.
  package var line: String {
    "\u{2014} \(name) \(Base64.standard.encode(UInt32Bytes.encode(keyID) + signature))\n"
  }

  init(name: String, keyID: UInt32, signature: [UInt8]) {
    self.name = name
    self.keyID = keyID
    self.signature = signature
  }

  /// Reads a line without its newline; nil if it is no signature line.
  init?(line: ArraySlice<UInt8>) {
    let dash = Array("\u{2014} ".utf8)
    guard line.starts(with: dash) else { return nil }
    let parts = line.dropFirst(dash.count).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2, let bytes = Base64.standard.decode(parts[1]), bytes.count > 4 else { return nil }
    let name = String(decoding: parts[0], as: UTF8.self)
    guard NoteKey.isValid(name: name) else { return nil }
    self.init(name: name, keyID: UInt32Bytes.decode(bytes.prefix(4)), signature: Array(bytes.dropFirst(4)))
  }
}

/// A text with signatures (C2SP signed-note 1.0.0), as read: nothing is checked until ``verify(keys:)``.
package struct SignedNote: Hashable, Sendable {
  /// The signed text, with its last newline, in UTF-8. Bytes, because Swift's strings equal others of different bytes.
  package let text: [UInt8]
  /// The signatures; at least one.
  package private(set) var signatures: [NoteSignature]

  /// The longest note that is read, in bytes.
  package static let maxBytes = 1_000_000
  /// The most signatures that are read (the specification asks for 16 at least).
  package static let maxSignatures = 100

  /// Reads a note.
  package init(parsing bytes: [UInt8]) throws(NoteError) {
    try Self.check(bytes)
    guard let blank = Self.lastBlankLine(bytes) else { throw .noSignatures }
    var signatures: [NoteSignature] = []
    var lines = Lines(bytes[(blank + 1)...])
    while !lines.rest.isEmpty {
      guard signatures.count < Self.maxSignatures else { throw .tooManySignatures }
      guard let line = lines.next(), let signature = NoteSignature(line: line) else {
        throw .badSignatureLine(signatures.count + 1)
      }
      signatures.append(signature)
    }
    guard !signatures.isEmpty else { throw .noSignatures }
    text = Array(bytes[..<blank])
    self.signatures = signatures
  }

  /// Signs a text, which must end in a newline.
  package init(text: String, signer: NoteSigner) throws(NoteError) {
    let bytes = Array(text.utf8)
    try Self.check(bytes)
    guard bytes.last == UInt8(ascii: "\n") else { throw .textNotTerminated }
    self.text = bytes
    signatures = [try signer.sign(bytes)]
  }

  /// Adds a signature, unless it is there already. Whoever reads the note decides what it is worth.
  package mutating func add(_ signature: NoteSignature) {
    if !signatures.contains(signature) { signatures.append(signature) }
  }

  /// Drops signatures.
  mutating func keep(_ isKept: (NoteSignature) -> Bool) { signatures.removeAll { !isKept($0) } }

  /// The note as it is stored and sent.
  package var bytes: [UInt8] {
    text + [UInt8(ascii: "\n")] + signatures.flatMap { Array($0.line.utf8) }
  }

  private static func check(_ bytes: [UInt8]) throws(NoteError) {
    guard bytes.count <= maxBytes else { throw .tooLong }
    let newline = UInt8(ascii: "\n")
    if let offset = bytes.firstIndex(where: { $0 < 0x20 && $0 != newline }) { throw .controlCharacter(offset: offset) }
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
  }

  /// The offset of the newline that is the last empty line: the text may have empty lines of its own.
  private static func lastBlankLine(_ bytes: [UInt8]) -> Int? {
    let newline = UInt8(ascii: "\n")
    return bytes.indices.dropFirst().last { bytes[$0] == newline && bytes[$0 - 1] == newline }
  }
}
