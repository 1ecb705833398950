import Crypto
import FoundationEssentials
import Synchronization

/// Makes and recognises the serials of one product in one key epoch. Safe to use from several threads at once.
/// Recognising costs two AES blocks and no look-up, so nothing grows with the number of codes issued.
package final class ProductCipher: Sendable {
  /// The product.
  package let gtin: GTIN
  /// The epoch of the root key.
  package let epoch: KeyEpoch
  /// K1 ‖ K2, 32 bytes; published for the test keys in `codes/vectors.json`, secret for all others.
  package let derivedKeys: [UInt8]
  /// For one serial at a time. Bulk issuing takes an engine of its own, so that it never holds up a scan.
  private let engine: Mutex<SerialEngine>

  /// Derives the two keys of `gtin` in `epoch` from `root`; see `codes/SPEC.md`, "Keys".
  package init(root: RootKey, suite: Suite, gtin: GTIN, epoch: KeyEpoch) {
    self.gtin = gtin
    self.epoch = epoch
    derivedKeys = Self.keys(root: root, suite: suite, gtin: gtin, epoch: epoch)
    engine = Mutex(SerialEngine(keys: derivedKeys, epoch: epoch, batch: 1))
  }

  /// K1 ‖ K2, 32 bytes.
  private static func keys(root: RootKey, suite: Suite, gtin: GTIN, epoch: KeyEpoch) -> [UInt8] {
    let info = Array("yima/\(suite.rawValue)/item/v1".utf8) + Array(gtin.description.utf8) + [epoch.rawValue]
    let derived = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: root.bytes), salt: Array("yima".utf8), info: info, outputByteCount: 32)
    return derived.withUnsafeBytes { Array($0) }
  }

  /// The serial of item `index`; always the same one for the same index and profile.
  /// - Throws: `indexOutOfRange` from 2^36 on; `cipherUnavailable`.
  package func serial(index: UInt64, profile: SerialProfile) throws(CodeError) -> ItemSerial {
    guard index < ItemIndex.end else { throw .indexOutOfRange }
    guard let serial = engine.withLock({ $0.serial(index, profile) }) else { throw .cipherUnavailable }
    return serial
  }

  /// The index under which `serial` was made.
  /// - Throws: `unknownEpoch` when it names another epoch; `failedTag` when nobody with the keys made it (compared in
  ///   constant time); `cipherUnavailable`.
  package func index(of serial: ItemSerial) throws(CodeError) -> UInt64 {
    guard serial.epoch == epoch else { throw .unknownEpoch(Int(serial.epoch.rawValue)) }
    guard let opened = engine.withLock({ $0.open(serial) }) else { throw .cipherUnavailable }
    guard opened.difference == 0 else { throw .failedTag }
    return opened.index
  }

  /// Writes the serials of `range` into `buffer`, the characters of the n-th at `offset + n * stride`, thousands
  /// through one cipher call and without allocating. Bytes between the serials are left as they are.
  /// - Parameter stride: bytes from one serial to the next; nil puts them one after the other.
  /// - Throws: `indexOutOfRange` when an index is 2^36 or more; `wrongLength` of field `buffer` when they do not fit;
  ///   `cipherUnavailable`.
  package func makeSerials(
    _ range: Range<UInt64>, profile: SerialProfile, into buffer: inout [UInt8], offset: Int = 0, stride: Int? = nil
  ) throws(CodeError) {
    guard range.upperBound <= ItemIndex.end else { throw .indexOutOfRange }
    let stride = stride ?? profile.length
    guard let needed = Self.extent(of: range.count, profile, offset: offset, stride: stride), needed <= buffer.count
    else { throw .wrongLength(field: "buffer", expected: "as long as its serials", found: buffer.count) }
    var engine = SerialEngine(keys: derivedKeys, epoch: epoch, batch: min(SerialEngine.bulk, max(1, range.count)))
    for skipped in Swift.stride(from: 0, to: range.count, by: engine.batch) {
      let part = range.dropFirst(skipped).prefix(engine.batch)
      let start = offset + skipped * stride
      let done = buffer.withUnsafeMutableBytes {
        engine.write(
          first: part.lowerBound, count: part.count, profile: profile, to: $0, offset: start, stride: stride)
      }
      guard done else { throw .cipherUnavailable }
    }
  }

  /// Bytes up to the end of the last serial; nil when the layout makes no sense or overflows.
  private static func extent(of count: Int, _ profile: SerialProfile, offset: Int, stride: Int) -> Int? {
    guard offset >= 0, stride >= profile.length else { return nil }
    guard count > 0 else { return 0 }
    let (gaps, overflow) = stride.multipliedReportingOverflow(by: count - 1)
    let (start, overflowToo) = gaps.addingReportingOverflow(offset)
    guard !overflow, !overflowToo, start < .max - 64 else { return nil }
    return start + profile.length
  }
}
