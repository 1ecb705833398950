import Testing
import TransparencyLog

/// A log that keeps all its leaves, a witness, and what the witness stored.
private struct Scene {
  static let origin = "yima.example/log"
  let tree = ReferenceTree(size: 40)
  let log: NoteSigner
  let witness: Witness
  let witnessKey: NoteKey
  var memory: [String: WitnessedCheckpoint] = [:]

  init() throws {
    log = try NoteSigner(name: Self.origin, seed: [UInt8](repeating: 5, count: 32))
    let signer = try NoteSigner(
      name: "witness.example/w1", seed: [UInt8](repeating: 6, count: 32), kind: .cosignatureV1)
    witnessKey = signer.key
    witness = try Witness(signer: signer, logs: [.init(origin: Self.origin, keys: [log.key])])
  }

  func checkpoint(_ size: Int, origin: String = origin, root: Digest32? = nil) throws -> Checkpoint {
    try Checkpoint(origin: origin, size: UInt64(size), root: root ?? tree.root(0..<size))
  }

  func request(_ from: Int, _ to: Int) throws -> AddCheckpoint {
    try AddCheckpoint(
      oldSize: UInt64(from), proof: tree.consistency(from, to), note: try checkpoint(to).signed(by: log))
  }

  /// Asks as a server would: what is cosigned is stored first.
  mutating func ask(_ body: [UInt8], time: UInt64 = 1_700_000_000) -> Witness.Answer {
    let answer = witness.answer(to: body, known: { memory[$0] }, time: time)
    if case .cosigned(let next, _) = answer { memory[Self.origin] = next }
    return answer
  }

  mutating func ask(_ from: Int, _ to: Int) throws -> Witness.Answer { ask(try request(from, to).bytes) }
}

@Suite struct WitnessTests {
  @Test func `a growing log is cosigned step by step, and its notes hold under both keys`() throws {
    var scene = try Scene()
    for (from, to) in [(0, 0), (0, 1), (1, 1), (1, 7), (7, 8), (8, 33), (33, 40)] {
      let request = try scene.request(from, to)
      let answer = scene.ask(request.bytes, time: 1_700_000_000 + UInt64(to))
      guard case .cosigned(let next, let lines) = answer else { Issue.record("\(from)→\(to): \(answer)"); return }
      #expect(answer.status == 200 && answer.body.bytes == lines)
      #expect(next.size == UInt64(to) && next.root == scene.tree.root(0..<to))
      let policy = LogPolicy(origin: Scene.origin, logKeys: [scene.log.key], witnesses: [scene.witnessKey], quorum: 1)
      let merged = try CosignatureLines.merge(lines, into: request.note, witnesses: [scene.witnessKey])
      #expect(try policy.open(merged.bytes).cosignatures.map(\.time) == [1_700_000_000 + UInt64(to)])
      #expect(merged.bytes == next.note)
    }
  }

  @Test func `a request from another size than the witness has learns that size`() throws {
    var scene = try Scene()
    #expect(try scene.ask(3, 5) == .conflict(size: 0))
    _ = try scene.ask(0, 5)
    let answer = try scene.ask(0, 9)
    #expect(answer == .conflict(size: 5) && answer.status == 409)
    #expect(answer.body.type == "text/x.tlog.size" && answer.body.bytes == Array("5\n".utf8))
    #expect(try scene.ask(4, 9) == .conflict(size: 5))
    #expect(try scene.ask(5, 9).status == 200)
  }

  @Test func `a fork is never cosigned, whatever proof comes with it`() throws {
    var scene = try Scene()
    _ = try scene.ask(0, 8)
    let fork = MerkleHash.leaf([1])
    // The same size with another root.
    let same = try AddCheckpoint(oldSize: 8, proof: [], note: try scene.checkpoint(8, root: fork).signed(by: scene.log))
    #expect(scene.ask(same.bytes) == .unprocessable(.inconsistent(.rootMismatch)))
    // Another history below: proofs of the right length, made for the fork.
    let other = ReferenceTree(size: 0).leaves + (0..<12).map { MerkleHash.leaf(Array("other \($0)".utf8)) }
    let root = other.reduce(MerkleHash.empty) { MerkleHash.node($0, $1) }
    let grown = try AddCheckpoint(
      oldSize: 8, proof: scene.tree.consistency(8, 12), note: try scene.checkpoint(12, root: root).signed(by: scene.log)
    )
    #expect(scene.ask(grown.bytes) == .unprocessable(.inconsistent(.rootMismatch)))
    let short = try AddCheckpoint(oldSize: 8, proof: [], note: try scene.checkpoint(12).signed(by: scene.log))
    #expect(scene.ask(short.bytes).status == 422)
    #expect(scene.memory[Scene.origin]?.size == 8)
  }

  @Test func `from nothing the proof is empty, and nothing has the root of nothing`() throws {
    var scene = try Scene()
    let note = try scene.checkpoint(4).signed(by: scene.log)
    let proof = try AddCheckpoint(oldSize: 0, proof: [MerkleHash.empty], note: note)
    #expect(scene.ask(proof.bytes) == .unprocessable(.proofFromNothing))
    let empty = try AddCheckpoint(
      oldSize: 0, proof: [], note: try scene.checkpoint(0, root: MerkleHash.leaf([])).signed(by: scene.log))
    #expect(scene.ask(empty.bytes) == .unprocessable(.emptyTreeRoot))
  }

  @Test func `another log is not found, and a stranger's signature is forbidden`() throws {
    var scene = try Scene()
    let other = try NoteSigner(name: "other.example/log", seed: [UInt8](repeating: 9, count: 32))
    let stranger = try scene.checkpoint(3, origin: "other.example/log").signed(by: other)
    #expect(scene.ask(try AddCheckpoint(oldSize: 0, proof: [], note: stranger).bytes) == .unknownLog)
    let forged = try scene.checkpoint(3).signed(by: other)
    #expect(scene.ask(try AddCheckpoint(oldSize: 0, proof: [], note: forged).bytes) == .forbidden)
    // A signature of the known key over another text.
    let body = String(decoding: try scene.request(0, 3).bytes, as: UTF8.self).replacing("log\n3\n", with: "log\n4\n")
    #expect(scene.ask(Array(body.utf8)) == .forbidden)
    #expect([Witness.Answer.unknownLog.status, Witness.Answer.forbidden.status] == [404, 403])
  }

  @Test func `what is no request, or goes back, is a bad one`() throws {
    var scene = try Scene()
    #expect(scene.ask([]) == .badRequest)
    _ = try scene.ask(0, 9)
    let back = try AddCheckpoint(oldSize: 9, proof: [], note: try scene.checkpoint(5).signed(by: scene.log))
    #expect(scene.ask(back.bytes) == .badRequest)
    #expect(Witness.Answer.badRequest.status == 400)
  }

  @Test func `strangers' signatures are neither cosigned with nor kept`() throws {
    var scene = try Scene()
    let other = try NoteSigner(name: "other.example/log", seed: [UInt8](repeating: 9, count: 32))
    var note = try scene.checkpoint(3).signed(by: scene.log)
    note.add(try other.sign(note.text))
    guard case .cosigned(let next, _) = scene.ask(try AddCheckpoint(oldSize: 0, proof: [], note: note).bytes) else {
      Issue.record("not cosigned")
      return
    }
    #expect(try SignedNote(parsing: next.note).signatures.map(\.name) == [Scene.origin, "witness.example/w1"])
  }

  @Test func `a witness does not say when it is at no time`() throws {
    var scene = try Scene()
    #expect(scene.ask(try scene.request(0, 3).bytes, time: 0) == .cannotSign)
    #expect(scene.memory.isEmpty)
    let log = try NoteSigner(name: "a", seed: [UInt8](repeating: 5, count: 32))
    #expect(throws: NoteKeyError.unknownType(1)) { try Witness(signer: log, logs: []) }
  }

  @Test func `mutated requests never trap, and only what was signed is cosigned`() throws {
    var dice = Seeded(seed: 4)
    var scene = try Scene()
    _ = try scene.ask(0, 6)
    let body = try scene.request(6, 20).bytes
    for _ in 0..<3_000 {
      let mutant = dice.mutation(of: body)
      let answer = scene.witness.answer(to: mutant, known: { scene.memory[$0] }, time: 1)
      if case .cosigned(let next, _) = answer { #expect(next.root == scene.tree.root(0..<20)) }
    }
  }

  @Test func `the monitoring path is the hash of the origin`() {
    #expect(
      Witness.monitoringPath(origin: "example.com/log")
        == Digest32.sha256(Array("example.com/log".utf8)).hex + "/checkpoint")
  }
}

@Suite struct WitnessPolicyTests {
  private let log: NoteSigner
  private let witnesses: [NoteSigner]
  private let head: Checkpoint

  init() throws {
    log = try NoteSigner(name: "a.example/log", seed: [UInt8](repeating: 1, count: 32))
    witnesses = try (2...5).map {
      try NoteSigner(name: "w\($0).example", seed: [UInt8](repeating: $0, count: 32), kind: .cosignatureV1)
    }
    head = try Checkpoint(origin: "a.example/log", size: 3, root: MerkleHash.leaf([7]))
  }

  private func note(_ signers: [(NoteSigner, UInt64)]) throws -> [UInt8] {
    var note = try head.signed(by: log)
    for (signer, time) in signers { note.add(try signer.cosign(head, time: time)) }
    return note.bytes
  }

  @Test(arguments: 0...4)
  func `k of n are enough and fewer are not`(_ needed: Int) throws {
    let policy = WitnessPolicy(witnesses: witnesses.map(\.key), needed: needed)
    for count in 0...4 {
      let finding = try policy.count(in: try note(witnesses.prefix(count).map { ($0, 9) }))
      #expect(finding.isEnough == (count >= needed))
      #expect(finding.cosigned.map(\.witness) == witnesses.prefix(count).map(\.key.name))
    }
  }

  @Test func `one key under two names is one witness, and its earliest time counts`() throws {
    let twice = try NoteSigner(name: "other.example", seed: [UInt8](repeating: 2, count: 32), kind: .cosignatureV1)
    let policy = WitnessPolicy(witnesses: [witnesses[0].key, twice.key], needed: 2)
    let finding = try policy.count(in: try note([(witnesses[0], 9), (twice, 5), (witnesses[0], 7)]))
    #expect(!finding.isEnough)
    #expect(finding.cosigned.map(\.witness) == ["w2.example"] && finding.cosigned.map(\.time) == [5])
  }

  @Test func `the log's key and strangers are no witnesses`() throws {
    let policy = WitnessPolicy(witnesses: [log.key, witnesses[0].key], needed: 1)
    let finding = try policy.count(in: try note([(witnesses[1], 9)]))
    #expect(finding.cosigned.isEmpty && !finding.isEnough)
  }

  @Test func `a wrong cosignature of a known witness spoils the note`() throws {
    let policy = WitnessPolicy(witnesses: witnesses.map(\.key), needed: 1)
    let good = String(decoding: try note([(witnesses[0], 9)]), as: UTF8.self)
    let other = Array(good.replacing("log\n3\n", with: "log\n4\n").utf8)
    #expect(throws: LogPolicyError.note(.badSignature(keyName: "w2.example"))) { try policy.count(in: other) }
    #expect(throws: LogPolicyError.checkpoint(.tooFewLines)) {
      try policy.count(in: try SignedNote(text: "hello\n", signer: log).bytes)
    }
  }

  @Test func `only cosignatures of known witnesses get into a checkpoint`() throws {
    let signed = try head.signed(by: log)
    func line(_ signer: NoteSigner) throws -> [UInt8] {
      var note = try head.signed(by: log)
      note.add(try signer.cosign(head, time: 9))
      return Array(note.bytes.dropFirst(signed.bytes.count))
    }
    let keys = [witnesses[0].key]
    let merged = try CosignatureLines.merge(try line(witnesses[1]) + line(witnesses[0]), into: signed, witnesses: keys)
    #expect(merged.signatures.map(\.name) == ["a.example/log", "w2.example"])
    #expect(throws: NoteError.noKnownSignature) {
      try CosignatureLines.merge(try line(witnesses[1]), into: signed, witnesses: keys)
    }
    let injection = Array("— x AAAAAAAA\n\nother text\n\n".utf8)
    #expect(throws: NoteError.self) {
      try CosignatureLines.merge(injection + (try line(witnesses[0])), into: signed, witnesses: keys)
    }
    #expect(throws: NoteError.noSignatures) { try CosignatureLines.merge([], into: signed, witnesses: keys) }
  }
}
