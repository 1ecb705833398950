import Foundation
import Notifying
import Testing
import TransparencyLog

@Suite("Signatures of notices (Standard Webhooks 1.0.0)")
struct SignatureTests {
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  @Test("the specification's own vector is made and believed")
  func official() throws {
    let secret = try #require(WebhookSecret(parsing: Self.secret))
    let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", Array(#"{"test": 2432232314}"#.utf8))
    let header = WebhookSignature.header(id: id, seconds: 1_614_265_330, body: body, secrets: [secret])
    #expect(header == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    let believes = { (timestamp: String, signatures: String, now: Int64) in
      WebhookSignature.verify(
        id: id, timestamp: timestamp, signatures: signatures, body: body, secret: secret, now: now)
    }
    #expect(believes("1614265330", header, 1_614_265_630))
    #expect(!believes("1614265330", header, 1_614_265_631))
    #expect(!believes("1614265330", "v2," + header.dropFirst(3), 1_614_265_330))
    #expect(!believes("01614265330", header, 1_614_265_330))
    #expect(!believes("-9223372036854775808", header, 1_614_265_330))
  }

  @Test("while a secret is replaced both sign, and either receiver believes")
  func rotation() throws {
    let old = try #require(WebhookSecret(bytes: [UInt8](repeating: 1, count: 32)))
    let new = try #require(WebhookSecret(bytes: [UInt8](repeating: 2, count: 32)))
    let third = try #require(WebhookSecret(bytes: [UInt8](repeating: 3, count: 32)))
    let header = WebhookSignature.header(id: "msg_1", seconds: 10, body: [1, 2], secrets: [new, old])
    #expect(header.split(separator: " ").count == 2)
    let believes = { (secret: WebhookSecret, body: [UInt8]) in
      WebhookSignature.verify(id: "msg_1", timestamp: "10", signatures: header, body: body, secret: secret, now: 10)
    }
    #expect(believes(old, [1, 2]) && believes(new, [1, 2]) && !believes(third, [1, 2]) && !believes(old, [1, 3]))
  }

  @Test("secrets are of 24 to 64 bytes in canonical base64, and show themselves in no description")
  func secrets() throws {
    for (count, isGood) in [(23, false), (24, true), (64, true), (65, false)] {
      let bytes = [UInt8](repeating: 7, count: count)
      #expect((WebhookSecret(bytes: bytes) != nil) == isGood)
      #expect((WebhookSecret(parsing: "whsec_" + Base64.standard.encode(bytes)) != nil) == isGood)
    }
    let secret = try #require(WebhookSecret(parsing: Self.secret))
    #expect(secret.text == Self.secret)
    for text in ["\(secret)", String(reflecting: secret), String(describing: Optional(secret))] {
      #expect(!text.contains("MfKQ"))
    }
    for text in [String(Self.secret.dropFirst(6)), "whsec_", "whsec_MfKQ", Self.secret + "=", "WHSEC_" + Self.secret] {
      #expect(WebhookSecret(parsing: text) == nil, "\(text)")
    }
  }

  private struct Vectors: Decodable {
    struct Case: Decodable {
      let id: String, secret: String, headers: [String: String], body: String, now: Int64, valid: Bool
    }
    let cases: [Case]
  }

  /// Vectors of others that lie beside the project, where they do.
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/conformance/webhooks").standardized

  @Test(
    "vectors of other implementations are judged as they are meant",
    .enabled(if: FileManager.default.fileExists(atPath: folder.path), "no ../shared/conformance/webhooks"))
  func vectors() throws {
    let data = try Data(contentsOf: Self.folder.appending(path: "v1_hmac.json"))
    let cases = try JSONDecoder().decode(Vectors.self, from: data).cases
    #expect(cases.count > 30)
    for vector in cases {
      let secret = try #require(WebhookSecret(parsing: vector.secret), "\(vector.id)")
      let isBelieved = WebhookSignature.verify(
        id: vector.headers["webhook-id"] ?? "", timestamp: vector.headers["webhook-timestamp"] ?? "",
        signatures: vector.headers["webhook-signature"] ?? "", body: Array(vector.body.utf8), secret: secret,
        now: vector.now)
      #expect(isBelieved == vector.valid, "\(vector.id)")
      guard vector.valid, !vector.id.hasPrefix("official"),
        let seconds = Int64(vector.headers["webhook-timestamp"] ?? "")
      else { continue }
      let made = WebhookSignature.header(
        id: vector.headers["webhook-id"] ?? "", seconds: seconds, body: Array(vector.body.utf8), secrets: [secret])
      #expect(made == vector.headers["webhook-signature"], "\(vector.id)")
    }
  }
}
