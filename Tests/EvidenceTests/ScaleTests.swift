import Evidence
import Testing
import TransparencyLog

@Suite("A large case")
struct ScaleTests {
  @Test("of five hundred scans in as many boxes is proven in seconds")
  func large() throws {
    var story = Story.small()
    let count: Int64 = 500
    story["batch"].data["items"] = Story.items(0, 12 * count - 1)
    story["batch"].data["boxes"] = Story.boxes(0, count - 1)
    story["dispatch"].data["units"] = [Story.boxes(0, count - 1)]
    story["dispatch"].data["contents"] = [Story.items(0, 12 * count - 1)]
    story["dispatch"].data["items"] = .integer(12 * count)
    let (scan, alert) = (story["scan"], story["alert"])
    story.entries.removeLast(2)
    story.chain = [:]
    for number in 0..<count {
      var data = scan.data
      data["code"] = ["epoch": 0, "gtin": .string(Story.gtin), "index": .integer(12 * number)]
      story.entries.append(
        Story.Entry(
          name: "scan\(number)", kind: "scan", at: scan.at, role: scan.role, data: data, personal: scan.personal))
      story.chain["\(Story.gtin).0.\(12 * number)"] = ["batch", "dispatch"]
      story.seals[Story.sscc(UInt64(number))] = story.seal(UInt64(number))
    }
    story.entries.append(alert)
    story["alert"].data["scans"] = .array((0..<count).map { .integer(Int64(story.strangers) + 2 + $0 + 1) })
    story["alert"].data["numbers"] = ["scans": .integer(count), "codes": .integer(count)]
    let bundle = try story.bundle()
    let clock = ContinuousClock()
    var report = EvidenceVerifier().verify([])
    let time = clock.measure { report = story.keys.verifier.verify(bundle) }
    #expect(report.isGood, "\(summary(report))")
    #expect(time < .seconds(20), "\(bundle.count) bytes took \(time)")
  }

  @Test("and a small one takes milliseconds")
  func small() throws {
    let story = Story.small()
    let bundle = try story.bundle()
    let verifier = story.keys.verifier
    let clock = ContinuousClock()
    let time = clock.measure { for _ in 0..<200 { _ = verifier.verify(bundle) } }
    #expect(time < .seconds(10))
  }
}
