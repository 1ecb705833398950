import CPostgres

/// One field of a PostgreSQL result in binary format (PostgreSQL documentation, 55.7 and the types' send functions).
struct PostgresValue {
  /// The field as it was sent, in the result's own memory.
  let bytes: UnsafeRawBufferPointer

  init(_ result: OpaquePointer, _ row: Int32, _ column: Int32) {
    let count = Int(PQgetlength(result, row, column))
    bytes = UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: count)
  }

  /// `bool`, `int2`, `int4` and `int8` alike: big-endian, as wide as the field is.
  var int: Int64 {
    switch bytes.count {
    case 1: Int64(bytes[0])
    case 2: Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
    case 4: Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
    case 8: Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
    default: 0
    }
  }

  /// `float8`; whole numbers are taken too.
  var real: Double {
    bytes.count == 8 ? Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))) : Double(int)
  }

  /// `text`, in the connection's encoding, which is UTF-8.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// `bytea`.
  var blob: [UInt8] { [UInt8](bytes) }
}
