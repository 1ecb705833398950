/// The arithmetic of item serials over two block ciphers; see `codes/SPEC.md`, "Item serial". Works on up to `batch`
/// indexes at a time in memory that it keeps, so that bulk issuing allocates nothing per code.
struct SerialEngine: ~Copyable {
  /// Indexes per cipher call when issuing. 2 048 blocks are 32 KiB, which stay in a first-level cache.
  static let bulk = 2048

  /// Indexes per cipher call of this engine.
  let batch: Int

  private let tagCipher: AESBlocks
  private let maskCipher: AESBlocks
  private let epochBits: UInt64
  /// Two words a block, kept big-endian in memory as the cipher reads them.
  private var blocks: [UInt64]
  private var tags: [UInt64]

  /// - Parameter keys: K1 ‖ K2, 32 bytes.
  init(keys: [UInt8], epoch: KeyEpoch, batch: Int) {
    self.batch = batch
    tagCipher = AESBlocks(key: Array(keys.prefix(16)))
    maskCipher = AESBlocks(key: Array(keys.dropFirst(16)))
    epochBits = UInt64(epoch.rawValue) << 36
    blocks = [UInt64](repeating: 0, count: 2 * batch)
    tags = [UInt64](repeating: 0, count: batch)
  }

  /// What the first word of a block says: use (1 tag, 2 mask), profile, and 6 zero bytes.
  private static func header(use: UInt64, _ profile: SerialProfile) -> UInt64 {
    (use << 56 | UInt64(profile.code) << 48).bigEndian
  }

  /// The tag of one index; nil when the cipher is not available.
  private mutating func tag(_ index: UInt64, _ profile: SerialProfile) -> UInt64? {
    guard let block = encryptOne(index, use: 1, profile) else { return nil }
    return block >> UInt64(64 - profile.tagBits)
  }

  /// The 36-bit mask that belongs to `tag`; nil when the cipher is not available.
  private mutating func mask(_ tag: UInt64, _ profile: SerialProfile) -> UInt64? {
    guard let block = encryptOne(tag, use: 2, profile) else { return nil }
    return block >> 28
  }

  /// The leading 64 bits of the encrypted block of `word`.
  private mutating func encryptOne(_ word: UInt64, use: UInt64, _ profile: SerialProfile) -> UInt64? {
    blocks[0] = Self.header(use: use, profile)
    blocks[1] = word.bigEndian
    let done = encrypt(1, with: use)
    return done ? UInt64(bigEndian: blocks[0]) : nil
  }

  /// Encrypts the first `count` blocks with the cipher for `use`.
  private mutating func encrypt(_ count: Int, with use: UInt64) -> Bool {
    // Spelled out for each cipher: a non-copyable value cannot be the result of a choice.
    use == 1
      ? blocks.withUnsafeMutableBytes {
        tagCipher.encrypt(UnsafeMutableRawBufferPointer(rebasing: $0[..<(16 * count)]))
      }
      : blocks.withUnsafeMutableBytes {
        maskCipher.encrypt(UnsafeMutableRawBufferPointer(rebasing: $0[..<(16 * count)]))
      }
  }

  /// The serial of one index, which must be below 2^36; nil when the cipher is not available.
  mutating func serial(_ index: UInt64, _ profile: SerialProfile) -> ItemSerial? {
    guard let tag = tag(index, profile), let mask = mask(tag, profile) else { return nil }
    return ItemSerial(profile: profile, head: epochBits | (index ^ mask), tag: tag)
  }

  /// Unmasks the index of `serial` and recomputes its tag.
  /// - Returns: the index and the difference of the tags, zero when they agree; nil when the cipher is not available.
  mutating func open(_ serial: ItemSerial) -> (index: UInt64, difference: UInt64)? {
    guard let mask = mask(serial.tag, serial.profile) else { return nil }
    let index = (serial.head ^ mask) & ItemIndex.mask
    guard let tag = tag(index, serial.profile) else { return nil }
    // One XOR of whole words and one comparison with zero: the time does not depend on how many bits agree.
    return (index, tag ^ serial.tag)
  }

  /// Writes the serials of `count` indexes from `first` into `lines`, the characters of the n-th at `offset + n *
  /// stride`. The caller has checked that they fit, that `count` is at most `batch` and that the indexes are in range.
  /// - Returns: false when the cipher is not available.
  mutating func write(
    first: UInt64, count: Int, profile: SerialProfile, to lines: UnsafeMutableRawBufferPointer, offset: Int, stride: Int
  ) -> Bool {
    let tagHeader = Self.header(use: 1, profile)
    for position in 0..<count {
      blocks[2 * position] = tagHeader
      blocks[2 * position + 1] = (first + UInt64(position)).bigEndian
    }
    guard encrypt(count, with: 1) else { return false }
    let maskHeader = Self.header(use: 2, profile)
    let shift = UInt64(64 - profile.tagBits)
    for position in 0..<count {
      let tag = UInt64(bigEndian: blocks[2 * position]) >> shift
      tags[position] = tag
      blocks[2 * position] = maskHeader
      blocks[2 * position + 1] = tag.bigEndian
    }
    guard encrypt(count, with: 2) else { return false }
    writeLines(first: first, count: count, profile: profile, to: lines, offset: offset, stride: stride)
    return true
  }

  /// Prints what `tags` and the masks in `blocks` make of the indexes.
  private func writeLines(
    first: UInt64, count: Int, profile: SerialProfile, to lines: UnsafeMutableRawBufferPointer, offset: Int, stride: Int
  ) {
    CrockfordBase32.pairs.withUnsafeBufferPointer { pairs in
      var place = offset
      for position in 0..<count {
        let masked = (first + UInt64(position)) ^ (UInt64(bigEndian: blocks[2 * position]) >> 28)
        Self.put(epochBits | masked, pairs: 4, at: place, in: lines, pairs)
        Self.put(tags[position], pairs: profile.tagBits / 10, at: place + 8, in: lines, pairs)
        place += stride
      }
    }
  }

  /// Writes the low `10 * count` bits of `value` as `2 * count` characters.
  @inline(__always)
  private static func put(
    _ value: UInt64, pairs count: Int, at place: Int, in lines: UnsafeMutableRawBufferPointer,
    _ pairs: UnsafeBufferPointer<UInt16>
  ) {
    for pair in 0..<count {
      let characters = pairs[Int(value >> UInt64(10 * (count - 1 - pair)) & 1023)]
      lines.storeBytes(of: characters.littleEndian, toByteOffset: place + 2 * pair, as: UInt16.self)
    }
  }
}

/// The range of item indexes of one product and epoch.
package enum ItemIndex {
  /// Bits of an index.
  package static let bits: UInt64 = 36
  /// The first index that does not exist: 68 719 476 736.
  package static let end: UInt64 = 1 << bits
  static let mask: UInt64 = end - 1
}
