import Ledger
import Storage
import TransparencyLog

/// How stored rows look in JSON. Written out here, so that the core never bends to the wire.
extension ProductRow {
  /// GTIN with its leading zeros.
  var gtinText: String { Self.text(ofGTIN: gtin) }

  /// A GTIN as stored, with its leading zeros.
  static func text(ofGTIN number: Int64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 14 - digits.count)) + digits
  }

  var json: JSONValue {
    var object: [String: JSONValue] = [
      "gtin": .string(gtinText), "name": ["zh": .string(zh), "en": .string(en)], "boxSeries": .string(series),
    ]
    if let amount, let currency {
      object["listPrice"] = ["amount": .string(amount), "currency": .string(currency)]
    }
    return .object(object)
  }
}

extension DealerRow {
  var json: JSONValue {
    [
      "code": .string(code), "name": .string(name), "tier": .integer(tier),
      "parent": parent.map(JSONValue.string) ?? nil, "territories": territories.codeList,
    ]
  }
}

extension TerminalRow {
  var json: JSONValue {
    [
      "code": .string(code), "dealer": dealer.map(JSONValue.string) ?? nil, "region": .string(region),
      "name": .string(name),
    ]
  }
}

extension PolicyRow {
  var json: JSONValue {
    let digits = String(gtin)
    return [
      "id": .string(id), "version": .integer(version),
      "gtin": .string(String(repeating: "0", count: max(0, 14 - digits.count)) + digits),
      "regions": regions.codeList, "floor": ["amount": .string(amount), "currency": .string(currency)],
      "mode": .string(mode), "legalBasis": basis.map(JSONValue.string) ?? nil, "from": since.time,
      "to": until?.time ?? nil,
    ]
  }
}

extension BatchRow {
  var json: JSONValue {
    let digits = String(gtin)
    return [
      "id": .string("B\(id)"), "gtin": .string(String(repeating: "0", count: max(0, 14 - digits.count)) + digits),
      "quantity": .integer(count), "boxes": .integer(boxCount), "perBox": perBox.map(JSONValue.integer) ?? nil,
      "profile": .string(profile), "createdAt": created.time,
    ]
  }
}

extension DispatchRow {
  var json: JSONValue {
    [
      "id": .string("D\(id)"), "number": .string(number), "dealer": .string(dealer),
      "territories": territories.codeList, "dispatchedAt": at.time, "itemCount": .integer(items),
      "sealKey": .string(sealKey),
    ]
  }
}

extension Int64 {
  /// Unix milliseconds as RFC 3339.
  var time: JSONValue { .string(Timestamp(milliseconds: self).description) }
}

extension String {
  /// A canonical territory text as a list of codes.
  var codeList: JSONValue { .array(split(separator: ",").map { .string(String($0)) }) }
}
