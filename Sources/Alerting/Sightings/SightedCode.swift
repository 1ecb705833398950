import Codes
import TransparencyLog

/// An item by its place in the product's numbering, not by its printed serial.
package struct ItemIdentity: Hashable, Sendable {
  /// The product.
  package let gtin: GTIN
  /// The epoch of the key that made the serial.
  package let epoch: KeyEpoch
  /// Number within product and epoch.
  package let index: Int64

  /// Made from its parts; nil when the index is not one.
  package init?(gtin: GTIN, epoch: KeyEpoch, index: Int64) {
    guard index >= 0, UInt64(index) < ItemIndex.end else { return nil }
    self.gtin = gtin
    self.epoch = epoch
    self.index = index
  }
}

/// What was read, as scan events write it.
package enum SightedCode: Hashable, Sendable {
  /// A recognised item.
  case item(ItemIdentity)
  /// A box, by its 18 digits.
  case box(String)
  /// Anything else, as it was read.
  case raw(String)

  /// Longest raw text that is kept, in bytes; as long as a code is read at all.
  package static let rawBytesMax = ScannedCode.longest

  /// Reads the `code` of a scan event.
  package init?(_ json: JSONValue) {
    self.init(
      gtin: json["gtin"]?.string, epoch: json["epoch"]?.int, index: json["index"]?.int, sscc: json["sscc"]?.string,
      raw: json["raw"]?.string)
  }

  /// From the members that there are: an item needs three, and a product without a number is a code that is not ours.
  init?(gtin: String?, epoch: Int64?, index: Int64?, sscc: String?, raw: String?) {
    if let gtin = gtin.flatMap({ try? GTIN($0) }),
      let epoch = epoch.flatMap(UInt8.init(exactly:)).flatMap(KeyEpoch.init(rawValue:)), let index,
      let item = ItemIdentity(gtin: gtin, epoch: epoch, index: index)
    {
      self = .item(item)
    } else if let sscc {
      self = .box(sscc)
    } else if let raw {
      self = .raw(String(decoding: raw.utf8.prefix(Self.rawBytesMax), as: UTF8.self))
    } else {
      return nil
    }
  }

  /// As events write it.
  package var json: JSONValue {
    switch self {
    case .item(let item):
      [
        "gtin": .string(item.gtin.description), "epoch": .integer(Int64(item.epoch.rawValue)),
        "index": .integer(item.index),
      ]
    case .box(let sscc): ["sscc": .string(sscc)]
    case .raw(let text): ["raw": .string(text)]
    }
  }

  /// The item, if it is one.
  package var item: ItemIdentity? {
    guard case .item(let item) = self else { return nil }
    return item
  }

  /// The product that it is, or that a forged text claims to be; nil for boxes and texts that name none.
  package var gtin: GTIN? {
    switch self {
    case .item(let item): return item.gtin
    case .box: return nil
    case .raw(let text):
      guard let code = try? ScannedCode(text), case .item(let gtin, _) = code.subject else { return nil }
      return gtin
    }
  }

  /// The same for the same code, in every run of the program.
  var mark: Int64 {
    var hash = StableHash()
    switch self {
    case .item(let item):
      hash.add(item.gtin.value)
      hash.add(UInt64(item.epoch.rawValue))
      hash.add(UInt64(item.index))
    case .box(let text), .raw(let text): hash.add(text)
    }
    return hash.value
  }
}

/// FNV-1a, 64 bits. Swift's own hashes change with every start; a detector's memory outlives that.
struct StableHash {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  var value: Int64 { Int64(bitPattern: state) }

  mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

  mutating func add(_ number: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  mutating func add(_ text: String) { for byte in text.utf8 { add(byte) } }
}
