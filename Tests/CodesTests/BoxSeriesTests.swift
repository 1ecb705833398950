import Codes
import Testing

@Suite("SSCC and box series")
struct BoxSeriesTests {
  @Test("an SSCC is 18 digits with the right check digit")
  func sscc() throws {
    #expect(try SSCC("106901234500000010").description == "106901234500000010")
    #expect(throws: CodeError.wrongCheckDigit(field: "sscc")) { try SSCC("106901234500000011") }
    #expect(throws: CodeError.wrongLength(field: "sscc", expected: "18 digits", found: 17)) {
      try SSCC("10690123450000001")
    }
    #expect(throws: CodeError.badAlphabet(field: "sscc")) { try SSCC("10690123450000001O") }
  }

  @Test("the first and the last box of a series go there and back", arguments: 7...12)
  func ends(length: Int) throws {
    let series = try BoxSeries(extensionDigit: 9, companyPrefix: String(repeating: "9", count: length))
    for serial in [0, 1, series.capacity / 2, series.capacity - 1] {
      let sscc = try series.sscc(serial)
      #expect(try SSCC(sscc.description) == sscc)
      #expect(series.serial(of: sscc) == serial)
      #expect(sscc.description.hasPrefix("9" + series.companyPrefix))
    }
    #expect(throws: CodeError.indexOutOfRange) { try series.sscc(series.capacity) }
    #expect(throws: CodeError.indexOutOfRange) { try series.sscc(.max) }
  }

  @Test("the example of the design is box 1 of its series")
  func example() throws {
    let series = try BoxSeries(extensionDigit: 1, companyPrefix: "0690123")
    #expect(series.capacity == 1_000_000_000)
    #expect(series.serial(of: try SSCC("106901234500000010")) == 450_000_001)
  }

  @Test("a box of another series has no number in this one")
  func others() throws {
    let series = try BoxSeries(extensionDigit: 1, companyPrefix: "6901234")
    let neighbours = try [
      BoxSeries(extensionDigit: 1, companyPrefix: "6901235").sscc(0),
      BoxSeries(extensionDigit: 1, companyPrefix: "6901233").sscc(999_999_999),
      BoxSeries(extensionDigit: 2, companyPrefix: "6901234").sscc(5),
      BoxSeries(extensionDigit: 0, companyPrefix: "6901234").sscc(5),
    ]
    for sscc in neighbours { #expect(series.serial(of: sscc) == nil) }
  }

  @Test("a key names a series and is read back", arguments: ["1.6901234", "0.0000000", "9.690123456789"])
  func key(text: String) throws {
    #expect(try BoxSeries(key: text).key == text)
  }

  @Test(
    "what is no key is refused",
    arguments: ["", ".", "1", "1.", ".6901234", "10.6901234", "x.6901234", "1.6901234.5", "1.69012x4"])
  func badKey(text: String) {
    #expect(["bad-alphabet", "wrong-length"].contains(failure { try BoxSeries(key: text) }?.slug))
  }

  @Test("extension digit and prefix have their limits")
  func limits() {
    #expect(throws: CodeError.badAlphabet(field: "extensionDigit")) {
      try BoxSeries(extensionDigit: 10, companyPrefix: "6901234")
    }
    #expect(throws: CodeError.badAlphabet(field: "extensionDigit")) {
      try BoxSeries(extensionDigit: -1, companyPrefix: "6901234")
    }
    #expect(failure { try BoxSeries(extensionDigit: 1, companyPrefix: "690123") }?.slug == "wrong-length")
    #expect(failure { try BoxSeries(extensionDigit: 1, companyPrefix: "6901234567890") }?.slug == "wrong-length")
  }

  @Test(
    "China's prefixes have 7 digits under 690 and 691, 8 under 692 to 699",
    arguments: [
      ("6901234567892", "6901234"), ("6912345678902", "6912345"), ("6921234567890", "69212345"),
      ("6991234567893", "69912345"), ("4006381333931", "4006381"), ("16901234567899", "6901234"),
    ])
  func prefix(gtin: String, prefix: String) throws {
    #expect(BoxSeries.companyPrefix(ofGTIN: try GTIN(gtin)) == prefix)
  }

  @Test("pre-assigned boxes take their items in order")
  func assignment() throws {
    let series = try BoxSeries(extensionDigit: 1, companyPrefix: "6901234")
    let boxes = try BoxAssignment(series: series, firstSerial: 100, firstIndex: 5_000, perBox: 12)
    #expect(try boxes.box(ofItem: 5_000) == series.sscc(100))
    #expect(try boxes.box(ofItem: 5_011) == series.sscc(100))
    #expect(try boxes.box(ofItem: 5_012) == series.sscc(101))
    #expect(throws: CodeError.indexOutOfRange) { try boxes.box(ofItem: 4_999) }
    #expect(throws: CodeError.indexOutOfRange) { try boxes.box(ofItem: 5_000 + 12 * (series.capacity - 100)) }
    #expect(throws: CodeError.indexOutOfRange) {
      try BoxAssignment(series: series, firstSerial: 0, firstIndex: 0, perBox: 0)
    }
    #expect(throws: CodeError.indexOutOfRange) {
      try BoxAssignment(series: series, firstSerial: series.capacity, firstIndex: 0, perBox: 1)
    }
  }
}
