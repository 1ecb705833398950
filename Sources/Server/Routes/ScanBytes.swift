import Ledger
import Regions
import Verification

/// Reads a scan straight from the bytes of its JSON, without a tree: every scan comes this way. It knows the members of
/// a scan, each once, and texts of plain ASCII; for anything else it gives up, and the general parser decides (a property
/// test compares the two).
package struct ScanBytes {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The scan, or nil when anything about it is out of the ordinary.
  package static func request(_ bytes: UnsafeBufferPointer<UInt8>) -> ScanRequest? {
    guard bytes.count <= RequestLimits.scanMax else { return nil }
    var reader = ScanBytes(bytes)
    guard let fields = reader.scan() else { return nil }
    reader.skipSpace()
    guard reader.place == bytes.count else { return nil }
    return fields.request
  }

  private struct Fields {
    var code: String?, at: String?, client: String?, region: String?, terminal: String?, device: String?
    var price: (amount: String, currency: String)?

    var request: ScanRequest? {
      guard let code else { return nil }
      var time: Timestamp?
      if let at {
        time = Timestamp(rfc3339: at)
        if time == nil { return nil }
      }
      var location = ScanLocation.none
      if let region {
        guard let region = try? RegionCode(region) else { return nil }
        location = .region(region)
      }
      var money: Money?
      if let price {
        money = Money(amount: price.amount, currency: price.currency)
        if money == nil { return nil }
      }
      return ScanRequest(
        code: code, at: time, clientID: client, location: location, price: money, terminal: terminal, device: device)
    }
  }

  private mutating func scan() -> Fields? {
    var fields = Fields()
    let isWhole = members { reader, name in
      if name.elementsEqual("code".utf8) { return reader.text(&fields.code) }
      if name.elementsEqual("scannedAt".utf8) { return reader.text(&fields.at) }
      if name.elementsEqual("clientScanId".utf8) { return reader.text(&fields.client) }
      if name.elementsEqual("terminal".utf8) { return reader.text(&fields.terminal) }
      if name.elementsEqual("location".utf8) {
        guard fields.region == nil else { return false }
        let isRead = reader.members { $1.elementsEqual("region".utf8) && $0.text(&fields.region) }
        return isRead && fields.region != nil
      }
      if name.elementsEqual("price".utf8) { return reader.price(&fields) }
      return name.elementsEqual("device".utf8) && reader.text(&fields.device)
    }
    return isWhole ? fields : nil
  }

  /// A price, unless there was one before.
  private mutating func price(_ fields: inout Fields) -> Bool {
    guard fields.price == nil else { return false }
    var amount: String?, currency: String?
    let isRead = members {
      $1.elementsEqual("amount".utf8) ? $0.text(&amount) : $1.elementsEqual("currency".utf8) && $0.text(&currency)
    }
    guard isRead, let amount, let currency else { return false }
    fields.price = (amount, currency)
    return true
  }

  /// An object with at least one member; `read` takes each member's value.
  private mutating func members(
    _ read: (inout ScanBytes, Slice<UnsafeBufferPointer<UInt8>>) -> Bool
  ) -> Bool {
    guard take(UInt8(ascii: "{")) else { return false }
    repeat {
      guard let name = plain(), take(UInt8(ascii: ":")), read(&self, name) else { return false }
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}"))
  }

  /// A text for a field that was not read before.
  private mutating func text(_ field: inout String?) -> Bool {
    guard field == nil, let bytes = plain() else { return false }
    field = String(decoding: bytes, as: UTF8.self)
    return true
  }

  /// A text of ASCII without escapes.
  private mutating func plain() -> Slice<UnsafeBufferPointer<UInt8>>? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = place
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "\""):
        defer { place += 1 }
        return bytes[start..<place]
      case UInt8(ascii: "\\"), 0x00..<0x20, 0x7f...: return nil
      default: place += 1
      }
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  private mutating func skipSpace() {
    while place < bytes.count {
      switch bytes[place] {
      case 0x20, 0x0a, 0x0d, 0x09: place += 1
      default: return
      }
    }
  }
}
