import Alerting
import Codes
import Evidence
import Foundation
import Issuing
import Ledger
import TestWorld
import Testing

/// Goods that nobody scans, from the dispatch to what a court is handed.
@Suite("Missing codes")
struct MissingCodesTests {
  /// Dispatches a batch of 50 boxes of one item; gives the items and the boxes.
  private static func dispatch(_ shop: Shop, _ number: String) async throws -> (items: [String], boxes: [String]) {
    let batch = try await shop.issuing.issue(
      NewBatch(gtin: Shop.gtin(), quantity: 50, perBox: 1, profile: .compact), by: Shop.actor)
    let codes = try #require(try await shop.issuing.codes(ofBatch: batch.id))
    let items = try (0..<50).map { try codes.item(Int64($0)).uri }
    let boxes = try (0..<50).map { shop.world.ledger.resolver.uri(of: try codes.box(Int64($0))) }
    try await shop.dispatch(boxes, number: number)
    return (items, boxes)
  }

  private static func scan(_ desk: CaseDesk, _ items: ArraySlice<String>) async throws {
    let scans = items.map { "{\"code\":\"\($0)\",\"location\":{\"region\":\"430102\"}}" }
    let answer = try await desk.post("till", "/v1/scans/batch", "[\(scans.joined(separator: ","))]")
    #expect(answer.json.array?.allSatisfy { $0["authenticity"]?.string == "genuine" } == true, "\(answer.text)")
  }

  @Test("a dispatch without a scan is missed, one that came back is not; its bundle and report hold without any scan")
  func nobodyScans() async throws {
    try await CaseDesk.run { desk async throws in
      let shop = desk.shop
      var last: [String] = []
      for number in 0..<24 {
        last = try await Self.dispatch(shop, "DN-M\(number)").items
        try await Self.scan(desk, last[..<35])
      }
      shop.world.clock.advance(seconds: 5 * 86_400)
      _ = try await Self.dispatch(shop, "DN-DARK")
      try await shop.takeBack(try await Self.dispatch(shop, "DN-BACK").boxes, from: "A")
      shop.world.clock.advance(seconds: 50 * 86_400)
      try await Self.scan(desk, last[40...40])
      _ = try await AlertingEngine(ledger: shop.world.ledger).catchUp()
      try await Sequencer(shop.world.ledger).catchUp()
      let alerts = try await desk.call("li", .get, "/v1/alerts?kind=missing").json["items"]?.array ?? []
      let alert = try #require(alerts.first)
      #expect(alerts.count == 1 && alert["scans"]?.array == [])
      #expect(alert["explanation"]?["en"]?.string?.contains("0 of 50 boxes") == true)
      let id = try #require(alert["id"]?.string)
      let bundle = try await desk.call("li", .get, "/v1/alerts/\(id)/evidence")
      #expect(bundle.status == 200, "\(bundle.text.prefix(400))")
      let report = EvidenceVerifier().verify(bundle.bytes)
      #expect(report.isGood, "\(report)")
      try Self.second(bundle.bytes, shop.world.folder)
      let opened = try await desk.post("li", "/v1/cases", "{\"alerts\":[\"\(id)\"]}")
      let path = "/v1/cases/\(try #require(opened.json["id"]?.string))"
      try await Sequencer(shop.world.ledger).catchUp()
      #expect(try await desk.call("li", .get, "\(path)/report").bytes.starts(with: Array("%PDF".utf8)))
      #expect(EvidenceVerifier().verify(try await desk.call("li", .get, "\(path)/evidence").bytes).isGood)
      try await shop.checkWhole()
    }
  }

  /// The second verifier says the same, where Python is there.
  private static func second(_ bundle: [UInt8], _ folder: String) throws {
    guard let python = ProcessInfo.processInfo.environment["YIMA_DECODER"] else { return }
    let file = URL(fileURLWithPath: folder).appending(path: "missing.zip")
    try Data(bundle).write(to: file)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [root.appending(path: "tools/verify_evidence.py").path, file.path]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
