import HTTPTypes
import Hummingbird
import Ledger
import Synchronization

/// Where a request comes from: the socket's address, or the one that a proxy on this machine reports.
package struct ClientAddress: Sendable {
  /// An IP address; empty when it is not known.
  package let text: String

  /// Of a request. Only a proxy on this machine is believed; it puts the address that it saw last.
  package init(_ request: Request, _ context: YimaContext) {
    let own = context.clientAddress ?? ""
    let isLocal = own.isEmpty || own == "::1" || own.hasPrefix("127.")
    let reported = HTTPField.Name("X-Forwarded-For").flatMap { request.headers[$0] }?.split(separator: ",").last
    text = isLocal ? reported.map { $0.trimmingSpaces } ?? own : own
  }
}

/// Holds back whoever guesses passwords: after some wrong ones in a quarter of an hour, a name is refused from that
/// address, an address altogether, and a name from everywhere.
///
/// Kept in memory: a restart forgets it, which costs a guesser more than it gains. Its own limits are wide enough that
/// nobody locks another person out from afar with a handful of tries.
package final class SignInGuard: Sendable {
  private let now: @Sendable () -> Timestamp
  private let failures = Mutex<[String: [Timestamp]]>([:])

  /// How long a failure counts, milliseconds.
  static let window: Int64 = 15 * 60 * 1000
  /// Failures of one name from one address, of one address, of one name.
  static let pairMax = 5, addressMax = 30, nameMax = 100
  /// Names and addresses that are remembered.
  static let entriesMax = 20_000

  init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

  private static func marks(_ name: String?, _ client: ClientAddress) -> [(mark: String, max: Int)] {
    guard let name else { return [("address \(client.text)", addressMax)] }
    return [
      ("both \(client.text)\0\(name)", pairMax), ("address \(client.text)", addressMax), ("name \(name)", nameMax),
    ]
  }

  /// Lets an attempt through, or not. Without a name only the address counts.
  /// - Throws: the problem `too-many-attempts` (429) with the seconds to wait.
  package func check(_ name: String?, from client: ClientAddress) throws(Problem) {
    let now = now()
    let wait = failures.withLock { failures in
      Self.marks(name, client).compactMap { mark, max -> Int64? in
        let recent = (failures[mark] ?? []).filter { now.milliseconds - $0.milliseconds < Self.window }
        guard recent.count >= max, let first = recent.first else { return nil }
        return (first.milliseconds + Self.window - now.milliseconds + 999) / 1000
      }.max()
    }
    if let wait {
      throw Problem(
        .tooManyRequests, "too-many-attempts", "Too many wrong attempts; wait a while", "错误次数过多，请稍后再试",
        extra: ["retryAfterSeconds": .integer(wait)])
    }
  }

  /// A wrong password or code, or an answer that no identity provider gave.
  package func failed(_ name: String?, from client: ClientAddress) {
    let now = now()
    failures.withLock { failures in
      if failures.count >= Self.entriesMax {
        failures = failures.filter { now.milliseconds - ($0.value.last?.milliseconds ?? 0) < Self.window }
        // Full of fresh ones: a flood. Forgetting all is better than growing.
        if failures.count >= Self.entriesMax { failures.removeAll() }
      }
      for (mark, max) in Self.marks(name, client) {
        failures[mark] = Array(((failures[mark] ?? []) + [now]).suffix(max))
      }
    }
  }

  /// A right one: the name is free again from this address.
  package func succeeded(_ name: String, from client: ClientAddress) {
    failures.withLock { failures in failures[Self.marks(name, client)[0].mark] = nil }
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String { String(filter { $0 != " " }) }
}
