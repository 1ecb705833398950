import Testing
import TransparencyLog

@Suite struct JSONValueTests {
  @Test("accessors give what is there and nothing else")
  func accessors() {
    let value: JSONValue = ["s": "x", "i": 5, "d": 1.5, "b": true, "n": nil, "a": [1, 2], "o": [:]]
    #expect(value["s"]?.string == "x")
    #expect(value["i"]?.int == 5)
    #expect(value["i"]?.double == 5)
    #expect(value["d"]?.double == 1.5)
    #expect(value["d"]?.int == nil)
    #expect(value["b"]?.bool == true)
    #expect(value["n"]?.isNull == true)
    #expect(value["a"]?.array == [1, 2])
    #expect(value["a"]?[1] == 2)
    #expect(value["a"]?[2] == nil)
    #expect(value["a"]?[-1] == nil)
    #expect(value["o"]?.object == [:])
    #expect(value["missing"] == nil)
    for other in [value, "x", [], nil, true, 1, 1.5] as [JSONValue] {
      #expect((other.string == nil) == (other != "x"))
      #expect(other["s"]?.string == (other == value ? "x" : nil))
      #expect(other[0] == nil)
    }
  }

  @Test("members are set and removed")
  func setting() {
    var value: JSONValue = [:]
    value["a"] = "\(1 + 1)"
    value["b"] = .null
    #expect(value == ["a": "2", "b": nil])
    value["a"] = nil as JSONValue?
    #expect(value.object?.keys.sorted() == ["b"])
    var text: JSONValue = "text"
    text["a"] = 1
    #expect(text == ["a": 1])
  }

  @Test("a literal with the same name twice keeps the last")
  func duplicates() {
    #expect((["a": 1, "a": 2] as JSONValue) == ["a": 2])
  }
}

@Suite struct JSONPointerTests {
  /// RFC 6901 §5
  private static let document: JSONValue = [
    "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
  ]

  @Test(
    "the examples of RFC 6901 §5",
    arguments: [
      ("", document), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3),
      ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8),
    ] as [(String, JSONValue)])
  func examples(_ text: String, _ value: JSONValue) throws {
    let pointer = try #require(JSONPointer(text))
    #expect(Self.document[pointer] == value)
    #expect(pointer.description == text)
  }

  @Test(
    "what is not there is nothing",
    arguments: ["/x", "/foo/2", "/foo/-", "/foo/00", "/foo/+0", "/foo/0/x", "//", "/foo/18446744073709551615"])
  func missing(_ text: String) throws {
    #expect(Self.document[try #require(JSONPointer(text))] == nil)
  }

  @Test("what is no pointer is refused", arguments: ["foo", "~", "/~", "/~2", "/a~/b", "#/foo"])
  func refused(_ text: String) {
    #expect(JSONPointer(text) == nil)
  }

  @Test("names are escaped on the way out and back, whatever they are", arguments: [UInt64](1...50))
  func roundTrip(seed: UInt64) {
    var random = Seeded(seed: seed)
    let names = (0..<3).map { _ in
      String(decoding: random.text(of: ["/", "~", "0", "1", "é", ""], count: 4), as: UTF8.self)
    }
    let pointer = JSONPointer.root.appending(names[0]).appending(7).appending(names[1])
    #expect(JSONPointer(pointer.description) == pointer, "seed \(seed)")
    #expect(pointer.tokens == [names[0], "7", names[1]])
  }
}
