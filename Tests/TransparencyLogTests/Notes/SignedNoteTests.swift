import Testing
import TransparencyLog

@Suite struct SignedNoteTests {
  private static let example = """
    This is an example message.

    \u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1E\
    RYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

    """
  private static let line = "\u{2014} a AAAAAAAA\n"

  @Test("notes are accepted and refused as elsewhere", .enabled(if: Conformance.isPresent, Conformance.absent))
  func conformance() throws {
    for item in try Conformance.cases("signed_note.json") {
      let name = try item.text("id")
      let bytes = Array(try item.text("note").utf8)
      let keys = try #require(item["trusted"]?.array).map { try NoteKey(parsing: $0.string ?? "") }
      let verified = Result { () throws(any Error) in try SignedNote(parsing: bytes).verify(keys: keys) }
      #expect(try verified.isFailure != item.flag("accept"), "\(name): \(verified)")
      guard case .success(let note) = verified else { continue }
      #expect(note.note.bytes == bytes, "\(name)")
      #expect(note.signatures.map { .string($0.key.name) } == item["verifiedBy"]?.array, "\(name)")
    }
  }

  @Test("the example of the specification is verified, and says who signed")
  func example() throws {
    let key = try NoteKey(parsing: "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    let note = try SignedNote(parsing: Array(Self.example.utf8))
    let verified = try note.verify(keys: [key])
    #expect(verified.text == "This is an example message.\n")
    #expect(verified.signatures.map(\.key) == [key])
    #expect(verified.signatures.first?.time == nil)
    #expect(verified.unknown.isEmpty)
  }

  @Test("what we sign, we verify; other signatures are set apart")
  func sign() throws {
    let signer = try NoteSigner(name: "yima.example", seed: [UInt8](repeating: 1, count: 32))
    let other = try NoteSigner(name: "other.example", seed: [UInt8](repeating: 2, count: 32))
    let text = "第一行\n\nwith an empty line\n\n"
    var note = try SignedNote(text: text, signer: signer)
    note.add(try other.sign(note.text))
    note.add(try other.sign(note.text))
    #expect(note.signatures.count == 2)
    let read = try SignedNote(parsing: note.bytes)
    #expect(read == note)
    let verified = try read.verify(keys: [signer.key])
    #expect(verified.text == text)
    #expect(verified.unknown.map(\.name) == ["other.example"])
    #expect(try read.verify(keys: [other.key, signer.key]).signatures.count == 2)
    let stranger = try NoteSigner(name: "yima.example", seed: [UInt8](repeating: 3, count: 32))
    #expect(throws: NoteError.noKnownSignature) { try read.verify(keys: [stranger.key]) }
    #expect(throws: NoteError.noKnownSignature) { try read.verify(keys: []) }
  }

  @Test("one wrong signature of a known key spoils the note, though another is right")
  func oneWrong() throws {
    let signers = try [1, 2].map { try NoteSigner(name: "s\($0)", seed: [UInt8](repeating: $0, count: 32)) }
    var note = try SignedNote(text: "right\n", signer: signers[0])
    note.add(try signers[1].sign(Array("wrong\n".utf8)))
    #expect(throws: NoteError.badSignature(keyName: "s2")) { try note.verify(keys: signers.map(\.key)) }
    #expect(try note.verify(keys: [signers[0].key]).unknown.count == 1)
  }

  @Test(
    "what is no note is refused for what is wrong with it",
    arguments: [
      ("", NoteError.noSignatures), ("text\n", .noSignatures), ("text\n\n", .noSignatures),
      ("text\n" + line, .noSignatures), ("text\n\n\(line)junk\n", .badSignatureLine(2)),
      ("text\n\n\(line.dropLast())", .badSignatureLine(1)), ("text\n\n- a AAAAAAAA\n", .badSignatureLine(1)),
      ("text\n\n\u{2014}  AAAAAAAA\n", .badSignatureLine(1)), ("text\n\n\u{2014} a AAAA\n", .badSignatureLine(1)),
      ("text\n\n\u{2014} a+b AAAAAAAA\n", .badSignatureLine(1)),
      ("text\n\n\u{2014} a AAAAAA==\n", .badSignatureLine(1)),
      ("text\n\n\u{2014} a AAAAAAAA \n", .badSignatureLine(1)), ("te\txt\n\n" + line, .controlCharacter(offset: 2)),
      ("text\r\n\n" + line, .controlCharacter(offset: 4)),
      ("text\n\n" + String(repeating: line, count: 101), .tooManySignatures),
      (String(repeating: "x", count: 1_000_001), .tooLong),
    ])
  func refused(_ text: String, _ reason: NoteError) {
    #expect(throws: reason) { try SignedNote(parsing: Array(text.utf8)) }
  }

  @Test("bytes that are not UTF-8 are refused")
  func notUTF8() {
    #expect(throws: NoteError.notUTF8) { try SignedNote(parsing: [0xFF] + Array(("\n\n" + Self.line).utf8)) }
  }

  @Test("a text that cannot stand in a note is not signed")
  func unsignable() throws {
    let signer = try NoteSigner(name: "a", seed: [UInt8](repeating: 1, count: 32))
    #expect(throws: NoteError.textNotTerminated) { try SignedNote(text: "text", signer: signer) }
    #expect(throws: NoteError.controlCharacter(offset: 1)) { try SignedNote(text: "a\u{1}\n", signer: signer) }
    let witness = try NoteSigner(name: "a", seed: [UInt8](repeating: 1, count: 32), kind: .cosignatureV1)
    #expect(throws: NoteError.wrongKind) { try SignedNote(text: "a\n", signer: witness) }
  }

  @Test(
    "a changed note is refused or prints back the same, and never verifies another text", arguments: [UInt64](1...300))
  func fuzz(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let signer = try NoteSigner(name: "a", seed: [UInt8](repeating: 1, count: 32))
    let note = try SignedNote(text: "first\nsecond\n", signer: signer)
    let bytes = random.mutation(of: note.bytes)
    guard let read = try? SignedNote(parsing: bytes) else { return }
    #expect(read.bytes == bytes, "seed \(seed)")
    if let verified = try? read.verify(keys: [signer.key]) { #expect(verified.note.text == note.text, "seed \(seed)") }
  }
}
