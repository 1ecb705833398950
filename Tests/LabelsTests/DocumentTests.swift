import Labels
import Testing

@Suite("documents")
struct DocumentTests {
  private func contents(_ count: Int, _ kind: LabelKind, seed: UInt64) throws -> [LabelContent] {
    var random = Seeded(seed)
    return try (0..<count).map { _ in try Sample.content(for: kind, &random) }
  }

  @Test("bytes leave while labels go in: what waits is bounded, whatever the number of labels")
  func streaming() throws {
    let template = try LabelTemplate.shipped("item-30x20")
    let labels = try contents(100, .item, seed: 71)
    for format in [LabelFormat.pdf, .zpl] {
      var largest = 0
      var total = 0
      var told: [Int] = []
      let repeated = (0..<3_000).lazy.map { labels[$0 % labels.count] }
      let count = try template.render(repeated, as: format, progress: { told.append($0) }) { bytes in
        largest = max(largest, bytes.count)
        total += bytes.count
      }
      #expect(count == 3_000)
      #expect(told == told.sorted() && told.last == 3_000 && told.count > 10)
      #expect(largest < 200_000)
      #expect(total > 1_000_000)
    }
  }

  @Test("labels added at once give the bytes of labels added one by one", arguments: LabelFormat.allCases)
  func together(format: LabelFormat) throws {
    let template = try LabelTemplate.shipped("item-60x40")
    let labels = try contents(format == .pdf || format == .zpl ? 300 : 20, .item, seed: 75)
    let (one, all) = (try LabelDocument(template, format: format), try LabelDocument(template, format: format))
    for label in labels { try one.add(label) }
    // In pieces that are no whole pages.
    for start in stride(from: 0, to: labels.count, by: 97) {
      try all.add(contentsOf: Array(labels[start..<min(start + 97, labels.count)]))
    }
    try one.finish()
    try all.finish()
    #expect(all.count == one.count)
    #expect(all.smallestModule == one.smallestModule)
    #expect(all.take() == one.take())
  }

  @Test("a label that cannot be drawn is refused, however it is added")
  func refusedTogether() throws {
    let template = try LabelTemplate.shipped("item-60x40")
    var labels = try contents(200, .item, seed: 76)
    labels[77] = try contents(1, .box, seed: 77)[0]
    let document = try LabelDocument(template, format: .pdf)
    #expect(throws: LabelError.wrongKind(template: .item, content: .box)) { try document.add(contentsOf: labels) }
  }

  @Test("an error of the sink ends the writing and comes out as it is")
  func sinkFails() throws {
    struct Full: Error {}
    let template = try LabelTemplate.shipped("item-30x20")
    let labels = try contents(10, .item, seed: 72)
    #expect(throws: Full.self) {
      try template.render(labels, as: .pdf, progress: { _ in }) { _ in throw Full() }
    }
  }

  @Test("an image holds 500 labels and no more")
  func imageLabels() throws {
    let template = try LabelTemplate.shipped("item-30x20")
    let label = try contents(1, .item, seed: 73)[0]
    for format in [LabelFormat.png, .svg] {
      let document = try LabelDocument(template, format: format, options: LabelOptions(dotsPerInch: 203))
      for _ in 0..<LabelLimits.imageLabels { try document.add(label) }
      #expect(throws: LabelError.tooManyLabels(limit: 500)) { try document.add(label) }
      #expect(document.count == 500)
    }
  }

  @Test("an image of too many pixels is refused before it is drawn")
  func imagePixels() throws {
    let template = try LabelTemplate.shipped("box-100x150")
    let label = try contents(1, .box, seed: 74)[0]
    let document = try LabelDocument(template, format: .png, options: LabelOptions(dotsPerInch: 1_200))
    try document.add(label)
    try document.add(label)
    let error = #expect(throws: LabelError.self) { for _ in 0..<10 { try document.add(label) } }
    guard case .imageTooLarge(let pixels, let limit)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(pixels > limit && limit == LabelLimits.imagePixels)
  }

  @Test("a resolution that no printer has is refused", arguments: [0, -1, 99, 1_201, Int.max, Int.min])
  func resolution(_ dots: Int) throws {
    let template = try LabelTemplate.shipped("item-30x20")
    #expect(throws: LabelError.resolution(dots)) {
      try LabelDocument(template, format: .png, options: LabelOptions(dotsPerInch: dots))
    }
  }

  @Test("a refused label draws nothing, and the document goes on")
  func refusedLabel() throws {
    let template = try LabelTemplate.shipped("item-30x20")
    let item = try contents(1, .item, seed: 75)[0]
    let box = try contents(1, .box, seed: 75)[0]
    let document = try LabelDocument(template, format: .zpl)
    #expect(throws: LabelError.wrongKind(template: .item, content: .box)) { try document.add(box) }
    try document.add(item)
    try document.finish()
    #expect(try ZPLReader.labels(text(document.take())).count == 1)
    #expect(document.count == 1)
  }

  @Test("a closed document takes no more")
  func finished() throws {
    let document = try LabelDocument(try LabelTemplate.shipped("item-30x20"), format: .pdf)
    let item = try contents(1, .item, seed: 76)[0]
    try document.finish()
    #expect(throws: LabelError.alreadyFinished) { try document.add(item) }
    #expect(throws: LabelError.alreadyFinished) { try document.finish() }
  }

  @Test("a code too large for its box is refused with the size that its modules would have")
  func moduleTooSmall() throws {
    let json = """
      {"name": "t", "kind": "item", "size": {"width": 12, "height": 12}, "elements": [
        {"type": "qr", "content": "{uri}", "box": {"x": 0, "y": 0, "width": 10, "height": 12}}]}
      """
    let template = try LabelTemplate(parsing: Array(json.utf8))
    let label = try contents(1, .item, seed: 77)
    // 33 modules and twice 4 of quiet zone in 10 mm.
    let fault = FitFault.moduleTooSmall(version: 4, millimetres: 10.0 / 41, minimum: 0.25)
    #expect(throws: LabelError.doesNotFit(element: "elements[0]", fault)) { try template.render(label, as: .svg) }
    // At 254 dots an inch it would be two dots of a tenth.
    #expect(
      throws: LabelError.doesNotFit(
        element: "elements[0]", .moduleTooSmall(version: 4, millimetres: 0.2, minimum: 0.25))
    ) { try template.render(label, as: .png, options: LabelOptions(dotsPerInch: 254)) }
  }

  @Test("a template may go below 0.25 mm, and the document warns of it")
  func warns() throws {
    let json = """
      {"name": "t", "kind": "item", "size": {"width": 12, "height": 12}, "elements": [
        {"type": "qr", "content": "{uri}", "box": {"x": 0, "y": 0, "width": 10, "height": 12}, "minimumModule": 0.2}]}
      """
    let label = try contents(1, .item, seed: 78)[0]
    let document = try LabelDocument(try LabelTemplate(parsing: Array(json.utf8)), format: .pdf)
    #expect(document.smallestModule == nil && !document.warnsOfSmallModules)
    try document.add(label)
    #expect(document.smallestModule == 10.0 / 41 && document.warnsOfSmallModules)
    let good = try LabelDocument(try LabelTemplate.shipped("item-30x20"), format: .pdf)
    try good.add(label)
    #expect(!good.warnsOfSmallModules)
  }

  @Test("a linear symbol wider than its box is refused with both widths")
  func tooWide() throws {
    let json = """
      {"name": "t", "kind": "box", "size": {"width": 60, "height": 40}, "elements": [
        {"type": "linear", "content": "{sscc}", "box": {"x": 0, "y": 0, "width": 60, "height": 40}}]}
      """
    let template = try LabelTemplate(parsing: Array(json.utf8))
    let label = try contents(1, .box, seed: 79)
    #expect(throws: LabelError.doesNotFit(element: "elements[0]", .tooWide(needed: 88, available: 60))) {
      try template.render(label, as: .pdf)
    }
  }

  @Test("a field that a code needs and the label lacks is named")
  func missing() throws {
    let json = """
      {"name": "t", "kind": "item", "size": {"width": 30, "height": 30}, "elements": [
        {"type": "qr", "content": "{uri}#{batch}", "box": {"x": 0, "y": 0, "width": 30, "height": 30}}]}
      """
    var random = Seeded(80)
    var label = Sample.item(&random)
    label.batch = nil
    let content = try label.content()
    #expect(throws: LabelError.missingContent(field: .batch)) {
      try LabelTemplate(parsing: Array(json.utf8)).render([content], as: .svg)
    }
  }

  @Test("a PNG has the label's size at its resolution, and states the resolution", arguments: [203, 300, 600])
  func png(_ dots: Int) throws {
    let template = try LabelTemplate.shipped("item-60x40")
    let label = try contents(1, .item, seed: 81)
    let png = try template.render(label, as: .png, options: LabelOptions(dotsPerInch: dots))
    func number(_ place: Int) -> Int { png[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) } }
    #expect(png.prefix(8).elementsEqual([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    #expect(number(16) == Int((60 * Double(dots) / 25.4).rounded()))
    #expect(number(20) == Int((40 * Double(dots) / 25.4).rounded()))
    #expect(text(png[37..<41]) == "pHYs")
    #expect(number(41) == Int((Double(dots) / 0.0254).rounded()))
  }
}
