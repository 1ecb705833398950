import Testing

@testable import Detection

/// Files are taken in whole or refused with file, line and field.
@Suite struct FileTests {
  static let files: [String: String] = [
    "regions.csv": """
    region_code,province_code,lat,lon,population,radius_km,is_capital
    110100,110000,39.9,116.4,21900000,72.3,1
    120100,120000,39.1,117.2,13900000,61.5,1
    130100,130000,38.0,114.5,9000000,70,1
    130200,130000,39.6,118.2,7000000,60,0

    """,
    "dealers.csv": "dealer_id,authorised_regions\nD1,110100\nD2,130000\n",
    "skus.csv": "sku,list_price_cents,floor_price_cents\nK0,4900,4410\n",
    "stores.csv": "store_id,registered_region\nS1,110100\n",
    "dispatches.csv": """
    box_id,lot_id,dealer_id,sku,n_items,dispatch_time,authorised_regions
    B1,L1,D1,K0,24,1704047153,110100
    B2,L1,D1,K0,24,1704047153,110100
    B3,L2,D2,K0,24,1704047153,"130100;130200"

    """,
    "scans.csv": """
    scan_id,time,code,box_id,source,region_code,lat,lon,accuracy_m,device_id,store_id,price_cents
    1,1704071255,X7,,consumer_ip,120100,39.1,117.2,30000,V5,,
    2,1704082651,B1-01,B1,consumer_gps,120100,39.1,117.2,80,V6,,
    3,1704082651,"B3-""01",B3,terminal,130100,38.0,114.5,20,,S1,4300

    """,
  ]

  /// Opens texts, in chunks of a few bytes.
  static func opener(_ files: [String: String], chunk: Int = 7) -> Market.Opener {
    { (file: String) throws(MarketError) -> (() throws(MarketError) -> [UInt8]) in
      guard let text = files[file] else { throw .unreadable(file: file, reason: "missing") }
      var rest = Array(text.utf8)[...]
      return { () throws(MarketError) -> [UInt8] in
        let next = Array(rest.prefix(chunk))
        rest = rest.dropFirst(chunk)
        return next
      }
    }
  }

  private func read(_ changes: [String: String], chunk: Int = 7) throws(MarketError) -> [Sighting] {
    var market = try Market(open: Self.opener(Self.files.merging(changes) { $1 }, chunk: chunk))
    var scans: [Sighting] = []
    try market.replay(dispatch: { _ in }, scan: { scans.append($0) })
    return scans
  }

  private func whitelist(_ text: String) throws(MarketError) -> [DetectionSettings.Exception] {
    try DetectionSettings.Exception.read(file: "w.csv", try Self.opener(["w.csv": text])("w.csv"))
  }

  @Test func aWhitelistIsReadWithItsDates() throws {
    let head = "reason,dealer_id,region_code,lot_id,from,until\n"
    let list = try whitelist(head + "transfer,D1,,L2,5,9\nborderTrade,,130100,,0,100\n")
    #expect(
      list == [
        .init(.transfer, dealer: StableHash.of("D1"), lot: StableHash.of("L2"), from: 5, until: 9),
        .init(.borderTrade, region: 130_100, from: 0, until: 100),
      ])
    for (line, expected) in [
      ("because,,,,0,1", MarketError.Expectation.reason), ("transfer,,x,,0,1", .region), ("transfer,,,,5,5", .later),
      ("transfer,,,,,5", .integer),
    ] {
      let failure = #expect(throws: MarketError.self) { try whitelist(head + line + "\n") }
      guard case .field(_, 2, _, _, let found)? = failure else {
        Issue.record("\(line): \(String(describing: failure))")
        continue
      }
      #expect(found == expected, "\(line)")
    }
  }

  @Test(arguments: [1, 2, 7, 100_000]) func aMarketIsReadWhateverTheChunks(chunk: Int) throws {
    let scans = try read([:], chunk: chunk)
    #expect(scans.count == 3)
    #expect(scans.map(\.source) == [.consumerIP, .consumerGPS, .terminal])
    #expect(scans[0].box == 0 && scans[0].profile == -1 && scans[0].device == StableHash.of("V5"))
    #expect(scans[1].lot == StableHash.of("L1") && scans[1].profile == 0 && scans[1].region == 1)
    #expect(scans[2].code == StableHash.of("B3-\"01") && scans[2].price == 4300 && scans[2].floor == 4410)
    // The dispatch's two prefectures are dealer D2's whole province: one profile, not two.
    #expect(scans[2].profile == 1)
  }

  @Test func lineEndingsAndColumnOrderDoNotMatter() throws {
    let windows = "\u{FEFF}authorised_regions,note,dealer_id\r\n110100,x,D1\r\n\r\n130000,,D2"
    #expect(try read(["dealers.csv": windows]).count == 3)
  }

  @Test func dispatchesComeBeforeLaterScans() throws {
    var market = try Market(open: Self.opener(Self.files))
    var log: [String] = []
    try market.replay(dispatch: { log.append("dispatch \($0.boxes)") }, scan: { _ in log.append("scan") })
    #expect(
      log == ["dispatch 2", "dispatch 1", "scan", "scan", "scan"]
        || log == ["dispatch 1", "dispatch 2", "scan", "scan", "scan"])
  }

  private static func scan(_ changes: [Int: String]) -> [String: String] {
    var fields = [
      "9", "1704071255", "X7", "", "consumer_ip", "120100", "39.1", "117.2", "30000", "V5", "", "",
    ]
    for (index, text) in changes { fields[index] = text }
    let header = "scan_id,time,code,box_id,source,region_code,lat,lon,accuracy_m,device_id,store_id,price_cents"
    return ["scans.csv": header + "\n" + fields.joined(separator: ",") + "\n"]
  }

  @Test(arguments: [
    (1, "+17", "time", MarketError.Expectation.integer), (1, "017", "time", .integer), (1, "", "time", .integer),
    (1, "99999999999999999", "time", .integer), (1, "-5", "time", .integer), (2, "", "code", .text),
    (3, "B9", "box_id", .box), (4, "satellite", "source", .source), (5, "999999", "region_code", .region),
    (5, "abc", "region_code", .region), (6, "91", "lat", .degrees), (6, "nan", "lat", .degrees),
    (7, "x", "lon", .degrees), (8, "inf", "accuracy_m", .number), (11, "4.5", "price_cents", .integer),
  ])
  func aBadFieldIsNamed(field: Int, text: String, column: String, expected: MarketError.Expectation) {
    #expect(
      throws: MarketError.field(file: "scans.csv", line: 2, column: column, text: text, expected: expected)
    ) { try read(Self.scan([field: text])) }
  }

  @Test func otherFilesNameTheirsToo() {
    #expect(
      throws: MarketError.field(
        file: "dealers.csv", line: 2, column: "authorised_regions", text: "990000", expected: .region)
    ) { try read(["dealers.csv": "dealer_id,authorised_regions\nD1,990000\n"]) }
    let header = "box_id,lot_id,dealer_id,sku,n_items,dispatch_time,authorised_regions\n"
    #expect(
      throws: MarketError.field(
        file: "dispatches.csv", line: 2, column: "dealer_id", text: "D9", expected: .dealer)
    ) { try read(["dispatches.csv": header + "B1,L1,D9,K0,24,5,110100\n"]) }
    #expect(
      throws: MarketError.field(file: "dispatches.csv", line: 2, column: "sku", text: "K9", expected: .product)
    ) { try read(["dispatches.csv": header + "B1,L1,D1,K9,24,5,110100\n"]) }
  }

  @Test func aMissingFileColumnOrFieldIsNamed() {
    #expect(throws: MarketError.column(file: "skus.csv", name: "floor_price_cents")) {
      try read(["skus.csv": "sku,price\nK0,1\n"])
    }
    #expect(throws: MarketError.column(file: "skus.csv", name: "sku")) { try read(["skus.csv": ""]) }
    #expect(throws: MarketError.fields(file: "skus.csv", line: 3, count: 2, expected: 3)) {
      try read(["skus.csv": "sku,list_price_cents,floor_price_cents\nK0,1,2\nK1,2\n"])
    }
    var files = Self.files
    files["stores.csv"] = nil
    files["skus.csv"] = nil
    let remaining = files
    #expect(throws: MarketError.unreadable(file: "skus.csv", reason: "missing")) {
      try Market(open: Self.opener(remaining))
    }
  }

  @Test func quotesAndLengthsAreChecked() {
    let header = "sku,list_price_cents,floor_price_cents\n"
    #expect(throws: MarketError.quote(file: "skus.csv", line: 2)) { try read(["skus.csv": header + "\"K0,1,2\n"]) }
    #expect(throws: MarketError.quote(file: "skus.csv", line: 2)) { try read(["skus.csv": header + "\"K0\"x,1,2\n"]) }
    let long = String(repeating: "9", count: TableReader.lengthMax + 1)
    #expect(throws: MarketError.length(file: "skus.csv", line: 2)) {
      try read(["skus.csv": header + long], chunk: 4096)
    }
  }

  @Test func scansOutOfOrderAreRefused() {
    let both = (Self.scan([:])["scans.csv"] ?? "") + "10,1704071254,X7,,consumer_ip,120100,39.1,117.2,30000,V5,,\n"
    #expect(throws: MarketError.order(line: 3)) { try read(["scans.csv": both]) }
  }

  @Test func arbitraryBytesNeverTrap() {
    var market = TestMarket(seed: 3)
    let names = Self.files.keys.sorted()
    for _ in 0..<600 {
      let name = names[market.number(below: names.count)]
      var bytes = Array((Self.files[name] ?? "").utf8)
      for _ in 0...market.number(below: 6) where !bytes.isEmpty {
        bytes[market.number(below: bytes.count)] = UInt8(truncatingIfNeeded: market.next())
      }
      _ = try? read([name: String(decoding: bytes, as: UTF8.self)], chunk: 64)
    }
  }

  @Test func anAlertLineHoldsItsFieldsAndQuotesWhatMustBe() throws {
    var market = TestMarket()
    let scans = (0..<12).map { market.sighting(1, at: 20, time: TestMarket.start + Int64($0) * 7200, lot: 999) }
    let finding = try #require(market.feed(scans).first { $0.kind == .diversion })
    let line = AlertLines(names: [2: "D,2", 999: "L\"9"], language: .en).line(finding)
    #expect(line.hasPrefix("\(finding.time),diversion,lotPrefecture,\"D,2\",140300,\"L\"\"9\",,,,"))
    #expect(line.hasSuffix("\n") && AlertLines.header.split(separator: ",").count == 11)
  }

  @Test func settingsAreSetByName() throws {
    var settings = DetectionSettings()
    try settings.set("acceptedFalseShare=0.1")
    try settings.set("diversion.usesLots=false")
    try settings.set("diversion.rearmDays=30")
    try settings.set("price.underMin=2")
    try settings.set("market=eu")
    #expect(settings.acceptedFalseShare == 0.1 && !settings.diversion.usesLots && settings.diversion.rearmDays == 30)
    #expect(settings.market == .eu && settings.price.underMin == 2)
    #expect(throws: SettingError.form("x")) { try settings.set("x") }
    #expect(throws: SettingError.unknown("x")) { try settings.set("x=1") }
    #expect(throws: SettingError.value(name: "market", text: "mars")) { try settings.set("market=mars") }
    #expect(throws: SettingError.value(name: "acceptedFalseShare", text: "2")) {
      try settings.set("acceptedFalseShare=2")
    }
    #expect(throws: SettingError.value(name: "acceptedFalseShare", text: "nan")) {
      try settings.set("acceptedFalseShare=nan")
    }
  }
}
