/// The check sum of ZIP (ISO 3309, polynomial 0xEDB88320, bits reflected).
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  /// The check sum of the bytes.
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var state = UInt32.max
    for byte in bytes { state = state >> 8 ^ table[Int((state ^ UInt32(byte)) & 255)] }
    return ~state
  }
}
