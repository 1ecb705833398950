import Attestation
import Evidence
import Foundation
import Ledger
import Storage
import TestWorld
import Testing
import TransparencyLog

@Suite("Attachments, evidence and reports of cases")
struct CaseFileTests {
  /// The smallest files that are what they say.
  private static let jpeg: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 0xff, 0xd9]
  private static let pdf = Array("%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n".utf8)
  private static let png: [UInt8] =
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8)
    + [UInt8](repeating: 1, count: 17) + [0, 0, 0, 0] + Array("IEND".utf8) + [0xae, 0x42, 0x60, 0x82]

  @Test("an attachment is kept under its hash, for its owner alone, and its hash is an event")
  func attachments() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.notified()
      for (bytes, type) in [(Self.jpeg, "image/jpeg"), (Self.pdf, "application/pdf"), (Self.png, "image/png")] {
        let hash = Digest32.sha256(bytes).hex
        let url = "\(path)/attachments?name=photo&purpose=photo&sha256=\(hash)"
        let kept = try await desk.call("dealer", .post, url, bytes: bytes)
        #expect(kept.status == 201 && kept.json["sha256"]?.string == hash, "\(kept.text)")
        #expect(kept.json["type"]?.string == type, "by content, whatever the header says")
        let back = try await desk.call("li", .get, "\(path)/attachments/\(hash)")
        #expect(back.bytes == bytes && back.type == type)
        #expect(back.headers[.contentDisposition]?.hasPrefix("attachment") == true)
        #expect(back.headers[.xContentTypeOptions] == "nosniff")
        let file = desk.folder + "/" + hash
        #expect(try Self.mode(file) == 0o600 && Self.mode(desk.folder) == 0o700)
        let event = try #require(kept.json["event"]?.int)
        let body = try await desk.shop.world.ledger.store.read { try $0.event(event)?.body }
        #expect(try JSONValue(parsing: body ?? [])["data"]?["sha256"]?.string == hash)
      }
      let again = try await desk.call("dealer", .post, "\(path)/attachments", bytes: Self.jpeg)
      #expect(again.status == 409 && again.json["reason"]?.string == "attachedBefore")
      try await desk.shop.checkWhole()
    }
  }

  @Test("what is no PNG, JPEG or PDF, has another hash or is too large is refused, and nothing is kept")
  func badAttachments() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.notified()
      let before = try await desk.dump()
      for bytes in [
        Array("<html><script>".utf8), Array("MZ".utf8), [], Array(Self.jpeg.dropLast()), Array("%PDF-1.4".utf8),
        Array("GIF89a".utf8), Array(Self.png.prefix(20)),
      ] {
        #expect(try await desk.call("dealer", .post, "\(path)/attachments", bytes: bytes).status == 422)
      }
      let wrong = try await desk.call(
        "dealer", .post, "\(path)/attachments?sha256=\(String(repeating: "0", count: 64))", bytes: Self.jpeg)
      #expect(wrong.status == 422 && wrong.json["pointer"]?.string == "sha256")
      #expect(try await desk.call("dealer", .post, "\(path)/attachments?purpose=x", bytes: Self.jpeg).status == 422)
      let large = [UInt8](repeating: 0xff, count: 20 << 20) + [1]
      #expect(try await desk.call("dealer", .post, "\(path)/attachments", bytes: large).status == 413)
      #expect(try await desk.call("other", .post, "\(path)/attachments", bytes: Self.jpeg).status == 404)
      #expect(try await desk.dump() == before)
      #expect(!FileManager.default.fileExists(atPath: desk.folder))
    }
  }

  @Test("the bundle of a case proves its alert, holds its course and attachments, and is the same every time")
  func bundle() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.notified()
      let hash = Digest32.sha256(Self.jpeg).hex
      #expect(
        try await desk.call("dealer", .post, "\(path)/attachments?purpose=receipt", bytes: Self.jpeg).status == 201)
      let text = #"{"text":"货物在长沙销售，附小票","attachments":["\#(hash)"]}"#
      #expect(try await desk.post("dealer", "\(path)/answers", text).status == 201)
      #expect(try await desk.call("li", .get, "\(path)/evidence").status == 503, "not in the log yet")
      try await Sequencer(desk.shop.world.ledger).catchUp()
      let bundle = try await desk.call("dealer", .get, "\(path)/evidence")
      #expect(bundle.status == 200 && bundle.type == "application/zip")
      #expect(try await desk.call("auditor", .get, "\(path)/evidence").bytes == bundle.bytes)
      let jwks = try await desk.call("", .get, "/.well-known/jwks.json").bytes
      let report = try EvidenceVerifier(jwks: jwks).verify(bundle.bytes)
      #expect(report.isGood, "\(report.json.description)")
      #expect(report.caseID == "C1")
      for name in ["attachments/\(hash).jpg", "report.pdf", "货物在长沙销售"] {
        #expect(bundle.bytes.contains(name), "\(name)")
      }
      #expect(try await desk.call("dealer", .get, "\(path)/evidence?alert=A9").status == 404)
    }
  }

  @Test("the report is a PDF in both languages that tells the case")
  func report() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.confirmed()
      let body = #"{"kind":"rebate","amount":{"amount":"5000.00","currency":"CNY"}}"#
      #expect(try await desk.post("li", "\(path)/penalties", body).status == 201)
      try await Sequencer(desk.shop.world.ledger).catchUp()
      let pdf = try await desk.call("dealer", .get, "\(path)/report")
      #expect(pdf.status == 200 && pdf.type == "application/pdf" && pdf.bytes.starts(with: Array("%PDF".utf8)))
      guard let text = try Self.text(pdf.bytes, desk.shop.world.folder) else { return }
      for words in ["认定成立", "Confirmed", "5000.00", "是我们发的", "Guangzhou", "outside-territory/1"] {
        #expect(text.contains(words), "\(words)")
      }
    }
  }

  @Test("time stamps and cosignatures go into the bundle")
  func attested() async throws {
    try await CaseDesk.run { desk async throws in
      let path = try await desk.notified()
      let ledger = desk.shop.world.ledger
      try await Sequencer(ledger).catchUp()
      let signer = try NoteSigner(name: "w.example/1", seed: [UInt8](repeating: 3, count: 32), kind: .cosignatureV1)
      try await ledger.store.write { transaction in
        guard let head = try transaction.lastCheckpoint() else { return }
        let note = try SignedNote(parsing: Array(head.note.utf8))
        let line = try signer.cosign(Checkpoint(parsing: note.text), time: 1_790_000_000).line
        try transaction.addCosignature(CosignatureRow(size: head.size, witness: "w.example/1", at: 0, line: line))
        try transaction.addTimeStamp(TimeStampRow(size: head.size, authority: "local", at: 0, answer: [1, 2, 3]))
      }
      let bundle = try await desk.call("li", .get, "\(path)/evidence")
      let plain = EvidenceVerifier().verify(bundle.bytes)
      #expect(plain.isGood, "\(plain.json.description)")
      if case .holds(let said) = plain[.timeStamps] { #expect(said.en.contains("unchecked")) } else { Issue.record() }
      let policy = WitnessPolicy(witnesses: [signer.key], needed: 1)
      #expect(EvidenceVerifier().demanding(anchors: nil, witnesses: policy).verify(bundle.bytes).isGood)
      let two = EvidenceVerifier().demanding(
        anchors: nil, witnesses: WitnessPolicy(witnesses: [signer.key], needed: 2)
      ).verify(bundle.bytes)
      #expect(two[.witnesses] == .broken(.tooFewWitnesses(needed: 2, found: 1), file: "checkpoint"))
      #expect(try await desk.call("", .get, "/log/checkpoint").text.contains("w.example/1"))
    }
  }

  private static func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
  }

  /// What poppler reads; nil when it is not installed.
  private static func text(_ pdf: [UInt8], _ folder: String) throws -> String? {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/pdftotext") else { return nil }
    try Data(pdf).write(to: URL(fileURLWithPath: folder + "/report.pdf"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/pdftotext")
    process.arguments = [folder + "/report.pdf", "-"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Whether the UTF-8 of a text stands somewhere in the bytes.
  fileprivate func contains(_ text: String) -> Bool { firstRange(of: Array(text.utf8)) != nil }
}
