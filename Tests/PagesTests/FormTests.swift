import Interchange
import Ledger
import Regions
import Server
import Spreadsheets
import Testing
import TransparencyLog

@testable import Pages

@Suite("Forms, tables and phrases")
struct FormTests {
  @Test("no cell is a formula, and a table comes back as it was")
  func csv() throws {
    for text in ["=1+1", "+1a", "-x", "@SUM(A1)", "\t=1", "＝1"] {
      #expect(Table.Cell.text(text).csv.contains("'" + text))
    }
    #expect(Table.Cell.text("-12.5").csv == "-12.5")
    let rows = [["编号", "name"], ["a,b", "say \"hi\"\nthere"], ["1", ""]]
    let file = Table(heads: rows[0], rows: rows.dropFirst().map { $0.map(Table.Cell.text) }).csv()
    let table = try TextTable(file).rows
    #expect(table.map(\.cells) == rows && table.map(\.line) == [1, 2, 4], "a cell may be two lines long")
  }

  @Test("a text is parted at whole separators only, and put together again it is the same")
  func pieces() {
    #expect("货。 二。".pieces(between: "。").map(String.init) == ["货", " 二", ""])
    #expect("no stop".pieces(between: ". ").map(String.init) == ["no stop"])
    #expect("aaa".pieces(between: "aa").map(String.init) == ["", "a"] && "".pieces(between: "x").count == 1)
    for text in ["a. b. c.", "。。", "é. 中 . ", "anonymous 440300 and anonymous 1"] {
      for mark in [". ", "。", "anonymous ", " "] {
        #expect(text.pieces(between: mark).joined(separator: mark) == text)
      }
    }
    #expect("  \u{3000}中 文\n".trimmed == "中 文" && " ".trimmed.isEmpty)
  }

  @Test("numbers, days and money are written as each language writes them")
  func locales() {
    #expect(Format.number(1_234_567) == "1,234,567" && Format.number(-1000) == "−1,000" && Format.number(999) == "999")
    #expect(ChinaTime.english("2026-09-01") == "1 Sep 2026" && ChinaTime.english("2026-13-01") == "2026-13-01")
  }

  @Test("any text is read as a table without harm")
  func fuzz() {
    var random = SystemRandomNumberGenerator()
    let letters = Array("a,;\t\"'\n\r=é中")
    for _ in 0..<2_000 {
      let text = String(
        (0..<Int.random(in: 0...40, using: &random)).map { _ in letters[Int.random(in: 0..<letters.count)] })
      _ = try? TextTable(Array(text.utf8))
      #expect(Query(Query(text).text) == Query(text))
    }
  }

  @Test("a form makes the API's body, and names what is wrong")
  func forms() throws {
    let register = try #require(Register.all.first { $0.slug == "dealers" })
    let body = try register.form.body([
      "code": " D1 ", "name": "一号", "tier": "1", "territories": "430000，440100",
    ])
    #expect(
      body == ["code": "D1", "name": "一号", "tier": 1, "territories": ["430000", "440100"]])
    do throws(FormFaults) {
      _ = try register.form.body(["code": "D1", "tier": "x", "territories": "nowhere"])
      Issue.record("it was taken")
    } catch {
      #expect(
        error.byField == ["name": "faultRequired", "tier": "faultNumber", "territories": "faultRegions"])
    }
    let moment = Field("from", "from", .moment)
    #expect(try moment.read("2026-09-01") == "2026-08-31T16:00:00Z")
    #expect(try moment.read("2026-09-01T08:30") == "2026-09-01T00:30:00Z")
  }

  @Test("every phrase that templates and forms name is there, in both languages")
  func phrases() throws {
    let book = try PhraseBook()
    var named: Set<String> = []
    for file in try BundledFiles.all(in: "templates", "mustache") {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /\{\{t\.([A-Za-z0-9_-]+)\}\}/) { named.insert(String(match.1)) }
    }
    for register in Register.all {
      named.formUnion(["reg_", "regNew_", "regText_"].map { $0 + register.slug })
      named.formUnion(register.columns.map(\.label) + register.form.fields.map(\.label))
      named.formUnion(register.form.fields.compactMap(\.hint))
    }
    for step in CasePages.steps {
      named.insert("step_" + step.name)
      named.formUnion(step.form.fields.map(\.label) + step.form.fields.compactMap(\.hint))
    }
    named.formUnion(EventKind.allCases.map { "event_" + $0.rawValue } + Role.allCases.map { "role_" + $0.rawValue })
    named.formUnion(AlertPages.kinds.map { "kind_" + $0 } + AlertPages.decisions.map { "decision_" + $0 })
    named.formUnion(CasePages.states.map { "case_" + $0 } + AlertPages.severities.map { "severity_" + $0 })
    #expect(named.subtracting(book.keys).sorted() == [])
    #expect(book.text("nothing of the kind", .en) == "nothing of the kind")
    #expect(book.text("hours", .en, ["n": "3"]) == "3 h")
  }
}
