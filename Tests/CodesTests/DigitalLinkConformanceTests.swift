import Codes
import Foundation
import Testing

/// GS1's own cases, as the compiled GS1 Syntax Engine judges them. What is left out is left out by rule:
/// - switches of the engine that relax the standard (GTINs without their zeros, worded aliases): we have none;
/// - checks that need other lists (countries, currencies, IBAN, coupons …): the table says that they are not made;
/// - composite symbols (`|`): a linear and a 2D part read together carry none of our codes.
@Suite("Digital Link conformance", .enabled(if: Conformance.isHere, Conformance.why))
struct DigitalLinkConformanceTests {
  private struct Parsed: Decodable {
    struct Engine: Decodable {
      let accepted: Bool
      let aiBracketed, canonicalDL: String?
    }
    let line: Int
    let valid: Bool
    let uri: String
    let options: [String: Bool]
    let engine: Engine?
  }

  private struct Generated: Decodable {
    let uri: String?
    let ai: String?
    let accepted: Bool
    let aiBracketed, elementString, canonicalDL: String?
    let scan: [String: String]?
  }

  private struct Printed: Decodable {
    let line: Int
    let stem: String?
    let ai: String
    let uri: String?
  }

  /// A URI with its parameters in our order; the engine keeps the order in which it read them.
  private static func sorted(_ uri: String) -> String {
    let parts = uri.split(separator: "?", maxSplits: 1)
    guard parts.count == 2 else { return uri }
    return parts[0] + "?"
      + parts[1].split(separator: "&").sorted { $0.prefix { $0 != "=" } < $1.prefix { $0 != "=" } }.joined(
        separator: "&")
  }

  /// Checks one URI that the engine accepts.
  private static func expect(_ uri: String, says bracketed: String, canonical: String?) throws {
    let link = try DigitalLink(uri)
    #expect(Set(link.elements) == Set(try ElementString(bracketed: bracketed).elements), "\(uri)")
    if let canonical { #expect(link.uri(try Resolver("https://id.gs1.org")) == sorted(canonical), "\(uri)") }
  }

  @Test("URIs of the engine's own tests")
  func parse() throws {
    var seen = 0
    for one in try Conformance.load("digital-link/dl_parse.json", as: Cases<Parsed>.self).cases
    where !one.options.values.contains(true) {
      seen += 1
      if one.engine?.accepted ?? one.valid, let bracketed = one.engine?.aiBracketed {
        try Self.expect(one.uri, says: bracketed, canonical: one.engine?.canonicalDL)
      } else {
        #expect(failure { try DigitalLink(one.uri) } != nil, "line \(one.line): \(one.uri)")
      }
    }
    #expect(seen >= 60)
  }

  @Test("156 generated URIs, right and wrong")
  func generated() throws {
    let cases = try Conformance.load("digital-link/dl_engine_generated.json", as: Cases<Generated>.self).cases
    #expect(cases.count == 156)
    for one in cases {
      let uri = try #require(one.uri)
      if one.accepted {
        try Self.expect(uri, says: try #require(one.aiBracketed), canonical: one.canonicalDL)
      } else {
        #expect(failure { try DigitalLink(uri) } != nil, "\(uri)")
      }
    }
  }

  @Test("element strings become the URIs that the engine makes of them")
  func printing() throws {
    for one in try Conformance.load("digital-link/dl_generate.json", as: Cases<Printed>.self).cases {
      let make = { try DigitalLink(ElementString(bracketed: one.ai)).uri(Resolver(one.stem ?? "https://id.gs1.org")) }
      if let uri = one.uri {
        #expect(try make() == Self.sorted(uri), "line \(one.line)")
      } else {
        #expect(failure(make) != nil, "line \(one.line)")
      }
    }
  }

  @Test("generated element strings give the engine's symbol data, scanner output and canonical URI")
  func elementStrings() throws {
    let cases = try Conformance.load("digital-link/ai_engine_generated.json", as: Cases<Generated>.self).cases
    #expect(cases.count == 35)
    for one in cases where one.accepted {
      let string = try ElementString(bracketed: try #require(one.ai))
      #expect(string.bracketed == one.ai)
      for (_, output) in one.scan ?? [:] {
        #expect(string.scannerData == output.dropFirst(3), "\(output)")
        #expect(try ElementString(scannerData: output.dropFirst(3)) == string)
        guard string["00"] != nil || (string["01"] != nil && string["21"] != nil) else { continue }
        #expect(try ScannedCode(output).attributes.count == string.elements.count - (string["00"] != nil ? 1 : 2))
      }
      if let canonical = one.canonicalDL {
        #expect(try DigitalLink(string).uri(Resolver("https://id.gs1.org")) == Self.sorted(canonical))
      }
    }
  }

  @Test("every order of qualifiers that GS1 lists is read, and its reverse is refused")
  func sequences() throws {
    struct Sequence: Decodable { let sequence: [String] }
    let thirteen = "6901234567892"
    let values = [
      "01": "0" + thirteen, "253": thirteen + "A", "255": thirteen, "402": "69012345678901238", "414": thirteen,
      "417": thirteen,
      "8003": "0" + thirteen, "8004": "6901234A", "8006": "0" + thirteen + "0102", "8010": "6901234A",
      "8013": "1987654Ad4X4bL5ttr2310c2K",
      "8017": "690123456789012346", "8018": "690123456789012346", "7040": "1ABC", "8011": "12", "8019": "12",
    ]
    for one in try Conformance.load("digital-link/dl_path_sequences.json", as: Cases<Sequence>.self).cases {
      let path = one.sequence.map { "/\($0)/\(values[$0] ?? "A1")" }
      #expect(
        try DigitalLink("https://x" + path.joined()).qualifiers.map(\.identifier) == Array(one.sequence.dropFirst()))
      guard path.count > 2 else { continue }
      let reversed = path[0] + path.dropFirst().reversed().joined()
      #expect(throws: CodeError.misplacedAI(one.sequence.last ?? "")) { try DigitalLink("https://x" + reversed) }
    }
  }

  @Test("reserved characters are escaped as the engine escapes them")
  func escape() throws {
    struct Escape: Decodable { let `in`, path: String }
    for one in try Conformance.load("digital-link/uri_escape.json", as: Cases<Escape>.self).cases {
      #expect(
        try Fixture.resolver().uri(of: Fixture.gtin(), serial: one.in) == "https://id.example.cn/01/06901234567892/21/"
          + one.path)
    }
  }
}
