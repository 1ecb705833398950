/// Reads the primitive values of regions.bin from bytes; the layout is described in tools/regions.
///
/// The file is our own, but it is read as if it were not: every step is bounds-checked, and a count is believed only as
/// far as the bytes left could hold that many things.
struct ResourceReader {
  private let bytes: [UInt8]
  private(set) var offset: Int

  private static let magic = Array("YIMAREG1".utf8)

  /// Checks the magic and the checksum, and stands at the first value after them.
  init(_ bytes: [UInt8]) throws(RegionError) {
    self.bytes = bytes
    offset = 16
    guard bytes.starts(with: Self.magic) else { throw .resourceDamaged(.notRegions, at: 0) }
    guard bytes.count >= 16 else { throw .resourceDamaged(.truncated, at: bytes.count) }
    let stated = bytes[8..<16].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard stated == Self.checksum(bytes[16...]) else { throw .resourceDamaged(.checksum, at: 8) }
  }

  /// FNV-1a, 64 bits: finds accidents, not attackers (whoever can change the file can change the program).
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// An unsigned LEB128 number below 2^35.
  mutating func number() throws(RegionError) -> Int {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      guard offset < bytes.count else { throw damaged(.truncated) }
      let byte = bytes[offset]
      offset += 1
      value |= Int(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    throw damaged(.numberTooLarge)
  }

  /// A zigzag number.
  mutating func signedNumber() throws(RegionError) -> Int {
    let value = try number()
    return value & 1 == 0 ? value >> 1 : -(value >> 1) - 1
  }

  /// A count of things that take at least `size` bytes each.
  mutating func count(ofSize size: Int) throws(RegionError) -> Int {
    let value = try number()
    guard value <= (bytes.count - offset) / size else { throw damaged(.truncated) }
    return value
  }

  /// A number below `limit`.
  mutating func index(below limit: Int) throws(RegionError) -> Int {
    let value = try number()
    guard value < limit else { throw damaged(.badIndex) }
    return value
  }

  /// A text with its length before it.
  mutating func text() throws(RegionError) -> String {
    let length = try count(ofSize: 1)
    guard let text = String(validating: bytes[offset..<offset + length], as: UTF8.self) else { throw damaged(.badText) }
    offset += length
    return text
  }

  /// A six-digit region code.
  mutating func code() throws(RegionError) -> RegionCode {
    try code(number())
  }

  /// The region of a six-digit number read before.
  func code(_ number: Int) throws(RegionError) -> RegionCode {
    guard let code = RegionCode(number: number) else { throw damaged(.badCode) }
    return code
  }

  /// Nothing may follow the last value.
  func finish() throws(RegionError) {
    guard offset == bytes.count else { throw damaged(.trailingBytes) }
  }

  /// The error `damage` at the place reached.
  func damaged(_ damage: RegionError.Damage) -> RegionError { .resourceDamaged(damage, at: offset) }
}
