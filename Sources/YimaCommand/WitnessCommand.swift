import ArgumentParser
import Foundation
import Hummingbird
import Logging
import TransparencyLog

/// `yima witness …`: a small independent witness of logs (C2SP tlog-witness), for a dealers' association or a notary.
struct WitnessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "witness", abstract: "An independent witness: checks that logs only grow, and cosigns them.",
    subcommands: [Key.self, Serve.self])

  /// `yima witness key`
  struct Key: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make a witness's key; prints its public half.")

    @Option(help: "The witness's name: an address without a scheme, for instance witness.example/w1.")
    var name: String
    @Option(help: "Where to write the private key (mode 0600); must not exist.")
    var key: String

    func run() async throws {
      var generator = SystemRandomNumberGenerator()
      let seed = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let signer = try NoteSigner(name: name, seed: seed, kind: .cosignatureV1)
      let typed = Data([NoteKey.Kind.cosignatureV1.rawValue] + seed).base64EncodedString()
      let text = "PRIVATE+KEY+\(name)+\(signer.key.idHex)+\(typed)\n"
      try SyncedFile.create(key, Data(text.utf8))
      Console.say(signer.key.vkey)
    }
  }

  /// `yima witness serve`
  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve add-checkpoint; Ctrl-C stops cleanly.")

    @Option(help: "The private key (yima witness key).")
    var key: String
    @Option(help: "Where the largest checkpoint of each log is kept.")
    var state: String
    @Flag(help: "Begin without a state file. A witness that forgot what it saw cosigns forks: use it once.")
    var new = false
    @Option(help: "A log to witness, by its public key (vkey); may be given several times.")
    var log: [String]
    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"
    @Option(help: "The port to listen on.")
    var port = 8090

    func run() async throws {
      let signer = try NoteSigner(parsing: try SyncedFile.readPrivate(key))
      let keys = try log.map { try NoteKey(parsing: $0) }
      let logs = Dictionary(grouping: keys, by: \.name).map { Witness.Log(origin: $0, keys: $1) }
      let keeper = try WitnessKeeper(
        try Witness(signer: signer, logs: logs), origins: logs.map(\.origin), file: state, isNew: new)
      var logger = Logger(label: "yima") { JSONLogHandler(label: $0) }
      logger.logLevel = .notice
      let application = Application(
        router: WitnessRoutes.router(keeper), configuration: .init(address: .hostname(host, port: port)),
        onServerRunning: { [host] channel in
          Console.say("\(signer.key.vkey)\nhttp://\(host):\(channel.localAddress?.port ?? 0)/add-checkpoint")
        }, logger: logger)
      try await application.runService()
    }
  }
}

/// The two calls of a witness.
enum WitnessRoutes {
  static func router(_ keeper: WitnessKeeper) -> Router<BasicRequestContext> {
    let router = Router()
    router.post("add-checkpoint") { request, _ -> Response in
      let body = try await request.body.collect(upTo: AddCheckpoint.maxBytes)
      let answer = try await keeper.answer(
        to: [UInt8](buffer: body), time: UInt64(max(Date().timeIntervalSince1970, 0)))
      return response(answer.status, answer.body.bytes, answer.body.type)
    }
    router.get(":hash/checkpoint") { _, context -> Response in
      let hash = try context.parameters.require("hash")
      guard let note = await keeper.checkpoint(path: "\(hash)/checkpoint") else { throw HTTPError(.notFound) }
      return response(200, note, "text/plain; charset=utf-8")
    }
    return router
  }

  private static func response(_ status: Int, _ body: [UInt8], _ type: String) -> Response {
    Response(
      status: .init(code: status), headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(bytes: body)))
  }
}

/// Keeps what the witness saw: one request at a time, and on the disk before the cosignature leaves.
actor WitnessKeeper {
  /// A state file that cannot be relied on.
  enum Failure: Error, Equatable {
    case missing(String)
    case notNew(String)
    case damaged(String)
    case inUse(String)
  }

  private let witness: Witness
  private let file: String
  private let lock: Int32
  private var known: [String: WitnessedCheckpoint] = [:]

  init(_ witness: Witness, origins: [String], file: String, isNew: Bool) throws {
    self.witness = witness
    self.file = file
    lock = open(file + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    // Two processes on one state would each forget what the other signed.
    guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw Failure.inUse(file) }
    let exists = FileManager.default.fileExists(atPath: file)
    guard exists != isNew else { throw isNew ? Failure.notNew(file) : Failure.missing(file) }
    if isNew {
      try SyncedFile.replace(file, Data("{}\n".utf8))
    } else {
      known = try Self.read(file, witness.key)
    }
  }

  deinit { close(lock) }

  /// The witness's answer, once it lasts.
  func answer(to body: [UInt8], time: UInt64) throws -> Witness.Answer {
    var origin = ""
    let answer = witness.answer(
      to: body,
      known: {
        origin = $0
        return known[$0]
      }, time: time)
    if case .cosigned(let next, _) = answer {
      var all = known
      all[origin] = next
      let notes = all.mapValues { String(decoding: $0.note, as: UTF8.self) }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      // When this fails nothing was said, and the next request finds the old state.
      try SyncedFile.replace(file, try encoder.encode(notes) + Data("\n".utf8))
      known = all
    }
    return answer
  }

  /// The checkpoint for monitors.
  func checkpoint(path: String) -> [UInt8]? {
    known.first { Witness.monitoringPath(origin: $0.key) == path }?.value.note
  }

  /// What was stored must bear the witness's own cosignature: a state file that someone wrote is refused.
  private static func read(_ file: String, _ key: NoteKey) throws -> [String: WitnessedCheckpoint] {
    guard let data = FileManager.default.contents(atPath: file),
      let notes = try? JSONDecoder().decode([String: String].self, from: data)
    else { throw Failure.damaged(file) }
    return try notes.reduce(into: [:]) { known, entry in
      let bytes = Array(entry.value.utf8)
      guard let note = try? SignedNote(parsing: bytes), (try? note.verify(keys: [key])) != nil,
        let head = try? Checkpoint(parsing: note.text), head.origin == entry.key
      else { throw Failure.damaged(file) }
      known[entry.key] = WitnessedCheckpoint(size: head.size, root: head.root, note: bytes)
    }
  }
}

/// Files that are there wholly or not at all, mode 0600.
enum SyncedFile {
  /// What the system said.
  struct Failure: Error { let path: String, reason: String }

  /// Writes a file that must not exist yet.
  static func create(_ path: String, _ data: Data) throws {
    try write(path, data)
    syncFolder(of: path)
  }

  /// Puts new content in the place of a file: written beside it, synced, renamed.
  static func replace(_ path: String, _ data: Data) throws {
    let temporary = "\(path).\(UInt64.random(in: 0 ... .max)).tmp"
    try write(temporary, data)
    guard rename(temporary, path) == 0 else {
      let failure = failure(path)
      unlink(temporary)
      throw failure
    }
    syncFolder(of: path)
  }

  /// The first line of a file that only its owner may read.
  static func readPrivate(_ path: String) throws -> String {
    var status = stat()
    guard stat(path, &status) == 0, let data = FileManager.default.contents(atPath: path) else { throw failure(path) }
    guard status.st_mode & 0o077 == 0 else { throw Failure(path: path, reason: "others may read it; chmod 600 it") }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
  }

  private static func write(_ path: String, _ data: Data) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(path) }
    var rest = [UInt8](data)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    let isDone = rest.isEmpty && fsync(file) == 0
    let failure = failure(path)
    guard close(file) == 0, isDone else {
      unlink(path)
      throw failure
    }
  }

  /// Makes the name last, as far as the file system lets folders be synced.
  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ path: String) -> Failure {
    Failure(path: path, reason: String(cString: strerror(errno)))
  }
}
