import Fonts

/// Makes `report.pdf`: what a case says, for people.
package enum CaseReport {
  /// Why there is no report.
  package enum Failure: Error, Equatable, Sendable {
    /// cairo could not write the document: no memory, or no font at all.
    case cannotDraw
  }

  /// The report in the given languages, one after the other in one PDF.
  ///
  /// The same story gives the same bytes, with the same fonts and libraries installed. It reads no clock; the PDF's date is
  /// the story's.
  /// - Throws: `cannotDraw`.
  package static func pdf(
    of story: CaseStory, in languages: [ReportLanguage] = [.zh, .en]
  ) throws(Failure) -> [UInt8] {
    try FontLibrary.exclusively { () throws(Failure) in
      // Pages know how many there are: all is set before it is drawn.
      let type = Typesetter()
      let pages = write(story, languages, on: PDFCanvas(measuringWith: type), pages: nil)
      let canvas = PDFCanvas(
        type,
        PDFCanvas.Metadata(
          title: "证据报告 Evidence report \(PrintableText.clean(story.caseNumber))",
          author: PrintableText.clean(story.brand.zh), madeAt: PrintableText.clean(story.madeAt)))
      _ = write(story, languages, on: canvas, pages: pages)
      guard let bytes = canvas.finish() else { throw .cannotDraw }
      return bytes
    }
  }

  /// Draws everything, and says how many pages that took.
  private static func write(
    _ story: CaseStory, _ languages: [ReportLanguage], on canvas: PDFCanvas, pages: Int?
  ) -> Int {
    var page = 1
    for language in languages {
      let frame = Flow.Frame(
        caseNumber: PrintableText.clean(story.caseNumber), brand: PrintableText.clean(story.brand[language]),
        madeAt: PrintableText.clean(story.madeAt), pages: pages)
      var flow = Flow(canvas, language, frame, page: page)
      ReportPages(story: story).write(&flow)
      canvas.showPage()
      page = flow.page + 1
    }
    return page - 1
  }
}
