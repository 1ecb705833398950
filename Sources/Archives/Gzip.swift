import CArchive

/// RFC 1952, by libarchive.
package enum Gzip {
  /// Compressed; nil when that fails.
  package static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    guard let archive = archive_write_new() else { return nil }
    defer { archive_write_free(archive) }
    guard archive_write_add_filter_gzip(archive) == ARCHIVE_OK, archive_write_set_format_raw(archive) == ARCHIVE_OK
    else { return nil }
    // The same bytes at every start.
    archive_write_set_filter_option(archive, "gzip", "timestamp", nil)
    var (out, used) = ([UInt8](repeating: 0, count: bytes.count + 4096), 0)
    let isDone = out.withUnsafeMutableBytes { space in
      guard archive_write_open_memory(archive, space.baseAddress, space.count, &used) == ARCHIVE_OK,
        let entry = archive_entry_new()
      else { return false }
      defer { archive_entry_free(entry) }
      // AE_IFREG, which the importer does not see.
      archive_entry_set_filetype(entry, 0o100000)
      guard archive_write_header(archive, entry) == ARCHIVE_OK else { return false }
      let written = bytes.withUnsafeBytes { archive_write_data(archive, $0.baseAddress, $0.count) }
      return written == bytes.count && archive_write_close(archive) == ARCHIVE_OK
    }
    guard isDone, used > 0 else { return nil }
    return Array(out.prefix(used))
  }
}
