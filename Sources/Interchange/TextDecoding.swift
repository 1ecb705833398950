import Glibc

/// Finds out which characters a file is written in. Lists come out of ERP systems and spreadsheets: UTF-8 with or
/// without byte order mark, GB18030 (and its subsets GBK and GB 2312), or UTF-16 with its mark.
enum TextDecoding {
  /// The file as UTF-8 without byte order mark. Text that is valid UTF-8 is taken as that: by chance, GB18030 text of
  /// more than a few ideographs never is.
  /// - Throws: the line on which the first character stands that cannot be read.
  static func utf8(_ bytes: [UInt8]) throws(UnreadableText) -> [UInt8] {
    let text = try decoded(bytes)
    // Tables have no NUL; UTF-16 without its mark has one in every second byte.
    if let place = text.firstIndex(of: 0) { throw UnreadableText(line: line(of: place, in: text)) }
    return text
  }

  private static func decoded(_ bytes: [UInt8]) throws(UnreadableText) -> [UInt8] {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      let rest = Array(bytes.dropFirst(3))
      guard isUTF8(rest) else { throw UnreadableText(line: 1) }
      return rest
    }
    if bytes.starts(with: [0xFF, 0xFE]) { return try converted(bytes, from: "UTF-16LE", skipping: 2) }
    if bytes.starts(with: [0xFE, 0xFF]) { return try converted(bytes, from: "UTF-16BE", skipping: 2) }
    if isUTF8(bytes) { return bytes }
    let mark = bytes.starts(with: [0x84, 0x31, 0x95, 0x33]) ? 4 : 0
    return try converted(bytes, from: "GB18030", skipping: mark)
  }

  private static func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

  /// glibc's iconv knows the whole of GB18030, four-byte characters included.
  private static func converted(
    _ bytes: [UInt8], from name: String, skipping mark: Int
  ) throws(UnreadableText) -> [UInt8] {
    let converter = iconv_open("UTF-8", name)
    guard let converter, Int(bitPattern: converter) != -1 else { throw UnreadableText(line: 1) }
    defer { iconv_close(converter) }
    var source = Array(bytes.dropFirst(mark)).map(CChar.init(bitPattern:))
    var result: [UInt8] = []
    result.reserveCapacity(source.count + source.count / 2)
    var chunk = [CChar](repeating: 0, count: 1 << 16)
    var consumed = 0
    while consumed < source.count {
      let step = Self.step(converter, &source, consumed, &chunk)
      result.append(contentsOf: chunk.prefix(step.written).lazy.map(UInt8.init(bitPattern:)))
      consumed += step.read
      // E2BIG only asks for room; anything else that stops it is a character that is none.
      guard step.isGood, step.read > 0 || step.written > 0 else {
        throw UnreadableText(line: line(of: result.count, in: result))
      }
    }
    return result
  }

  private static func step(
    _ converter: iconv_t, _ source: inout [CChar], _ consumed: Int, _ chunk: inout [CChar]
  ) -> (read: Int, written: Int, isGood: Bool) {
    var left = source.count - consumed
    var room = chunk.count
    let isGood = source.withUnsafeMutableBufferPointer { input in
      chunk.withUnsafeMutableBufferPointer { output in
        var from = input.baseAddress.map { $0 + consumed }
        var to = output.baseAddress
        return iconv(converter, &from, &left, &to, &room) != .max || errno == E2BIG
      }
    }
    return (source.count - consumed - left, chunk.count - room, isGood)
  }

  private static func line(of place: Int, in text: [UInt8]) -> Int {
    1 + text.prefix(place).count { $0 == UInt8(ascii: "\n") }
  }
}

/// A file with a character that cannot be read.
struct UnreadableText: Error, Equatable {
  /// Where, from 1.
  let line: Int
}
