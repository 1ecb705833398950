import Ledger
import Testing
import TransparencyLog

@Suite("Numbers of alerts, for people")
struct AlertNumberTests {
  @Test("parts stand singly with words of their own, in the order of reading, and unknown names last")
  func parts() {
    let numbers: [String: JSONValue] = [
      "zeal": 7, "seen": ["gps": 4, "ip": 1], "least": ["any": 4], "expected": ["gps": .number(0.015398333575)],
    ]
    let shown = AlertNumber.all(numbers)
    #expect(shown.map(\.name) == ["seen.gps", "seen.ip", "expected.gps", "least.any", "zeal"])
    #expect(
      shown.map { $0.words?.en } == [
        "Seen independently: consumers' positions", "Seen independently: network addresses",
        "Normally expected: consumers' positions", "At least, weighted sightings", nil,
      ])
    #expect(shown.map(\.value) == [.text("4"), .text("1"), .text("0.0154"), .text("4"), .text("7")])
  }

  @Test("moments, regions and measures are what they are")
  func values() throws {
    let at = try #require(Timestamp(rfc3339: "2026-10-06T20:55:00Z"))
    let numbers: [String: JSONValue] = [
      "time": .integer(at.milliseconds / 1000), "firstAt": .string(at.description), "fromRegion": "440100",
      "territories": ["430000", "440100"], "kilometers": .number(57.92749), "shares": [.number(0.05), .number(0.9)],
      "alpha": .number(1e-12), "lastAt": "never",
    ]
    let shown = Dictionary(uniqueKeysWithValues: AlertNumber.all(numbers).map { ($0.name, $0.value) })
    #expect(shown["time"] == .moment(at) && shown["firstAt"] == .moment(at))
    #expect(shown["fromRegion"] == .regions(["440100"]) && shown["territories"] == .regions(["430000", "440100"]))
    #expect(shown["kilometers"] == .text("57.927") && shown["shares"] == .text("0.05; 0.9"))
    #expect(shown["alpha"] == .text("0") && shown["lastAt"] == .text("never"))
  }
}
