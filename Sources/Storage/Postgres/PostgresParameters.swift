/// Parameters of one statement in binary format, laid out in one run of bytes.
struct PostgresParameters {
  private var bytes: [UInt8] = []
  private var places: [(start: Int, count: Int)?] = []

  init(_ values: [SQLValue]) {
    places.reserveCapacity(values.count)
    for value in values {
      let start = bytes.count
      switch value {
      case .null:
        places.append(nil)
        continue
      case .integer(let integer): append(UInt64(bitPattern: integer))
      case .real(let real): append(real.bitPattern)
      case .text(let text): bytes.append(contentsOf: text.utf8)
      case .blob(let blob): bytes.append(contentsOf: blob)
      }
      places.append((start, bytes.count - start))
    }
    // An empty array has no address, and a null pointer would mean NULL.
    bytes.append(0)
  }

  private mutating func append(_ word: UInt64) {
    withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// Calls `body` with pointers to the values, their lengths and their formats (all binary), as libpq takes them.
  func with<T>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> T
  ) -> T {
    bytes.withUnsafeBytes { raw in
      let start = raw.bindMemory(to: CChar.self).baseAddress
      let pointers = places.map { place in place.flatMap { place in start.map { $0 + place.start } } }
      let lengths = places.map { Int32($0?.count ?? 0) }
      let formats = [Int32](repeating: 1, count: places.count)
      return body(pointers, lengths, formats)
    }
  }
}

extension SQLValue {
  /// The object identifier of the value's PostgreSQL type (`pg_type.dat`); 0 leaves it to the server.
  var postgresType: UInt32 {
    switch self {
    case .null: 0
    case .integer: 20
    case .real: 701
    case .text: 25
    case .blob: 17
    }
  }
}

/// Texts as an array of C strings that ends in a null pointer.
struct CStrings {
  private let texts: [String]

  init(_ texts: [String]) { self.texts = texts }

  func with<T>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> T) -> T {
    var bytes: [CChar] = []
    let starts = texts.map { text in
      defer { bytes += text.utf8CString }
      return bytes.count
    }
    return bytes.withUnsafeBufferPointer { buffer in
      let pointers: [UnsafePointer<CChar>?] = starts.map { start in buffer.baseAddress.map { $0 + start } } + [nil]
      return body(pointers)
    }
  }
}
