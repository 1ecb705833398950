/// What a database engine does for the store.
protocol StorageEngine: Sendable {
  /// One write transaction on the calling thread. Only the store's writer queue calls it.
  /// - Parameter isSynced: whether it is on the disk when this returns; if not, ``sync()`` brings it there.
  func commit<T>(isSynced: Bool, _ body: (Transaction) throws -> T) throws -> T
  /// Brings every commit made before this call to the disk. May run beside a commit.
  func sync() throws
  /// A consistent snapshot on the calling thread.
  func read<T>(_ body: (Transaction) throws -> T) throws -> T
  /// The same in a transaction that may make temporary tables.
  func readApart<T>(_ body: (Transaction) throws -> T) throws -> T
  /// Copies the database into a new file.
  func copy(to path: String) throws
  /// Whether this process has, or just got, a role that one process at a time may have.
  func leads(_ role: String) -> Bool
  /// Ends all connections.
  func close() throws

  /// Whether the tables are spread over the nodes of a cluster.
  var isDistributed: Bool { get }

  /// Overwrites what was deleted or changed; false when it has to be done again.
  func scrub() throws -> Bool
}
