import Codes
import Testing

@Suite("GTIN")
struct GTINTests {
  @Test(
    "the four lengths are one number",
    arguments: [
      ("96385074", "00000096385074"), ("614141123452", "00614141123452"), ("6901234567892", "06901234567892"),
      ("06901234567892", "06901234567892"), ("16901234567899", "16901234567899"),
    ])
  func lengths(text: String, fourteen: String) throws {
    #expect(try GTIN(text).description == fourteen)
    #expect(try GTIN(text) == GTIN(fourteen))
    #expect(try GTIN(text).value == UInt64(fourteen))
  }

  @Test("every wrong last digit is refused as a wrong check digit")
  func checkDigit() {
    for digit in 0...9 where digit != 2 {
      #expect(throws: CodeError.wrongCheckDigit(field: "gtin")) { try GTIN("690123456789\(digit)") }
    }
  }

  @Test(
    "other lengths are refused with the length found", arguments: ["", "1", "1234567", "123456789", "012345678901234"])
  func wrongLength(text: String) {
    let expected = CodeError.wrongLength(field: "gtin", expected: "8, 12, 13 or 14 digits", found: text.utf8.count)
    #expect(throws: expected) { try GTIN(text) }
  }

  @Test("anything but ASCII digits is refused", arguments: ["069O1234567892", "+6901234567892", " 6901234567892"])
  func alphabet(text: String) {
    #expect(throws: CodeError.badAlphabet(field: "gtin")) { try GTIN(text) }
  }

  @Test("full-width digits are not digits")
  func fullWidth() {
    #expect(failure { try GTIN("６９０１") }?.slug == "bad-alphabet")  // three bytes each: as long as a GTIN-12
    #expect(failure { try GTIN("６９０") }?.slug == "wrong-length")
  }

  @Test("they sort by number")
  func order() throws {
    let sorted = try ["96385074", "06901234567892", "16901234567899"].map { try GTIN($0) }
    #expect(sorted.reversed().sorted() == sorted)
  }
}
