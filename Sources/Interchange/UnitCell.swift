import Codes
import Issuing

/// What the code columns of one line name.
struct UnitCell {
  /// The units, in order.
  let units: [UnitReference]
  /// What makes two lines the same: identifiers without spelling, or the range.
  let identity: String

  /// Reads a code, a code with a last one, or a range.
  init(code: String, last: String, range: String) throws(BadCell) {
    if !range.isEmpty {
      guard code.isEmpty, last.isEmpty else { throw BadCell(.range, .codeAndRange) }
      self.init(try Self.range(range, .range))
      return
    }
    guard !code.isEmpty else { throw BadCell(.code, .empty) }
    if let first = Self.place(code) {
      let end = last.isEmpty ? first : Self.place(last)
      guard let end, end.batch == first.batch, end.level == first.level else { throw BadCell(.lastCode, .notARange) }
      self.init(try Self.range(first.batch, first.level, first.first, end.last, .lastCode))
    } else if last.isEmpty {
      let subject = try Self.subject(code, .code)
      self.init([.code(code.undressed)], identity: subject.description)
    } else {
      try self.init(boxesFrom: code, to: last)
    }
  }

  private init(_ units: [UnitReference], identity: String) {
    self.units = units
    self.identity = identity
  }

  private init(_ range: UnitReference) { self.init([range], identity: "\(range)") }

  /// Boxes between two SSCCs of one series: their serials follow one another, so they can be counted without the
  /// database.
  private init(boxesFrom code: String, to last: String) throws(BadCell) {
    let ends = (try Self.subject(code, .code), try Self.subject(last, .lastCode))
    identity = "\(ends.0)-\(ends.1)"
    if ends.0 == ends.1 {
      units = [.code(code.undressed)]
      return
    }
    guard case (.box(let first), .box(let end)) = ends, let series = Self.series(of: first),
      let from = series.serial(of: first), let to = series.serial(of: end)
    else { throw BadCell(.lastCode, .ofDifferentKinds) }
    guard from <= to else { throw BadCell(.lastCode, .backwards) }
    guard to - from < UInt64(ListLimits.unitsMax) else { throw BadCell(.lastCode, .tooManyUnits(ListLimits.unitsMax)) }
    units = (from...to).compactMap { serial in (try? series.sscc(serial)).map { .code($0.description) } }
  }

  /// The widest series that an SSCC can belong to: extension digit and the shortest company prefix there is.
  private static func series(of box: SSCC) -> BoxSeries? {
    let digits = box.description
    guard let digit = digits.first?.wholeNumberValue else { return nil }
    return try? BoxSeries(extensionDigit: digit, companyPrefix: String(digits.dropFirst().prefix(7)))
  }

  private static func subject(_ text: String, _ column: ListColumn) throws(BadCell) -> ScannedCode.Subject {
    let text = text.undressed
    if text.isRoundedNumber { throw BadCell(column, .roundedNumber) }
    do throws(CodeError) { return try ScannedCode(text).subject } catch { throw BadCell(column, .notACode(error.slug)) }
  }

  private typealias Place = (batch: Int64, level: UnitReference.Level, first: Int64, last: Int64)

  /// `B1/box/0-99`, or `B1/box/7` for one; nil for what does not look like it at all.
  private static func place(_ text: String) -> Place? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, let batch = number(parts[0].drop { $0 == "B" || $0 == "b" }),
      parts[0].first?.isLetter == true,
      let level = UnitReference.Level(rawValue: parts[1].lowercased())
    else { return nil }
    let ends = parts[2].split(separator: "-", omittingEmptySubsequences: false).map(number)
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else { return nil }
    return (batch, level, first, last)
  }

  private static func range(_ text: String, _ column: ListColumn) throws(BadCell) -> UnitReference {
    guard let place = place(text) else { throw BadCell(column, .notARange) }
    return try range(place.batch, place.level, place.first, place.last, column)
  }

  private static func range(
    _ batch: Int64, _ level: UnitReference.Level, _ first: Int64, _ last: Int64, _ column: ListColumn
  ) throws(BadCell) -> UnitReference {
    guard first <= last else { throw BadCell(column, .backwards) }
    return .range(batch: batch, level: level, first: first, last: last)
  }

  /// Up to 15 digits without a sign.
  private static func number(_ text: Substring) -> Int64? {
    guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int64(text)
  }
}

/// A field that cannot be taken.
struct BadCell: Error, Equatable {
  let column: ListColumn
  let reason: BadLineReason

  init(_ column: ListColumn, _ reason: BadLineReason) {
    self.column = column
    self.reason = reason
  }
}
