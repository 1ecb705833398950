/// A ZIP in the one spelling that a bundle has: files stored without compression, in the order of their paths, with no
/// date, no attributes, no extra field and no comment.
///
/// It is written by hand because its bytes are part of the format: what a library writes changes with its version and
/// its compressor, and then an old bundle could not be made again. And as nothing is compressed, nothing can explode.
enum StoredZIP {
  /// A file in it.
  struct Entry: Equatable {
    let path: String
    let bytes: [UInt8]
  }

  /// 1980-01-01 in the MS-DOS form: the earliest date that there is.
  private static let date: UInt16 = 0x0021
  /// ZIP 1.0: stored files only.
  private static let version: UInt16 = 10

  static let localSignature: UInt32 = 0x0403_4B50
  static let centralSignature: UInt32 = 0x0201_4B50
  static let endSignature: UInt32 = 0x0605_4B50
  /// Bytes of the fixed part of a file's header, of a directory entry and of the end record.
  static let localSize = 30, centralSize = 46, endSize = 22

  /// The archive of these files. Paths are ASCII; counts and sizes are within `EvidenceLimits`.
  static func write(_ entries: [Entry]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size(of: entries))
    var directory: [UInt8] = []
    for entry in entries {
      let offset = UInt32(truncatingIfNeeded: bytes.count)
      let facts = facts(of: entry)
      append(localSignature, to: &bytes)
      bytes += facts
      bytes += entry.path.utf8
      bytes += entry.bytes
      append(centralSignature, to: &directory)
      append(version, to: &directory)
      directory += facts
      // Comment length, disk, internal attributes; external attributes.
      directory += [UInt8](repeating: 0, count: 10)
      append(offset, to: &directory)
      directory += entry.path.utf8
    }
    let start = bytes.count
    bytes += directory
    append(end(count: entries.count, size: directory.count, offset: start), to: &bytes)
    return bytes
  }

  /// How many bytes `write` gives.
  static func size(of entries: [Entry]) -> Int {
    entries.reduce(endSize) { $0 + localSize + centralSize + 2 * $1.path.utf8.count + $1.bytes.count }
  }

  /// The 26 bytes that a file's header and its directory entry share.
  private static func facts(of entry: Entry) -> [UInt8] {
    var bytes: [UInt8] = []
    let size = UInt32(truncatingIfNeeded: entry.bytes.count)
    // Flags, method (stored) and time are zero.
    for value in [version, 0, 0, 0, date] { append(value, to: &bytes) }
    for value in [CRC32.checksum(entry.bytes), size, size] { append(value, to: &bytes) }
    for value in [UInt16(truncatingIfNeeded: entry.path.utf8.count), 0] { append(value, to: &bytes) }
    return bytes
  }

  private static func end(count: Int, size: Int, offset: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    append(endSignature, to: &bytes)
    let count = UInt16(truncatingIfNeeded: count)
    for value in [0, 0, count, count] { append(value, to: &bytes) }
    for value in [size, offset] { append(UInt32(truncatingIfNeeded: value), to: &bytes) }
    append(UInt16(0), to: &bytes)
    return bytes
  }

  private static func append(_ part: [UInt8], to bytes: inout [UInt8]) { bytes += part }

  /// ZIP writes numbers little end first.
  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
