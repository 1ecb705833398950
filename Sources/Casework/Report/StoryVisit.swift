import Ledger
import TransparencyLog

/// An inspector's visit as a report tells of it: its scans, and how many files were taken for what.
struct StoryVisit {
  let number: Int64
  private(set) var scans: Set<Int64> = []
  private(set) var files: [String: Int] = [:]

  private init(number: Int64) { self.number = number }

  /// The visits that events of a bundle tell of.
  static func all(_ facts: [StoryMaker.Fact]) -> [StoryVisit] {
    var visits: [Int64: StoryVisit] = [:]
    for fact in facts {
      guard let number = fact.data["inspection"]?.int else { continue }
      var visit = visits[number] ?? StoryVisit(number: number)
      switch EventKind(rawValue: fact.kind) {
      case .inspectionScans: visit.scans.formUnion(fact.data["scans"]?.array?.compactMap(\.int) ?? [])
      case .inspectionFile: visit.files[fact.data["purpose"]?.string ?? "document", default: 0] += 1
      default: break
      }
      visits[number] = visit
    }
    return visits.values.sorted { $0.number < $1.number }
  }
}
