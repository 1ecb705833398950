import Foundation
import Labels
import Testing

/// Another project's decoder (zxing-cpp), through `tools/decode_labels.py`.
enum Decoder {
  /// One code found in a picture.
  struct Code: Decodable {
    let file: String
    let format: String
    let text: String
    let identifier: String
  }

  struct Failed: Error {
    let status: Int32
  }

  /// A Python with zxing-cpp and Pillow.
  static let interpreter = ProcessInfo.processInfo.environment["YIMA_DECODER"]

  static func read(_ files: [URL], dotsPerInch: Int) throws -> [Code] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: interpreter ?? "/nonexistent")
    let tool = packageFolder.appendingPathComponent("tools/decode_labels.py").path
    process.arguments = [tool, "--dpi", String(dotsPerInch)] + files.map(\.path)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
    return try JSONDecoder().decode([Code].self, from: output)
  }
}

@Suite(
  "labels read back by another project's decoder",
  .enabled(if: Decoder.interpreter != nil, "YIMA_DECODER names no Python with zxing-cpp and pillow"), .serialized)
struct DecodeTests {
  /// Labels of each template and format.
  private static let count = 200

  private func contents(_ template: LabelTemplate, seed: UInt64) throws -> [LabelContent] {
    var random = Seeded(seed)
    return try (0..<Self.count).map { _ in try Sample.content(for: template.kind, &random) }
  }

  /// Writes one file a label, or one for all, and reads them; every code must come back, and none besides.
  private func expectAllRead(
    _ template: LabelTemplate, _ contents: [LabelContent], dotsPerInch: Int, suffix: String,
    _ write: ([LabelContent]) throws -> [[UInt8]]
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("yima-labels-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var files: [URL] = []
    for (index, bytes) in try write(contents).enumerated() {
      files.append(folder.appendingPathComponent("\(index).\(suffix)"))
      try Data(bytes).write(to: files[index])
    }
    let codes = try Decoder.read(files, dotsPerInch: dotsPerInch)
    let symbols = codes.filter { $0.format == "QRCode" }.map(\.text).sorted()
    #expect(symbols == contents.compactMap { $0[.uri] }.sorted())
    let linear = codes.filter { $0.format == "Code128" }
    #expect(linear.map(\.text).sorted() == contents.compactMap { $0[.sscc] }.map { "(00)" + $0 }.sorted())
    #expect(linear.allSatisfy { $0.identifier == "]C1" })
  }

  @Test("PNG, 300 dots an inch", arguments: LabelTemplate.shippedNames)
  func png(_ name: String) throws {
    let template = try LabelTemplate.shipped(name)
    try expectAllRead(template, try contents(template, seed: 91), dotsPerInch: 300, suffix: "png") { contents in
      try contents.map { try template.render([$0], as: .png) }
    }
  }

  @Test("PNG of item labels, 203 dots an inch", arguments: ["item-30x20", "item-60x40"])
  func coarse(_ name: String) throws {
    let template = try LabelTemplate.shipped(name)
    try expectAllRead(template, try contents(template, seed: 92), dotsPerInch: 203, suffix: "png") { contents in
      try contents.map { try template.render([$0], as: .png, options: LabelOptions(dotsPerInch: 203)) }
    }
  }

  @Test("SVG, drawn by rsvg-convert at 300 dots an inch", arguments: LabelTemplate.shippedNames)
  func svg(_ name: String) throws {
    let template = try LabelTemplate.shipped(name)
    try expectAllRead(template, try contents(template, seed: 93), dotsPerInch: 300, suffix: "svg") { contents in
      try contents.map { try template.render([$0], as: .svg) }
    }
  }

  @Test(
    "PDF, drawn by pdftoppm at 300 dots an inch", arguments: LabelTemplate.shippedNames, LabelOptions.Layout.allCases)
  func pdf(_ name: String, _ layout: LabelOptions.Layout) throws {
    let template = try LabelTemplate.shipped(name)
    try expectAllRead(template, try contents(template, seed: 94), dotsPerInch: 300, suffix: "pdf") { contents in
      [try template.render(contents, as: .pdf, options: LabelOptions(layout: layout))]
    }
  }

  @Test("ZPL, its fields put on paper by our reader", arguments: LabelTemplate.shippedNames, [203, 300])
  func zpl(_ name: String, dotsPerInch: Int) throws {
    let template = try LabelTemplate.shipped(name)
    try expectAllRead(template, try contents(template, seed: 95), dotsPerInch: dotsPerInch, suffix: "pgm") { contents in
      let zpl = try template.render(contents, as: .zpl, options: LabelOptions(dotsPerInch: dotsPerInch))
      return try ZPLReader.labels(text(zpl)).map { try $0.printed(bars: ZPLTests.bars).pgm }
    }
  }
}
