import Codes
import Storage
import TransparencyLog

/// Where a code's number comes from: the indexes of a product and key epoch, or the serials of an SSCC series.
package enum CodeSpace: Hashable, Sendable {
  case items(GTIN, KeyEpoch)
  case boxes(BoxSeries)

  /// The key under which the space is stored: `i:<gtin>:<epoch>` or `b:<series>`.
  package var key: String {
    switch self {
    case .items(let gtin, let epoch): "i:\(gtin):\(epoch.rawValue)"
    case .boxes(let series): "b:\(series.key)"
    }
  }

  /// The space that a stored key names; nil when it names none.
  package init?(key: String) {
    let parts = key.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 3, parts[0] == "i", let gtin = try? GTIN(parts[1]), let number = UInt8(parts[2]),
      let epoch = KeyEpoch(rawValue: number)
    {
      self = .items(gtin, epoch)
    } else if parts.count == 2, parts[0] == "b", let series = try? BoxSeries(key: String(parts[1])) {
      self = .boxes(series)
    } else {
      return nil
    }
  }

  /// Whether the codes are items (not boxes).
  package var holdsItems: Bool { if case .items = self { true } else { false } }

  /// A run of this space as events write it.
  package func json(_ run: Run) -> JSONValue {
    switch self {
    case .items(let gtin, let epoch):
      [
        "gtin": .string(gtin.description), "epoch": .integer(Int64(epoch.rawValue)), "first": .integer(run.first),
        "last": .integer(run.last),
      ]
    case .boxes(let series):
      ["series": .string(series.key), "first": .integer(run.first), "last": .integer(run.last)]
    }
  }
}

/// The spaces of an installation, both ways; read once a transaction that needs them.
package struct SpaceTable: Sendable {
  private var byKey: [CodeSpace: (id: Int64, next: Int64)] = [:]
  private var byID: [Int64: CodeSpace] = [:]

  /// Reads the spaces.
  package init(_ transaction: Transaction) throws {
    for row in try transaction.spaces() {
      guard let space = CodeSpace(key: row.key) else {
        throw LedgerError.inconsistent("space \(row.id) has the key \(row.key)")
      }
      byKey[space] = (row.id, row.next)
      byID[row.id] = space
    }
  }

  /// The row number of a space, nil when none of its codes was issued.
  package func id(_ space: CodeSpace) -> Int64? { byKey[space]?.id }

  /// How many numbers of a space were given.
  package func issued(_ space: CodeSpace) -> Int64 { byKey[space]?.next ?? 0 }

  /// The space with this row number.
  package func space(_ id: Int64) -> CodeSpace? { byID[id] }

  /// Every SSCC series in use.
  package var series: [BoxSeries] {
    byKey.keys.compactMap { if case .boxes(let series) = $0 { series } else { nil } }
  }

  /// Finds the box with this SSCC: its space and serial; nil when no series of ours has it.
  package func box(_ sscc: SSCC) -> (space: Int64, serial: Int64)? {
    for (space, entry) in byKey {
      guard case .boxes(let series) = space, let serial = series.serial(of: sscc), serial < UInt64(entry.next) else {
        continue
      }
      return (entry.id, Int64(serial))
    }
    return nil
  }

  /// The box with this SSCC as text; nil for what is none.
  func box(text: String) -> (space: Int64, serial: Int64)? { (try? SSCC(text)).flatMap(box) }

  /// The run that an event wrote; nil for one of no space here.
  func run(_ json: JSONValue) -> Run? {
    let space: CodeSpace
    if let gtin = json["gtin"]?.string, let epoch = json["epoch"]?.int,
      let items = CodeSpace(key: "i:\(gtin):\(epoch)")
    {
      space = items
    } else if let series = json["series"]?.string, let boxes = CodeSpace(key: "b:\(series)") {
      space = boxes
    } else {
      return nil
    }
    guard let id = id(space), let first = json["first"]?.int, let last = json["last"]?.int, first <= last else {
      return nil
    }
    return Run(space: id, first: first, last: last)
  }

  /// Runs as events write them.
  package func json(_ runs: [Run]) throws -> JSONValue {
    .array(
      try runs.map { run in
        guard let space = byID[run.space] else { throw LedgerError.inconsistent("no space \(run.space)") }
        return space.json(run)
      })
  }
}
