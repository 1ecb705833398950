import Codes
import TransparencyLog

/// `batch`: codes issued together, and the boxes that they are assigned to.
struct BatchFacts {
  let space: ItemSpace
  let items: ClosedRange<Int64>
  let boxes: (series: BoxSeries, range: ClosedRange<Int64>)?
  let perBox: Int64?

  init(_ data: Members) throws(Misread) {
    guard case .items(let space, let range) = try CodeRun(data["items"], "items") else { throw Misread("items") }
    self.space = space
    items = range
    perBox = try data.wholeIfAny("perBox")
    guard perBox != 0 else { throw Misread("perBox") }
    guard let value = data["boxes"] else {
      boxes = nil
      return
    }
    guard case .boxes(let series, let range) = try CodeRun(value, "boxes") else { throw Misread("boxes") }
    boxes = (series, range)
  }

  func contains(_ code: EvidenceCode) -> Bool {
    switch code {
    case .item: CodeRun.items(space, items).contains(code)
    case .box: boxes.map { CodeRun.boxes($0.series, $0.range).contains(code) } ?? false
    }
  }

  /// The box that the batch's rule puts an item into; nil without such a rule.
  func box(of code: EvidenceCode) -> EvidenceCode? {
    guard case .item(_, _, let index) = code, contains(code), let boxes, let perBox else { return nil }
    // Both are at most 2^53.
    let serial = boxes.range.lowerBound + (index - items.lowerBound) / perBox
    guard boxes.range.contains(serial), let sscc = try? boxes.series.sscc(UInt64(serial)) else { return nil }
    return .box(sscc)
  }
}

/// `packing` and `unpacking`: children into a box, or out of it.
struct PackingFacts {
  let parent: EvidenceCode
  let children: CodeRuns

  init(_ data: Members) throws(Misread) {
    guard let parent = try CodeRun(data["parent"], "parent").onlyBox else { throw Misread("parent") }
    self.parent = parent
    children = try CodeRuns(try data.list("children"), "children")
  }
}

/// The goods that an event names: units, and everything in them.
struct GoodsNamed {
  let units: CodeRuns
  let contents: CodeRuns

  init(_ data: Members) throws(Misread) {
    units = try CodeRuns(try data.list("units"), "units")
    contents = try CodeRuns(try data.list("contents"), "contents")
  }

  func contains(_ code: EvidenceCode) -> Bool { units.contains(code) || contents.contains(code) }
}

/// `dispatch`: goods to a dealer, for territories, under seal.
struct DispatchFacts {
  /// The dispatch's number, and how seals name it.
  let number: String, sealName: String
  let dealer: String
  let territories: [String]
  let goods: GoodsNamed
  let items: Int64
  let sealKey: String

  init(_ data: Members) throws(Misread) {
    number = try dispatchNumber(data["dispatch"])
    // A seal's dispatch is a word: a number gets a letter.
    sealName = data["dispatch"]?.int == nil ? number : "D" + number
    dealer = try data.text("dealer")
    territories = try data.texts("territories")
    goods = try GoodsNamed(data)
    items = try data.whole("items")
    sealKey = try data.text("sealKey")
  }
}

/// A dispatch's number as a text; events write it as a number, and may write it as a text.
func dispatchNumber(_ value: JSONValue?) throws(Misread) -> String {
  switch value {
  case .integer(let number): return String(number)
  case .string(let text): return text
  default: throw Misread("dispatch")
  }
}

/// `transfer`: from one dealer to the next.
struct TransferFacts {
  let from: String
  let to: String
  let territories: [String]
  let goods: GoodsNamed

  init(_ data: Members) throws(Misread) {
    from = try data.text("from")
    to = try data.text("to")
    territories = try data.texts("territories")
    goods = try GoodsNamed(data)
  }
}

/// `receipt`, `sale`, `return` and `void`: what was done with goods, and which dealer did it.
struct HandlingFacts {
  let dealer: String?
  let goods: GoodsNamed

  /// - Parameter needsDealer: whether there must be one.
  init(_ data: Members, needsDealer: Bool) throws(Misread) {
    dealer = needsDealer ? try data.text("dealer") : try data.textIfAny("dealer")
    goods = try GoodsNamed(data)
  }
}
