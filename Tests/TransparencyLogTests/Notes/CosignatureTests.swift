import Testing
import TransparencyLog

@Suite struct CosignatureTests {
  private static let seed = [UInt8](repeating: 5, count: 32)

  @Test(
    "cosignatures are accepted and refused as computed elsewhere",
    .enabled(if: Conformance.isPresent, Conformance.absent))
  func conformance() throws {
    for item in try Conformance.cases("cosignature_v1.json") {
      guard let text = item["checkpoint"]?.string else { continue }
      let key = try NoteKey(parsing: item.text("cosignerVkeyType4"))
      let note = try SignedNote(parsing: Array(text.utf8))
      if try item.flag("valid") {
        let verified = try note.verify(keys: [key])
        #expect(verified.signatures.map(\.time) == [try item.number("timestamp")])
        #expect(verified.unknown.count == 1)
      } else {
        #expect(throws: NoteError.badSignature(keyName: key.name)) { try note.verify(keys: [key]) }
      }
    }
  }

  @Test("the time stands before the signature", .enabled(if: Conformance.isPresent, Conformance.absent))
  func time() throws {
    let item = try #require(try Conformance.cases("cosignature_v1.json").first { $0["signatureBase64"] != nil })
    let bytes = try #require(Base64.standard.decode(item.text("signatureBase64").utf8))
    let time = bytes.dropFirst(4).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    #expect(time == (try item.number("timestamp")))
    #expect(bytes.count == 4 + 8 + 64)
  }

  @Test("a witness cosigns, and its time is part of what it signed")
  func cosign() throws {
    let log = try NoteSigner(name: "yima.example/log", seed: Self.seed)
    let witness = try NoteSigner(name: "witness.example", seed: [UInt8](repeating: 6, count: 32), kind: .cosignatureV1)
    let head = try Checkpoint(origin: "yima.example/log", size: 3, root: MerkleHash.empty, extensions: ["x"])
    var note = try head.signed(by: log)
    note.add(try witness.cosign(head, time: 1_679_315_147))
    let read = try SignedNote(parsing: note.bytes)
    let verified = try read.verify(keys: [log.key, witness.key])
    #expect(verified.signatures.map(\.time) == [nil, 1_679_315_147])

    let other = try Checkpoint(origin: "yima.example/log", size: 4, root: MerkleHash.empty)
    var wrong = try other.signed(by: log)
    wrong.add(try witness.cosign(head, time: 1_679_315_147))
    #expect(throws: NoteError.badSignature(keyName: "witness.example")) { try wrong.verify(keys: [witness.key]) }
  }

  @Test("keys sign only what their type is for")
  func wrongKind() throws {
    let log = try NoteSigner(name: "a", seed: Self.seed)
    let witness = try NoteSigner(name: "a", seed: Self.seed, kind: .cosignatureV1)
    let head = try Checkpoint(origin: "a", size: 3, root: MerkleHash.empty)
    #expect(throws: NoteError.wrongKind) { try log.cosign(head, time: 1) }
    #expect(throws: NoteError.wrongKind) { try witness.sign([]) }
    #expect(throws: NoteError.badTime) { try witness.cosign(head, time: 1 << 63) }
    #expect(try witness.cosign(head, time: 1 << 63 - 1).signature.count == 72)
  }

  @Test("a cosignature over anything but a checkpoint means nothing")
  func notACheckpoint() throws {
    let log = try NoteSigner(name: "a", seed: Self.seed)
    let witness = try NoteSigner(name: "w", seed: Self.seed, kind: .cosignatureV1)
    var note = try SignedNote(text: "no checkpoint\n", signer: log)
    // The same key as a log's signs the very message a witness would have signed.
    let time = [UInt8](repeating: 0, count: 7) + [9]
    let forged = try log.sign(Array("cosignature/v1\ntime 9\nno checkpoint\n".utf8)).signature
    let id = Hex.decode(witness.key.idHex.utf8) ?? []
    let line = "\u{2014} w \(Base64.standard.encode(id + time + forged))\n"
    note = try SignedNote(parsing: note.bytes + Array(line.utf8))
    #expect(throws: NoteError.badSignature(keyName: "w")) { try note.verify(keys: [witness.key]) }
  }
}
