/// The container written a second time, from EVIDENCE.md alone, so that the two can be held against each other.
struct TestZIP {
  var files: [(path: String, bytes: [UInt8])]

  init(_ files: [(path: String, bytes: [UInt8])]) { self.files = files }

  /// Takes apart what is known to be good.
  init(reading zip: [UInt8]) {
    files = []
    var position = 0
    func number(_ offset: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(zip[position + offset + $1]) << (8 * $1) }
    }
    while number(0, 4) == 0x0403_4B50 {
      let name = position + 30
      let data = name + number(26, 2)
      let end = data + number(18, 4)
      files.append((String(decoding: zip[name..<data], as: UTF8.self), Array(zip[data..<end])))
      position = end
    }
  }

  subscript(path: String) -> [UInt8]? {
    get { files.first { $0.path == path }?.bytes }
    set {
      files.removeAll { $0.path == path }
      if let newValue { files.append((path, newValue)) }
      files.sort { $0.path < $1.path }
    }
  }

  /// Where the bytes of each file lie in `bytes`.
  var spans: [(path: String, range: Range<Int>)] {
    var position = 0
    return files.map { file in
      let start = position + 30 + file.path.utf8.count
      position = start + file.bytes.count
      return (file.path, start..<position)
    }
  }

  var bytes: [UInt8] {
    var (body, directory): ([UInt8], [UInt8]) = ([], [])
    for (path, bytes) in files {
      let name = Array(path.utf8)
      let shared =
        Self.little(10, 2) + Self.little(0, 6) + Self.little(0x21, 2) + Self.little(Self.checksum(bytes), 4)
        + Self.little(bytes.count, 4) + Self.little(bytes.count, 4) + Self.little(name.count, 2) + Self.little(0, 2)
      directory += Self.little(0x0201_4B50, 4) + Self.little(10, 2) + shared + Self.little(0, 10)
      directory += Self.little(body.count, 4) + name
      body += Self.little(0x0403_4B50, 4) + shared + name + bytes
    }
    let end =
      Self.little(0x0605_4B50, 4) + Self.little(0, 4) + Self.little(files.count, 2) + Self.little(files.count, 2)
      + Self.little(directory.count, 4) + Self.little(body.count, 4) + Self.little(0, 2)
    return body + directory + end
  }

  static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// CRC-32 bit by bit, as the standard describes it.
  private static func checksum(_ bytes: [UInt8]) -> Int {
    var state: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      state ^= UInt32(byte)
      for _ in 0..<8 { state = state & 1 == 1 ? (state >> 1) ^ 0xEDB8_8320 : state >> 1 }
    }
    return Int(~state)
  }
}
