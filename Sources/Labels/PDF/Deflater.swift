import CPango

/// zlib's deflate for whole buffers; its tables are kept from one to the next.
final class Deflater {
  private let stream: UnsafeMutablePointer<z_stream>

  /// Throws `.library` when zlib cannot start.
  init(level: Int32 = 3) throws(LabelError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = deflateInit_(stream, level, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw .library("zlib: status \(status)") }
  }

  deinit {
    deflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// The bytes in zlib form (RFC 1950). Throws `.library` with zlib's status.
  func deflate(_ bytes: [UInt8]) throws(LabelError) -> [UInt8] {
    deflateReset(stream)
    let bound = Int(deflateBound(stream, UInt(bytes.count)))
    var status = Z_OK
    let deflated = [UInt8](unsafeUninitializedCapacity: bound) { output, count in
      // zlib reads its input through a mutable pointer, and does not change it.
      bytes.withUnsafeBufferPointer { input in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(clamping: bytes.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(clamping: bound)
        status = CPango.deflate(stream, Z_FINISH)
      }
      count = bound - Int(stream.pointee.avail_out)
    }
    guard status == Z_STREAM_END else { throw .library("zlib: status \(status)") }
    return deflated
  }
}
