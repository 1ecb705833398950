import Codes
import Evidence
import Testing
import TransparencyLog

@Suite("The seals")
struct SealTests {
  private let file = "seals/\(Story.sscc(2)).txt"

  private func report(_ change: (inout Story) -> Void) throws -> EvidenceReport {
    var story = Story.small()
    change(&story)
    return try story.report()
  }

  @Test("of another dispatch says so")
  func anotherDispatch() throws {
    let report = try report { $0.seals = [Story.sscc(2): $0.seal(2, dispatch: "D2")] }
    expect(report, onlyBroken: .sealed, .sealMissing, in: file)
  }

  @Test("that names another dealer, territory, time or box says which")
  func anotherField() throws {
    let box = Story.sscc(2)
    expect(
      try report { $0.seals = [box: $0.seal(2, dealer: "D002")] }, onlyBroken: .sealed, .sealDiffers("dealer"), in: file
    )
    expect(
      try report { $0.seals = [box: $0.seal(2, territories: ["420000"])] }, onlyBroken: .sealed,
      .sealDiffers("territories"), in: file)
    expect(
      try report { $0.seals = [box: $0.seal(2, at: 1_788_253_201)] }, onlyBroken: .sealed, .sealDiffers("time"),
      in: file)
    expect(try report { $0.seals = [box: $0.seal(3)] }, onlyBroken: .sealed, .sealDiffers("code"), in: file)
    expect(
      try report { $0["dispatch"].data["sealKey"] = "00000000" }, onlyBroken: .sealed, .sealDiffers("key"), in: file)
  }

  @Test("that is not there is missed, and one too many is noticed")
  func count() throws {
    expect(try report { $0.seals = [:] }, onlyBroken: .sealed, .sealMissing, in: file)
    let extra = "seals/\(Story.sscc(3)).txt"
    expect(try report { $0.seals[Story.sscc(3)] = $0.seal(3) }, onlyBroken: .sealed, .sealUnused, in: extra)
  }

  @Test("by a key that was revoked when it was made does not hold")
  func revoked() throws {
    let report = try report { $0.keys.revokedAt = 1_788_253_200 }
    expect(report, onlyBroken: .sealed, .sealRefused(.revokedSealKey(TestKeys().sealing.keyID)), in: file)
  }

  @Test("by a key that was revoked later holds")
  func revokedLater() throws {
    #expect(try report { $0.keys.revokedAt = 1_788_253_201 }.isGood)
  }

  @Test("made before its key existed does not hold")
  func premature() throws {
    let report = try report { $0.keys.notBefore = 1_788_253_201 }
    expect(report, onlyBroken: .sealed, .sealRefused(.prematureSealKey(TestKeys().sealing.keyID)), in: file)
  }

  @Test("by a stranger's key does not hold")
  func stranger() throws {
    let report = try report { story in
      var other = story
      other.keys = TestKeys(seed: 9)
      story.seals = [Story.sscc(2): other.seal(2)]
    }
    expect(report, onlyBroken: .sealed, .sealRefused(.unknownSealKey(TestKeys(seed: 9).sealing.keyID)), in: file)
  }

  @Test("that was tampered with does not hold")
  func tampered() throws {
    let report = try report { story in
      story.seals = story.seals.mapValues { $0.replacing(".D001.", with: ".D002.") }
    }
    expect(report, onlyBroken: .sealed, .sealRefused(.tamperedSeal), in: file)
  }

  @Test(
    "that is no seal is refused",
    arguments: ["", "hello", "https://id.example.cn/00/169012340000000022", "\n\n\n\n\n\n\n\n"])
  func unreadable(_ text: String) throws {
    let report = try report { $0.seals = [Story.sscc(2): text] }
    guard case .broken(_, let named) = report[.sealed] else {
      Issue.record("\(summary(report))")
      return
    }
    #expect(named == file)
    #expect(report.broken.map(\.name) == [.sealed])
  }

  @Test("of a long list of territories carry its digest, and the dispatch event has the list")
  func digest() throws {
    let territories = (0..<12).map { String(430_101 + $0) }
    let json = JSONValue.array(territories.map(JSONValue.string))
    let report = try report { story in
      story["dispatch"].data["territories"] = json
      story["scan"].data["territories"] = json
      story.seals = [Story.sscc(2): story.seal(2, territories: territories)]
    }
    #expect(report.isGood, "\(summary(report))")
    let lie = try self.report { story in
      story["dispatch"].data["territories"] = .array(json.array?.dropLast() ?? [])
      story["scan"].data["territories"] = story["dispatch"].data["territories"]
      story.seals = [Story.sscc(2): story.seal(2, territories: territories)]
    }
    expect(lie, onlyBroken: .sealed, .sealRefused(.territoriesNotSealed), in: file)
  }

  @Test("on a single item names its product")
  func onItem() throws {
    func story(_ gtin: String) throws -> Story {
      var story = Story.small()
      story["dispatch"].data["units"] = [Story.items(30, 30)]
      story["dispatch"].data["contents"] = []
      story["dispatch"].data["items"] = 1
      let subject = ScannedCode.Subject.item(gtin: try GTIN(gtin), serial: "75D2SZ6Z8P62FDE8")
      let sealed = try story.keys.sealing.seal(
        subject, dealer: "D001", territories: ["430000"], dispatch: "D1", at: 1_788_253_200)
      story.seals = [Story.item: sealed.uri(try Resolver("https://id.example.cn"))]
      return story
    }
    let report = try story(Story.gtin).report()
    #expect(report.isGood, "\(summary(report))")
    expect(
      try story("06901234567809").report(), onlyBroken: .sealed, .sealDiffers("code"), in: "seals/\(Story.item).txt")
  }
}
