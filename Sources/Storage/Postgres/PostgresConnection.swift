import CPostgres

/// One connection to PostgreSQL, always in pipeline mode: statements are sent without waiting for the ones before, and
/// results are read when somebody needs them.
///
/// Unchecked: it goes from thread to thread, and the engine's locks let one hold it at a time; libpq asks for no more.
final class PostgresConnection: @unchecked Sendable {
  private let handle: OpaquePointer
  /// Names of the statements prepared on this connection, by their text.
  private var prepared: [String: String] = [:]
  private var namesGiven = 0
  /// Commands sent whose results were not read yet.
  private var awaited = 0
  /// What failed first since the last synchronisation; the server skips everything after it.
  private var failure: StorageError?

  /// Whether the tables are spread over the nodes of a Citus cluster.
  var isDistributed = false

  /// Commands that may be sent before their results are read: few enough for the answers to fit the socket's buffer.
  static let awaitedMax = 200
  /// Prepared statements of one connection; more would come from texts made of values.
  static let preparedMax = 500

  /// Connects (`postgres://…`, several hosts and every libpq parameter allowed). Fails fast on a wrong host or database.
  init(_ url: String) throws(StorageError) {
    handle = try Self.open(url)
    guard PQenterPipelineMode(handle) == 1 else { throw .connection("pipeline mode is refused") }
  }

  /// A new connection, which the caller finishes.
  static func open(_ url: String) throws(StorageError) -> OpaquePointer {
    // The address comes last, so that what it says itself takes precedence.
    let names = ["connect_timeout", "application_name", "client_encoding", "dbname"]
    let values = ["5", "yima", "UTF8", url]
    let opened = CStrings(names).with { names in
      CStrings(values).with { values in PQconnectdbParams(names, values, 1) }
    }
    guard let opened else { throw .connection("out of memory") }
    guard PQstatus(opened) == CONNECTION_OK else {
      let error = StorageError(connection: opened)
      PQfinish(opened)
      throw error
    }
    // Notices would go to standard error.
    PQsetNoticeProcessor(opened, { _, _ in }, nil)
    return opened
  }

  deinit { PQfinish(handle) }

  /// Whether the connection can still be used.
  var isOpen: Bool { PQstatus(handle) == CONNECTION_OK }

  /// Whether an idle connection's server is still there, as far as it has said otherwise: one that ends a session sends
  /// a last message, then closes; the first look takes the message in, the second meets the end.
  var isAlive: Bool { PQconsumeInput(handle) == 1 && PQconsumeInput(handle) == 1 && isOpen }

  /// Sends a statement; its failure comes with the next wait.
  func post(_ sql: String, _ parameters: PostgresParameters) throws(StorageError) {
    try send(sql, parameters)
    if awaited >= Self.awaitedMax { try settle(leaving: 0) }
  }

  /// Sends a statement and waits for its result, which the caller clears.
  func query(_ sql: String, _ parameters: PostgresParameters) throws(StorageError) -> OpaquePointer {
    try send(sql, parameters)
    try settle(leaving: 1)
    awaited -= 1
    guard let result = PQgetResult(handle) else { throw lost() }
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
      finishCommand()
      return result
    default:
      let error = note(result)
      PQclear(result)
      finishCommand()
      throw error
    }
  }

  /// Sends a statement that is not worth preparing: `BEGIN`, `COMMIT`, one of a migration.
  func command(_ sql: String) throws(StorageError) {
    if let failure { throw failure }
    guard PQsendQueryParams(handle, sql, 0, nil, nil, nil, nil, 1) == 1 else { throw lost() }
    awaited += 1
  }

  /// Ends what was sent with a synchronisation point, reads all of it, and throws the first failure.
  func synchronise() throws(StorageError) {
    guard PQpipelineSync(handle) == 1 else { throw lost() }
    while awaited > 0 { try read() }
    guard let mark = PQgetResult(handle) else { throw lost() }
    let status = PQresultStatus(mark)
    PQclear(mark)
    guard status == PGRES_PIPELINE_SYNC else { throw lost() }
    if let failure {
      self.failure = nil
      throw failure
    }
  }

  /// Leaves a transaction of which something failed, so that the connection can be used again.
  func abandon() throws(StorageError) {
    try? synchronise()
    guard isOpen else { throw lost() }
    failure = nil
    try command("ROLLBACK")
    // A statement whose preparation was skipped has a name that the server does not know: all begin anew.
    try command("DEALLOCATE ALL")
    prepared = [:]
    try synchronise()
  }

  private func send(_ sql: String, _ parameters: PostgresParameters) throws(StorageError) {
    if let failure { throw failure }
    let name = if let known = prepared[sql] { known } else { try prepare(sql, parameters.types) }
    let sent = parameters.with { pointers, lengths, formats in
      PQsendQueryPrepared(handle, name, Int32(parameters.types.count), pointers, lengths, formats, 1)
    }
    guard sent == 1 else { throw lost() }
    awaited += 1
  }

  private func prepare(_ sql: String, _ types: [UInt32]) throws(StorageError) -> String {
    guard prepared.count < Self.preparedMax else { throw .engine(code: -1, message: "too many kinds of statements") }
    namesGiven += 1
    let name = "y\(namesGiven)"
    guard PQsendPrepare(handle, name, PostgresStatement(sql).sql, Int32(types.count), types) == 1 else {
      throw lost()
    }
    prepared[sql] = name
    awaited += 1
    return name
  }

  /// Reads the results of what was sent until only `count` commands are left, and throws the first failure among them.
  private func settle(leaving count: Int) throws(StorageError) {
    guard PQsendFlushRequest(handle) == 1, PQflush(handle) == 0 else { throw lost() }
    while awaited > count { try read() }
    if let failure { throw failure }
  }

  /// Reads the results of one command.
  private func read() throws(StorageError) {
    awaited -= 1
    guard let result = PQgetResult(handle) else { throw lost() }
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK: break
    default: _ = note(result)
    }
    PQclear(result)
    finishCommand()
    guard isOpen else { throw lost() }
  }

  /// The null pointer that ends a command's results.
  private func finishCommand() {
    while let more = PQgetResult(handle) { PQclear(more) }
  }

  private func note(_ result: OpaquePointer) -> StorageError {
    let error = failure ?? (isOpen ? StorageError(result: result) : StorageError(connection: handle))
    failure = error
    return error
  }

  private func lost() -> StorageError {
    let error = StorageError(connection: handle)
    failure = error
    return error
  }
}
