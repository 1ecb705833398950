/// What a database engine does for the store.
protocol StorageEngine: Sendable {
  /// One write transaction on the calling thread. Only the store's writer queue calls it.
  func commit<T>(_ body: (Transaction) throws -> T) throws -> T
  /// A consistent snapshot on the calling thread.
  func read<T>(_ body: (Transaction) throws -> T) throws -> T
  /// Copies the database into a new file.
  func copy(to path: String) throws
  /// Whether this process has, or just got, a role that one process at a time may have.
  func leads(_ role: String) -> Bool
  /// Ends all connections.
  func close() throws
}
