/// Prints the item codes of a range, one line each, as chunks of about a megabyte: to a file, or pulled by a server
/// that streams them. Nothing is kept per code, so a range of any size takes the same memory.
///
///     var writer = try CodeLineWriter(
///       cipher: cipher, profile: .compact, range: 0..<1200, resolver: resolver, format: .txt)
///     while let chunk = try writer.next() { try file.write(contentsOf: chunk) }
package struct CodeLineWriter: Sendable {
  /// What a line looks like. All end with a line feed, all are ASCII.
  package enum Format: String, CaseIterable, Sendable {
    /// The code as a URI, nothing else: for printing houses.
    case txt
    /// A header, then `index,uri,gtin,serial,box`; `box` is the URI of the pre-assigned box or empty.
    case csv
    /// A JSON object a line with the columns of the CSV; `box` is null without boxes.
    case ndjson
  }

  /// The index after the last that was printed.
  package private(set) var position: UInt64
  private var nextChunk = 0
  private let end: UInt64
  /// The index that the column `index` counts from: the first of the batch.
  private let countedFrom: UInt64
  private let cipher: ProductCipher
  private let profile: SerialProfile
  private let boxPrefix: [UInt8]
  private let boxes: BoxAssignment?
  private let shape: LineShape
  private let format: Format
  private let start: UInt64
  private let linesInChunk: Int
  /// Lines whose serials are overwritten chunk after chunk (txt), or the serials alone (csv, ndjson).
  private var scratch: [UInt8]
  /// The last chunk of columns. Kept, because fresh pages for every chunk cost more than filling them.
  private var lines: [UInt8] = []

  /// - Parameter chunkBytes: about how long a chunk is; at least one line is in each.
  /// - Throws: `indexOutOfRange` when `range` ends beyond 2^36.
  package init(
    cipher: ProductCipher, profile: SerialProfile, range: Range<UInt64>, resolver: Resolver, format: Format,
    boxes: BoxAssignment? = nil, countedFrom: UInt64 = 0, chunkBytes: Int = 1 << 20
  ) throws(CodeError) {
    guard range.upperBound <= ItemIndex.end else { throw .indexOutOfRange }
    start = range.lowerBound
    position = start
    end = range.upperBound
    self.cipher = cipher
    self.profile = profile
    boxPrefix = Array(resolver.boxPrefix.utf8)
    self.boxes = boxes
    self.countedFrom = countedFrom
    self.format = format
    shape = LineShape(format: format, itemPrefix: resolver.itemPrefix(cipher.gtin), gtin: cipher.gtin)
    let blank = shape.blankLine(serialLength: profile.length)
    linesInChunk = min(max(1, chunkBytes / blank.count), max(1, range.count))
    let repeated = format == .txt ? blank : [UInt8](repeating: 0, count: profile.length)
    scratch = Array([[UInt8]](repeating: repeated, count: linesInChunk).joined())
  }

  /// How many chunks there are; an empty range of `.csv` is a header with nothing below.
  package var chunkCount: Int {
    let chunks = Int((end - start + UInt64(linesInChunk) - 1) / UInt64(linesInChunk))
    return chunks == 0 && format == .csv ? 1 : chunks
  }

  /// The lines of a chunk, from 0: copies of a writer print different chunks on different cores.
  /// - Throws: `indexOutOfRange` when the boxes run out or there is no such chunk, `cipherUnavailable`.
  package mutating func chunk(_ number: Int) throws(CodeError) -> [UInt8] {
    guard (0..<chunkCount).contains(number) else { throw .indexOutOfRange }
    let first = start + UInt64(number * linesInChunk)
    position = min(end, first + UInt64(linesInChunk))
    return format == .txt ? try bareLines(first..<position) : try columns(first..<position)
  }

  /// The next lines, nil after the last. A chunk ends with a whole line.
  /// - Throws: `indexOutOfRange` when the boxes run out, `cipherUnavailable`.
  package mutating func next() throws(CodeError) -> [UInt8]? {
    guard nextChunk < chunkCount else { return nil }
    defer { nextChunk += 1 }
    return try chunk(nextChunk)
  }

  /// Hands every chunk to `body`, which writes it.
  package mutating func forEachChunk(_ body: ([UInt8]) throws -> Void) throws {
    while let chunk = try next() { try body(chunk) }
  }

  /// Lines that differ in nothing but the serial: only that is written anew.
  private mutating func bareLines(_ range: Range<UInt64>) throws(CodeError) -> [UInt8] {
    let stride = shape.serialOffset + profile.length + 1
    try cipher.makeSerials(range, profile: profile, into: &scratch, offset: shape.serialOffset, stride: stride)
    return range.count == linesInChunk ? scratch : Array(scratch[..<(range.count * stride)])
  }

  /// Lines put together column by column.
  private mutating func columns(_ range: Range<UInt64>) throws(CodeError) -> [UInt8] {
    try cipher.makeSerials(range, profile: profile, into: &scratch)
    var end = 0
    if format == .csv, range.lowerBound == start {
      lines = LineShape.csvHeader
      end = lines.count
    }
    let longest = shape.longestLine(serialLength: profile.length, boxLength: boxPrefix.count + 18 + 2)
    lines.append(contentsOf: repeatElement(0, count: max(0, end + range.count * longest - lines.count)))
    var first = range.lowerBound
    while first < range.upperBound {
      let (box, last) = try run(from: first, to: range.upperBound)
      end = put(first..<last, skipping: Int(first - range.lowerBound), box: box, at: end)
      first = last
    }
    lines.removeLast(lines.count - end)
    return lines
  }

  /// The box column of item `first`, and the end of the items that share it.
  private func run(from first: UInt64, to end: UInt64) throws(CodeError) -> (box: [UInt8], last: UInt64) {
    guard let boxes else { return (shape.noBox, end) }
    let box = shape.box(boxPrefix, try boxes.box(ofItem: first))
    return (box, first + min(end - first, boxes.itemsLeft(from: first)))
  }

  /// Writes the lines of items that share a box; their serials stand in `scratch` after `skipping` others.
  private mutating func put(_ range: Range<UInt64>, skipping: Int, box: [UInt8], at start: Int) -> Int {
    let length = profile.length
    return lines.withUnsafeMutableBytes { lines in
      scratch.withUnsafeBytes { serials in
        var place = start
        for (line, index) in range.enumerated() {
          let from = (skipping + line) * length
          let serial = UnsafeRawBufferPointer(rebasing: serials[from..<(from + length)])
          place = shape.put(index: index &- countedFrom, serial: serial, box: box, at: place, in: lines)
        }
        return place
      }
    }
  }
}
