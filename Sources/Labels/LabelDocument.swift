/// A document of labels being written: labels go in one by one, bytes come out as they are ready. An HTTP response
/// adds some labels, sends what `take` gives, and goes on; nothing waits in memory but one page (PDF), one label (ZPL)
/// or the one image (PNG, SVG).
///
/// Not to be shared between tasks: fonts and symbols are kept inside.
package final class LabelDocument {
  /// The template.
  package let template: LabelTemplate
  /// The format.
  package let format: LabelFormat
  /// Labels added so far.
  package private(set) var count = 0
  private let composer: LabelComposer
  private var renderer: any LabelRenderer
  private let press: PagePress?
  private var isFinished = false

  /// Begins a document. Throws `.resolution` or `.library`.
  package init(
    _ template: LabelTemplate, format: LabelFormat, options: LabelOptions = LabelOptions()
  ) throws(LabelError) {
    self.template = template
    self.format = format
    let sheet = options.layout == .sheet ? template.sheet : .roll(width: template.width, height: template.height)
    press = format == .pdf ? PagePress(template, sheet: sheet) : nil
    let dots = try Resolution.dots(perInch: options.dotsPerInch)
    switch format {
    case .pdf: renderer = try PDFRenderer(template, sheet: sheet)
    case .svg: renderer = SVGRenderer(template)
    case .png: renderer = PNGRenderer(template, dotsPerInch: options.dotsPerInch)
    case .zpl: renderer = try ZPLRenderer(template, dotsPerInch: options.dotsPerInch)
    }
    let isOutline = format == .pdf || format == .svg
    composer = LabelComposer(template, resolution: isOutline ? .outlines : dots)
  }

  /// Adds a label. Nothing of a refused label is drawn, and the document can go on.
  /// Throws `.wrongKind`, `.missingContent`, `.notEncodable`, `.doesNotFit`, and for images `.tooManyLabels` and
  /// `.imageTooLarge`.
  package func add(_ content: LabelContent) throws(LabelError) {
    guard !isFinished else { throw .alreadyFinished }
    try renderer.add(try composer.draw(content))
    count += 1
  }

  /// Adds many labels, whole pages of a PDF on all cores. The bytes are those that adding one by one gives.
  /// Throws as `add` does; after that the document lacks labels and is of no use.
  package func add(contentsOf labels: [LabelContent]) throws(LabelError) {
    var rest = labels[...]
    if let press, !isFinished, let pdf = renderer as? PDFRenderer {
      let begun = pdf.roomOnPage ?? 0
      for label in rest.prefix(begun) { try add(label) }
      rest = rest.dropFirst(begun)
      let whole = rest.prefix(rest.count / press.labelsPerPage * press.labelsPerPage)
      for page in try press.pages(of: Array(whole)) { pdf.add(page) }
      count += whole.count
      rest = rest.dropFirst(whole.count)
    }
    for label in rest { try add(label) }
  }

  /// Writes what must come last. `take` gives the rest afterwards.
  package func finish() throws(LabelError) {
    guard !isFinished else { throw .alreadyFinished }
    isFinished = true
    try renderer.finish()
  }

  /// The bytes that are ready; empty when none are.
  package func take() -> [UInt8] { renderer.take() }

  /// The smallest QR module drawn so far, mm; nil before the first symbol.
  package var smallestModule: Double? {
    [composer.smallestModule, press?.smallestModule].compactMap(\.self).min()
  }

  /// Whether a module was smaller than label printers print reliably.
  package var warnsOfSmallModules: Bool {
    smallestModule.map { $0 < LabelLimits.warnModuleMillimetres - 0.000_01 } ?? false
  }
}
