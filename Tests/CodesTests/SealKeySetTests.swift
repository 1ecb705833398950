import Codes
import Foundation
import Testing

@Suite("Key set")
struct SealKeySetTests {
  @Test("a ring is published as OKP keys and read back")
  func roundTrip() throws {
    let ring = try Fixture.ring()
    #expect(try SealKeyRing(jwks: ring.jwks()) == ring)
    struct Set: Decodable {
      struct Key: Decodable {
        let kty, crv, x, kid, use, alg: String
        let notBefore: Int64
        let revokedAt: Int64?
      }
      let keys: [Key]
    }
    let keys = try JSONDecoder().decode(Set.self, from: Data(ring.jwks())).keys
    #expect(keys.count == 2)
    #expect(
      keys.allSatisfy {
        ($0.kty, $0.crv, $0.use, $0.alg) == ("OKP", "Ed25519", "sig", "EdDSA") && $0.x.utf8.count == 43
      })
    #expect(keys.map(\.revokedAt) == [1_750_000_000, nil])
    #expect(keys.map(\.notBefore) == [1_600_000_000, 1_700_000_000])
    let secret = "wMDAwMDA"
    #expect(!String(decoding: ring.jwks(), as: UTF8.self).contains(secret))
  }

  @Test("keys of other kinds are passed over")
  func others() throws {
    let set =
      #"{"keys":[{"kty":"RSA","n":"AQAB"},{"kty":"OKP","crv":"X25519"},{"kty":"OKP","crv":"Ed25519","use":"enc"}]}"#
    #expect(try SealKeyRing(jwks: set.utf8).keys.isEmpty)
  }

  @Test(
    "a broken Ed25519 key, or one under a false name, refuses the whole set",
    arguments: [
      #"{"kty":"OKP","crv":"Ed25519","kid":"A"}"#, #"{"kty":"OKP","crv":"Ed25519","x":"AA","kid":"A"}"#,
      #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"A"}"#,
    ])
  func bad(key: String) {
    #expect(throws: KeySetError.badKey("A")) { try SealKeyRing(jwks: #"{"keys":[\#(key)]}"#.utf8) }
  }

  @Test(
    "what is no key set is refused",
    arguments: ["", "[]", "{}", "{\"keys\":1}", String(repeating: " ", count: 300_000)])
  func notASet(text: String) {
    #expect(throws: KeySetError.notAKeySet) { try SealKeyRing(jwks: text.utf8) }
  }
}
