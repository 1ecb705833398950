/// The bones of a PDF 1.5 file (ISO 32000): numbered objects, written as they come, and the table of where they are.
/// Only that table grows with the file: 8 bytes an object.
struct PDFFile {
  private(set) var out = ByteBuffer()
  private var offsets: [Int] = []
  private let deflater: Deflater

  /// Begins a file.
  init() throws(LabelError) {
    deflater = try Deflater()
    out.write("%PDF-1.5\n%\u{e2}\u{e3}\u{cf}\u{d3}\n")
  }

  /// Keeps a number for an object that will be written later.
  mutating func reserve() -> Int {
    offsets.append(0)
    return offsets.count
  }

  /// Writes an object under a reserved number.
  mutating func write(_ number: Int, _ body: (inout ByteBuffer) -> Void) {
    guard offsets.indices.contains(number - 1) else { return }
    offsets[number - 1] = out.position
    out.write(number)
    out.write(" 0 obj\n")
    body(&out)
    out.write("\nendobj\n")
  }

  /// Writes a deflated stream under a reserved number; `entries` go into its dictionary.
  mutating func writeStream(
    _ number: Int, _ content: [UInt8], entries: StaticString = ""
  ) throws(LabelError) {
    writeStream(number, deflated: try deflater.deflate(content), entries: entries)
  }

  /// The same with content that is deflated already.
  mutating func writeStream(_ number: Int, deflated: [UInt8], entries: StaticString = "") {
    write(number) { out in
      out.write("<</Length ")
      out.write(deflated.count)
      out.write("/Filter/FlateDecode")
      out.write(entries)
      out.write(">>stream\n")
      out.write(deflated)
      out.write("\nendstream")
    }
  }

  /// Writes the table of objects and the end of the file.
  mutating func close(root: Int, info: Int) {
    let start = out.position
    out.write("xref\n0 ")
    out.write(offsets.count + 1)
    out.write("\n0000000000 65535 f \n")
    for offset in offsets {
      let digits = String(offset)
      out.write(repeatElement(48, count: max(0, 10 - digits.utf8.count)))
      out.write(text: digits)
      out.write(" 00000 n \n")
    }
    out.write("trailer\n<</Size ")
    out.write(offsets.count + 1)
    out.write("/Root ")
    out.write(root)
    out.write(" 0 R/Info ")
    out.write(info)
    out.write(" 0 R>>\nstartxref\n")
    out.write(start)
    out.write("\n%%EOF\n")
  }

  /// Hands over the bytes written since the last call.
  mutating func take() -> [UInt8] { out.take() }
}
