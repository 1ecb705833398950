import CaseReport
import Foundation
import Testing

/// A story like a real one.
enum Sample {
  static let hash = "824bee3842f6e0527fe2c93660c5eb9778ddc229db4c400c905af2a49a157877"

  static func story(scans: Int = 6) -> CaseStory {
    var story = CaseStory(
      caseNumber: "A2-2026-1006", brand: Bilingual(zh: "砚溪酒业", en: "Yanxi Distillery"), madeAt: "2026-10-06T12:58:06Z",
      claim: Bilingual(
        zh: "2026年9月22日，经销商 P43 按发货单 XS20260922-001 领取 720 瓶“砚溪·溪畔”42度 480毫升，约定仅在湖南省（430000）销售。"
          + "10月5日至6日，其中 4 瓶在江西省萍乡市（360300）由互不相关的人分别扫码。规则 outside-territory/1 据此提示疑似窜货。",
        en: "On 22 September 2026 dealer P43 received 720 bottles of Yanxi Brookside, 42% vol, 480 ml, under dispatch "
          + "XS20260922-001, to be sold in Hunan (430000) only. On 5 and 6 October four of them were scanned in Pingxiang, "
          + "Jiangxi (360300), by people who have nothing to do with each other. Rule outside-territory/1 reported this as "
          + "suspected diversion."),
      proof: .init(
        origin: "id.example.cn/yima", size: 14_904, checkpointHash: hash,
        logKey: "id.example.cn/yima+94fac772+ATm3DPDrW9qS34TVs+WP31W6A8DR/gConkaI/D9ZGeUZ",
        stamps: [
          Bilingual(zh: "国家授时中心 TSA，2026-10-06T13:00:02Z，±1 秒", en: "NTSC TSA, 2026-10-06T13:00:02Z, ±1 s"),
          Bilingual(zh: "联合信任 TSA，2026-10-06T13:00:04Z", en: "UniTrust TSA, 2026-10-06T13:00:04Z"),
        ],
        witnesses: [
          Bilingual(
            zh: "湖南酒业协会见证人，2026-10-06T12:58:07Z", en: "Witness of the Hunan trade association, 2026-10-06T12:58:07Z")
        ]))
    story.facts = [
      .init(Bilingual(zh: "涉及经销商", en: "Dealer"), Bilingual("P43")),
      .init(Bilingual(zh: "严重程度", en: "Severity"), Bilingual(zh: "警告", en: "warning")),
    ]
    story.timeline = timeline
    story.map = map(scans: min(scans, 9))
    story.scans = (1...max(scans, 1)).map(scan)
    story.policy = [
      .init(Bilingual(zh: "规则", en: "Rule"), Bilingual("outside-territory/1")),
      .init(
        Bilingual(zh: "阈值", en: "Threshold"),
        Bilingual(zh: "60 天内至少 3 个互不相关的观察者", en: "at least 3 independent observers within 60 days")),
    ]
    story.answers = [
      .init(
        by: Bilingual(zh: "经销商 P43", en: "Dealer P43"), at: "2026-10-08T02:11:00Z",
        text: "我司货物全部在长沙销售，萍乡扫码系顾客自行携带。附：10月销售台账。")
    ]
    story.decision = .init(
      outcome: Bilingual(zh: "认定窜货", en: "Diversion confirmed"),
      reason: .init(
        by: Bilingual(zh: "合规 李某（非立案人）", en: "Compliance, Mr Li (not the opener)"), at: "2026-10-12T06:30:00Z",
        text: "四个观察者互不相关，且稽查员在萍乡门店购得同批货物并取得小票（事件 15002）。台账与发货单不符。"),
      penalties: [Bilingual(zh: "书面警告；暂停返利 5,000.00 元。", en: "Written warning; rebate of CNY 5,000.00 withheld.")])
    return story
  }

  private static let timeline: [CaseStory.Moment] = [
    .init(
      at: "2026-08-25T01:42:00Z", what: Bilingual(zh: "赋码：批次 3，76,500 瓶", en: "Issued: batch 3, 76,500 bottles"),
      event: 229),
    .init(
      at: "2026-09-22T00:54:11Z", what: Bilingual(zh: "加封发货给 P43，湖南", en: "Dispatched under seal to P43, for Hunan"),
      event: 4972),
    .init(at: "2026-09-24T02:37:20Z", what: Bilingual(zh: "P43 收货", en: "Received by P43"), event: 6048),
    .init(at: "2026-10-05T06:17:44Z", what: Bilingual(zh: "首次在萍乡扫码", en: "First scan in Pingxiang"), event: 13_507),
    .init(at: "2026-10-06T12:58:06Z", what: Bilingual(zh: "预警", en: "Alert"), event: 14_904),
    .init(at: "2026-10-12T06:30:00Z", what: Bilingual(zh: "决定：认定窜货", en: "Decision: diversion confirmed"), event: nil),
  ]

  static func scan(_ number: Int) -> CaseStory.ScanRow {
    .init(
      event: UInt64(13_500 + number), at: "2026-10-05T06:17:44Z", code: "06901234100037.0.\(number * 17)",
      place: Bilingual(zh: "江西省萍乡市安源区 360302", en: "Anyuan, Pingxiang, Jiangxi 360302"),
      certainty: number % 3 == 0
        ? Bilingual(zh: "登记终端", en: "registered terminal") : Bilingual(zh: "实测，±34 米", en: "measured, ±34 m"),
      provenance: Bilingual(
        zh: "消费者，手机；照片 1 张 sha256:1f3a…", en: "consumer, phone; 1 photo, sha256:1f3a…"),
      verdict: Bilingual(zh: "正品，区域外", en: "genuine, outside"))
  }

  private static func ring(_ points: [(Double, Double)]) -> [CaseMap.Point] {
    points.map { .init(longitude: $0.0, latitude: $0.1) }
  }

  private static func map(scans: Int) -> CaseMap {
    CaseMap(
      territories: [
        .init(
          name: Bilingual(zh: "湖南省", en: "Hunan"),
          rings: [
            ring([
              (109.3, 29.5), (110.9, 30.1), (112.9, 29.8), (113.7, 29.0), (114.1, 28.0), (113.8, 27.2), (113.9, 25.9),
              (112.6, 25.1),
              (111.4, 24.8), (110.4, 26.2), (109.5, 26.0), (109.2, 27.3), (108.9, 28.3),
            ])
          ])
      ],
      regions: [
        .init(
          name: Bilingual(zh: "萍乡市", en: "Pingxiang"),
          rings: [ring([(113.6, 27.9), (114.0, 28.0), (114.3, 27.6), (114.1, 27.1), (113.7, 27.3)])])
      ],
      scans: (1...max(scans, 1)).map(mark))
  }

  private static func mark(_ number: Int) -> CaseMap.Mark {
    let (column, row) = (Double(number % 3), Double(number / 3))
    let point = CaseMap.Point(longitude: 113.85 + column * 0.09, latitude: 27.6 + row * 0.08)
    return CaseMap.Mark(point: point, label: "\(number)", accuracy: number == 2 ? 9000 : 34)
  }

  /// Runs a program of poppler on the PDF; gives what it prints. Nil when it is not installed.
  static func poppler(_ program: String, _ pdf: [UInt8], _ options: String...) throws -> String? {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).pdf")
    try Data(pdf).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/\(program)")
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/\(program)") else { return nil }
    process.arguments = options + [file.path] + (program == "pdftotext" ? ["-"] : [])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
