import Storage

extension Installation {
  /// Moves the folder's SQLite database to PostgreSQL. Keys stay in the folder; the file stays as it is, closed for
  /// writing. Nothing else may be done with the installation meanwhile: writers wait, then are refused.
  /// - Parameters:
  ///   - url: the address of an empty PostgreSQL database.
  ///   - progress: told the table and the rows copied of it so far.
  package func move(
    to url: String, progress: @escaping @Sendable (String, Int) -> Void
  ) throws(InstallationError) {
    let source = try Installation(directory: directory, passphrase: passphrase, now: now).open()
    do {
      try source.store.move(toPostgres: url, progress: progress)
      try source.store.close()
    } catch { throw .ledger(LedgerError(any: error)) }
  }

  /// Whether the database is an empty PostgreSQL one while the folder holds an installation: `serve --database` takes
  /// that as the wish to move.
  package func isWaitingToMove() throws(InstallationError) -> Bool {
    guard let database else { return false }
    let local = Installation(directory: directory, passphrase: passphrase, now: now)
    guard local.exists else { return false }
    return try !Self.isFilled(database)
  }
}
