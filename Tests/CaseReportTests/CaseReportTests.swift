import CaseReport
import Foundation
import Testing

@Suite struct CaseReportTests {
  /// The text without blanks and line ends, which depend on the layout.
  private func text(_ story: CaseStory, _ languages: [ReportLanguage] = [.zh, .en]) throws -> String? {
    try Sample.poppler("pdftotext", try CaseReport.pdf(of: story, in: languages), "-layout")?.filter {
      !$0.isWhitespace
    }
  }

  @Test func `the same story gives the same bytes, and another story others`() throws {
    let first = try CaseReport.pdf(of: Sample.story())
    #expect(first.starts(with: "%PDF-".utf8))
    #expect(try CaseReport.pdf(of: Sample.story()) == first)
    #expect(try CaseReport.pdf(of: Sample.story(scans: 7)) != first)
    if let folder = ProcessInfo.processInfo.environment["YIMA_REPORT_OUT"] {
      try Data(first).write(to: URL(fileURLWithPath: folder + "/report.pdf"))
      try Data(try CaseReport.pdf(of: Sample.story(scans: 90))).write(to: URL(fileURLWithPath: folder + "/long.pdf"))
      try Data(try CaseReport.pdf(of: hostile())).write(to: URL(fileURLWithPath: folder + "/hostile.pdf"))
    }
  }

  @Test func `the PDF's date is the story's and not today's`() throws {
    let info = try Sample.poppler("pdfinfo", try CaseReport.pdf(of: Sample.story()), "-isodates")
    guard let info else { return }
    #expect(info.contains("CreationDate:    2026-10-06T12:58:06"))
    #expect(info.contains("A2-2026-1006"))
  }

  @Test func `all that must be told is there, in both languages`() throws {
    guard let text = try text(Sample.story()) else { return }
    for part in [
      "案件A2-2026-1006", "CaseA2-2026-1006", "疑似窜货", "suspecteddiversion", "砚溪酒业", "outside-territory/1", "60天内至少3个",
      "atleast3independentobservers", "06901234100037.0.17", "登记终端", "registered", "我司货物全部在长沙销售", "认定窜货",
      "Diversionconfirmed", "书面警告", Sample.hash, "如何核验", "Howtoverifythis", "国家授时中心TSA", "湖南酒业协会见证人", "EVIDENCE.md",
      "opensslts-verify",
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test func `one language alone has none of the other's headings`() throws {
    guard let text = try text(Sample.story(), [.en]) else { return }
    #expect(text.contains("Thescans") && !text.contains("扫码记录"))
  }

  @Test func `long tables repeat their head, and every page says which it is`() throws {
    let pdf = try CaseReport.pdf(of: Sample.story(scans: 300), in: [.en])
    guard let text = try Sample.poppler("pdftotext", pdf, "-layout") else { return }
    let pages = text.split(separator: "\u{0C}")
    #expect(pages.count > 10)
    for (place, page) in pages.enumerated() {
      #expect(page.contains("Page \(place + 1) of \(pages.count)"))
      #expect(page.contains("Case A2-2026-1006"))
    }
    let heads = pages.count { $0.contains("Certainty") && $0.contains("Verdict") }
    let rows = pages.count { $0.contains("measured") }
    #expect(heads == rows)
    for number in 1...300 { #expect(text.contains("06901234100037.0.\(number * 17)"), "\(number)") }
  }

  @Test func `what is missing is said to be missing`() throws {
    var story = Sample.story()
    (story.answers, story.decision, story.map, story.timeline, story.policy) = ([], nil, nil, [], [])
    guard let text = try text(story, [.en]) else { return }
    #expect(text.contains("Noanswerhadbeenreceived") && text.contains("Nodecisionhasbeenmade"))
    #expect(text.contains("(none)"))
  }

  private func hostile() -> CaseStory {
    let nasty = [
      String(repeating: "很长的文字没有标点", count: 4000), String(repeating: "W", count: 9000),
      "مرحبا بالعالم \u{202E}gnp.exe\u{202C} שלום", "a\u{0}b\u{1B}[31mc\u{7F}\u{85}\u{2028}d\r\ne\tf",
      String(repeating: "Z\u{0310}\u{0321}\u{0332}\u{0348}\u{0353}", count: 300), "\u{FFFF}\u{E000}\u{10FFFF}\u{FEFF}",
      "👩‍👩‍👧‍👦🇨🇳🏴‍☠️", "<b>&amp;</b> %n%s \\u0000 ${x}", "", " ", "\u{0301}", "𠮷𡃁龘",
    ]
    let all = nasty.joined(separator: "\n")
    var story = CaseStory(
      caseNumber: String(nasty[1].prefix(400)), brand: Bilingual(all), madeAt: nasty[2], claim: Bilingual(all),
      proof: .init(
        origin: all, size: .max, checkpointHash: nasty[1], logKey: all, stamps: nasty.map { Bilingual($0) },
        witnesses: [Bilingual(all)]))
    story.timeline = nasty.map { .init(at: $0, what: Bilingual($0), event: .max) }
    story.scans = nasty.map {
      .init(
        event: 1, at: $0, code: $0, place: Bilingual($0), certainty: Bilingual($0), provenance: Bilingual($0),
        verdict: Bilingual($0))
    }
    story.facts = nasty.map { .init(Bilingual($0), Bilingual($0)) }
    story.answers = nasty.map { .init(by: Bilingual($0), at: $0, text: $0) }
    story.decision = .init(outcome: Bilingual(all), reason: .init(by: Bilingual(all), at: all, text: all))
    let points: [CaseMap.Point] = [
      .init(longitude: .nan, latitude: 0), .init(longitude: .infinity, latitude: 2),
      .init(longitude: 999, latitude: 999),
      .init(longitude: 113, latitude: 27),
    ]
    story.map = CaseMap(
      territories: [.init(name: Bilingual(all), rings: [points, [], Array(points.prefix(1))])], regions: [],
      scans: points.map { .init(point: $0, label: all, accuracy: .infinity) })
    return story
  }

  @Test func `hostile texts and places break nothing and turn nothing around`() throws {
    let pdf = try CaseReport.pdf(of: hostile())
    #expect(try CaseReport.pdf(of: hostile()) == pdf)
    guard let text = try Sample.poppler("pdftotext", pdf) else { return }
    #expect(!text.unicodeScalars.contains { [0x202E, 0x1B, 0, 0x85, 0x2028].contains($0.value) })
    #expect(text.contains("مرحبا") || text.contains("ابحرم"))
    #expect(text.contains("[…]"))
  }
}
