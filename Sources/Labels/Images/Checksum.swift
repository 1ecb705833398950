import CPango

/// Checksums that file formats ask for.
enum Checksum {
  /// CRC-32 as PNG and ZIP use it.
  static func crc32(_ bytes: [UInt8]) -> Int {
    Int(CPango.crc32(0, bytes, UInt32(clamping: bytes.count)))
  }
}
