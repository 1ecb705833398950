import Ledger
import Testing

@Suite("Money is decimal")
struct MoneyTests {
  @Test(
    "plain decimals are read",
    arguments: [
      ("0", 0), ("0.0001", 1), ("129.00", 1_290_000), ("129", 1_290_000), ("0.10", 1000),
      ("999999999999.9999", 9_999_999_999_999_999),
    ] as [(String, Int64)])
  func reads(_ text: String, _ scaled: Int64) throws {
    let money = try #require(Money(amount: text, currency: "CNY"))
    #expect(money.scaled == scaled)
    #expect(money.amount == text && money.currency == "CNY")
  }

  static let refused = [
    "", ".", "1.", ".5", "-1", "+1", "01", "00", "1.00000", "1000000000000", "1e3", "1,00", "1.2.3", " 1", "１", "0x1",
    "1.-1", "NaN",
  ]

  @Test("anything else is refused", arguments: refused)
  func refuses(_ text: String) { #expect(Money(amount: text, currency: "CNY") == nil) }

  @Test("a currency is three capital letters", arguments: ["", "CN", "CNYY", "cny", "C Y", "CN1", "ＣＮＹ"])
  func currencies(_ text: String) { #expect(Money(amount: "1", currency: text) == nil) }

  @Test("amounts compare within a currency only")
  func compares() throws {
    let a = try #require(Money(amount: "9.9", currency: "CNY"))
    let b = try #require(Money(amount: "9.9000", currency: "CNY"))
    #expect(a.isLess(than: b) == false && b.isLess(than: a) == false)
    #expect(a.isLess(than: try #require(Money(amount: "10", currency: "CNY"))) == true)
    #expect(a.isLess(than: try #require(Money(amount: "10", currency: "USD"))) == nil)
  }
}
