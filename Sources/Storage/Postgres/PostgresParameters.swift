/// Parameters of one statement in binary format, laid out in one run of bytes.
struct PostgresParameters {
  /// Object identifiers of the parameters' types (`pg_type.dat`); 0 leaves one to the server.
  let types: [UInt32]
  private var bytes: [UInt8] = []
  private var places: [(start: Int, count: Int)?] = []

  /// One value for each parameter.
  init(_ values: [SQLValue]) {
    types = values.map(\.postgresType)
    places.reserveCapacity(values.count)
    for value in values {
      let start = bytes.count
      places.append(append(value) ? (start, bytes.count - start) : nil)
    }
    // An empty array has no address, and a null pointer would mean NULL.
    bytes.append(0)
  }

  /// One array for each parameter (`array_send`: dimensions, whether there are NULLs, element type, length, lower bound,
  /// then each element's length and bytes).
  ///
  /// - Parameter values: single values, which come first.
  init(_ columns: [SQLColumn], after values: [SQLValue] = []) {
    types = values.map(\.postgresType) + columns.map(\.kind.postgresArray)
    for value in values {
      let start = bytes.count
      places.append(append(value) ? (start, bytes.count - start) : nil)
    }
    for column in columns {
      let start = bytes.count
      for word in [1, 1, column.kind.postgresElement, UInt32(column.values.count), 1] { append(word) }
      for value in column.values {
        let place = bytes.count
        append(UInt32.max)
        guard append(value) else { continue }
        let count = UInt32(bytes.count - place - 4)
        withUnsafeBytes(of: count.bigEndian) { bytes.replaceSubrange(place..<(place + 4), with: $0) }
      }
      places.append((start, bytes.count - start))
    }
    bytes.append(0)
  }

  /// Adds a value's bytes; false for NULL, which has none.
  private mutating func append(_ value: SQLValue) -> Bool {
    switch value {
    case .null: return false
    case .integer(let integer): append(UInt64(bitPattern: integer))
    case .real(let real): append(real.bitPattern)
    case .text(let text): bytes.append(contentsOf: text.utf8)
    case .blob(let blob): bytes.append(contentsOf: blob)
    }
    return true
  }

  private mutating func append(_ word: some FixedWidthInteger) {
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

extension SQLColumn.Kind {
  /// The object identifier of the elements' type.
  var postgresElement: UInt32 {
    switch self {
    case .integers: 20
    case .texts: 25
    case .blobs: 17
    }
  }

  /// The object identifier of the array's type.
  var postgresArray: UInt32 {
    switch self {
    case .integers: 1016
    case .texts: 1009
    case .blobs: 1001
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
