import Codes
import TransparencyLog

/// A code as events name it: an item by product, key epoch and index, or a box by its SSCC.
package enum EvidenceCode: Hashable, Sendable {
  /// Item number `index` of a product and key epoch.
  case item(gtin: GTIN, epoch: Int64, index: Int64)
  /// A box or pallet.
  case box(SSCC)

  /// Reads `code` of a scan event; nil when it is `{"raw"}` or not as the ledger writes it.
  package init?(scanCode value: JSONValue) {
    guard let members = try? Members(value) else { return nil }
    if let text = try? members.text("sscc") {
      guard members.values.count == 1, let sscc = try? SSCC(text) else { return nil }
      self = .box(sscc)
    } else {
      guard members.values.count == 3, let space = try? ItemSpace(members), let index = try? members.whole("index")
      else { return nil }
      self = .item(gtin: space.gtin, epoch: space.epoch, index: index)
    }
  }

  /// How the code is named in `case.json` and in the names of seal files: `<GTIN-14>.<epoch>.<index>` or the SSCC.
  package var key: String {
    switch self {
    case .item(let gtin, let epoch, let index): "\(gtin).\(epoch).\(index)"
    case .box(let sscc): sscc.description
    }
  }

  /// What a scan event writes.
  var json: JSONValue {
    switch self {
    case .item(let gtin, let epoch, let index):
      ["gtin": .string(gtin.description), "epoch": .integer(epoch), "index": .integer(index)]
    case .box(let sscc): ["sscc": .string(sscc.description)]
    }
  }
}

/// The indexes of a product and key epoch.
struct ItemSpace: Hashable {
  let gtin: GTIN
  let epoch: Int64

  init(gtin: GTIN, epoch: Int64) {
    self.gtin = gtin
    self.epoch = epoch
  }

  /// From the members `gtin` (14 digits) and `epoch`.
  init(_ members: Members) throws(Misread) {
    let text = try members.text("gtin")
    guard let gtin = try? GTIN(text), gtin.description == text else { throw Misread("gtin") }
    epoch = try members.whole("epoch")
    guard epoch <= 15 else { throw Misread("epoch") }
    self.gtin = gtin
  }
}
