import GRDBSQLite
import Glibc
import Synchronization

/// What becomes of one effect of SQLite on its files.
package enum DiskFault: CaseIterable, Sendable {
  /// It is refused, and nothing of it is done.
  case refused
  /// It is done, but the answer says that it was not.
  case doneButReplyLost
  /// The process ends before it.
  case crashBefore
  /// The process ends after it, before anybody hears of it.
  case crashAfter
}

/// A disk under SQLite that fails when it is told to: a VFS whose writes and syncs go to the system's, but for one.
///
/// It becomes the default of the process with the first use, and passes everything on unless armed for a folder.
package enum FaultyDisk {
  /// Runs `body` while one effect on the files of a folder, by its number from 0, meets a fault.
  /// - Parameter onCrash: called at the moment of the crash; what it copies is what is left.
  /// - Returns: what `body` gave, and the effects counted: the fault was met when there are more than `effect`.
  package static func during<T>(
    _ effect: Int, _ fault: DiskFault, of folder: String, onCrash: @escaping @Sendable () throws -> Void,
    _ body: () async -> T
  ) async -> (result: T, effects: Int) {
    state.withLock { $0.plan = Plan(folder: folder, effect: effect, fault: fault, onCrash: onCrash) }
    defer { state.withLock { $0.plan = nil } }
    let result = await body()
    return (result, state.withLock { $0.plan?.seen ?? 0 })
  }

  /// Puts the disk under every database that is opened from here on.
  package static func install() -> Bool { isInstalled }

  private static let isInstalled: Bool = {
    guard let unix = sqlite3_vfs_find("unix") else { return false }
    let own = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    own.initialize(to: unix.pointee)
    own.pointee.zName = UnsafePointer(strdup("yima-faulty"))
    own.pointee.pNext = nil
    own.pointee.xOpen = { _, name, file, flags, out in open(name, file, flags, out) }
    return sqlite3_vfs_register(own, 1) == SQLITE_OK
  }()
}

/// The fault to come, and how many effects there were since it was armed.
private struct Plan: Sendable {
  let folder: String, effect: Int, fault: DiskFault
  let onCrash: @Sendable () throws -> Void
  var seen = 0
}

/// Addresses: C's callbacks have nothing else to know a file by.
private struct State: Sendable {
  var plan: Plan?
  /// The paths of open files.
  var paths: [Int: String] = [:]
  /// Our method tables by the system's, and the system's by ours.
  var own: [Int: Int] = [:]
  var system: [Int: Int] = [:]
}

private let state = Mutex(State())

private typealias File = UnsafeMutablePointer<sqlite3_file>
private typealias Methods = UnsafePointer<sqlite3_io_methods>

private func open(
  _ name: UnsafePointer<CChar>?, _ file: File?, _ flags: Int32, _ out: UnsafeMutablePointer<Int32>?
) -> Int32 {
  guard let unix = sqlite3_vfs_find("unix"), let code = unix.pointee.xOpen?(unix, name, file, flags, out) else {
    return SQLITE_CANTOPEN
  }
  guard code == SQLITE_OK, let file, let methods = file.pointee.pMethods else { return code }
  file.pointee.pMethods = table(for: methods)
  let path = name.map { String(cString: $0) } ?? ""
  state.withLock { $0.paths[Int(bitPattern: file)] = path }
  return code
}

/// The system's methods with ours in the place of writing, syncing and closing; made once for each of its tables.
private func table(for methods: Methods) -> Methods? {
  let known = state.withLock { $0.own[Int(bitPattern: methods)] }
  if let known { return Methods(bitPattern: known) }
  let own = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
  own.initialize(to: methods.pointee)
  own.pointee.xWrite = { file, bytes, count, offset in
    strike(file, refusal: SQLITE_IOERR | 3 << 8) { system($0)?.pointee.xWrite?($0, bytes, count, offset) }
  }
  own.pointee.xSync = { file, flags in
    strike(file, refusal: SQLITE_IOERR | 4 << 8) { system($0)?.pointee.xSync?($0, flags) }
  }
  own.pointee.xClose = { file in
    guard let file else { return SQLITE_ERROR }
    state.withLock { $0.paths[Int(bitPattern: file)] = nil }
    return system(file)?.pointee.xClose?(file) ?? SQLITE_ERROR
  }
  state.withLock {
    $0.own[Int(bitPattern: methods)] = Int(bitPattern: own)
    $0.system[Int(bitPattern: own)] = Int(bitPattern: methods)
  }
  return Methods(own)
}

private func system(_ file: File) -> Methods? {
  let own = Int(bitPattern: file.pointee.pMethods)
  return state.withLock { $0.system[own] }.flatMap { Methods(bitPattern: $0) }
}

/// One effect: done, unless it is the one that meets the fault.
private func strike(_ file: File?, refusal: Int32, _ effect: (File) -> Int32?) -> Int32 {
  guard let file else { return refusal }
  let plan = state.withLock { state -> Plan? in
    guard let path = state.paths[Int(bitPattern: file)], let plan = state.plan, path.hasPrefix(plan.folder) else {
      return nil
    }
    state.plan?.seen += 1
    return plan.seen == plan.effect ? plan : nil
  }
  guard let plan else { return effect(file) ?? refusal }
  switch plan.fault {
  case .refused: return refusal
  case .doneButReplyLost:
    let code = effect(file) ?? refusal
    return code == SQLITE_OK ? refusal : code
  case .crashBefore, .crashAfter:
    if plan.fault == .crashAfter, let code = effect(file), code != SQLITE_OK { return code }
    // A crash that cannot be copied leaves nothing to look at, which its test notices.
    try? plan.onCrash()
    return refusal
  }
}
