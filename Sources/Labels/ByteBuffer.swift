/// Bytes on their way out, with the number formats that PDF, SVG and ZPL are written in. Formatting numbers is most
/// of the work of writing a label, so it goes digit by digit and makes no strings.
struct ByteBuffer {
  private(set) var bytes: [UInt8] = []
  /// All bytes ever written, those taken already included.
  private(set) var position = 0

  var isEmpty: Bool { bytes.isEmpty }
  var count: Int { bytes.count }

  /// Hands over what is there and starts anew.
  mutating func take() -> [UInt8] {
    let taken = bytes
    bytes = []
    return taken
  }

  /// Forgets the content and keeps the memory.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
  }

  mutating func write(_ text: StaticString) {
    text.withUTF8Buffer { write($0) }
  }

  mutating func write(text: String) {
    var text = text
    text.withUTF8 { write($0) }
  }

  mutating func write(_ more: some Collection<UInt8>) {
    bytes.append(contentsOf: more)
    position += more.count
  }

  mutating func write(byte: UInt8) {
    bytes.append(byte)
    position += 1
  }

  /// A whole number in decimal.
  mutating func write(_ number: Int) {
    if number < 0 { write(byte: UInt8(ascii: "-")) }
    var rest = number.magnitude
    if rest < 10 { return write(byte: UInt8(48 + rest)) }
    if rest < 100 {
      write(byte: UInt8(48 + rest / 10))
      return write(byte: UInt8(48 + rest % 10))
    }
    let start = bytes.count
    while rest > 0 {
      write(byte: UInt8(48 + rest % 10))
      rest /= 10
    }
    bytes[start...].reverse()
  }

  /// A number with up to `decimals` (0 … 6) decimals, without trailing zeros and never in exponent form.
  mutating func write(_ number: Double, decimals: Int) {
    let scale = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000][min(max(decimals, 0), 6)]
    // Coordinates are bounded far below this; the clamp keeps a surprise from trapping.
    let scaled = Int(max(-1e12, min(1e12, number * Double(scale))).rounded())
    if scaled < 0 { write(byte: UInt8(ascii: "-")) }
    var (whole, part) = Int(scaled.magnitude).quotientAndRemainder(dividingBy: scale)
    write(whole)
    guard part > 0 else { return }
    write(byte: UInt8(ascii: "."))
    var place = scale / 10
    while part > 0 {
      (whole, part) = part.quotientAndRemainder(dividingBy: place)
      write(byte: UInt8(48 + whole))
      place /= 10
    }
  }

  /// A byte as two upper-case hexadecimal digits.
  mutating func write(hex byte: UInt8) {
    for nibble in [byte >> 4, byte & 15] { write(byte: nibble < 10 ? 48 + nibble : 55 + nibble) }
  }

  /// A 16-bit number as four hexadecimal digits.
  mutating func write(hex16 number: UInt16) {
    write(hex: UInt8(number >> 8))
    write(hex: UInt8(number & 0xFF))
  }

  /// The low bytes of a number, the highest first.
  mutating func write(bigEndian number: Int, bytes count: Int) {
    for shift in stride(from: (count - 1) * 8, through: 0, by: -8) {
      write(byte: UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}
