extension StoredZIP {
  /// What was found in bytes that should be an archive.
  struct Reading {
    /// The files; nil when the bytes could not be followed to their end.
    var entries: [Entry]?
    /// What is not as `write` makes it, and the file at that place.
    var fault: Break?
  }

  /// Takes an archive apart by its files' headers, then makes it again: every byte that is not what `write` would have
  /// written is a fault, wherever it stands. Linear in the size; nothing is unpacked.
  static func read(_ bytes: [UInt8]) -> Reading {
    guard bytes.count <= EvidenceLimits.bytesMax else { return Reading(fault: Break(.bundleTooLarge)) }
    var reader = StoredZIPReader(bytes: bytes)
    do {
      let entries = try reader.entries()
      return Reading(entries: entries, fault: difference(entries, bytes))
    } catch {
      return Reading(fault: error)
    }
  }

  /// The first place where the bytes are not the archive of the entries.
  private static func difference(_ entries: [Entry], _ bytes: [UInt8]) -> Break? {
    let expected = write(entries)
    if expected == bytes { return nil }
    let place = zip(expected, bytes).enumerated().first { $1.0 != $1.1 }?.offset ?? min(expected.count, bytes.count)
    var end = 0
    for entry in entries {
      end += localSize + entry.path.utf8.count + entry.bytes.count
      if place < end { return Break(.archiveDiffers(offset: place), entry.path) }
    }
    return Break(.archiveDiffers(offset: place))
  }
}

/// Walks from one file's header to the next.
private struct StoredZIPReader {
  let bytes: [UInt8]
  var position = 0

  mutating func entries() throws(Break) -> [StoredZIP.Entry] {
    var entries: [StoredZIP.Entry] = []
    while number(at: position, 4) == StoredZIP.localSignature {
      guard entries.count < EvidenceLimits.filesMax else { throw Break(.tooManyFiles) }
      let entry = try entry()
      if let last = entries.last, !Self.precedes(last.path, entry.path) {
        throw Break(.pathsOutOfOrder, entry.path)
      }
      entries.append(entry)
    }
    guard !entries.isEmpty, number(at: position, 4) == StoredZIP.centralSignature else {
      throw Break(.archiveBroken(offset: position))
    }
    return entries
  }

  private mutating func entry() throws(Break) -> StoredZIP.Entry {
    let start = position
    guard let method = number(at: start + 8, 2), let size = number(at: start + 18, 4),
      let nameSize = number(at: start + 26, 2), Int(nameSize) <= bytes.count - start - StoredZIP.localSize
    else { throw Break(.archiveBroken(offset: start)) }
    let nameEnd = start + StoredZIP.localSize + Int(nameSize)
    let path = String(decoding: bytes[start + StoredZIP.localSize..<nameEnd], as: UTF8.self)
    guard EvidencePath.content(path) != nil else { throw Break(.pathNotAdmitted, String(path.prefix(80))) }
    guard method == 0 else { throw Break(.compressed, path) }
    guard Int(size) <= bytes.count - nameEnd else { throw Break(.archiveBroken(offset: start), path) }
    position = nameEnd + Int(size)
    return StoredZIP.Entry(path: path, bytes: Array(bytes[nameEnd..<position]))
  }

  private func number(at offset: Int, _ count: Int) -> UInt32? {
    guard offset <= bytes.count - count else { return nil }
    return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
