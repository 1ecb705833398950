/// SQL as PostgreSQL reads it: the numbered and unnumbered question marks that both engines are written with become
/// `$1`, `$2` …; what stands in quotes stays.
struct PostgresStatement {
  let sql: String

  init(_ text: String) {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count + 16)
    var next = 1
    var quote: UInt8?
    var bytes = text.utf8.makeIterator()
    var pending = bytes.next()
    while let byte = pending {
      pending = bytes.next()
      if let open = quote {
        if byte == open { quote = nil }
        out.append(byte)
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        quote = byte
        out.append(byte)
      } else if byte == UInt8(ascii: "?") {
        var digits: [UInt8] = []
        while let digit = pending, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
          digits.append(digit)
          pending = bytes.next()
        }
        out.append(UInt8(ascii: "$"))
        out += digits.isEmpty ? Array(String(next).utf8) : digits
        next += 1
      } else {
        out.append(byte)
      }
    }
    sql = String(decoding: out, as: UTF8.self)
  }
}
