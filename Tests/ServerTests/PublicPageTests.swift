import Foundation
import HTTPTypes
import Ledger
import TestWorld
import Testing
import TransparencyLog

@Suite("Pages of codes")
struct PublicPageTests {
  @Test("a dispatched item is genuine, in both languages, and nothing is said of its dealer")
  func genuine() async throws {
    try await TestServer.run { server async throws in
      let shop = server.shop
      try await shop.dispatch([shop.box(0)], to: "A", "430000")
      let path = TestServer.path(shop.item(0))
      let zh = try await server.call(path, ["Accept": "text/html", "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"])
      let en = try await server.call(path, ["Accept": "text/html", "Accept-Language": "en-GB,en;q=0.9,zh;q=0.1"])
      #expect(zh.status == 200 && zh.type == "text/html; charset=utf-8" && zh.headline == "正品")
      #expect(en.headline == "Genuine" && en.text.contains("<html lang=\"en\">") && zh.text.contains("lang=\"zh-CN\""))
      #expect(zh.text.contains("白酒") && zh.text.contains("Liquor") && zh.text.contains("就是这一次"))
      for page in [zh, en] {
        #expect(!page.text.contains("经销商") && !page.text.contains("430000") && !page.text.contains("湖南"))
        #expect(!page.text.contains("<script") && !page.text.contains("style=\"") && !page.text.contains("http://"))
        #expect(page.headers[.cacheControl] == "no-store" && page.headers[.vary] == "Accept, Accept-Language")
      }
      let asked = try await server.call(path + "?lang=en", ["Accept-Language": "zh"])
      #expect(asked.headline == "Genuine" && asked.headers[.contentLanguage] == "en")
    }
  }

  @Test("page and style sheet together stay far below 50 KB")
  func size() async throws {
    try await TestServer.run { server async throws in
      try await server.shop.dispatch([server.shop.box(0)])
      let page = try await server.call(TestServer.path(server.shop.item(0)))
      let address = try #require(page.text.firstMatch(of: /href="(\/static\/[^"]+)"/)?.1)
      let sheet = try await server.call(String(address))
      #expect(sheet.type == "text/css; charset=utf-8" && sheet.headers[.cacheControl]?.contains("immutable") == true)
      let bare = try await server.call("/static/yima.css")
      #expect(bare.bytes == sheet.bytes && bare.headers[.cacheControl] == "public, max-age=300")
      #expect(page.bytes.count + sheet.bytes.count < 12_000)
    }
  }

  @Test("what is not so is told as it is")
  func findings() async throws {
    try await TestServer.run { server async throws in
      let shop = server.shop
      let sealed = try await shop.dispatch([shop.box(0), shop.box(1)])
      try await shop.issuing.void([.code(shop.item(13))], reason: "leaked", by: Shop.actor)
      let forged = String(shop.item(0).dropLast(2)) + (shop.item(0).hasSuffix("00") ? "11" : "00")
      let seal = try #require(sealed.seals.first?.uri)
      let tampered = seal.replacing("8030=A", with: "8030=C").replacing(/8030=[^C]/, with: "8030=A")
      let cases: [(path: String, headline: String, status: Int)] = [
        (shop.item(100), "Not on record as shipped", 200), (forged, "Not verified", 200),
        (shop.item(13), "Withdrawn", 200), (seal, "The seal is good", 200),
        (tampered, "The seal does not hold", 200),
        (shop.box(0), "A box code without a seal", 200), ("/00/106141411234567897", "Not a code of this brand", 404),
        ("/01/09506000134352/21/ABC", "Not a code of this brand", 404),
        ("/01/06901234567892", "Scan the item&#39;s own code", 200),
        ("/01/06901234567892/10/B1", "Scan the item&#39;s own code", 200),
        ("/01/09506000134352", "Not a code of this brand", 404),
        ("/01/06901234567893/21/ABC", "Not a code that can be read", 400),
        ("/01/x/21/y", "Not a code that can be read", 400),
        ("/00/106901234500000011", "Not a code that can be read", 400),
        ("/01/06901234567892/99/1/21/2", "Not a code that can be read", 400),
        ("/01/06901234567892/21/" + String(repeating: "A", count: 21), "Not a code that can be read", 400),
      ]
      for (path, headline, status) in cases {
        let path = TestServer.path(path)
        let page = try await server.call(path + (path.contains("?") ? "&" : "?") + "lang=en")
        #expect(page.headline == headline && page.status == status, "\(path): \(page.status) \(page.headline)")
      }
      let page = try await server.call(TestServer.path(forged))
      #expect(!page.text.contains("白酒"), "a forgery is not lent the product's name")
    }
  }

  @Test("text out of the address is escaped")
  func escaping() async throws {
    try await TestServer.run { server async throws in
      let page = try await server.call("/01/06901234567892/21/%3Cscript%3Ealert(1)%3C%2Fscript%3E?x=%22%3E&y='><b>")
      #expect(!page.text.contains("<script") && !page.text.contains("'><b>"))
    }
  }

  @Test("loading again within ten minutes is one scan; another client, another time or the other form is its own")
  func reloads() async throws {
    try await TestServer.run { server async throws in
      let shop = server.shop
      try await shop.dispatch([shop.box(0)])
      let path = TestServer.path(shop.item(0))
      let phone = ["User-Agent": "phone", "X-Forwarded-For": "192.0.2.1"]
      for _ in 0..<3 { _ = try await server.call(path, phone) }
      _ = try await server.call(path + "?lang=en", phone)
      #expect(try await server.scans() == 1)
      let json = try await server.call(path, phone.merging(["Accept": "application/json"]) { $1 })
      #expect(json.json["scanCount"]?.int == 1)
      _ = try await server.call(path, ["User-Agent": "tablet", "X-Forwarded-For": "192.0.2.1"])
      _ = try await server.call(TestServer.path(shop.item(1)), phone)
      #expect(try await server.scans() == 3)
      shop.world.clock.advance(seconds: 601)
      let later = try await server.call(path + "?lang=en", phone)
      #expect(try await server.scans() == 4)
      #expect(later.headline == "Genuine" && later.text.contains("<dt>Checks so far</dt><dd>3</dd>"))
    }
  }

  @Test("a hundred requests of one client at the same time are one scan")
  func race() async throws {
    try await TestServer.run { server async throws in
      try await server.shop.dispatch([server.shop.box(0)])
      let path = TestServer.path(server.shop.item(0))
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<100 { group.addTask { try await server.call(path, ["User-Agent": "phone"]).status } }
        for try await status in group { #expect(status == 200) }
      }
      #expect(try await server.scans() == 1)
    }
  }

  @Test("looking ahead, and HEAD, record nothing")
  func silent() async throws {
    try await TestServer.run { server async throws in
      try await server.shop.dispatch([server.shop.box(0)])
      let path = TestServer.path(server.shop.item(0))
      for header in [["Sec-Purpose": "prefetch;prerender"], ["Purpose": "prefetch"], ["X-Moz": "prefetch"]] {
        #expect(try await server.call(path, header).status == 503)
      }
      let head = try await server.call(path, method: .head)
      #expect(head.status == 200 && head.bytes.isEmpty && head.type == "text/html; charset=utf-8")
      #expect(try await server.call("/01/09506000134352/21/ABC", method: .head).status == 404)
      #expect(try await server.call("/01/06901234567893/21/ABC", method: .head).status == 400)
      let options = try await server.call(path, method: .options)
      #expect(options.status == 204 && options.headers[.allow] == "GET, HEAD, OPTIONS")
      #expect(try await server.scans() == 0)
    }
  }

  @Test("no address and no place of a consumer is recorded")
  func privacy() async throws {
    try await TestServer.run { server async throws in
      try await server.shop.dispatch([server.shop.box(0)])
      _ = try await server.call(
        TestServer.path(server.shop.item(0)), ["User-Agent": "phone-7", "X-Forwarded-For": "192.0.2.77"])
      let events = try await server.shop.world.ledger.store.read { try $0.events(after: 0, limit: 1000) }
      for event in events {
        let stored = String(decoding: event.body + (event.personal ?? []), as: UTF8.self)
        #expect(!stored.contains("192.0.2.77") && !stored.contains("phone-7"))
      }
    }
  }
}
