import Foundation
import TestAuthority
import Testing
import TimeStamps

/// Against a real `openssl ts`, which counts its stamps in one file: one after the other.
@Suite(.serialized) struct AnswerTests {
  private static let made = Result { try Authority() }
  private static let note = Array("example.com/log\n1\nAAAA\n\n— example.com/log AAAA\n".utf8)
  private static let nonce: [UInt8] = [0, 0x80, 2, 3, 4, 5, 6, 7]

  private let authority: Authority
  private let anchors: TrustAnchors

  init() throws {
    authority = try Self.made.get()
    anchors = try authority.roots
  }

  private func request(_ policy: String? = nil) throws -> TimeStampRequest {
    try TimeStampRequest(note: Self.note, nonce: Self.nonce, policy: policy)
  }

  private func stamped(
    by certificate: Authority.Certificate = .good, policy: String? = nil
  ) throws -> TimeStampAnswer {
    try TimeStampAnswer(der: try authority.answer(try request(policy).der, by: certificate))
  }

  @Test func `a stamp over a checkpoint holds and says when, by whom and under which policy`() throws {
    let before = Int64(Date().timeIntervalSince1970)
    let answer = try stamped(policy: Authority.otherPolicy)
    let now = Int64(Date().timeIntervalSince1970)
    let stamp = try answer.verify(
      note: Self.note,
      .init(anchors: anchors, nonce: Self.nonce, policy: Authority.otherPolicy, received: (now, 60)))
    #expect((before - 1...now + 1).contains(stamp.time))
    #expect(stamp.policy == Authority.otherPolicy)
    #expect(stamp.authority.contains("CN=TSA good") && stamp.authority.contains("验时"))
    #expect(stamp.accuracy == 1501)
    #expect(!stamp.serial.isEmpty)
  }

  @Test func `openssl ts reads the request and accepts the stamp`() throws {
    let request = try request(Authority.otherPolicy)
    try Data(request.der).write(to: authority.folder.appendingPathComponent("own.tsq"))
    let shown = try authority.run("ts", "-query", "-in", "own.tsq", "-text")
    #expect(shown.contains("Hash Algorithm: sha256") && shown.contains("Policy OID: \(Authority.otherPolicy)"))
    #expect(shown.contains("Nonce: 0x80020304050607") && shown.contains("Certificate required: yes"))
    try Data(try authority.answer(request.der)).write(to: authority.folder.appendingPathComponent("own.tsr"))
    try Data(Self.note).write(to: authority.folder.appendingPathComponent("own.note"))
    let verdict = try authority.run(
      "ts", "-verify", "-data", "own.note", "-in", "own.tsr", "-CAfile", "ca.pem")
    #expect(verdict.contains("Verification: OK"))
  }

  @Test func `without a known nonce and policy the rest is still checked`() throws {
    let answer = try stamped()
    #expect(throws: Never.self) { try answer.verify(note: Self.note, .init(anchors: anchors)) }
    #expect(throws: TimeStampError.wrongImprint) { try answer.verify(note: Self.note + [10], .init(anchors: anchors)) }
  }

  @Test func `another nonce is a replayed answer`() throws {
    let answer = try stamped()
    #expect(throws: TimeStampError.wrongNonce) {
      try answer.verify(note: Self.note, .init(anchors: anchors, nonce: [1] + Self.nonce.dropFirst()))
    }
  }

  @Test func `another policy than the one asked for is refused by name`() throws {
    let answer = try stamped()
    #expect(throws: TimeStampError.wrongPolicy(Authority.policy)) {
      try answer.verify(note: Self.note, .init(anchors: anchors, policy: Authority.otherPolicy))
    }
  }

  @Test func `a policy that the authority does not have is a refusal with its words`() throws {
    let der = try authority.answer(try request("1.9.9").der)
    #expect {
      try TimeStampAnswer(der: der)
    } throws: { error in
      guard case TimeStampError.notGranted(2, let text) = error else { return false }
      return text.contains("policy")
    }
  }

  @Test func `a stamp from another hour is not the answer to this request`() throws {
    let answer = try stamped()
    let now = Int64(Date().timeIntervalSince1970)
    for at in [now - 3600, now + 3600, .min, .max] {
      #expect {
        try answer.verify(note: Self.note, .init(anchors: anchors, received: (at, 300)))
      } throws: { error in
        if case TimeStampError.wrongTime = error { true } else { false }
      }
    }
  }

  @Test func `a chain that does not lead to the anchors is not trusted`() throws {
    let answer = try stamped(by: .stranger)
    #expect {
      try answer.verify(note: Self.note, .init(anchors: anchors))
    } throws: { error in
      if case TimeStampError.untrustedChain = error { true } else { false }
    }
    let others = try TrustAnchors(pem: try authority.file("ca.pem") + authority.file("ca2.pem"))
    #expect(others.count == 2)
    #expect(throws: Never.self) { try answer.verify(note: Self.note, .init(anchors: others)) }
  }

  @Test func `an expired certificate stamps nothing`() throws {
    let answer = try stamped(by: .expired)
    #expect {
      try answer.verify(note: Self.note, .init(anchors: anchors))
    } throws: { error in
      guard case TimeStampError.certificateOutOfDate(let subject) = error else { return false }
      return subject.contains("CN=TSA expired")
    }
  }

  @Test(arguments: [Authority.Certificate.noUsage, .otherUsage, .notCritical])
  func `a certificate that is not for time stamps alone stamps nothing`(_ certificate: Authority.Certificate) throws {
    let answer = try TimeStampAnswer(der: try authority.resigned(try stamped().der, by: certificate))
    #expect(throws: TimeStampError.notForTimeStamping) { try answer.verify(note: Self.note, .init(anchors: anchors)) }
  }

  @Test func `a message that does not name its certificate is refused, and one that does holds`() throws {
    let stamp = try stamped().der
    let named = try TimeStampAnswer(der: try authority.resigned(stamp, by: .good))
    #expect(throws: Never.self) { try named.verify(note: Self.note, .init(anchors: anchors)) }
    let bare = try TimeStampAnswer(der: try authority.resigned(stamp, by: .good, namesCertificate: false))
    #expect(throws: TimeStampError.wrongCertificateID) { try bare.verify(note: Self.note, .init(anchors: anchors)) }
  }

  @Test func `cut, lengthened or changed bytes never trap, and never hold`() throws {
    let der = try stamped().der
    #expect(throws: TimeStampError.malformed) { try TimeStampAnswer(der: []) }
    #expect(throws: TimeStampError.malformed) { try TimeStampAnswer(der: der + [0]) }
    #expect(throws: TimeStampError.malformed) { try TimeStampAnswer(der: [UInt8](repeating: 0x30, count: 70_000)) }
    for count in stride(from: 0, to: der.count, by: 7) {
      #expect(throws: TimeStampError.self) { try TimeStampAnswer(der: Array(der.prefix(count))) }
    }
    var state: UInt64 = 7
    func dice(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var held = 0
    for _ in 0..<3000 {
      var bytes = der
      for _ in 0...dice(3) { bytes[dice(bytes.count)] ^= UInt8(1 + dice(255)) }
      guard let answer = try? TimeStampAnswer(der: bytes) else { continue }
      if (try? answer.verify(note: Self.note, .init(anchors: anchors, nonce: Self.nonce))) != nil { held += 1 }
    }
    // What nothing signs may change: the status beside the token, and the certificate's copy of things not looked at.
    #expect(held < 30, "\(held)")
  }

  @Test func `anchors must be certificates`() throws {
    #expect(throws: TimeStampError.badAnchors) { try TrustAnchors(pem: []) }
    #expect(throws: TimeStampError.badAnchors) { try TrustAnchors(pem: Array("hello".utf8)) }
    let pem = try authority.file("ca.pem")
    let broken = Array(String(decoding: pem, as: UTF8.self).replacing("MII", with: "MIJ").utf8)
    #expect(throws: TimeStampError.badAnchors) { try TrustAnchors(pem: broken) }
    #expect(throws: TimeStampError.badAnchors) { try TrustAnchors(pem: pem + broken) }
    #expect(try TrustAnchors(pem: Array("the root:\n".utf8) + pem).count == 1)
  }

  @Test(arguments: [
    "", "1", "1.", ".1", "1..2", "1.02", "9.9.9", "sha256", "1.2.-3", "1.2.3 ", String(repeating: "1.2", count: 99),
  ])
  func `what is no object identifier is no policy`(_ policy: String) {
    #expect(throws: TimeStampError.badPolicy(policy)) { try request(policy) }
  }

  @Test func `a nonce is one to thirty-two bytes`() throws {
    for count in [0, 33] {
      #expect(throws: TimeStampError.badNonce) {
        try TimeStampRequest(note: Self.note, nonce: [UInt8](repeating: 1, count: count))
      }
    }
    #expect(try request().der == request().der)
  }
}
