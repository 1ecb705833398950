import Casework
import Testing

/// A PNG of one colour, laid out by hand: its pixels are stored, not compressed.
private enum TestPNG {
  static func make(width: Int, height: Int) -> [UInt8] {
    var rows: [UInt8] = []
    for _ in 0..<height { rows += [0] + (0..<width).flatMap { _ in [200, 40, 40] as [UInt8] } }
    let header = bytes(UInt32(width)) + bytes(UInt32(height)) + [8, 2, 0, 0, 0]
    return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + chunk("IHDR", header) + chunk("IDAT", zlib(rows))
      + chunk("IEND", [])
  }

  private static func bytes(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }

  private static func zlib(_ data: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x78, 0x01]
    var place = 0
    while place < data.count {
      let part = data[place..<min(place + 65_535, data.count)]
      place += part.count
      let count = UInt16(part.count)
      out += [
        place == data.count ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8),
      ]
      out += part
    }
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in data {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return out + bytes(high << 16 | low)
  }

  private static func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(kind.utf8) + data
    var crc = UInt32.max
    for byte in body {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    return bytes(UInt32(data.count)) + body + bytes(~crc)
  }
}

@Suite("Pictures drawn anew for people to look at")
struct DisplayImageTests {
  @Test(
    "a picture stays a picture, keeps its shape, and gets no longer than the display's side",
    arguments: [
      ((40, 30), (40, 30)), ((1600, 1600), (1600, 1600)), ((1601, 7), (1600, 7)), ((2000, 3), (1600, 2)),
      ((3, 1900), (3, 1600)), ((3200, 1000), (1600, 500)),
    ])
  func draws(_ size: (Int, Int), _ shown: (Int, Int)) throws {
    let png = TestPNG.make(width: size.0, height: size.1)
    #expect(AttachmentType(png) == .png)
    let jpeg = try #require(DisplayImage.jpeg(of: png, .png))
    #expect(AttachmentType(jpeg) == .jpeg)
    #expect(try Self.size(jpeg) == [shown.0, shown.1])
    let again = try #require(DisplayImage.jpeg(of: jpeg, .jpeg))
    #expect(try Self.size(again) == [shown.0, shown.1], "what fits is not made smaller")
  }

  /// Width and height by the frame header (ITU-T T.81, B.2.2).
  private static func size(_ jpeg: [UInt8]) throws -> [Int] {
    try #require(AttachmentType(jpeg) == .jpeg)
    var place = 2
    while place + 8 < jpeg.count, jpeg[place] == 0xff {
      func number(_ offset: Int) -> Int { Int(jpeg[place + offset]) << 8 | Int(jpeg[place + offset + 1]) }
      if [0xc0, 0xc1, 0xc2].contains(jpeg[place + 1]) { return [number(7), number(5)] }
      place += 2 + number(2)
    }
    Issue.record("no frame header")
    return []
  }

  @Test("what hides behind a picture is not in what is shown")
  func drops() throws {
    let secret = Array("<script>alert(1)</script>".utf8)
    var png = TestPNG.make(width: 20, height: 20)
    png.insert(contentsOf: secret, at: png.count - 12)
    // A chunk's length is wrong now, so it may be refused; shown it is never.
    if let jpeg = DisplayImage.jpeg(of: png, .png) { #expect(jpeg.firstRange(of: secret) == nil) }
    let jpeg = try #require(DisplayImage.jpeg(of: TestPNG.make(width: 20, height: 20), .png))
    let tail: [UInt8] = Array(jpeg.prefix(jpeg.count - 2)) + secret + [0xff, 0xd9]
    let shown = try #require(DisplayImage.jpeg(of: tail, .jpeg))
    #expect(shown.firstRange(of: secret) == nil)
  }

  @Test("damaged pictures are refused or drawn, and never stop the program")
  func fuzz() throws {
    let png = TestPNG.make(width: 64, height: 48)
    let jpeg = try #require(DisplayImage.jpeg(of: png, .png))
    var state: UInt64 = 7
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for (bytes, type) in [(png, AttachmentType.png), (jpeg, .jpeg)] {
      for _ in 0..<400 {
        var damaged = bytes
        for _ in 0...next(4) { damaged[next(damaged.count)] = UInt8(next(256)) }
        if next(4) == 0 { damaged.removeLast(next(damaged.count)) }
        _ = DisplayImage.jpeg(of: damaged, type)
      }
    }
    // A header that promises more pixels than anybody may decode.
    var vast = png
    for place in 16..<24 { vast[place] = 0x7f }
    #expect(DisplayImage.jpeg(of: vast, .png) == nil)
    #expect(DisplayImage.jpeg(of: Array("%PDF-1.7".utf8), .pdf) == nil)
  }
}
