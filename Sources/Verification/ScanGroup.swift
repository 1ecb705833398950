import Storage

/// What the database knows of one group of scans, read at once, and what the group adds to it.
struct ScanGroup {
  /// What counts of dealer → region are kept by.
  struct Flow: Hashable {
    /// Days since 1970-01-01 UTC.
    let day: Int64
    let gtin: Int64, dealer: String, region: String
  }

  private let tracks: [CodeLocation: TrackRow]
  private var histories: [CodeLocation: HistoryRow]
  private var replies: [ClientScan: Int64]
  private var events: [EventRow] = []
  private var answered: [ClientScan: Int64] = [:]
  private var counted: [CodeLocation: HistoryRow] = [:]
  private var flows: [Flow: Int64] = [:]

  /// Reads what is known of these codes and of these clients' scans.
  init(_ codes: [CodeLocation], _ scans: [ClientScan], _ transaction: Transaction) throws {
    tracks = try transaction.tracks(of: codes)
    histories = try transaction.histories(of: codes)
    replies = try transaction.replies(to: scans)
    events.reserveCapacity(codes.count)
    answered.reserveCapacity(scans.count)
    counted.reserveCapacity(codes.count)
  }

  /// The track that holds a code.
  func track(of code: CodeLocation) -> TrackRow? { tracks[code] }

  /// A code's history, with the scans of this group so far.
  func history(of code: CodeLocation) -> HistoryRow? { counted[code] ?? histories[code] }

  /// The event that answered this client's scan before.
  func reply(to scan: ClientScan, _ transaction: Transaction) throws -> EventRow? {
    if let known = answered[scan] { return events.last { $0.id == known } }
    return try replies[scan].flatMap { try transaction.event($0) }
  }

  /// Adds the event of a scan.
  mutating func add(_ event: EventRow, answering scan: ClientScan?) {
    events.append(event)
    if let scan { answered[scan] = event.id }
  }

  /// Sets the history of a code that was scanned.
  mutating func count(_ code: CodeLocation, _ history: HistoryRow) { counted[code] = history }

  /// Counts a scan of a dealer's goods in a region.
  mutating func count(_ flow: Flow) { flows[flow, default: 0] += 1 }

  /// Writes what was added.
  func write(_ transaction: Transaction) throws {
    try transaction.append(events)
    try transaction.put(answered)
    try transaction.put(counted)
    // In order, so that the same scans make the same database.
    let sums = flows.sorted {
      ($0.key.day, $0.key.gtin, $0.key.dealer, $0.key.region) < ($1.key.day, $1.key.gtin, $1.key.dealer, $1.key.region)
    }
    for (flow, scans) in sums {
      try transaction.addFlow(
        day: flow.day, gtin: flow.gtin, dealer: flow.dealer, region: flow.region, scans: scans)
    }
  }
}
