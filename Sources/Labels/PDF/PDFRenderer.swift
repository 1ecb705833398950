/// Writes labels as PDF: vector codes, real text in embedded fonts. Pages leave as they fill, so that memory does not
/// grow with the number of labels but for a few bytes a page.
///
/// Written by hand because cairo's PDF surface records every page, replays it twice and formats each rectangle of a
/// symbol at length: it reaches a tenth of this speed.
final class PDFRenderer: LabelRenderer {
  /// Points in a millimetre.
  static let points = 72 / 25.4

  private var file: PDFFile
  private var pages: PDFPages
  private let resources: Int
  private var fonts: [PDFFont] = []
  private var page: PDFPageWriter

  /// Begins a document whose labels lie on `sheet`.
  init(_ template: LabelTemplate, sheet: LabelSheet) throws(LabelError) {
    var file = try PDFFile()
    resources = file.reserve()
    pages = PDFPages(
      width: sheet.pageWidth * Self.points, height: sheet.pageHeight * Self.points, resources: resources, file: &file)
    self.file = file
    page = try PDFPageWriter(template, sheet: sheet)
  }

  /// Labels that the open page still takes; nil when none is open.
  var roomOnPage: Int? { page.isEmpty ? nil : page.room }

  func add(_ drawing: LabelDrawing) throws(LabelError) {
    page.add(drawing)
    if page.isFull { add(try page.take()) }
  }

  /// Adds a page that was made elsewhere; none may be open here.
  func add(_ page: PDFPage) {
    pages.add(page.content, to: &file)
    for (name, glyphs) in page.fonts.sorted(by: { $0.key < $1.key }) {
      let number = fonts.firstIndex { $0.name == name } ?? fonts.count
      if number == fonts.count { fonts.append(PDFFont(name: name, number: number, object: file.reserve())) }
      fonts[number].use(glyphs)
    }
  }

  func finish() throws(LabelError) {
    // A document without pages is not a PDF.
    if !page.isEmpty || pages.isEmpty { add(try page.take()) }
    for font in fonts { try font.write(to: &file) }
    file.write(resources) { out in
      out.write("<</Font<<")
      for font in fonts {
        out.write("/")
        out.write(text: font.name)
        out.write(" ")
        out.write(font.object)
        out.write(" 0 R")
      }
      out.write(">>>>")
    }
    let root = pages.close(&file)
    let info = file.reserve()
    file.write(info) { $0.write("<</Producer(Yima)>>") }
    file.close(root: root, info: info)
  }

  func take() -> [UInt8] { file.take() }
}
