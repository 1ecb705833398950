import Codes
import Foundation
import Synchronization
import Testing

@Suite("Code lines")
struct CodeLineWriterTests {
  private func lines(
    _ format: CodeLineWriter.Format, _ range: Range<UInt64>, profile: SerialProfile = .compact,
    boxes: BoxAssignment? = nil, chunkBytes: Int = 1 << 20
  ) throws -> [String] {
    var writer = try CodeLineWriter(
      cipher: try Fixture.cipher(), profile: profile, range: range, resolver: try Fixture.resolver(), format: format,
      boxes: boxes, chunkBytes: chunkBytes)
    var text: [UInt8] = []
    var kept: [[UInt8]] = []
    while let chunk = try writer.next() {
      #expect(chunk.last == UInt8(ascii: "\n"))
      text += chunk
      kept.append(chunk)
    }
    // A chunk that the caller keeps must not change when the next one is made.
    #expect(Array(kept.joined()) == text)
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("a line of txt is the URI of one item, in order", arguments: SerialProfile.allCases, [1, 100, 1 << 20])
  func txt(profile: SerialProfile, chunkBytes: Int) throws {
    let cipher = try Fixture.cipher()
    let found = try lines(.txt, 90..<1_190, profile: profile, chunkBytes: chunkBytes)
    let expected = try (90..<1_190).map {
      try Fixture.resolver().uri(of: Fixture.gtin(), serial: cipher.serial(index: $0, profile: profile))
    }
    #expect(found == expected)
  }

  @Test(
    "chunks printed by several copies of a writer are those that one prints", arguments: CodeLineWriter.Format.allCases)
  func chunks(format: CodeLineWriter.Format) throws {
    let whole = try lines(format, 90..<1_190, chunkBytes: 2_000)
    let writer = try CodeLineWriter(
      cipher: try Fixture.cipher(), profile: .compact, range: 90..<1_190, resolver: try Fixture.resolver(),
      format: format, chunkBytes: 2_000)
    for workers in [1, 2, 5] {
      let text = Mutex<[UInt8]>([])
      try InOrder.run(writer.chunkCount, workers: workers) {
        writer
      } make: {
        try $0.chunk($1)
      } take: { chunk in
        text.withLock { $0 += chunk }
      }
      #expect(String(decoding: text.withLock { $0 }, as: UTF8.self).split(separator: "\n").map(String.init) == whole)
    }
    var copy = writer
    #expect(throws: CodeError.indexOutOfRange) { try copy.chunk(writer.chunkCount) }
  }

  @Test("csv has the columns of the contract", arguments: [1, 500, 1 << 20])
  func csv(chunkBytes: Int) throws {
    let series = try BoxSeries(extensionDigit: 1, companyPrefix: "6901234")
    let boxes = try BoxAssignment(series: series, firstSerial: 7, firstIndex: 95, perBox: 12)
    let found = try lines(.csv, 95..<1_095, boxes: boxes, chunkBytes: chunkBytes)
    #expect(found.first == "index,uri,gtin,serial,box")
    #expect(found.count == 1_001)
    let cipher = try Fixture.cipher()
    let resolver = try Fixture.resolver()
    for (line, index) in zip(found.dropFirst(), 95..<1_095 as Range<UInt64>) {
      let serial = try cipher.serial(index: index, profile: .compact)
      let uri = resolver.uri(of: cipher.gtin, serial: serial)
      let box = resolver.uri(of: try series.sscc(7 + (index - 95) / 12))
      #expect(line == "\(index),\(uri),06901234567892,\(serial),\(box)")
    }
  }

  @Test("without boxes the box column is empty, and null in ndjson")
  func withoutBoxes() throws {
    #expect(try lines(.csv, 0..<3).dropFirst().allSatisfy { $0.hasSuffix(",") })
    #expect(try lines(.ndjson, 0..<3).allSatisfy { $0.hasSuffix(#","box":null}"#) })
  }

  @Test("every line of ndjson is a JSON object with the same columns")
  func ndjson() throws {
    struct Line: Decodable {
      let index: UInt64
      let uri, gtin, serial, box: String
    }
    let series = try BoxSeries(extensionDigit: 0, companyPrefix: "69212345")
    let boxes = try BoxAssignment(series: series, firstSerial: 0, firstIndex: 0, perBox: 6)
    let range = (ItemIndex.end - 5)..<ItemIndex.end
    let late = try BoxAssignment(series: series, firstSerial: 3, firstIndex: ItemIndex.end - 5, perBox: 6)
    for (lines, first) in [
      (try lines(.ndjson, 0..<40, boxes: boxes), 0), (try lines(.ndjson, range, boxes: late), range.lowerBound),
    ] {
      for (number, line) in lines.enumerated() {
        let read = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
        #expect(read.index == first + UInt64(number))
        #expect(read.uri == "https://id.example.cn/01/\(read.gtin)/21/\(read.serial)")
        #expect(try ScannedCode(read.uri).subject == .item(gtin: Fixture.gtin(), serial: read.serial))
        #expect(try Fixture.cipher().index(of: ItemSerial(read.serial)) == read.index)
        guard case .box(let box) = try ScannedCode(read.box).subject else { Issue.record("no box"); continue }
        #expect(series.serial(of: box) != nil)
      }
    }
  }

  @Test("an empty range is no line, or a header alone")
  func empty() throws {
    #expect(try lines(.txt, 5..<5).isEmpty)
    #expect(try lines(.csv, 5..<5) == ["index,uri,gtin,serial,box"])
    #expect(try lines(.ndjson, 5..<5).isEmpty)
  }

  @Test("boxes that run out stop the writing with an error, and indexes beyond the range are refused at once")
  func limits() throws {
    let series = try BoxSeries(extensionDigit: 1, companyPrefix: "690123456789")
    let boxes = try BoxAssignment(series: series, firstSerial: series.capacity - 1, firstIndex: 0, perBox: 2)
    #expect(try lines(.csv, 0..<2, boxes: boxes).count == 3)
    #expect(throws: CodeError.indexOutOfRange) { try lines(.csv, 0..<3, boxes: boxes) }
    #expect(throws: CodeError.indexOutOfRange) { try lines(.txt, 0..<(ItemIndex.end + 1)) }
  }

  @Test("forEachChunk hands over the same bytes and passes on the writer's error")
  func each() throws {
    struct DiskFull: Error {}
    let make = {
      try CodeLineWriter(
        cipher: try Fixture.cipher(), profile: .compact, range: 0..<100, resolver: try Fixture.resolver(), format: .txt,
        chunkBytes: 600)
    }
    var writer = try make()
    var count = 0
    try writer.forEachChunk { count += $0.count { $0 == UInt8(ascii: "\n") } }
    #expect(count == 100)
    var failing = try make()
    #expect(throws: DiskFull.self) { try failing.forEachChunk { _ in throw DiskFull() } }
    #expect(failing.position == 10)
  }
}
