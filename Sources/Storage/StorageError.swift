/// What can go wrong between Yima and its database. Details name tables and columns, never values.
package enum StorageError: Error, Equatable, Sendable {
  /// A constraint of the schema refused the change (SQLite result code 19 and its extensions).
  case constraint(String)
  /// The file is locked by another writer for longer than the busy timeout.
  case busy
  /// The server cannot be reached, or the connection broke: what was not answered may or may not have happened.
  case connection(String)
  /// The disk is full, or the file cannot be read or written.
  case inputOutput(String)
  /// The database holds something that the schema cannot have produced.
  case corrupt(String)
  /// Any other refusal of the engine.
  case engine(code: Int32, message: String)
}

extension StorageError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .constraint(let detail): "a database constraint refused the change: \(detail)"
    case .busy: "the database is locked by another process"
    case .connection(let detail): "the database server cannot be reached: \(detail)"
    case .inputOutput(let detail): "the database cannot be read or written: \(detail)"
    case .corrupt(let detail): "the database is damaged: \(detail)"
    case .engine(let code, let message): "the database answered \(code): \(message)"
    }
  }
}
