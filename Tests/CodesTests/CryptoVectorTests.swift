import Codes
import Testing

/// Published signature vectors through our own wrappers: what BoringSSL does right, we must not undo.
@Suite("Signature vectors", .enabled(if: Conformance.isHere, Conformance.why))
struct CryptoVectorTests {
  private struct Signed: Decodable {
    let id, seed, `public`, msg, sig: String
  }

  private struct Wycheproof: Decodable {
    struct Group: Decodable {
      struct Key: Decodable { let pk: String }
      struct Case: Decodable {
        let tcId: Int
        let msg, sig, result: String
      }
      let publicKey: Key
      let tests: [Case]
    }
    let testGroups: [Group]
  }

  private struct Edge: Decodable {
    let number: Int
    let key, sig, msg: String
    let rfc8032: String?
  }

  @Test("keys of RFC 8032 and djb give the published public keys, and the published signatures, every time")
  func sign() throws {
    let cases = try Conformance.load("crypto/ed25519_sign.json", as: Cases<Signed>.self).cases
    #expect(cases.count == 60)
    for signed in cases {
      let key = try #require(SealingKey(seed: bytes(hex: signed.seed)))
      #expect(hex(key.publicKey) == signed.public, "\(signed.id)")
      #expect(hex(try key.signature(for: bytes(hex: signed.msg))) == signed.sig, "\(signed.id)")
    }
  }

  @Test("Wycheproof's signatures are judged as Wycheproof says")
  func wycheproof() throws {
    var count = 0
    for group in try Conformance.load("crypto/wycheproof_ed25519.json", as: Wycheproof.self).testGroups {
      let key = SealPublicKey(publicKey: bytes(hex: group.publicKey.pk), notBefore: 0)
      for test in group.tests {
        count += 1
        let holds = key?.isSignature(bytes(hex: test.sig), of: bytes(hex: test.msg)) ?? false
        #expect(holds == (test.result == "valid"), "\(test.tcId)")
      }
    }
    #expect(count >= 100)
  }

  @Test("edge cases that RFC 8032 wants refused are refused")
  func edges() throws {
    let cases = try Conformance.load("crypto/cctv_ed25519_edge.json", as: Cases<Edge>.self).cases
    for edge in cases where edge.rfc8032?.hasPrefix("must-reject") == true {
      let key = SealPublicKey(publicKey: bytes(hex: edge.key), notBefore: 0)
      #expect(key?.isSignature(bytes(hex: edge.sig), of: Array(edge.msg.utf8)) != true, "\(edge.number)")
    }
  }
}
