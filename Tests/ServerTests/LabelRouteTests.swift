import Foundation
import HTTPTypes
import Issuing
import Ledger
import TestWorld
import Testing
import TransparencyLog

@Suite("Labels over HTTP")
struct LabelRouteTests {
  @Test(
    "every format is drawn and named",
    arguments: [
      ("pdf", "application/pdf", "%PDF-"), ("svg", "image/svg+xml", "<"), ("png", "image/png", "\u{FFFD}PNG"),
      ("zpl", "application/vnd.zebra.zpl", "^XA"),
    ])
  func formats(_ format: String, _ type: String, _ beginning: String) async throws {
    try await TestServer.run { server async throws in
      let key = try await server.key(.warehouse)
      for level in ["item", "box"] {
        let answer = try await server.call("/v1/batches/B1/labels?format=\(format)&level=\(level)&from=0&to=2", key)
        #expect(answer.status == 200 && answer.type == type && answer.text.hasPrefix(beginning))
        #expect(
          answer.headers[.contentDisposition] == "attachment; filename=\"yima-B1-\(level).\(format)\"")
      }
    }
  }

  @Test("a batch has a label for each item")
  func items() async throws {
    try await TestServer.run { server async throws in
      let answer = try await server.call(
        "/v1/batches/B1/labels?format=zpl&level=item&template=item-60x40", try await server.key(.issuer))
      #expect(answer.text.count(of: "^XA") == 120)
    }
  }

  @Test("item labels carry the codes of their places, and no other", .enabled(if: Tool.areThere, Tool.missing))
  func codes() async throws {
    try await TestServer.run { server async throws in
      let pdf = try await server.call("/v1/batches/B1/labels?from=100&to=119", try await server.key(.issuer))
      #expect(try Tool.decode(pdf: pdf.bytes) == Set((100..<120).map { server.shop.item($0) }))
    }
  }

  @Test("a range is what is asked for, and the last box may hold fewer items")
  func ranges() async throws {
    try await TestServer.run { server async throws in
      let key = try await server.key(.warehouse)
      _ = try await server.call(
        "/v1/batches", key.merging(["Content-Type": "application/json"]) { $1 }, method: .post,
        body: #"{"gtin":"06901234567892","quantity":30,"perBox":12}"#)
      let svg = try await server.call("/v1/batches/B3/labels?format=svg&level=box&from=1&to=2", key)
      let zpl = try await server.call("/v1/batches/B3/labels?format=zpl&level=box&from=2", key)
      #expect(svg.status == 200 && zpl.text.count(of: "^XA") == 1)
    }
  }

  @Test("a dispatch has a label for each box, and one for each item that went without a box")
  func dispatch() async throws {
    try await TestServer.run { server async throws in
      let shop = server.shop
      let made = try await shop.dispatch([shop.box(0), shop.box(1), shop.item(100)], to: "A", "430000", number: "DN-9")
      let key = try await server.key(.warehouse)
      let boxes = try await server.call("/v1/dispatches/D\(made.row.id)/labels?format=zpl", key)
      #expect(boxes.status == 200 && boxes.text.count(of: "^XA") == 2)
      let items = try await server.call(
        "/v1/dispatches/D\(made.row.id)/labels?format=pdf&level=item&template=item-60x40", key)
      #expect(items.status == 200 && items.text.hasPrefix("%PDF-"))
    }
  }

  @Test(
    "the printed box label says for whom and where, how many and what, and its code scans",
    .enabled(if: Tool.areThere, Tool.missing)
  )
  func printed() async throws {
    try await TestServer.run { server async throws in
      let shop = server.shop
      try await shop.pack([shop.loose(0), shop.loose(1), shop.loose(2)], into: shop.crate(0))
      let made = try await shop.dispatch([shop.box(0), shop.crate(0)], to: "A", "430000,440100", number: "DN-9")
      let key = try await server.key(.warehouse)
      let pdf = try await server.call("/v1/dispatches/D\(made.row.id)/labels?format=pdf&layout=roll", key)
      let text = try Tool.output("/usr/bin/pdftotext", ["-layout", "-", "-"], input: pdf.bytes)
      for word in ["白酒", "12 件 pcs", "3 件 pcs", "DN-9", "湖南省", "广州市", "2026-09-01", "B1", "B2"] {
        #expect(text.contains(word), "\(word) in \(text)")
      }
      let codes = try Tool.decode(pdf: pdf.bytes)
      for seal in made.seals { #expect(codes.contains(seal.uri)) }
      for code in codes where code.hasPrefix("https://") {
        let answer = try await server.call(TestServer.path(code), ["Accept": "application/json"])
        #expect(answer.json["authenticity"]?.string == "genuine")
      }
    }
  }

  @Test("1 000 labels are streamed as one PDF")
  func many() async throws {
    try await TestServer.run { server async throws in
      let key = try await server.key(.issuer).merging(["Content-Type": "application/json"]) { $1 }
      _ = try await server.call(
        "/v1/batches", key, method: .post, body: #"{"gtin":"06901234567892","quantity":1000}"#)
      let pdf = try await server.call("/v1/batches/B3/labels", key)
      #expect(pdf.status == 200 && pdf.text.hasSuffix("%%EOF\n"))
    }
  }

  @Test(
    "what cannot be drawn is refused before the answer begins",
    arguments: [
      ("B1/labels?format=txt", 422, "format"), ("B1/labels?format=gif", 422, "format"),
      ("B1/labels?level=pallet", 422, "level"), ("B1/labels?template=../../etc/passwd", 422, "template"),
      ("B1/labels?template=box-100x150", 422, "template"), ("B1/labels?format=png&dpi=9", 422, "dpi"),
      ("B1/labels?dpi=x", 422, "dpi"), ("B1/labels?from=120", 422, "from"), ("B1/labels?from=-1", 422, "from"),
      ("B1/labels?from=5&to=4", 422, "to"), ("B1/labels?layout=pile", 422, "layout"), ("B99/labels", 404, nil),
      ("x/labels", 404, nil),
    ] as [(String, Int, String?)])
  func refused(_ path: String, _ status: Int, _ pointer: String?) async throws {
    try await TestServer.run { server async throws in
      let answer = try await server.call("/v1/batches/\(path)", try await server.key(.issuer))
      #expect(answer.status == status && answer.type == "application/problem+json")
      #expect(answer.json["pointer"]?.string == pointer)
    }
  }

  @Test("too many labels for one image, and none at all, are refused with the reason")
  func counts() async throws {
    try await TestServer.run { server async throws in
      let key = try await server.key(.issuer).merging(["Content-Type": "application/json"]) { $1 }
      _ = try await server.call("/v1/batches", key, method: .post, body: #"{"gtin":"06901234567892","quantity":600}"#)
      let many = try await server.call("/v1/batches/B3/labels?format=svg", key)
      #expect(many.status == 422 && many.json["detail"]?.string?.contains("PDF and ZPL") == true)
      let none = try await server.call("/v1/batches/B3/labels?level=box", key)
      #expect(none.status == 422 && none.json["type"]?.string == "/problems/no-labels")
      let made = try await server.shop.dispatch([server.shop.box(0)])
      let items = try await server.call("/v1/dispatches/D\(made.row.id)/labels?level=item", key)
      #expect(items.json["type"]?.string == "/problems/no-labels")
      #expect(try await server.call("/v1/dispatches/D99/labels", key).status == 404)
    }
  }

  @Test("labels are for those who print them")
  func access() async throws {
    try await TestServer.run { server async throws in
      let stranger = try await server.call("/v1/batches/B1/labels")
      let terminal = try await server.call("/v1/batches/B1/labels", try await server.key(.terminal))
      #expect(stranger.status == 401 && terminal.status == 403)
    }
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { ranges(of: part).count }
}

/// Programs of other projects that read what we print.
enum Tool {
  static let missing: Comment = "needs poppler-utils and zbar-tools"

  static var areThere: Bool {
    ["pdftoppm", "pdftotext", "zbarimg"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }
  }

  /// What a program prints.
  static func output(_ path: String, _ arguments: [String], input: [UInt8] = []) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let (source, sink) = (Pipe(), Pipe())
    process.standardInput = source
    process.standardOutput = sink
    process.standardError = FileHandle.nullDevice
    try process.run()
    try source.fileHandleForWriting.write(contentsOf: Data(input))
    try source.fileHandleForWriting.close()
    let output = try sink.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  /// The codes on the pages of a PDF.
  static func decode(pdf: [UInt8]) throws -> Set<String> {
    let folder = FileManager.default.temporaryDirectory.appending(path: "yima-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try output("/usr/bin/pdftoppm", ["-r", "200", "-gray", "-", folder.path + "/page"], input: pdf)
    let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let lines = try pages.map { try output("/usr/bin/zbarimg", ["-q", "--raw", folder.path + "/" + $0]) }
    return Set(lines.flatMap { $0.split(separator: "\n").map(String.init) })
  }
}
