import Labels
import Testing

@Suite("contents of labels")
struct ContentTests {
  private var random = Seeded(1)

  private func item(_ change: (inout ItemLabel) -> Void) -> ItemLabel {
    var random = Seeded(1)
    var label = Sample.item(&random)
    change(&label)
    return label
  }

  private func box(_ change: (inout BoxLabel) -> Void) -> BoxLabel {
    var random = Seeded(1)
    var label = Sample.box(&random)
    change(&label)
    return label
  }

  @Test("an item's texts stand under their fields, the serial in groups of four")
  func itemFields() throws {
    let content = try item { label in
      label.serial = "75D2SZ6Z8P62FDE8"
      label.batch = nil
    }.content()
    #expect(content.kind == .item)
    #expect(content[.serialGrouped] == "75D2 SZ6Z 8P62 FDE8")
    #expect(content[.serialShort] == "8P62FDE8")
    #expect(content[.batch] == nil)
    #expect(content[.sscc] == nil)
  }

  @Test("a box's quantity has separators, its territories are joined in both languages and counted")
  func boxFields() throws {
    let content = try box { label in
      label.quantity = 1_234_567
      label.territories = [TerritoryName(zh: "湖南省", en: "Hunan"), TerritoryName(zh: "湖北省")]
    }.content()
    #expect(content[.quantity] == "1,234,567")
    #expect(content[.territoriesZh] == "湖南省、湖北省")
    #expect(content[.territoriesEn] == "Hunan")
    #expect(content[.territoriesCount] == "2")
  }

  @Test("a box that is not dispatched yet has no dealer, no territories and no dispatch")
  func undispatched() throws {
    let content = try BoxLabel(
      uri: "https://id.example.cn/00/106901234500000010", sscc: "106901234500000010", productZh: "酒", quantity: 0
    ).content()
    for field in [LabelField.dealerName, .dealerCode, .territoriesZh, .territoriesCount, .dispatchNumber] {
      #expect(content[field] == nil)
    }
    #expect(content[.quantity] == "0")
  }

  @Test(
    "a URI must be http or https, printable ASCII, and not endless",
    arguments: [
      "", "ftp://id.example.cn/01", "https://id.example.cn/01/空", "https://id.example.cn/ 1", "id.example.cn",
    ])
  func badURI(_ uri: String) {
    #expect(throws: LabelError.content(field: .uri, .notURI)) { try item { $0.uri = uri }.content() }
  }

  @Test("a URI longer than any code of ours is refused")
  func longURI() {
    let uri = "https://id.example.cn/" + String(repeating: "1", count: LabelLimits.uriBytes)
    #expect(throws: LabelError.content(field: .uri, .length(limit: LabelLimits.uriBytes))) {
      try item { $0.uri = uri }.content()
    }
  }

  @Test("a GTIN of 13 digits, with a letter or with full-width digits is malformed")
  func badGTIN() {
    for gtin in ["6901234567892", "0690123456789X", "０６９０１２３４５６７８９２", ""] {
      #expect(throws: LabelError.content(field: .gtin, .malformed)) { try item { $0.gtin = gtin }.content() }
    }
  }

  @Test("a serial is 1 to 20 printable characters")
  func badSerial() {
    for serial in ["", String(repeating: "A", count: 21), "A B", "空"] {
      #expect(throws: LabelError.content(field: .serial, .malformed)) { try item { $0.serial = serial }.content() }
    }
  }

  @Test(
    "control characters, line breaks and direction overrides are refused",
    arguments: ["a\nb", "a\u{0}b", "a\u{1B}[2Jb", "a\u{202E}b", "a\u{2028}b", "a\u{FEFF}b", "\u{7F}"])
  func steering(_ name: String) {
    #expect(throws: LabelError.content(field: .productZh, .controlCharacter)) {
      try item { $0.productZh = name }.content()
    }
    #expect(throws: LabelError.content(field: .dealerName, .controlCharacter)) {
      try box { $0.dealerName = name }.content()
    }
  }

  @Test("a name is needed, and has its limit")
  func names() {
    let limit = LabelLimits.textScalars
    #expect(throws: LabelError.content(field: .productZh, .length(limit: limit))) {
      try item { $0.productZh = "" }.content()
    }
    #expect(throws: LabelError.content(field: .productEn, .length(limit: limit))) {
      try item { $0.productEn = String(repeating: "a", count: limit + 1) }.content()
    }
  }

  @Test("an SSCC with a wrong check digit is refused, one with 17 digits is malformed")
  func badSSCC() {
    #expect(throws: LabelError.linearData(.checkDigit)) { try box { $0.sscc = "106901234500000011" }.content() }
    #expect(throws: LabelError.content(field: .sscc, .malformed)) {
      try box { $0.sscc = "10690123450000001" }.content()
    }
  }

  @Test("a quantity is neither negative nor beyond what a label can state")
  func quantity() {
    for quantity in [-1, Int.min, BoxLabel.quantityLimit + 1, Int.max] {
      #expect(throws: LabelError.content(field: .quantity, .outOfRange(limit: BoxLabel.quantityLimit))) {
        try box { $0.quantity = quantity }.content()
      }
    }
  }

  @Test("every error says in words which field it is about")
  func words() {
    let errors: [LabelError] = [
      .content(field: .dealerName, .controlCharacter), .missingContent(field: .dealerName),
      .template(field: "dealer.name", .missing), .doesNotFit(element: "dealer.name", .inkOutsideBox),
    ]
    for error in errors { #expect("\(error)".hasPrefix("dealer.name")) }
    #expect("\(LabelError.unknownTemplate("x"))".contains("item-30x20"))
  }
}
