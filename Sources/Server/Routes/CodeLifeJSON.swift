import Issuing
import Ledger
import Storage
import TransparencyLog

extension CodeLife {
  /// What one dealer may see of it: the time in which it held the goods itself.
  func seen(by dealer: String) -> CodeLife {
    let own = lives.filter { $0.dealer == dealer }
    let numbers = Set(own.map(\.event))
    return CodeLife(
      uri: uri, product: product, batch: nil, box: box, lives: own, events: events.filter { numbers.contains($0.id) },
      scans: scans, firstScannedAt: firstScannedAt)
  }

  /// The life of a code as JSON: what is true now, its bindings newest first, and its events.
  var json: JSONValue {
    var object: [String: JSONValue] = [
      "code": .string(uri), "batch": batch?.json ?? nil, "box": box.map(JSONValue.string) ?? nil,
      "state": .string(lives.first?.state.name ?? ""), "bindings": .array(bindings),
      "events": .array(events.map(\.json)), "scanCount": .integer(scans),
      "firstScannedAt": firstScannedAt.map { .string($0.description) } ?? nil,
    ]
    if let product { object["product"] = product.json }
    return .object(object)
  }

  private var bindings: [JSONValue] {
    lives.map { life in
      [
        "state": .string(life.state.name), "dealer": life.dealer.map(JSONValue.string) ?? nil,
        "dispatch": life.dispatch.map { .string("D\($0)") } ?? nil,
        "territories": life.territory.map { $0.description.codeList } ?? nil,
        "from": .string(life.at.description), "recordedAt": .string(life.recorded.description),
        "event": .integer(life.event),
      ]
    }
  }
}

extension EventRow {
  /// An event with its number and without its personal part.
  var json: JSONValue {
    let body = (try? JSONValue(parsing: body)) ?? nil
    return [
      "event": .integer(id), "kind": .string(kind), "at": at.time, "recordedAt": recorded.time,
      "by": body["by"] ?? nil, "data": body["data"] ?? nil,
    ]
  }
}
