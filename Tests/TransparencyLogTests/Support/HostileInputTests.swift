import Testing
import TransparencyLog

/// Input made to hurt. Each document is large; a parser that looked at anything twice would not come back within the
/// limit, which is a thousand times what a linear one takes.
@Suite struct HostileInputTests {
  private static let size = 1_000_000
  private static let limits = JSONLimits(depth: .max, bytes: .max)

  private func inTime(_ name: String, _ body: () throws -> Void) rethrows {
    let taken = try ContinuousClock().measure(body)
    #expect(taken < .seconds(20), "\(name)")
  }

  private func repeated(_ text: String, _ count: Int = size) -> [UInt8] {
    let piece = Array(text.utf8)
    return Array(repeatElement(piece, count: count / max(1, piece.count)).joined())
  }

  @Test(
    "JSON that opens, escapes or repeats without end is refused in linear time",
    arguments: [
      ("[", JSONError.Reason.tooDeep), ("{\"a\":", .tooDeep), ("\"", .trailingBytes), (" ", .unexpectedEnd),
      ("[[],", .tooDeep), ("9", .numberTooLong), ("-", .invalidNumber), ("1e", .trailingBytes),
      ("\u{FEFF}", .unexpectedByte), ("null", .trailingBytes),
    ] as [(String, JSONError.Reason)])
  func openEnded(_ piece: String, _ reason: JSONError.Reason) {
    let document = repeated(piece)
    inTime(piece) {
      let error = #expect(throws: JSONError.self) { try JSONValue(parsing: document, limits: Self.limits) }
      #expect(error?.reason == reason)
    }
  }

  @Test("large valid JSON of each shape is read and written in linear time")
  func largeDocuments() throws {
    let texts = ["\\u0041", "\\ud83d\\ude02", "é", "\\\\", "a\\n", "\u{10FFFF}"].map { [0x22] + repeated($0) + [0x22] }
    let numbers = Array("[0".utf8) + repeated(",1.25e-3") + [0x5D]
    let members = (0..<50_000).map { "\"name\($0)\":[]" }.joined(separator: ",")
    for document in texts + [numbers, Array("{\(members)}".utf8)] {
      try inTime(String(decoding: document.prefix(12), as: UTF8.self)) {
        let value = try JSONValue(parsing: document, limits: Self.limits)
        #expect(try JSONValue(parsing: value.canonicalBytes, limits: Self.limits) == value)
      }
    }
  }

  @Test("an object whose name repeats is refused at the second, however long it is")
  func repeatedName() {
    let document = [0x7B] + repeated("\"a\":1,") + [0x7D]
    #expect(throws: JSONError(offset: 7, reason: .duplicateKey)) {
      try JSONValue(parsing: document, limits: Self.limits)
    }
  }

  @Test("notes, checkpoints, proofs, keys and paths of a megabyte are refused in linear time")
  func longTexts() {
    for piece in ["\n", "\u{2014} a AAAAAAAA\n", "+", "/", "a", "A", "=", "x000/", "é", "index 0\n", "\n\n\u{2014} "] {
      let bytes = repeated(piece, Self.size - 1)
      let text = String(decoding: bytes, as: UTF8.self)
      inTime(piece) {
        #expect(throws: NoteError.self) { try SignedNote(parsing: bytes) }
        #expect(throws: CheckpointError.self) { try Checkpoint(parsing: bytes) }
        #expect(throws: LogProofError.self) { try LogProof(parsing: bytes) }
        #expect(throws: LogProofError.self) { try LogProof(parsing: Array("c2sp.org/tlog-proof@v1\n".utf8) + bytes) }
        #expect(throws: NoteKeyError.self) { try NoteKey(parsing: text) }
        #expect(throws: NoteKeyError.self) { try NoteSigner(parsing: "PRIVATE+KEY+" + text) }
        #expect(Tile(path: text) == nil)
        #expect(Digest32(hex: text) == nil && Digest32(base64: text) == nil && Digest32(base64url: text) == nil)
      }
    }
  }

  @Test("arbitrary bytes and changed texts never trap a parser", arguments: [UInt64](1...200))
  func arbitrary(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    let proof =
      "c2sp.org/tlog-proof@v1\nextra AA==\nindex 5\n\(MerkleHash.empty.base64)\n\na\n1\n\n\u{2014} a AAAAAAAA\n"
    let pieces = [
      "\u{2014} ", "a", " ", "\n", "AAAAAAAA", "+", "=", "index ", "0", "18446744073709551615", "é", "/", ".p/",
    ]
    let inputs = [
      random.bytes(Int.random(in: 0...64, using: &random)), random.text(of: pieces, count: 12),
      random.mutation(of: Array(vkey.utf8)), random.mutation(of: Array(proof.utf8)),
    ]
    for bytes in inputs {
      let text = String(decoding: bytes, as: UTF8.self)
      if let key = try? NoteKey(parsing: text) { #expect(key.vkey == text, "seed \(seed)") }
      if let proof = try? LogProof(parsing: bytes) { #expect(proof.bytes == bytes, "seed \(seed)") }
      if let note = try? SignedNote(parsing: bytes) { #expect(note.bytes == bytes, "seed \(seed)") }
      if let tile = Tile(path: text) { #expect(tile.path == text, "seed \(seed)") }
      if let pointer = JSONPointer(text) { #expect(pointer.description == text, "seed \(seed)") }
      #expect((try? NoteSigner(parsing: text)) == nil, "seed \(seed)")
    }
  }
}
