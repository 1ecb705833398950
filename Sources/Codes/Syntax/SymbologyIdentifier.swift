/// The three characters with which a reader says what kind of symbol it read (ISO/IEC 15424).
struct SymbologyIdentifier {
  /// What the data after it is.
  enum Content {
    /// GS1 element strings: the symbol had FNC1 in first position.
    case elementString
    /// Any text, perhaps a URI.
    case text
    /// A till barcode: nothing but a GTIN.
    case tradeItem
  }

  let content: Content

  /// nil for anything but the identifiers of symbols that can carry one of our codes, or be mistaken for one.
  init?(_ characters: ArraySlice<UInt8>) {
    switch String(decoding: characters, as: UTF8.self) {
    // GS1-128, GS1 DataBar and composites, GS1 DataMatrix, GS1 QR, GS1 DotCode; ]d5, ]Q4, ]J4: the same with ECI.
    case "]C1", "]e0", "]e1", "]e2", "]d2", "]d5", "]Q3", "]Q4", "]J1", "]J4": content = .elementString
    // QR, Data Matrix, DotCode, Code 128, Aztec and PDF417 with text.
    case "]Q0", "]Q1", "]Q2", "]d1", "]d4", "]J0", "]J3", "]C0", "]z0", "]L0", "]L2": content = .text
    // EAN-13, UPC-A, UPC-E and EAN-8.
    case "]E0", "]E4": content = .tradeItem
    default: return nil
    }
  }
}
