import CArchive

/// A zip container in memory, out of which parts are unpacked within bounds (APPNOTE.TXT; read by libarchive).
package struct ZipFile {
  /// What may come out of a container.
  package struct Bounds: Sendable {
    /// Parts that it may list.
    package let parts: Int
    /// Bytes that all that is unpacked may have together.
    package let unpacked: Int
    /// How many times the container's own length may be unpacked; small ones may always grow to `floor` bytes.
    package let ratio: Int, floor: Int

    /// Made from its parts.
    package init(parts: Int, unpacked: Int, ratio: Int, floor: Int) {
      self.parts = parts
      self.unpacked = unpacked
      self.ratio = ratio
      self.floor = floor
    }
  }

  private let bytes: [UInt8]
  private let partsMax: Int
  /// Bytes that may yet be unpacked.
  private var left: Int

  /// Nothing is read yet.
  package init(_ bytes: [UInt8], _ bounds: Bounds) {
    self.bytes = bytes
    partsMax = bounds.parts
    left = min(
      bounds.unpacked, max(bounds.floor, bytes.count.multipliedReportingOverflow(by: bounds.ratio).partialValue))
  }

  /// Unpacks the parts of these names, which are compared without regard to case, as the Open Packaging Conventions
  /// ask; those that are not there are left out. Other parts are passed over without being unpacked.
  /// - Returns: the parts by their names in lower case.
  /// - Throws: when the container is damaged, encrypted, or larger than its bounds.
  package mutating func parts(_ names: Set<String>) throws(ZipFault) -> [String: [UInt8]] {
    let (bytes, wanted) = (bytes, Set(names.map { $0.lowercased() }))
    // libarchive looks at the memory until it is done, so all of it happens within.
    let result = bytes.withUnsafeBytes { memory -> Result<[String: [UInt8]], ZipFault> in
      do throws(ZipFault) { return .success(try read(wanted, memory)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private mutating func read(
    _ wanted: Set<String>, _ memory: UnsafeRawBufferPointer
  ) throws(ZipFault) -> [String: [UInt8]] {
    guard let archive = archive_read_new() else { throw .damaged }
    defer { archive_read_free(archive) }
    guard archive_read_support_format_zip_seekable(archive) == ARCHIVE_OK,
      archive_read_open_memory(archive, memory.baseAddress, memory.count) == ARCHIVE_OK
    else { throw .damaged }
    var (found, listed): ([String: [UInt8]], Int) = ([:], 0)
    while true {
      var entry: OpaquePointer?
      let step = archive_read_next_header(archive, &entry)
      if step == ARCHIVE_EOF { return found }
      guard step == ARCHIVE_OK || step == ARCHIVE_WARN, let entry else { throw .damaged }
      listed += 1
      guard listed <= partsMax else { throw .tooLarge }
      guard let path = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry) else { continue }
      let name = String(cString: path).replacing("\\", with: "/").lowercased()
      guard wanted.contains(name) else { continue }
      guard archive_entry_is_data_encrypted(entry) == 0 else { throw .encrypted }
      // Two parts of one name are read differently by different programs.
      guard found[name] == nil else { throw .damaged }
      found[name] = try unpack(archive)
    }
  }

  /// The data of the part that the archive stands at.
  private mutating func unpack(_ archive: OpaquePointer) throws(ZipFault) -> [UInt8] {
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = archive_read_data(archive, &chunk, chunk.count)
      guard count >= 0 else { throw .damaged }
      if count == 0 { return content }
      left -= count
      guard left >= 0 else { throw .tooLarge }
      content += chunk.prefix(count)
    }
  }
}

/// A container that is not unpacked.
package enum ZipFault: Error, Equatable, Sendable {
  /// It is no zip, cut short, or damaged.
  case damaged
  /// A part is encrypted.
  case encrypted
  /// It lists too many parts, or unpacks to too much.
  case tooLarge
}
