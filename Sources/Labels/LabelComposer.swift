/// Turns contents into drawings after one template and for one resolution.
final class LabelComposer {
  let template: LabelTemplate
  private let resolution: Resolution
  private let setter = TextSetter()
  /// The smallest module drawn so far, mm; nil before the first symbol.
  private(set) var smallestModule: Double?

  init(_ template: LabelTemplate, resolution: Resolution) {
    self.template = template
    self.resolution = resolution
  }

  /// The drawing of one label. Throws `.wrongKind`, `.missingContent`, `.notEncodable` or `.doesNotFit`.
  func draw(_ content: LabelContent) throws(LabelError) -> LabelDrawing {
    guard content.kind == template.kind else {
      throw .wrongKind(template: template.kind, content: content.kind)
    }
    var drawing = LabelDrawing()
    for (index, element) in template.elements.enumerated() {
      switch element {
      case .qr(let element): drawing.symbols.append(try symbol(element, index, content))
      case .linear(let element): try addLinear(element, index, content, to: &drawing)
      case .ink(let boxes): drawing.ink += boxes
      case .text(let element):
        guard let text = element.content.text(for: content), !text.isEmpty else { continue }
        drawing.texts.append(try setter.block(text, of: element, at: index))
      }
    }
    return drawing
  }

  private func symbol(
    _ element: QRElement, _ index: Int, _ content: LabelContent
  ) throws(LabelError) -> PlacedQR {
    // A code with a part missing would be another code.
    for field in element.content.fields where content[field] == nil { throw .missingContent(field: field) }
    let symbol = try QRSymbol(element.content.text(for: content) ?? "", level: element.level)
    do throws(FitFaultError) {
      let placed = try PlacedQR(symbol, in: element, resolution: resolution)
      smallestModule = min(smallestModule ?? placed.module, placed.module)
      return placed
    } catch {
      throw .doesNotFit(element: TemplateChecks.path(index), error.fault)
    }
  }

  private func addLinear(
    _ element: LinearElement, _ index: Int, _ content: LabelContent, to drawing: inout LabelDrawing
  ) throws(LabelError) {
    guard let digits = content[element.field] else { throw .missingContent(field: element.field) }
    let symbol = try GS1128(element.field == .sscc ? .sscc : .gtin, digits: digits)
    do throws(FitFaultError) {
      drawing.bars.append(try PlacedBars(symbol, in: element, resolution: resolution))
    } catch {
      throw .doesNotFit(element: TemplateChecks.path(index), error.fault)
    }
    let text = symbol.humanReadable
    if let line = GS1128Layout.textElement(for: element, text: text) {
      drawing.texts.append(try setter.block(text, of: line, at: index))
    }
  }
}
