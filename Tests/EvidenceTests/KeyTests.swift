import Codes
import Evidence
import Testing
import TransparencyLog

@Suite("Keys and signatures")
struct KeyTests {
  @Test("a bundle that someone else made from scratch is refused under the reader's keys, and good only on its word")
  func impostor() throws {
    var story = Story.small()
    story.keys = TestKeys(seed: 50)
    story.seals = [Story.sscc(2): story.seal(2)]
    story["dispatch"].data["sealKey"] = .string(story.keys.sealing.keyID)
    let bundle = try story.bundle()
    #expect(EvidenceVerifier().verify(bundle).isGood)
    let report = TestKeys().verifier.verify(bundle)
    expect(report, broken: .keys, .logKeyNotTrusted, in: "keys/log.vkey")
    expect(report, broken: .manifestSignature, .notSignedByLog, in: "manifest.sig")
    expect(
      report, broken: .sealed, .sealRefused(.unknownSealKey(TestKeys(seed: 50).sealing.keyID)),
      in: "seals/\(Story.sscc(2)).txt")
    guard case .broken(.checkpointRefused, let file) = report[.checkpoint] else {
      Issue.record("\(summary(report))")
      return
    }
    #expect(file == "checkpoint")
  }

  @Test("a manifest signed again by another key is refused")
  func resigned() throws {
    let story = Story.small()
    var zip = TestZIP(reading: try story.bundle())
    let manifest = try #require(zip["manifest.json"])
    let text = "yima-evidence/1 manifest\nsha256 \(Digest32.sha256(manifest).hex)\n"
    zip["manifest.sig"] = try SignedNote(text: text, signer: TestKeys(seed: 9).signer).bytes
    let report = story.keys.verifier.verify(zip.bytes)
    expect(report, onlyBroken: .manifestSignature, .notSignedByLog, in: "manifest.sig")
  }

  @Test("a signature over another manifest is refused, and so is a second signature")
  func anotherManifest() throws {
    let story = Story.small()
    var zip = TestZIP(reading: try story.bundle())
    let signature = try #require(zip["manifest.sig"])
    zip["manifest.sig"] = TestZIP(reading: try Story.clone().bundle())["manifest.sig"]
    expect(
      story.keys.verifier.verify(zip.bytes), onlyBroken: .manifestSignature, .noteOfAnotherManifest, in: "manifest.sig")
    var note = try SignedNote(parsing: signature)
    note.add(try TestKeys(seed: 9).signer.sign(note.text))
    zip["manifest.sig"] = note.bytes
    expect(story.keys.verifier.verify(zip.bytes), onlyBroken: .manifestSignature, .noteMalformed, in: "manifest.sig")
  }

  @Test("the note that signs a manifest is no checkpoint")
  func domains() throws {
    let zip = TestZIP(reading: try Story.small().bundle())
    let note = try SignedNote(parsing: try #require(zip["manifest.sig"]))
    #expect(throws: CheckpointError.tooFewLines) { try Checkpoint(parsing: note.text) }
  }

  @Test("keys that were added since do no harm, and a seal key that is not trusted is named")
  func rotation() throws {
    let story = Story.small()
    let bundle = try story.bundle()
    let newer = TestKeys(seed: 60)
    let both = SealKeyRing(story.keys.ring.keys + newer.ring.keys)
    #expect(EvidenceVerifier(sealKeys: both, logKey: story.keys.signer.key).verify(bundle).isGood)
    let report = EvidenceVerifier(sealKeys: newer.ring).verify(bundle)
    expect(report, broken: .keys, .sealKeyNotTrusted(story.keys.sealing.keyID), in: "keys/jwks.json")
  }

  @Test("a revocation that the reader knows counts, whatever the bundle says, and the other way round")
  func revocation() throws {
    var story = Story.small()
    let bundle = try story.bundle()
    story.keys.revokedAt = 1_788_253_000
    let file = "seals/\(Story.sscc(2)).txt"
    expect(
      story.keys.verifier.verify(bundle), onlyBroken: .sealed, .sealRefused(.revokedSealKey(TestKeys().sealing.keyID)),
      in: file)
    expect(
      TestKeys().verifier.verify(try story.bundle()), onlyBroken: .sealed,
      .sealRefused(.revokedSealKey(TestKeys().sealing.keyID)), in: file)
  }

  @Test("a published key set pins the log too when it names its key")
  func published() throws {
    let story = Story.small()
    let bundle = try story.bundle()
    let plain = try EvidenceVerifier(jwks: story.keys.ring.jwks()).verify(bundle)
    #expect(plain.isGood && plain[.keys].wording.en.contains("log key unpinned"))
    var set = try JSONValue(parsing: story.keys.ring.jwks())
    set["logKey"] = .string(story.keys.signer.key.vkey)
    let full = try EvidenceVerifier(jwks: set.canonicalBytes).verify(bundle)
    #expect(full.isGood && !full[.keys].wording.en.contains("unpinned"))
    set["logKey"] = .string(TestKeys(seed: 9).signer.key.vkey)
    expect(
      try EvidenceVerifier(jwks: set.canonicalBytes).verify(bundle), broken: .keys, .logKeyNotTrusted,
      in: "keys/log.vkey")
  }

  @Test(
    "what is no key set cannot be trusted", arguments: ["", "{}", "[]", #"{"keys":[]}"#, #"{"keys":[],"logKey":"x"}"#])
  func noKeySet(_ text: String) {
    #expect(throws: EvidenceError.badTrustedKeys) { try EvidenceVerifier(jwks: Array(text.utf8)) }
  }

  @Test("keys in the bundle that cannot be read are named")
  func malformed() throws {
    let story = Story.small()
    var parts = try story.parts()
    parts.jwks = Array("{}".utf8)
    let report = story.keys.verifier.verify(try EvidenceBundle(parts, signer: story.keys.signer).bytes)
    expect(report, onlyBroken: .keys, .keysMalformed, in: "keys/jwks.json")
  }
}
