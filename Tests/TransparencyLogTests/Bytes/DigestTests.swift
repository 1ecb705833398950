import Testing
import TransparencyLog

@Suite struct DigestTests {
  private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test("SHA-256 gives the values of FIPS 180-4 by every way in")
  func knownValues() {
    let bytes = Array("abc".utf8)
    #expect(Digest32.sha256(bytes).hex == abc)
    #expect(Digest32.sha256(Array("xabcx".utf8)[1..<4]).hex == abc)
    #expect(Digest32.sha256(bytes.span).hex == abc)
    #expect(bytes.withUnsafeBytes { Digest32.sha256($0) }.hex == abc)
    #expect(Digest32.sha256([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(Digest32.sha256(UnsafeRawBufferPointer(start: nil, count: 0)) == MerkleHash.empty)
  }

  @Test("a digest is read back from each of its texts", arguments: 0..<50)
  func roundTrip(_ number: Int) throws {
    let digest = Digest32.sha256(Array("\(number)".utf8))
    #expect(Digest32(hex: digest.hex) == digest)
    #expect(Digest32(base64: digest.base64) == digest)
    #expect(Digest32(base64url: digest.base64url) == digest)
    #expect(Digest32(bytes: digest.bytes) == digest)
    #expect(Digest32(bytes: digest.bytes.lazy.map { $0 }) == digest)
    var buffer: [UInt8] = [7]
    digest.append(to: &buffer)
    #expect(buffer == [7] + digest.bytes)
    #expect("\(digest)" == digest.hex)
    #expect((digest.base64.count, digest.base64url.count, digest.hex.count) == (44, 43, 64))
  }

  @Test("what is not 32 bytes is no digest", arguments: [0, 1, 31, 33, 64])
  func wrongCount(_ count: Int) {
    let bytes = [UInt8](repeating: 1, count: count)
    #expect(Digest32(bytes: bytes) == nil)
    #expect(Digest32(hex: Hex.encode(bytes)) == nil)
    #expect(Digest32(base64: Base64.standard.encode(bytes)) == nil)
    #expect(Digest32(base64url: Base64.url.encode(bytes)) == nil)
  }
}
