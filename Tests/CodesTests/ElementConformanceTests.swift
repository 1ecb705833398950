import Codes
import Foundation
import Testing

/// GS1's cases for element strings and for the checks of single values; what is left out is left out by rule, see
/// `DigitalLinkConformanceTests`.
@Suite("Element string conformance", .enabled(if: Conformance.isHere, Conformance.why))
struct ElementConformanceTests {
  private struct Raw: Decodable {
    let line: Int
    let valid: Bool
    let elementString: String?
    let bracketed: String?
  }

  private struct Lint: Decodable {
    let lint: String?
    let data: String?
    let bracketed: String?
    let error: String?
  }

  private struct Scan: Decodable {
    let line: Int
    let valid: Bool
    let scan, data: String
  }

  @Test("symbol data of the engine's own tests")
  func raw() throws {
    // Data that does not begin with FNC1 is refused by the engine; here the symbology identifier has already said it.
    for one in try Conformance.load("digital-link/ai_raw.json", as: Cases<Raw>.self).cases
    where one.elementString?.first == "^" {
      let data = (one.elementString ?? "").replacing("^", with: "\u{1D}")
      #expect((failure { try ElementString(scannerData: data) } == nil) == one.valid, "line \(one.line): \(data)")
    }
  }

  @Test("bracketed strings of the engine's own tests")
  func bracketed() throws {
    for one in try Conformance.load("digital-link/ai_parse_bracketed.json", as: Cases<Raw>.self).cases {
      let found = try? ElementString(bracketed: one.bracketed ?? "")
      #expect((found != nil) == one.valid, "line \(one.line)")
      guard let found, let data = one.elementString else { continue }
      #expect(try ElementString(scannerData: data.replacing("^", with: "\u{1D}")) == found, "line \(one.line)")
    }
  }

  @Test("values of whole elements, as far as their checks are made here")
  func values() throws {
    let made: Set<String?> = [
      nil, "NON_DIGIT_CHARACTER", "INVALID_CSET82_CHARACTER", "INVALID_CSET64_CHARACTER", "INVALID_CSET64_PADDING",
      "INCORRECT_CHECK_DIGIT", "ILLEGAL_MONTH", "ILLEGAL_DAY",
    ]
    var seen = 0
    for one in try Conformance.load("digital-link/ai_value_lint.json", as: Cases<Lint>.self).cases
    where made.contains(one.error) {
      seen += 1
      #expect((failure { try ElementString(bracketed: one.bracketed ?? "") } == nil) == (one.error == nil), "\(one)")
    }
    #expect(seen >= 9)
  }

  @Test("single checks: check digit, character sets and dates")
  func lints() throws {
    // An identifier for each check, and the lengths that it takes; data of other lengths has no place to stand.
    let places: [String: [(identifier: String, lengths: ClosedRange<Int>)]] = [
      "csum": [("01", 14...14), ("00", 18...18), ("414", 13...13)], "cset82": [("91", 1...90)],
      "cset39": [("8010", 1...30)],
      "cset64": [("8030", 1...90)], "csetnumeric": [("37", 1...8)], "yymmd0": [("11", 0...99)],
      "yymmdd": [("7006", 0...99)],
      "yyyymmdd": [("7250", 0...99)],
    ]
    var seen: [String: Int] = [:]
    for one in try Conformance.load("digital-link/lints.json", as: Cases<Lint>.self).cases {
      guard let lint = one.lint, let data = one.data else { continue }
      for place in places[lint] ?? [] where place.lengths.contains(data.unicodeScalars.count) {
        seen[lint, default: 0] += 1
        let escaped = data.unicodeScalars.map { "%" + hex([UInt8(truncatingIfNeeded: $0.value)]) }.joined()
        let isKey = ["00", "01", "414"].contains(place.identifier)
        let uri =
          "https://x/" + (isKey ? "\(place.identifier)/\(escaped)" : "253/6901234567892?\(place.identifier)=\(escaped)")
        #expect((failure { try DigitalLink(uri) } == nil) == (one.error == nil), "\(lint) \(data) \(one.error ?? "")")
      }
    }
    #expect(Set(seen.keys) == Set(places.keys))
    #expect(seen.values.reduce(0, +) > 500, "\(seen)")
  }

  @Test("scanner output of GS1 symbols is read as the engine reads it")
  func scans() throws {
    let cases = try Conformance.load("digital-link/scan_data_process.json", as: Cases<Scan>.self).cases
    for one in cases where one.valid && one.data.first == "^" && !one.data.contains("|") {
      let string = try ElementString(scannerData: one.data.dropFirst().replacing("^", with: "\u{1D}"))
      #expect(try ElementString(scannerData: one.scan.dropFirst(3)) == string, "line \(one.line)")
      #expect(failure { try ScannedCode(one.scan) } == .missingIdentifier, "line \(one.line)")
    }
    for one in cases where !one.valid {
      #expect(failure { try ScannedCode(one.scan) } != nil, "line \(one.line)")
    }
  }
}
