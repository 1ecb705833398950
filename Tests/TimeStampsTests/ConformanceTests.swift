import Foundation
import Testing
import TimeStamps

enum StampsOfOthers {
  static let folder: URL = {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
    return here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("shared/conformance/timestamp")
  }()

  static var arePresent: Bool { FileManager.default.fileExists(atPath: folder.path) }
}

/// Stamps made by others (`../shared/conformance/timestamp`); skipped where it is not.
@Suite(.enabled(if: StampsOfOthers.arePresent, "shared/conformance is not beside the repository"))
struct ConformanceTests {
  private struct Document: Decodable { let cases: [Case] }

  struct Case: Decodable {
    let id: String
    let tsr: String
    let chain: String
    let accept: Bool
    let why: String?
    let imprintHex: String?
    let policy: String?
    let dataUtf8: String?
  }

  private func verify(_ one: Case) throws -> VerifiedTimeStamp {
    func bytes(_ name: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: StampsOfOthers.folder.appendingPathComponent(name)))
    }
    let demand = TimeStampAnswer.Demand(anchors: try TrustAnchors(pem: try bytes(one.chain)), policy: one.policy)
    let answer = try TimeStampAnswer(der: try bytes(one.tsr))
    if let data = one.dataUtf8 { return try answer.verify(note: Array(data.utf8), demand) }
    let hex = Array(one.imprintHex ?? "")
    let imprint = stride(from: 0, to: hex.count - 1, by: 2).compactMap { UInt8(String(hex[$0...$0 + 1]), radix: 16) }
    return try answer.verify(imprint: imprint, demand)
  }

  @Test func `other projects' stamps are judged as they say`() throws {
    let data = try Data(contentsOf: StampsOfOthers.folder.appendingPathComponent("rfc3161.json"))
    let cases = try JSONDecoder().decode(Document.self, from: data).cases
    #expect(cases.count == 14)
    for one in cases {
      let found = Result { try verify(one) }.mapError { $0 as? TimeStampError ?? .unavailable }
      let comment: Comment = "\(one.id): \(one.why ?? "good"): \(found)"
      // Another hash than the one we ask for, and no certificate although we ask for it: refused as such.
      if let hex = one.imprintHex, hex.count != 64 {
        #expect(found == .failure(.wrongImprint), comment)
      } else if one.id.contains("no-embedded-cert") || one.id.contains("mock") {
        #expect(found == .failure(.noSigner), comment)
      } else if one.accept {
        #expect(throws: Never.self, comment) { try found.get() }
      } else if one.why?.contains("CA") == true {
        guard case .failure(.untrustedChain) = found else { Issue.record(comment); continue }
      } else {
        #expect([.failure(.badSignature), .failure(.wrongImprint), .failure(.malformed)].contains(found), comment)
      }
    }
  }
}
