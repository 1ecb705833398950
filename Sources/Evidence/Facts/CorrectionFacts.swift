import TransparencyLog

/// `correction`: what is true of some codes from its `at` on, whatever was recorded before.
struct CorrectionFacts {
  /// What becomes of some codes.
  struct Change {
    let codes: CodeRuns
    let isVoid: Bool
    /// Who holds the goods; nil: no dealer.
    let dealer: String?
    /// The dispatch that they are counted to, and where they may be sold.
    let dispatch: String?, territories: [String]
    /// The box that they are put into; nil with `isLoose`: none; else where they were.
    let box: EvidenceCode?, isLoose: Bool

    init(_ value: JSONValue) throws(Misread) {
      let members = try Members(value, "changes")
      codes = try CodeRuns(try members.list("codes"), "codes")
      guard let state = ScanFacts.State(rawValue: try members.text("state")) else { throw Misread("state") }
      isVoid = state == .voided
      dealer = try members.textIfAny("dealer")
      dispatch = members.has("dispatch") ? try dispatchNumber(members["dispatch"]) : nil
      territories = members.has("territories") ? try members.texts("territories") : []
      isLoose = members["loose"] == true
      guard members.has("box") else {
        box = nil
        return
      }
      guard let one = try CodeRun(members["box"], "box").onlyBox else { throw Misread("box") }
      box = one
    }

    /// Whether it says which box the codes are in.
    var moves: Bool { box != nil || isLoose }
  }

  let changes: [Change]

  init(_ data: Members) throws(Misread) {
    _ = try data.text("correction")
    changes = try data.list("changes").map { value throws(Misread) in try Change(value) }
  }

  func change(of code: EvidenceCode) -> Change? { changes.first { $0.codes.contains(code) } }
}

/// `alertCorrected`: which scans of an alert a correction took away, and whether that was all of them.
struct AlertCorrectionFacts {
  let alert: Int64
  /// Leaf indexes of the correction and of the scans.
  let correction: UInt64, scans: [UInt64]
  let isCleared: Bool

  init(_ data: Members) throws(Misread) {
    alert = try data.whole("alert")
    correction = try Self.leaf(data["correction"], "correction")
    scans = try data.list("scans").map { value throws(Misread) in try Self.leaf(value, "scans") }
    guard case .bool(let cleared)? = data["cleared"] else { throw Misread("cleared") }
    isCleared = cleared
  }

  private static func leaf(_ value: JSONValue?, _ name: String) throws(Misread) -> UInt64 {
    guard let number = value?.int, number > 0 else { throw Misread(name) }
    return UInt64(number - 1)
  }
}
