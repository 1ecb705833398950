/// The fixed text between the changing parts of a line: index, serial (once in the URI, once alone) and box.
/// None of the parts can hold a comma, a quotation mark or a backslash, so nothing needs escaping: a resolver is
/// checked for that, the rest is digits and letters.
struct LineShape: Sendable {
  /// The first line of a CSV file.
  static let csvHeader = Array("index,uri,gtin,serial,box\n".utf8)

  private let beforeIndex: [UInt8]
  private let beforeURISerial: [UInt8]
  private let beforeSerial: [UInt8]
  private let beforeBox: [UInt8]
  private let afterBox: [UInt8]
  private let quote: [UInt8]
  /// What stands for a box where none was assigned.
  let noBox: [UInt8]

  init(format: CodeLineWriter.Format, itemPrefix: String, gtin: GTIN) {
    let parts: [String]
    switch format {
    case .txt: parts = ["", itemPrefix, "", "", "\n"]
    case .csv: parts = ["", "," + itemPrefix, ",\(gtin),", ",", "\n"]
    case .ndjson:
      parts = [
        #"{"index":"#, #","uri":""# + itemPrefix, #"","gtin":"\#(gtin)","serial":""#, #"","box":"#, "}\n",
      ]
    }
    beforeIndex = Array(parts[0].utf8)
    beforeURISerial = Array(parts[1].utf8)
    beforeSerial = Array(parts[2].utf8)
    beforeBox = Array(parts[3].utf8)
    afterBox = Array(parts[4].utf8)
    quote = format == .ndjson ? [UInt8(ascii: "\"")] : []
    noBox = format == .ndjson ? Array("null".utf8) : []
  }

  /// Where the serial begins in a line of bare URIs.
  var serialOffset: Int { beforeURISerial.count }

  /// A line of bare URIs with zeros for its serial; for the other formats about what a line takes.
  func blankLine(serialLength: Int) -> [UInt8] {
    beforeURISerial + [UInt8](repeating: Digits.zero, count: serialLength) + afterBox
  }

  /// The box column for `box`, whose URI begins with `prefix`.
  func box(_ prefix: [UInt8], _ box: SSCC) -> [UInt8] { quote + prefix + Digits.bytes(box.value, width: 18) + quote }

  /// Bytes of a line with the longest index there is.
  func longestLine(serialLength: Int, boxLength: Int) -> Int {
    let fixed = beforeIndex.count + beforeURISerial.count + beforeSerial.count + beforeBox.count + afterBox.count
    return fixed + 11 + 2 * serialLength + max(boxLength, noBox.count)
  }

  /// Writes one line of columns at `place`, where `longestLine` bytes are free.
  /// - Returns: the place after it.
  func put(
    index: UInt64, serial: UnsafeRawBufferPointer, box: [UInt8], at place: Int, in lines: UnsafeMutableRawBufferPointer
  ) -> Int {
    var place = Self.put(beforeIndex, at: place, in: lines)
    place = Self.put(decimal: index, at: place, in: lines)
    place = Self.put(beforeURISerial, at: place, in: lines)
    place = Self.put(serial, at: place, in: lines)
    place = Self.put(beforeSerial, at: place, in: lines)
    place = Self.put(serial, at: place, in: lines)
    place = Self.put(beforeBox, at: place, in: lines)
    place = Self.put(box, at: place, in: lines)
    return Self.put(afterBox, at: place, in: lines)
  }

  @inline(__always)
  private static func put(_ bytes: [UInt8], at place: Int, in lines: UnsafeMutableRawBufferPointer) -> Int {
    bytes.withUnsafeBytes { put($0, at: place, in: lines) }
  }

  @inline(__always)
  private static func put(
    _ bytes: UnsafeRawBufferPointer, at place: Int, in lines: UnsafeMutableRawBufferPointer
  ) -> Int {
    UnsafeMutableRawBufferPointer(rebasing: lines[place..<(place + bytes.count)]).copyMemory(from: bytes)
    return place + bytes.count
  }

  /// Writes `value` in decimal without making a string of it.
  private static func put(decimal value: UInt64, at place: Int, in lines: UnsafeMutableRawBufferPointer) -> Int {
    var length = 1
    var bound: UInt64 = 10
    while length < 19, value >= bound {
      bound *= 10
      length += 1
    }
    var rest = value
    for position in (place..<(place + length)).reversed() {
      lines[position] = Digits.zero + UInt8(rest % 10)
      rest /= 10
    }
    return place + length
  }
}
