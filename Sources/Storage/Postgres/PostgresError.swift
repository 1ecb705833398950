import CPostgres

extension StorageError {
  /// The error that a failed PostgreSQL result stands for, by its SQLSTATE (PostgreSQL documentation, appendix A). The
  /// primary message names tables and constraints; the detail, which would name values, is left out.
  init(result: OpaquePointer?) {
    let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
    let message = PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) } ?? "no message"
    self.init(state: state, message: message)
  }

  /// The error that an SQLSTATE stands for.
  init(state: String, message: String) {
    switch (state.prefix(2), state) {
    case ("22", _), ("23", _): self = .constraint(message)
    // Citus passes on what a worker refused while rows were copied to it under a state of its own.
    case (_, "XX000") where message.contains(" violates "): self = .constraint(message)
    case (_, "55P03"), (_, "40P01"), (_, "40001"), (_, "57014"): self = .busy
    case ("08", _), (_, "57P01"), (_, "57P02"), (_, "57P03"), ("", _): self = .connection(message)
    case (_, "25006"): self = .connection("this server is a standby: \(message)")
    case ("53", _), ("58", _): self = .inputOutput(message)
    case (_, "XX001"), (_, "XX002"): self = .corrupt(message)
    default: self = .engine(code: Int32(state, radix: 36) ?? -1, message: message)
    }
  }

  /// The error of a connection that libpq gave up; its message ends in a line feed.
  init(connection: OpaquePointer?) {
    let message = PQerrorMessage(connection).map { String(cString: $0) } ?? "out of memory"
    self = .connection(String(message.split(whereSeparator: \.isNewline).joined(separator: "; ")))
  }
}
