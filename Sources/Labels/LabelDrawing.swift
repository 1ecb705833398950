/// One label as every output draws it: placed symbols, text and rectangles, in mm from the label's top left corner.
struct LabelDrawing {
  var symbols: [PlacedQR] = []
  var bars: [PlacedBars] = []
  var texts: [TextBlock] = []
  var ink: [LabelBox] = []
}

/// A QR symbol in its place.
struct PlacedQR {
  let symbol: QRSymbol
  /// Left edge of the leftmost module, mm: the quiet zone lies outside.
  let x: Double
  /// Top edge of the topmost module, mm.
  let y: Double
  /// Size of a module, mm.
  let module: Double

  /// Places a symbol with its quiet zone in the middle of its element's box. Throws `.moduleTooSmall`.
  init(
    _ symbol: QRSymbol, in element: QRElement, resolution: Resolution
  ) throws(FitFaultError) {
    let total = Double(symbol.size + 2 * QRSymbol.quietZone)
    let limit = min(element.box.width, element.box.height) / total
    let module = resolution.size(wanted: element.module ?? limit, limit: limit)
    guard module >= element.minimumModule - 0.000_01 else {
      throw FitFaultError(
        fault: .moduleTooSmall(version: symbol.version, millimetres: module, minimum: element.minimumModule))
    }
    let side = Double(symbol.size) * module
    self.symbol = symbol
    self.module = module
    x = resolution.nearest(element.box.x + (element.box.width - side) / 2)
    y = resolution.nearest(element.box.y + (element.box.height - side) / 2)
  }
}

/// The bars of a GS1-128 symbol in their place.
struct PlacedBars {
  let symbol: GS1128
  /// Left edge of the first bar, mm.
  let x: Double
  /// Top edge, mm.
  let y: Double
  /// Width of a module, mm.
  let module: Double
  /// Height of the bars, mm.
  let height: Double

  /// Places a symbol with its quiet zones in the middle of its element's box. Throws `.tooWide`.
  init(_ symbol: GS1128, in element: LinearElement, resolution: Resolution) throws(FitFaultError) {
    let total = Double(symbol.moduleCount + 2 * GS1128.quietZone)
    let limit = (element.box.width + 0.01) / total
    let module = resolution.size(wanted: element.xDimension, limit: limit)
    // On a coarse grid the next smaller size may be far below what was asked for; a tenth of it is let go.
    guard module >= element.xDimension * 0.9 else {
      throw FitFaultError(fault: .tooWide(needed: total * element.xDimension, available: element.box.width))
    }
    self.symbol = symbol
    self.module = module
    x = resolution.nearest(element.box.x + (element.box.width - Double(symbol.moduleCount) * module) / 2)
    y = resolution.nearest(element.box.y)
    height = resolution.nearest(element.barHeight)
  }
}
