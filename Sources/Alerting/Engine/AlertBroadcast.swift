import Synchronization

/// Tells every subscriber the numbers of new alerts.
///
/// A subscriber that does not keep up loses the oldest numbers, not the engine's time; it notices by the gap and asks
/// for what lies in it (alert numbers have none).
package final class AlertBroadcast: Sendable {
  private struct Subscribers {
    var next = 0
    var continuations: [Int: AsyncStream<Int64>.Continuation] = [:]
    var isClosed = false
  }

  private let subscribers = Mutex(Subscribers())

  /// Numbers that wait for one subscriber at most.
  package static let buffer = 256

  init() {}

  /// How many listen now.
  package var count: Int { subscribers.withLock { $0.continuations.count } }

  /// A stream of the alerts raised from now on. It ends when its task does, or when the engine stops.
  package func subscribe() -> AsyncStream<Int64> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Int64.self, bufferingPolicy: .bufferingNewest(Self.buffer))
    let place: Int? = subscribers.withLock { subscribers in
      guard !subscribers.isClosed else { return nil }
      subscribers.next += 1
      subscribers.continuations[subscribers.next] = continuation
      return subscribers.next
    }
    guard let place else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.subscribers.withLock { _ = $0.continuations.removeValue(forKey: place) }
    }
    return stream
  }

  func send(_ ids: [Int64]) {
    let listening = subscribers.withLock { Array($0.continuations.values) }
    for id in ids { for continuation in listening { continuation.yield(id) } }
  }

  /// Ends all streams, now and later; a stream's end runs code that takes the lock, so it is done outside of it.
  package func close() {
    let listening = subscribers.withLock { subscribers in
      subscribers.isClosed = true
      return Array(subscribers.continuations.values)
    }
    for continuation in listening { continuation.finish() }
  }
}
