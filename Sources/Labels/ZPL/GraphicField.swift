/// ZPL's `^GF` in its compressed hexadecimal form: G … Y repeat a digit 1 to 19 times, g … z 20 to 400 times, a comma
/// fills the line with white, an exclamation mark with black, a colon repeats the line above (ZPL II guide, "Alternative
/// data compression scheme").
enum GraphicField {
  /// Writes a bitmap, to be put where the last `^FO` points.
  static func write(_ map: DotMap, to out: inout ByteBuffer) {
    out.write("^GFA,")
    for number in [map.bytes.count, map.bytes.count, map.stride] {
      out.write(number)
      out.write(",")
    }
    for row in 0..<map.height {
      if row > 0, map.row(row) == map.row(row - 1) {
        out.write(":")
      } else {
        writeRow(map.row(row), to: &out)
      }
    }
    out.write("^FS\n")
  }

  private static func writeRow(_ bytes: ArraySlice<UInt8>, to out: inout ByteBuffer) {
    var digits: [UInt8] = []
    digits.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      digits.append(byte >> 4)
      digits.append(byte & 15)
    }
    var place = 0
    while place < digits.count {
      let digit = digits[place]
      var end = place + 1
      while end < digits.count, digits[end] == digit { end += 1 }
      if end == digits.count, digit == 0 || digit == 15 {
        out.write(byte: digit == 0 ? UInt8(ascii: ",") : UInt8(ascii: "!"))
      } else {
        writeRun(digit, end - place, to: &out)
      }
      place = end
    }
  }

  private static func writeRun(_ digit: UInt8, _ length: Int, to out: inout ByteBuffer) {
    let character: UInt8 = digit < 10 ? 48 + digit : 55 + digit
    var rest = length
    while rest > 0 {
      // z stands for 400, Y for 19: 419 at a time at most.
      let part = min(rest, 419)
      rest -= part
      if part > 2 {
        if part >= 20 { out.write(byte: UInt8(ascii: "g") + UInt8(part / 20 - 1)) }
        if part % 20 > 0 { out.write(byte: UInt8(ascii: "G") + UInt8(part % 20 - 1)) }
        out.write(byte: character)
      } else {
        for _ in 0..<part { out.write(byte: character) }
      }
    }
  }
}
