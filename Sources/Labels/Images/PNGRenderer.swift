/// Writes labels as one grey PNG whose resolution is stated in the file, so that it prints at its true size.
struct PNGRenderer: LabelRenderer {
  private let template: LabelTemplate
  private let dotsPerInch: Int
  private var drawings: [LabelDrawing] = []
  private var out = ByteBuffer()

  init(_ template: LabelTemplate, dotsPerInch: Int) {
    self.template = template
    self.dotsPerInch = dotsPerInch
  }

  mutating func add(_ drawing: LabelDrawing) throws(LabelError) {
    guard drawings.count < LabelLimits.imageLabels else { throw .tooManyLabels(limit: LabelLimits.imageLabels) }
    drawings.append(drawing)
    _ = try size(of: ImageSheet(template, count: drawings.count))
  }

  mutating func finish() throws(LabelError) {
    let sheet = ImageSheet(template, count: drawings.count)
    let size = try size(of: sheet)
    let raster = try Raster(width: size.width, height: size.height)
    let dots = Double(dotsPerInch) / 25.4
    for (index, drawing) in drawings.enumerated() {
      let origin = sheet.origin(of: index)
      LabelPainter(raster: raster, dotsPerMillimetre: dots, x: whole(origin.x * dots), y: whole(origin.y * dots))
        .draw(drawing)
    }
    let picture = try raster.png()
    // The signature and the header chunk take 33 bytes; the resolution must stand before the picture's data.
    out.write(picture.prefix(33))
    writeResolution()
    out.write(picture.dropFirst(33))
  }

  mutating func take() -> [UInt8] { out.take() }

  private func size(of sheet: ImageSheet) throws(LabelError) -> (width: Int, height: Int) {
    let dots = Double(dotsPerInch) / 25.4
    let size = (width: whole(sheet.width * dots), height: whole(sheet.height * dots))
    let pixels = size.width * size.height
    // 32 767 is the longest side cairo draws.
    guard pixels <= LabelLimits.imagePixels, max(size.width, size.height) <= 32_767 else {
      throw .imageTooLarge(pixels: pixels, limit: LabelLimits.imagePixels)
    }
    return size
  }

  private func whole(_ value: Double) -> Int { Int(value.rounded()) }

  /// The chunk pHYs: dots a metre, both ways (PNG specification, 11.3.5.3).
  private mutating func writeResolution() {
    let perMetre = whole(Double(dotsPerInch) / 0.0254)
    var chunk = ByteBuffer()
    chunk.write("pHYs")
    chunk.write(bigEndian: perMetre, bytes: 4)
    chunk.write(bigEndian: perMetre, bytes: 4)
    chunk.write(byte: 1)
    out.write(bigEndian: chunk.count - 4, bytes: 4)
    out.write(chunk.bytes)
    out.write(bigEndian: Checksum.crc32(chunk.bytes), bytes: 4)
  }
}
