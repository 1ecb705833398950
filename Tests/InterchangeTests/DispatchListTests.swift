import Interchange
import Issuing
import Ledger
import Regions
import Testing

@Suite("Dispatch lists that are good")
struct DispatchListTests {
  @Test("lines of one number make one dispatch, in the order of their appearance")
  func grouping() throws {
    let list = try list(
      """
      number,dealer,territories,code
      DN-2,D002,440000,\(Box.second)
      DN-1,D001,430000,\(Box.uri)
      DN-2,D002,440000,B1/item/0-9
      """)
    #expect(list.dispatches.map(\.number) == ["DN-2", "DN-1"])
    #expect(list.dispatches.map(\.dealer) == ["D002", "D001"])
    #expect(list.dispatches[0].units == [.code(Box.second), .range(batch: 1, level: .item, first: 0, last: 9)])
    #expect(list.dispatches[1].territory.description == "430000")
    #expect(list.dispatches.allSatisfy { $0.at == nil })
  }

  @Test("a unit is found back on its line, a dispatch on its first")
  func lines() throws {
    let list = try list(
      "number,dealer,territories,code\n\nDN-2,D002,44,x\n".replacing("44,x", with: "440000,\(Box.first)")
        + "DN-1,D001,430000,\(Box.second)\nDN-2,D002,440000,\(Box.third)\n")
    #expect(list.line(request: 0, unit: nil) == 3)
    #expect(list.line(request: 0, unit: 1) == 5)
    #expect(list.line(request: 1, unit: 0) == 4)
    #expect(list.line(request: 7, unit: 0) == 1)
    #expect(list.line(request: 1, unit: 99) == 4)
  }

  @Test(
    "the delimiter is found out", arguments: [",", "\t", ";", "，"])
  func delimiters(_ delimiter: String) throws {
    let rows = [["number", "dealer", "territories", "code"], ["DN-1", "D001", "430000|440000", Box.first]]
    let list = try list(rows.map { $0.joined(separator: delimiter) }.joined(separator: "\r\n"))
    #expect(list.dispatches[0].territory.description == "430000,440000")
    #expect(list.dispatches[0].units == [.code(Box.first)])
  }

  @Test("territories may be parted by any of the usual marks", arguments: [";", "|", " ", "、", "，", "；"])
  func territories(_ mark: String) throws {
    let list = try list("number,dealer,territories,code\nDN-1,D001,430000\(mark)440000,\(Box.first)\n")
    #expect(list.dispatches[0].territory.description == "430000,440000")
  }

  @Test("headings may be Chinese, in any order, among columns that are none of ours")
  func chineseHeadings() throws {
    let list = try list("备注,码,经销商名称,销售 区域,经销商,发货单号,发货时间\n急,\(Box.uri),某某,430000,D001,DN-1,2026-09-01 08:00\n")
    let dispatch = list.dispatches[0]
    #expect(dispatch.number == "DN-1" && dispatch.dealer == "D001" && dispatch.units == [.code(Box.uri)])
    #expect(dispatch.at == Timestamp(rfc3339: "2026-09-01T00:00:00Z"))
  }

  @Test("without a heading the columns are number, dealer, territories, code, last code or time")
  func withoutHeading() throws {
    let plain = try list("DN-1,D001,430000,\(Box.first)\n")
    #expect(plain.dispatches[0].units == [.code(Box.first)])
    let timed = try list("DN-1,D001,430000,\(Box.first),2026-09-01T08:00:00+08:00\n")
    #expect(timed.dispatches[0].at == Timestamp(rfc3339: "2026-09-01T00:00:00Z"))
    let ranged = try list("DN-1,D001,430000,\(Box.first),\(Box.third)\n")
    #expect(ranged.dispatches[0].units.count == 3)
  }

  @Test("full-width letters, digits and marks are read as the narrow ones")
  func fullWidth() throws {
    let list = try list("ｎｕｍｂｅｒ,dealer,territories,code\nＤＮ－１,Ｄ００１,４３００００；４４００００,Ｂ１／ｂｏｘ／０－９９\n")
    #expect(list.dispatches[0].number == "DN-1" && list.dispatches[0].dealer == "D001")
    #expect(list.dispatches[0].territory.description == "430000,440000")
    #expect(list.dispatches[0].units == [.range(batch: 1, level: .box, first: 0, last: 99)])
  }

  @Test("quoted fields may hold delimiters, quotes and line breaks, and lines are still counted")
  func quoting() throws {
    let list = try list(
      "number,dealer,territories,code,remark\r\nDN-1,D001,\"430000,440000\",\(Box.first),\"two\r\nlines, \"\"so\"\"\"\r\n"
        + "DN-2,D001,430000,\(Box.second),\r\n")
    #expect(list.dispatches[0].territory.description == "430000,440000")
    #expect(list.line(request: 1, unit: 0) == 4)
  }

  @Test(
    "numbers that a spreadsheet keeps as text are undressed", arguments: ["\"=\"\"N\"\"\"", "'N", "\"N\t\"", " N "])
  func spreadsheets(_ form: String) throws {
    let list = try list("number,dealer,territories,code\nDN-1,D001,430000,\(form.replacing("N", with: Box.first))\n")
    #expect(list.dispatches[0].units == [.code(Box.first)])
  }

  @Test("rows with nothing in them are passed over")
  func blankRows() throws {
    let list = try list("\n,,,\nnumber,dealer,territories,code\n,,,\n\nDN-1,D001,430000,\(Box.first)\n,　,,\n")
    #expect(list.dispatches.count == 1 && list.line(request: 0, unit: 0) == 6)
  }

  @Test("two box codes name all boxes between them, two places of a batch a range")
  func twoColumns() throws {
    let list = try list(
      "单号,经销商,区域,起码,止码\nDN-1,D001,430000,(00)\(Box.first),https://x.example/00/\(Box.third)\n"
        + "DN-1,D001,430000,B1/box/5,B1/box/9\nDN-1,D001,430000,B2/item/7,\n")
    #expect(
      list.dispatches[0].units == [
        .code(Box.first), .code(Box.second), .code(Box.third), .range(batch: 1, level: .box, first: 5, last: 9),
        .range(batch: 2, level: .item, first: 7, last: 7),
      ])
    #expect(list.line(request: 0, unit: 2) == 2 && list.line(request: 0, unit: 3) == 3)
  }

  @Test("a range column beside the code column is used where it is filled")
  func rangeColumn() throws {
    let list = try list(
      "number,dealer,territories,code,range\nDN-1,D001,430000,\(Box.first),\nDN-1,D001,430000,,B1/item/0-11\n")
    #expect(list.dispatches[0].units == [.code(Box.first), .range(batch: 1, level: .item, first: 0, last: 11)])
  }

  @Test("refusals that name a field are traced to the dispatches concerned")
  func tracing() throws {
    let list = try list(
      """
      number,dealer,territories,code,date
      DN-1,D001,430000,\(Box.first),2026-09-01
      DN-2,D002,440000,\(Box.second),2027-09-01
      """)
    #expect(list.lines(of: .unknown(field: "/dealer", code: "D002")) == [3])
    #expect(list.lines(of: .invalid(field: "/territories/0", .territory("430000"))) == [2])
    #expect(list.lines(of: .invalid(field: "/dispatchedAt", .future)) == [3])
    #expect(list.lines(of: .refused([Refusal(request: 1, unit: 0, .voided), Refusal(.empty)])) == [3, 2])
    #expect(list.lines(of: .invalid(field: "/units", .tooMany(max: 1))) == [])
    #expect(list.lines(of: .ledger(.keys("gone"))) == [2, 3])
  }
}
