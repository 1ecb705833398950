import Hummingbird
import Ledger
import Storage
import TransparencyLog

/// The published log: C2SP tlog-tiles for witnesses and auditors, and proofs as JSON for everyone else.
struct LogRoutes {
  private let log: LogReader
  private let ledger: Ledger

  init(_ services: Services) {
    log = services.log
    ledger = services.ledger
  }

  /// A full tile never changes; a partial one is replaced by a wider one under another address.
  private static let fullTile = "public, max-age=31536000, immutable"
  private static let partialTile = "public, max-age=60"

  var routes: [Route] {
    [
      Route(
        .get, "/log/checkpoint", .open, "The newest signed checkpoint (C2SP tlog-checkpoint)",
        answers: [.text("text/plain", "id.example.cn/yima\n3\nnFWd…=\n\n— id.example.cn/yima 8PXx…=\n")],
        handle: checkpoint),
      Route(
        .get, "/log/tile/{path…}", .open, "A tile of hashes or of entries (C2SP tlog-tiles); never personal data",
        parameters: [.path("path", "level or `entries`, and index; `.p/<width>` for a partial tile", "0/000.p/3")],
        answers: [.text("application/octet-stream", "(32 bytes a hash)")], handle: tile),
      Route(
        .get, "/log/proof/inclusion", .open, "The proof that an entry is in the log under the newest checkpoint",
        parameters: [.query("index", "the entry's place, from 0: its event's number less one", "2")],
        answers: [
          .json([
            "index": 2, "size": 3, "hashes": ["nFWd0ItmKSTHnIzZKAG3Ns2dLQdmUAYyWBjXYdF9pMo="],
            "checkpoint": "id.example.cn/yima\n3\nnFWd…=\n",
          ])
        ], handle: inclusion),
      Route(
        .get, "/log/proof/consistency", .open, "The proof that the log of one size extends the log of an earlier size",
        parameters: [
          .query("from", "the earlier size", "1"), .query("to", "the later size; the newest unless said", "3"),
        ],
        answers: [.json(["from": 1, "to": 3, "hashes": ["nFWd0ItmKSTHnIzZKAG3Ns2dLQdmUAYyWBjXYdF9pMo="]])],
        handle: consistency),
    ]
  }

  private func checkpoint(_ request: Request, _ call: Call) async throws -> Response {
    do {
      guard let note = try await log.checkpoint() else { throw Problem.notFound }
      return .bytes(note, type: "text/plain; charset=utf-8", cache: "no-cache").openToAll
    } catch let error as LedgerError { throw Problem(error) }
  }

  private func tile(_ request: Request, _ call: Call) async throws -> Response {
    let path = "tile/" + call.context.parameters.getCatchAll().joined(separator: "/")
    guard let tile = Tile(path: path) else { throw Problem.notFound }
    do {
      guard let bytes = try await log.tile(tile) else { throw Problem.notFound }
      let cache = tile.isPartial ? Self.partialTile : Self.fullTile
      return .bytes(bytes, type: "application/octet-stream", cache: cache).openToAll
    } catch let error as LedgerError { throw Problem(error) }
  }

  private func inclusion(_ request: Request, _ call: Call) async throws -> Response {
    guard let index = try Self.number(request, "index") else { throw Problem.field("index", "is required") }
    guard index < .max else { throw Problem.notFound }
    do {
      guard let head = try await head(), let proof = try await log.proof(ofEvent: index + 1, under: head) else {
        throw Problem.notFound
      }
      let json: JSONValue = [
        "index": .integer(index), "size": .integer(head.size), "hashes": Self.json(proof.hashes),
        "checkpoint": .string(head.note),
      ]
      return Response.json(json).openToAll
    } catch let error as LedgerError { throw Problem(error) }
  }

  private func consistency(_ request: Request, _ call: Call) async throws -> Response {
    guard let from = try Self.number(request, "from") else { throw Problem.field("from", "is required") }
    guard let size = try await head()?.size else { throw Problem.notFound }
    let to = try Self.number(request, "to") ?? size
    guard to <= size else { throw Problem.field("to", "is beyond the newest checkpoint, \(size)") }
    guard from <= to else { throw Problem.field("from", "is larger than to") }
    do {
      let hashes = try await log.consistency(from: UInt64(from), to: UInt64(to))
      let json: JSONValue = ["from": .integer(from), "to": .integer(to), "hashes": Self.json(hashes)]
      return Response.json(json).openToAll
    } catch { throw Problem(error) }
  }

  private func head() async throws -> CheckpointRow? { try await ledger.answer { try $0.lastCheckpoint() } }

  private static func json(_ hashes: [Digest32]) -> JSONValue { .array(hashes.map { .string($0.base64) }) }

  /// A whole number from 0 on; nil when absent.
  private static func number(_ request: Request, _ name: String) throws -> Int64? {
    guard let text = request.uri.queryParameters[Substring(name)] else { return nil }
    guard let number = Int64(text), number >= 0, String(number) == text else {
      throw Problem.field(name, "must be a whole number from 0 on")
    }
    return number
  }
}

extension Response {
  /// The answer, readable by scripts of any site: it is public.
  var openToAll: Response {
    var response = self
    response.headers[.accessControlAllowOrigin] = "*"
    return response
  }
}
