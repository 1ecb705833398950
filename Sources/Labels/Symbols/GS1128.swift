import CZint

/// A GS1-128 symbol (ISO/IEC 15417 with FNC1, GS1 General Specifications 5.4) of one element string.
package struct GS1128: Equatable, Sendable {
  /// The application identifiers of fixed length that a label carries in a linear symbol.
  package enum Identifier: String, CaseIterable, Sendable {
    /// Serial shipping container code, 18 digits.
    case sscc = "00"
    /// Global trade item number, 14 digits.
    case gtin = "01"

    /// Digits of its data, check digit included.
    package var digits: Int {
      switch self {
      case .sscc: 18
      case .gtin: 14
      }
    }
  }

  /// Modules that must stay light on each side.
  package static let quietZone = 10

  /// The application identifier.
  package let identifier: Identifier
  /// The data's digits.
  package let digits: String
  /// Widths of bars and spaces in turn, modules, a bar first and last.
  package let widths: [Int]
  /// Width without quiet zones, modules.
  package let moduleCount: Int

  /// Encodes the digits of one identifier. Throws `.linearData` for a wrong length or check digit.
  package init(_ identifier: Identifier, digits: String) throws(LabelError) {
    guard digits.utf8.count == identifier.digits, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw .linearData(.digits(expected: identifier.digits))
    }
    guard CheckDigit.holds(digits) else { throw .linearData(.checkDigit) }
    self.identifier = identifier
    self.digits = digits
    let modules = try ZintSymbol.modules(of: "[\(identifier.rawValue)]\(digits)")
    var widths: [Int] = []
    var last = false
    for dark in modules {
      if dark == last, !widths.isEmpty {
        widths[widths.count - 1] += 1
      } else {
        widths.append(1)
      }
      last = dark
    }
    self.widths = widths
    moduleCount = modules.count
  }

  /// The line for people, such as `(00) 1 0690123 4500000010`.
  package var humanReadable: String {
    switch identifier {
    case .sscc:
      // Extension digit, then groups that a person can compare; the spaces are not encoded.
      "(00) \(digits.prefix(1)) \(digits.dropFirst().prefix(7)) \(digits.dropFirst(8).prefix(9)) \(digits.suffix(1))"
    case .gtin: "(01) \(digits)"
    }
  }

  /// Calls `body` with every bar: its left module and its width.
  func forEachBar(_ body: (_ x: Int, _ width: Int) -> Void) {
    var x = 0
    for (index, width) in widths.enumerated() {
      if index.isMultiple(of: 2) { body(x, width) }
      x += width
    }
  }
}

/// zint's symbol object; it lives only within the call.
private enum ZintSymbol {
  /// The modules of a GS1-128 symbol, true for dark. Throws `.library` with zint's own words.
  static func modules(of data: String) throws(LabelError) -> [Bool] {
    guard let symbol = ZBarcode_Create() else { throw .library("zint: out of memory") }
    defer { ZBarcode_Delete(symbol) }
    symbol.pointee.symbology = BARCODE_GS1_128
    symbol.pointee.input_mode = GS1_MODE
    let bytes = Array(data.utf8)
    let status = ZBarcode_Encode(symbol, bytes, Int32(clamping: bytes.count))
    guard status < ZINT_ERROR else {
      let text = withUnsafeBytes(of: symbol.pointee.errtxt) { text in
        String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw .library("zint: \(text)")
    }
    return (0..<symbol.pointee.width).map { yima_zint_module(symbol, 0, $0) != 0 }
  }
}
