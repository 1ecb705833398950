import Testing
import TransparencyLog

@Suite struct LogProofTests {
  private static let origin = "yima.example/log"
  private static let entries = (0..<300).map { Digest32.sha256(Array("event \($0)".utf8)) }
  private let log: NoteSigner
  private let witnesses: [NoteSigner]
  private let shelf = TileShelf(entries.map { MerkleHash.leaf($0) })

  init() throws {
    log = try NoteSigner(name: Self.origin, seed: [UInt8](repeating: 1, count: 32))
    witnesses = try (2...4).map {
      try NoteSigner(name: "w\($0).example", seed: [UInt8](repeating: $0, count: 32), kind: .cosignatureV1)
    }
  }

  private func policy(quorum: Int = 0) -> LogPolicy {
    LogPolicy(origin: Self.origin, logKeys: [log.key], witnesses: witnesses.map(\.key), quorum: quorum)
  }

  private func note(origin: String = origin, size: UInt64 = 300, cosigners: Int = 0) throws -> SignedNote {
    let root = try MerkleProof.root(size: size, reader: shelf.reader())
    let head = try Checkpoint(origin: origin, size: size, root: root)
    var note = try head.signed(by: log)
    for witness in witnesses.prefix(cosigners) { note.add(try witness.cosign(head, time: 1000)) }
    return note
  }

  private func proof(_ index: UInt64, extra: [UInt8]? = nil, cosigners: Int = 0) throws -> LogProof {
    let hashes = try MerkleProof.inclusion(index: index, size: 300, reader: shelf.reader())
    return LogProof(index: index, hashes: hashes, checkpoint: try note(cosigners: cosigners), extra: extra)
  }

  @Test("proof texts are read and refused as elsewhere", .enabled(if: Conformance.isPresent, Conformance.absent))
  func conformance() throws {
    for item in try Conformance.cases("tlog_proof_parse.json") {
      let bytes = Array(try item.text("proof").utf8)
      let read = Result { () throws(LogProofError) in try LogProof(parsing: bytes) }
      #expect(try read.isFailure != item.flag("valid"), "\(item)")
      if case .success(let proof) = read { #expect(proof.bytes == bytes) }
    }
  }

  @Test("an entry is proved, offline, from text and keys alone", arguments: [0, 1, 255, 256, 299])
  func proves(index: UInt64) throws {
    for extra in [nil, [], [1, 2, 3]] as [[UInt8]?] {
      let proof = try LogProof(parsing: proof(index, extra: extra, cosigners: 2).bytes)
      #expect(proof.extra == extra)
      let head = try proof.verify(entry: Self.entries[Int(index)], policy: policy(quorum: 2))
      #expect(head.checkpoint.size == 300)
      #expect(head.cosignatures.map(\.time) == [1000, 1000])
    }
  }

  @Test("another entry, another place and another log are refused, each by name")
  func refuses() throws {
    let proof = try proof(7)
    #expect(throws: LogProofError.proof(.rootMismatch)) { try proof.verify(entry: Self.entries[8], policy: policy()) }
    let moved = LogProof(index: 8, hashes: proof.hashes, checkpoint: try note())
    #expect(throws: LogProofError.proof(.rootMismatch)) { try moved.verify(entry: Self.entries[7], policy: policy()) }
    let outside = LogProof(index: 300, hashes: proof.hashes, checkpoint: try note())
    #expect(throws: LogProofError.proof(.indexOutOfRange(index: 300, size: 300))) {
      try outside.verify(entry: Self.entries[7], policy: policy())
    }
    let foreign = LogProof(index: 7, hashes: proof.hashes, checkpoint: try note(origin: "other.example"))
    #expect(throws: LogProofError.policy(.wrongOrigin("other.example"))) {
      try foreign.verify(entry: Self.entries[7], policy: policy())
    }
  }

  @Test("a policy refuses what the log did not sign and too few witnesses saw")
  func policies() throws {
    let stranger = try NoteSigner(name: Self.origin, seed: [UInt8](repeating: 9, count: 32))
    let strict = LogPolicy(origin: Self.origin, logKeys: [stranger.key])
    let bytes = try note(cosigners: 2).bytes
    #expect(throws: LogPolicyError.notSignedByLog) { try strict.open(bytes) }
    let witnessed = LogPolicy(origin: Self.origin, logKeys: [stranger.key], witnesses: witnesses.map(\.key))
    #expect(throws: LogPolicyError.notSignedByLog) { try witnessed.open(bytes) }
    #expect(throws: LogPolicyError.tooFewWitnesses(found: 2, needed: 3)) { try policy(quorum: 3).open(bytes) }
    #expect(throws: LogPolicyError.note(.noSignatures)) { try policy().open([]) }
    let text = try SignedNote(text: "no\n", signer: log)
    #expect(throws: LogPolicyError.checkpoint(.tooFewLines)) { try policy().open(text.bytes) }
    let wrong = try SignedNote(text: "a\n", signer: log).signatures
    var forged = try note()
    wrong.forEach { forged.add($0) }
    #expect(throws: LogPolicyError.note(.badSignature(keyName: Self.origin))) { try policy().open(forged.bytes) }
  }

  @Test("one witness with two names or two times counts once")
  func oneWitness() throws {
    let seed = [UInt8](repeating: 2, count: 32)
    let names = try ["w2.example", "alias.example"].map { try NoteSigner(name: $0, seed: seed, kind: .cosignatureV1) }
    let head = try Checkpoint(origin: Self.origin, size: 300, root: MerkleProof.root(size: 300, reader: shelf.reader()))
    var note = try head.signed(by: log)
    for signer in names {
      for time: UInt64 in [1, 2] { note.add(try signer.cosign(head, time: time)) }
    }
    let policy = LogPolicy(origin: Self.origin, logKeys: [log.key], witnesses: names.map(\.key), quorum: 2)
    #expect(throws: LogPolicyError.tooFewWitnesses(found: 1, needed: 2)) { try policy.open(note.bytes) }
  }

  @Test(
    "a broken proof text is refused for what is wrong with it",
    arguments: [
      ("", LogProofError.badHeader), ("c2sp.org/tlog-proof@v2\nindex 0\n\nx\n", .badHeader),
      ("c2sp.org/tlog-proof@v1\n", .badIndex), ("c2sp.org/tlog-proof@v1\nindex 00\n\nx\n", .badIndex),
      ("c2sp.org/tlog-proof@v1\nindex +1\n\nx\n", .badIndex), ("c2sp.org/tlog-proof@v1\nextra AA==\n\nx\n", .badIndex),
      ("c2sp.org/tlog-proof@v1\nextra AB==\nindex 0\n\nx\n", .badExtra),
      ("c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx\n", .badHash(1)),
      ("c2sp.org/tlog-proof@v1\nindex 0\n", .noCheckpoint), ("c2sp.org/tlog-proof@v1\nindex 0\n\n", .noCheckpoint),
      (
        "c2sp.org/tlog-proof@v1\nindex 0\n" + String(repeating: MerkleHash.empty.base64 + "\n", count: 64) + "\nx\n",
        .badHash(64)
      ), (String(repeating: "c", count: 2_000_001), .tooLong),
    ])
  func badText(_ text: String, _ reason: LogProofError) {
    #expect(throws: reason) { try LogProof(parsing: Array(text.utf8)) }
  }

  @Test("a proof with any one bit changed proves nothing else, and reads back the same or not at all")
  func everyBit() throws {
    let bytes = try proof(42, extra: [1]).bytes
    let policy = policy()
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1 << UInt8(place % 8)
      guard let read = try? LogProof(parsing: changed) else { continue }
      #expect(read.bytes == changed)
      guard let head = try? read.verify(entry: Self.entries[42], policy: policy) else { continue }
      // Only the extra data is not authenticated.
      #expect(head.checkpoint.size == 300)
      #expect(read.extra != [1] && read.index == 42, "byte \(place)")
    }
  }
}
