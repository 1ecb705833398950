import Codes
import TransparencyLog

/// A run of codes in an event, both ends included.
enum CodeRun: Hashable {
  case items(ItemSpace, ClosedRange<Int64>)
  case boxes(BoxSeries, ClosedRange<Int64>)

  /// Reads `{"epoch","first","gtin","last"}` or `{"first","last","series"}`.
  init(_ value: JSONValue?, _ name: String) throws(Misread) {
    let members = try Members(value, name)
    let (first, last) = (try members.whole("first"), try members.whole("last"))
    guard first <= last else { throw Misread("last") }
    guard let key = try members.textIfAny("series") else {
      guard members.values.count == 4 else { throw Misread(name) }
      self = .items(try ItemSpace(members), first...last)
      return
    }
    guard members.values.count == 3, let series = try? BoxSeries(key: key), UInt64(last) < series.capacity else {
      throw Misread("series")
    }
    self = .boxes(series, first...last)
  }

  func contains(_ code: EvidenceCode) -> Bool {
    switch (self, code) {
    case (.items(let space, let range), .item(let gtin, let epoch, let index)):
      space == ItemSpace(gtin: gtin, epoch: epoch) && range.contains(index)
    case (.boxes(let series, let range), .box(let sscc)):
      series.serial(of: sscc).map { range.contains(Int64(clamping: $0)) } ?? false
    default: false
    }
  }

  /// The SSCC of a run of one box.
  var onlyBox: EvidenceCode? {
    guard case .boxes(let series, let range) = self, range.count == 1,
      let sscc = try? series.sscc(UInt64(range.lowerBound))
    else { return nil }
    return .box(sscc)
  }
}

/// Runs of one event, found fast: a dispatch may name very many.
struct CodeRuns {
  private var items: [ItemSpace: [ClosedRange<Int64>]] = [:]
  private var boxes: [BoxSeries: [ClosedRange<Int64>]] = [:]

  /// Reads a list of runs, of which no two may overlap.
  init(_ values: [JSONValue], _ name: String) throws(Misread) {
    for value in values {
      switch try CodeRun(value, name) {
      case .items(let space, let range): items[space, default: []].append(range)
      case .boxes(let series, let range): boxes[series, default: []].append(range)
      }
    }
    items = items.mapValues { $0.sorted { $0.lowerBound < $1.lowerBound } }
    boxes = boxes.mapValues { $0.sorted { $0.lowerBound < $1.lowerBound } }
    guard items.values.allSatisfy(Self.areApart), boxes.values.allSatisfy(Self.areApart) else { throw Misread(name) }
  }

  func contains(_ code: EvidenceCode) -> Bool {
    switch code {
    case .item(let gtin, let epoch, let index):
      return Self.contains(index, items[ItemSpace(gtin: gtin, epoch: epoch)] ?? [])
    case .box(let sscc):
      return boxes.contains { series, ranges in
        series.serial(of: sscc).map { Self.contains(Int64(clamping: $0), ranges) } ?? false
      }
    }
  }

  /// How many items; nil when they exceed what an event can state.
  var itemCount: Int64? {
    items.values.joined().reduce(Int64?(0)) { sum, range in
      // Ends are at most 2^53, so one run never overflows.
      guard let (total, overflow) = sum?.addingReportingOverflow(range.upperBound - range.lowerBound + 1), !overflow
      else { return nil }
      return total
    }
  }

  private static func areApart(_ sorted: [ClosedRange<Int64>]) -> Bool {
    zip(sorted, sorted.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
  }

  private static func contains(_ number: Int64, _ sorted: [ClosedRange<Int64>]) -> Bool {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].upperBound < number { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low].contains(number)
  }
}
