import Testing

@testable import Pages

@Suite("Queries and forms")
struct QueryTests {
  @Test("names and values are decoded, kept in order, and encoded again")
  func roundTrip() {
    let query = Query("a=1&b=%E4%B8%AD+x&a=2&c&d=%zz")
    #expect(query["a"] == "1" && query.all("a") == ["1", "2"])
    #expect(query["b"] == "中 x" && query["c"] == nil && query["d"] == "%zz")
    #expect(Query(query.text) == query)
    #expect(query.setting("a", "9").all("a") == ["9"])
    #expect(query.setting("a", nil)["a"] == nil)
  }
}
