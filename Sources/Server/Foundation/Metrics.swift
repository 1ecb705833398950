import Synchronization

/// Counters and a latency histogram for `/metrics`, in Prometheus' text format (exposition format 0.0.4).
package final class Metrics: Sendable {
  private struct Values {
    var responses: [Int: Int] = [:]
    var verdicts: [String: Int] = [:]
    var short = 0, shortPages = 0
    var buckets = [Int](repeating: 0, count: Metrics.bounds.count + 1)
    var seconds = 0.0
  }

  private let values = Mutex(Values())

  /// Upper bounds of the buckets, seconds.
  static let bounds: [Double] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

  /// Counts a response.
  package func count(status: Int) { values.withLock { $0.responses[status, default: 0] += 1 } }

  /// Counts a verdict and how long it took, in seconds; `isShort`: on the short way of ``ScanLane``.
  package func count(verdict: String, seconds: Double, isShort: Bool = false) {
    let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    values.withLock {
      $0.verdicts[verdict, default: 0] += 1
      $0.buckets[bucket] += 1
      $0.seconds += seconds
      if isShort { $0.short += 1 }
    }
  }

  /// Counts a consumer's page on the short way.
  package func countShortPage() { values.withLock { $0.shortPages += 1 } }

  /// The text, with gauges read by the caller added.
  package func text(gauges: [(name: String, help: String, value: Int64)]) -> String {
    let values = values.withLock { $0 }
    var lines = ["# TYPE yima_http_responses_total counter"]
    for (status, count) in values.responses.sorted(by: { $0.key < $1.key }) {
      lines.append("yima_http_responses_total{status=\"\(status)\"} \(count)")
    }
    lines.append("# TYPE yima_scans_total counter")
    for (verdict, count) in values.verdicts.sorted(by: { $0.key < $1.key }) {
      lines.append("yima_scans_total{verdict=\"\(verdict)\"} \(count)")
    }
    lines += [
      "# HELP yima_scans_short_way_total Scans that were answered on the connection's own event loop.",
      "# TYPE yima_scans_short_way_total counter", "yima_scans_short_way_total \(values.short)",
      "# HELP yima_pages_short_way_total Pages of codes that were answered there.",
      "# TYPE yima_pages_short_way_total counter", "yima_pages_short_way_total \(values.shortPages)",
      "# TYPE yima_scan_seconds histogram",
    ]
    var sum = 0
    for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], values.buckets) {
      sum += count
      lines.append("yima_scan_seconds_bucket{le=\"\(bound)\"} \(sum)")
    }
    lines += ["yima_scan_seconds_sum \(values.seconds)", "yima_scan_seconds_count \(sum)"]
    for gauge in gauges {
      lines += ["# HELP \(gauge.name) \(gauge.help)", "# TYPE \(gauge.name) gauge", "\(gauge.name) \(gauge.value)"]
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
