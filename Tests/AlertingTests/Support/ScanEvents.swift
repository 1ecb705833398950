import Alerting
import Ledger
import Regions
import Testing
import TransparencyLog

/// A salt that is always the same.
func steadySalt() throws -> Commitment.Salt { try #require(Commitment.Salt(bytes: [UInt8](repeating: 7, count: 16))) }

extension Sighting {
  /// The `data` of the event that this sighting would have been read from (Ledger.docc/Events.md, "scan").
  var data: [String: JSONValue] {
    var place: [String: JSONValue] = ["certainty": .string(certainty.rawValue)]
    place["region"] = region.map { .string($0.description) }
    var data: [String: JSONValue] = [
      "code": code.json, "place": .object(place), "authenticity": .string(authenticity.rawValue),
      "territory": .string(territory.rawValue), "priceCheck": .string(priceCheck.rawValue), "verdict": "ok",
      "reasons": ["genuine"], "firstScannedAt": .string(at.description), "scanCount": 1,
    ]
    data["state"] = state.map { .string($0.name) }
    data["terminal"] = terminal.map(JSONValue.string)
    data["dealer"] = dealer.map(JSONValue.string)
    data["dispatch"] = dispatch.map(JSONValue.integer)
    if !territories.isEmpty { data["territories"] = .array(territories.map { .string($0.description) }) }
    data["price"] = price.map { ["amount": .string($0.amount), "currency": .string($0.currency)] }
    data["policy"] = policy.map { ["id": .string($0.id), "version": .integer($0.version)] }
    return data
  }

  /// The personal fields of that event.
  var personal: [String: JSONValue] {
    var personal: [String: JSONValue] = [:]
    personal["device"] = device.map(JSONValue.string)
    if let position {
      personal["place"] = [
        "latitude": .number(position.latitude), "longitude": .number(position.longitude),
        "accuracyMeters": .number(position.accuracyMeters), "source": "gps",
      ]
    }
    return personal
  }

  /// The event as it is stored, with salts that are always the same.
  func sealed() throws -> SealedEvent {
    let salt = try steadySalt()
    let draft = EventDraft(.scan, at: at, by: Actor(key: key, role: role), data: data, personal: personal)
    return SealedEvent(draft, recorded: recorded) { salt }
  }
}
