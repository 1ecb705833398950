/// The formats that labels are written in.
package enum LabelFormat: String, CaseIterable, Sendable {
  case pdf, svg, png, zpl

  /// The media type for HTTP. ZPL has none registered; printers' own software uses this one.
  package var mediaType: String {
    switch self {
    case .pdf: "application/pdf"
    case .svg: "image/svg+xml"
    case .png: "image/png"
    case .zpl: "application/vnd.zebra.zpl"
    }
  }
}

/// How labels are written.
package struct LabelOptions: Equatable, Sendable {
  /// How the labels of a PDF lie on its pages.
  package enum Layout: String, CaseIterable, Sendable {
    /// As the template's sheet says.
    case sheet
    /// Each label is a page of its own size, for roll printers.
    case roll
  }

  /// Layout of a PDF's pages; the other formats do not look at it.
  package var layout: Layout
  /// Dots an inch of PNG and ZPL, 100 … 1200; printers have 203, 300 or 600.
  package var dotsPerInch: Int

  /// Sheets, and 300 dots an inch, unless told otherwise.
  package init(layout: Layout = .sheet, dotsPerInch: Int = 300) {
    self.layout = layout
    self.dotsPerInch = dotsPerInch
  }
}
