/// An authority that stamps checkpoints, as configured.
package struct TimeStampAuthority: Hashable, Sendable {
  /// A short name of `A-Z a-z 0-9 - _`, for files (`timestamps/<size>-<name>.tsr`) and people; unique among authorities.
  package let name: String
  /// Where requests are posted.
  package let url: String
  /// The policy to ask for, in decimal; nil takes the authority's own.
  package let policy: String?
  /// The roots that its stamps must lead to.
  package let anchors: TrustAnchors

  /// An authority from its parts.
  /// - Parameter anchors: certificates in PEM.
  /// - Throws: `badAnchors`, `badPolicy`, `unavailable`.
  package init(name: String, url: String, policy: String?, anchors pem: [UInt8]) throws(TimeStampError) {
    self.name = name
    self.url = url
    self.policy = policy
    anchors = try TrustAnchors(pem: pem)
    // A request refuses what is no policy.
    if policy != nil { _ = try TimeStampRequest(note: [], nonce: [1], policy: policy) }
  }
}

/// Who shall stamp what now: a decision over plain values. It keeps nothing and reads no clock.
package struct StampSchedule: Hashable, Sendable {
  /// One stamp that is wanted: of an authority, over the checkpoint of a size.
  package struct Need: Hashable, Sendable {
    /// The authority's name.
    package let authority: String
    /// The size of the checkpoint.
    package let size: UInt64
    /// How often it failed before.
    package let failures: Int

    /// A need from its parts.
    package init(authority: String, size: UInt64, failures: Int) {
      self.authority = authority
      self.size = size
      self.failures = failures
    }
  }

  /// What became of a stamp: got, or failed so often, the last time then.
  package enum Attempt: Hashable, Sendable {
    /// The stamp is stored.
    case done
    /// It failed this often, the last time at this moment (Unix seconds).
    case failed(times: Int, last: Int64)
  }

  /// What is due now, and when the next thing is.
  package struct Plan: Hashable, Sendable {
    /// To be asked for now; at most one of each authority, the oldest checkpoint first.
    package let now: [Need]
    /// When to look again, Unix seconds; nil when nothing waits.
    package let next: Int64?
  }

  /// Seconds to wait after the first failure; each further one doubles it.
  package let firstWait: Int64
  /// The longest wait, in seconds.
  package let longestWait: Int64

  /// A schedule; it never gives up, since a stamp that comes late is still one.
  package init(firstWait: Int64 = 10, longestWait: Int64 = 3600) {
    self.firstWait = max(firstWait, 1)
    self.longestWait = max(longestWait, self.firstWait)
  }

  /// How long to wait after so many failures, in seconds.
  package func wait(after failures: Int) -> Int64 {
    guard failures > 0 else { return 0 }
    let doublings = Int64(clamping: min(failures - 1, 40))
    let (wait, overflow) = firstWait.multipliedReportingOverflow(by: 1 << doublings)
    return overflow ? longestWait : min(wait, longestWait)
  }

  /// What is due at a moment.
  ///
  /// An authority is asked for one stamp at a time, so that one that is down is not flooded, and each by itself, so that
  /// one that is down holds up no other. A failure makes the authority wait, whichever checkpoint it failed on.
  /// - Parameters:
  ///   - authorities: the names of those configured.
  ///   - sizes: the checkpoints that shall be stamped.
  ///   - attempts: what became of stamps, by authority and size.
  ///   - now: Unix seconds.
  package func plan(
    authorities: [String], sizes: [UInt64], attempts: [String: [UInt64: Attempt]], now: Int64
  ) -> Plan {
    var due: [Need] = []
    var later: [Int64] = []
    let wanted = Set(sizes).sorted()
    for authority in authorities {
      let past = attempts[authority] ?? [:]
      let open = wanted.filter { past[$0] != .done }
      guard let size = open.first else { continue }
      let failures = open.compactMap { size -> (times: Int, last: Int64)? in
        guard case .failed(let times, let last) = past[size] else { return nil }
        return (times, last)
      }
      let ready = failures.map { $0.last.addingReportingOverflow(wait(after: $0.times)).partialValue }.max() ?? now
      if ready <= now {
        due.append(Need(authority: authority, size: size, failures: Self.times(past[size])))
      } else {
        later.append(ready)
      }
    }
    return Plan(now: due, next: later.min())
  }

  private static func times(_ attempt: Attempt?) -> Int {
    if case .failed(let times, _) = attempt { times } else { 0 }
  }
}
