import Foundation
import Regions
import Testing

@Suite("The atlas: codes, names, history")
struct AtlasTests {
  struct Lookup: Decodable { let code: String, name: String?, level: Int?, parent: String? }

  @Test(
    "every code of the conformance list has its name, level and parent, or is refused",
    .enabled(if: Conformance.isThere, "needs ../shared/conformance/geo"))
  func conformance() throws {
    let atlas = try World.atlas()
    let cases = try Conformance.cases("code_lookup.json", Lookup.self)
    #expect(cases.count == 162)
    for item in cases {
      let code = try? RegionCode(item.code)
      guard let name = item.name else {
        #expect(code.map(atlas.isKnown) ?? false == false, "\(item.code) is to be refused")
        continue
      }
      let known = try #require(code, "\(item.code)")
      #expect(atlas.shortName(of: known, .zh) == name)
      #expect(atlas.isCurrent(known) && atlas.isKnown(known))
      #expect(known.level.rawValue == item.level)
      #expect(known.parent?.description == item.parent ?? "CN")
    }
  }

  @Test("the whole list of 2026 is there: 34 provinces, 333 prefectures, 2 847 counties, each reached from China")
  func complete() throws {
    let atlas = try World.atlas()
    var (counts, queue) = ([RegionLevel: Int](), [RegionCode.china])
    while let next = queue.popLast() {
      counts[next.level, default: 0] += 1
      for child in atlas.children(of: next) {
        #expect(next.contains(child) && atlas.isCurrent(child))
        #expect(atlas.name(of: child, .zh)?.isEmpty == false && atlas.name(of: child, .en)?.isEmpty == false)
      }
      queue += atlas.children(of: next)
    }
    #expect(counts == [.country: 1, .province: 34, .prefecture: 333, .county: 2_847])
    #expect(atlas.provinces.count == 34 && atlas.provinces == atlas.provinces.sorted())
    #expect(atlas.vintage == 20_260_911)
  }

  @Test(
    "names are whole in Chinese and from the smallest in English",
    arguments: [
      ("430102", "湖南省长沙市芙蓉区", "Furong, Changsha, Hunan"), ("429004", "湖北省仙桃市", "Xiantao, Hubei"),
      ("110105", "北京市朝阳区", "Chaoyang, Beijing"), ("150000", "内蒙古自治区", "Inner Mongolia"),
      ("433100", "湖南省湘西土家族苗族自治州", "Xiangxi, Hunan"), ("610100", "陕西省西安市", "Xi'an, Shaanxi"),
      ("140100", "山西省太原市", "Taiyuan, Shanxi"), ("341500", "安徽省六安市", "Lu'an, Anhui"),
      ("650100", "新疆维吾尔自治区乌鲁木齐市", "Urumqi, Xinjiang"), ("500000", "重庆市", "Chongqing"), ("CN", "中国", "China"),
      ("810000", "香港特别行政区", "Hong Kong"), ("441900", "广东省东莞市", "Dongguan, Guangdong"),
      ("310112", "上海市闵行区", "Minhang, Shanghai"), ("130533", "河北省邢台市威县", "Wei County, Xingtai, Hebei"),
    ])
  func names(text: String, zh: String, en: String) throws {
    let atlas = try World.atlas()
    #expect(try atlas.name(of: code(text), .zh) == zh)
    #expect(try atlas.name(of: code(text), .en) == en)
  }

  @Test("a country or a number never given out has no name here")
  func nameless() throws {
    let atlas = try World.atlas()
    #expect(try atlas.name(of: code("DE-BY"), .en) == nil && atlas.isKnown(code("DE-BY")))
    #expect(try atlas.name(of: code("530199"), .zh) == nil && !atlas.isKnown(code("530199")))
    #expect(try atlas.entry(code("530199")) == nil && atlas.resolve(code("530199")) == nil)
  }

  @Test(
    "an abolished code resolves to what its ground is now",
    arguments: [
      ("310230", ["310151"]), ("370282", ["370215"]), ("540422", ["540481"]), ("500112", ["500157"]),
      ("330104", ["330102"]), ("542423", ["540622"]), ("371200", ["370116", "370117"]), ("140402", ["140400"]),
      ("341400", ["340124", "340181", "340209", "340281", "340522", "340523"]), ("110100", ["110000"]),
      ("429000", ["429004", "429005", "429006", "429021"]), ("442101", ["460100"]), ("512301", ["500102"]),
    ])
  func resolved(old: String, now: [String]) throws {
    let atlas = try World.atlas()
    let found = try atlas.resolutions(code(old)).map(\.description)
    if old == "341400" {
      // Chaohu was divided in 2011; two of its counties were renumbered again since.
      #expect(found.contains("340181") && found.contains("340124") && found.count == 5, "\(found)")
    } else if old == "442101" || old == "512301" {
      #expect(found.allSatisfy { $0.hasPrefix(now[0].prefix(2)) } && !found.isEmpty, "\(found)")
    } else {
      #expect(found == now)
    }
    #expect(try atlas.resolve(code(old))?.description == (found.count == 1 ? found[0] : nil))
  }

  @Test("at a date, a code valid then stands for itself, an older one for its successor, a later one for nothing")
  func dated() throws {
    let atlas = try World.atlas()
    let (county, district) = try (code("310230"), code("310151"))
    func day(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }
    #expect(try atlas.resolve(county, at: day("2015-12-31T15:59:59Z")) == county)
    #expect(try atlas.resolve(county, at: day("2015-12-31T16:00:00Z")) == district, "2016 begins at UTC+8")
    #expect(try atlas.resolve(district, at: day("2015-06-01T00:00:00Z")) == nil)
    #expect(try atlas.resolve(district, at: day("2026-06-01T00:00:00Z")) == district)
    #expect(try atlas.resolve(code("132201"), at: day("1982-06-01T00:00:00Z")) == code("132201"))
    #expect(atlas.resolve(county, at: Date(timeIntervalSince1970: .nan)) != district)
    #expect(atlas.resolve(county, at: .distantFuture) == district)
    #expect(atlas.resolve(county, at: .distantPast) == nil, "given out in 1982")
  }

  @Test("every current region has boundaries, but for the four counties that are newer than the map")
  func mapped() throws {
    let atlas = try World.atlas()
    #expect(atlas.unmapped.map(\.description) == ["653132", "653228", "653229", "659013"])
    for region in atlas.provinces { #expect(!atlas.outline(of: region).isEmpty, "\(region)") }
  }

  @Test("a number given out twice has two lives, told by their years and names")
  func lives() throws {
    let atlas = try World.atlas()
    let lives = try atlas.entries(code("132201"))
    #expect(lives.map(\.nameZh) == ["邢台市", "南宫市"])
    #expect(lives.map(\.validFrom) == [nil, 1_986] && lives.map(\.validTo) == [1_983, 1_993])
    #expect(try atlas.entry(code("132201"))?.nameZh == "南宫市")
    #expect(try atlas.entry(code("110100"))?.isStatistical == true)
    #expect(try atlas.entry(code("430102"))?.isCurrent == true)
  }

  @Test("every code ever given out resolves to codes of the present list, and to none of another province by chance")
  func allResolve() throws {
    let atlas = try World.atlas()
    var resolvedCodes = 0
    for number in atlas.provinces.compactMap({ Int($0.description) }).flatMap({ $0..<$0 + 10_000 }) {
      guard let code = try? RegionCode(String(number)), atlas.isKnown(code) else { continue }
      resolvedCodes += 1
      let now = atlas.resolutions(code)
      #expect(!now.isEmpty && now.allSatisfy(atlas.isCurrent), "\(code)")
      // Hainan came out of Guangdong, Chongqing out of Sichuan; nothing else ever changed its province.
      let moves = now.filter { $0.province != code.province }.map { String($0.description.prefix(2)) }
      #expect(moves.allSatisfy { $0 == "46" || $0 == "50" }, "\(code) \(now)")
    }
    #expect(resolvedCodes > 6_700)
  }
}
