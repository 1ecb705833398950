import Server
import TestWorld
import Testing
import TransparencyLog
import Verification

@Suite("Scans read from bytes")
struct ScanBytesTests {
  private static let whole =
    #"{"code":"https://id.example.cn/01/06901234567892/21/75D2SZ6Z8P62FDE8","scannedAt":"2026-09-01T08:00:00+08:00","#
    + #""clientScanId":"a-1","location":{"region":"430102"},"price":{"amount":"99.00","currency":"CNY"},"terminal":"T001","#
    + #""device":"app-7F3c:2.a_9"}"#

  private func quick(_ text: [UInt8]) -> ScanRequest? { text.withUnsafeBufferPointer { ScanBytes.request($0) } }

  private func general(_ text: [UInt8]) -> ScanRequest? {
    (try? JSONValue(parsing: text)).flatMap { try? ScanReading.request($0) }
  }

  @Test("an ordinary scan is read, with every field and any white space")
  func ordinary() throws {
    let spaced = Self.whole.replacing(",\"", with: " ,\n\t\"").replacing("\":", with: "\" :\r ")
    for text in [Self.whole, spaced, #"{"code":"x"}"#] {
      let scan = try #require(quick(Array(text.utf8)), "\(text)")
      #expect("\(scan)" == "\(try #require(general(Array(text.utf8))))")
    }
  }

  @Test(
    "what is out of the ordinary is left to the general parser",
    arguments: [
      "", "{}", "[]", #"{"code":1}"#, #"{"code":null}"#, #"{"code":"x","code":"y"}"#, #"{"code":"x","other":"y"}"#,
      #"{"code":"\u0041"}"#, #"{"code":"é"}"#, #"{"code":"x"} x"#, #"{"code":"x","device":7}"#,
      #"{"code":"x","device":null}"#, #"{"code":"x","device":"a","device":"a"}"#,
      #"{"code":"x",}"#, #"{"terminal":"T"}"#,
      #"{"code":"x","location":{}}"#, #"{"code":"x","location":{"latitude":1}}"#,
      #"{"code":"x","price":{"amount":"1"}}"#,
      #"{"code":"x","scannedAt":"yesterday"}"#, #"{"code":"x","location":{"region":"99"}}"#, "{\"code\":\"\u{7}\"}",
    ])
  func extraordinary(text: String) { #expect(quick(Array(text.utf8)) == nil) }

  @Test("a device is read by every reader alike, and what is no text is refused by its pointer")
  func devices() throws {
    let text = Array(#"{"code":"x","device":"app-1"}"#.utf8)
    #expect(quick(text)?.device == "app-1" && general(text)?.device == "app-1")
    // Consent takes the careful way, field by field.
    let careful = Array(#"{"code":"x","device":"app-1","consent":"c"}"#.utf8)
    #expect(quick(careful) == nil && general(careful)?.device == "app-1")
    let none = Array(#"{"code":"x","device":null}"#.utf8)
    #expect(general(none) != nil && general(none)?.device == nil)
    for bad in [#"{"code":"x","device":7}"#, #"{"code":"x","device":"\u0000"}"#, #"{"code":"x","device":["a"]}"#] {
      let json = try JSONValue(parsing: Array(bad.utf8))
      let problem = #expect(throws: Problem.self, "\(bad)") { try ScanReading.request(json, pointer: "/3") }
      #expect(problem?.pointer == "/3/device")
    }
  }

  @Test("whatever is read is what the general parser reads, for 50 000 damaged scans", arguments: [1, 2, 3])
  func damaged(seed: UInt64) throws {
    var random = SplitMix(seed)
    let whole = Array(Self.whole.utf8)
    var read = 0
    for _ in 0..<50_000 {
      var text = whole
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let place = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: text.remove(at: place)
        case 2: text.insert(Array(#" ,:{}"\0A"#.utf8).randomElement(using: &random) ?? 32, at: place)
        default:
          let end = min(text.count, place + 20)
          text.insert(contentsOf: Array(text[place..<end]), at: Int.random(in: 0..<text.count, using: &random))
        }
      }
      guard let scan = quick(text) else { continue }
      read += 1
      let other = try #require(general(text), "\(String(decoding: text, as: UTF8.self))")
      #expect("\(scan)" == "\(other)")
    }
    #expect(read > 10_000)
  }
}

/// SplitMix64.
private struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
