import Testing
import TransparencyLog

@Suite struct CommitmentTests {
  private func salt(_ byte: UInt8) throws -> Commitment.Salt {
    try #require(Commitment.Salt(bytes: [UInt8](repeating: byte, count: 16)))
  }

  @Test("the preimage is the documented one")
  func preimage() throws {
    let commitment = Commitment(name: "place", value: ["lon": 121.5, "lat": 31], salt: try salt(0xAA))
    let bytes =
      Array("yima/commitment/v1\n".utf8) + [0, 0, 0, 5] + Array("place".utf8) + [0, 0, 0, 16]
      + [UInt8](repeating: 0xAA, count: 16) + [0, 0, 0, 22] + Array(#"{"lat":31,"lon":121.5}"#.utf8)
    #expect(commitment.digest == .sha256(bytes))
    #expect(commitment.base64url == "Lko_HfZzE-QVvaTXk991cYAlfztukUPNv_u5D6x3-KU")
  }

  @Test("it is verified by the same field, value and salt, and by no other")
  func verify() throws {
    let commitment = Commitment(name: "device", value: "phone-1", salt: try salt(1))
    let read = try #require(Commitment(base64url: commitment.base64url))
    #expect(read.verify(name: "device", value: "phone-1", salt: try salt(1)))
    #expect(!read.verify(name: "place", value: "phone-1", salt: try salt(1)))
    #expect(!read.verify(name: "device", value: "phone-2", salt: try salt(1)))
    #expect(!read.verify(name: "device", value: "phone-1", salt: try salt(2)))
    #expect(Commitment(digest: commitment.digest) == commitment)
  }

  @Test("fields that would run into each other without lengths have different commitments")
  func lengths() throws {
    let one = Commitment(name: "a", value: .string("b"), salt: try salt(0x61))
    let two = Commitment(name: "aa", value: .string("b"), salt: try salt(0x61))
    #expect(one != two)
    #expect(Commitment(name: "a\n", value: 1, salt: try salt(1)) != Commitment(name: "a", value: 1, salt: try salt(1)))
  }

  @Test("a salt has 16 bytes and one text")
  func saltText() throws {
    let salt = try salt(0xFB)
    #expect(salt.base64url == "-_v7-_v7-_v7-_v7-_v7-w")
    #expect(Commitment.Salt(base64url: salt.base64url) == salt)
    #expect(Commitment.Salt(bytes: [UInt8](repeating: 1, count: 15)) == nil)
    #expect(Commitment.Salt(base64url: salt.base64url + "==") == nil)
    #expect(Commitment.Salt(base64url: "") == nil)
    #expect(Commitment(base64url: "AAAA") == nil)
  }

  @Test("an event's entry is the digest of its canonical bytes, its leaf the hash of that")
  func event() throws {
    let event: JSONValue = ["type": "dispatched", "box": "00345312345678901234"]
    let entry = logEntry(forEvent: event.canonicalBytes)
    #expect(entry == .sha256(Array(#"{"box":"00345312345678901234","type":"dispatched"}"#.utf8)))
    #expect(leafHash(forEvent: event.canonicalBytes) == .sha256([0] + entry.bytes))
    let bundle = try EntryBundle(entries: [entry.bytes])
    #expect(bundle.leafHashes == [leafHash(forEvent: event.canonicalBytes)])
  }
}
