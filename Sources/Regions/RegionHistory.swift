/// All lives of all codes, and the way from an old code to today's.
struct RegionHistory: Sendable {
  private let lives: [RegionCode: [RegionEntry]]
  private let childrenByParent: [RegionCode: [RegionCode]]

  /// Reads the section of lives.
  init(_ reader: inout ResourceReader) throws(RegionError) {
    var lives: [RegionCode: [RegionEntry]] = [:]
    let count = try reader.count(ofSize: 7)
    var number = 0
    for _ in 0..<count {
      number += try reader.number()
      let entry = try Self.entry(number, &reader)
      lives[entry.code, default: []].append(entry)
    }
    self.lives = lives
    childrenByParent = lives.values.joined().filter(\.isCurrent).map(\.code).sorted()
      .reduce(into: [:]) { children, code in
        if let parent = code.parent { children[parent, default: []].append(code) }
      }
  }

  private static func entry(_ number: Int, _ reader: inout ResourceReader) throws(RegionError) -> RegionEntry {
    let code = try reader.code(number)
    let from = try reader.index(below: 1_000)
    let to = try reader.index(below: 1_000)
    let nameZh = try reader.text()
    let nameEn = try reader.text()
    var successors: [RegionCode] = []
    for _ in 0..<(try reader.count(ofSize: 3)) { successors.append(try reader.code()) }
    return RegionEntry(
      code: code, nameZh: nameZh, nameEn: nameEn, validFrom: from == 0 ? nil : from + 1_900,
      validTo: to == 0 ? nil : to + 1_900, successors: successors)
  }

  /// The life to speak of when no date is given: the present one, else the last.
  func entry(_ code: RegionCode) -> RegionEntry? {
    lives[code].flatMap { all in all.first(where: \.isCurrent) ?? all.last }
  }

  /// Every life, oldest first.
  func entries(_ code: RegionCode) -> [RegionEntry] { lives[code] ?? [] }

  func isKnown(_ code: RegionCode) -> Bool { code.number == nil || lives[code] != nil }

  func children(of code: RegionCode) -> [RegionCode] { childrenByParent[code] ?? [] }

  /// The codes that the region written as `code` has in the list of `year` (nil: the present list), sorted.
  ///
  /// A code that is in that list stands for itself; one abolished before is followed through its successors; one not
  /// given out yet, or never, has none. Codes of ISO 3166 stand for themselves.
  func codes(_ code: RegionCode, in year: Int?) -> [RegionCode] {
    guard code.number != nil else { return [code] }
    let all = entries(code)
    if let valid = all.first(where: { year.map($0.isValid(in:)) ?? $0.isCurrent }) { return [valid.code] }
    let target = year ?? .max
    guard let past = all.last(where: { $0.validTo ?? .min <= target }) else { return [] }
    var found: Set<RegionCode> = []
    // Each step goes forward in time, so the depth is bounded by the history; the limit is for a damaged file.
    follow(past, until: year, found: &found, depth: 24)
    return found.sorted()
  }

  private func follow(_ past: RegionEntry, until year: Int?, found: inout Set<RegionCode>, depth: Int) {
    guard depth > 0 else { return }
    let arrival = past.validTo ?? year ?? .max
    for successor in past.successors {
      let all = entries(successor)
      // The record dates a successor now and then a year late: then the next life after the change is meant.
      let next = all.first { $0.validTo ?? .max > arrival } ?? all.last
      guard let next else { continue }
      if next.isCurrent || year.map(next.isValid(in:)) ?? false {
        found.insert(next.code)
      } else {
        follow(next, until: year, found: &found, depth: depth - 1)
      }
    }
  }
}
