import Codes
import Ledger
import Storage
import TransparencyLog

/// An alert as it is shown.
package struct AlertView: Sendable, Equatable {
  /// `A12`
  package let id: AlertID
  /// Kind, status, severity and rule in the API's words.
  package let kind: String, status: String, severity: String, rule: String
  /// When it was raised, and when the last scan that it rests on happened.
  package let raisedAt: Timestamp, occurredAt: Timestamp
  /// Whom, what and where it is about.
  package let subject: AlertSubject
  /// The numbers that made it so.
  package let numbers: [String: JSONValue]
  /// Why, in words.
  package let explanation: Explanation
  /// The number of the event that recorded it.
  package let event: Int64
  /// The product's names in Chinese and English, when it is about one we know.
  package let product: ProductRow.Names?
  /// The Digital Link URI of the code that it is about.
  package let code: String?
  /// What a person decided: `{"at":…,"by":…,"decision":…,"event":…,"reason":…}`; nil while nobody has.
  package let decision: JSONValue?
  /// What corrections of the record took from it, oldest first:
  /// `[{"at":…,"cleared":true,"event":…,"from":…,"kind":…,"noted":…,"scans":[…]}]`.
  package let corrections: [JSONValue]
  /// What is at risk: the list price of the goods it is about; nil where no price is known.
  package let valueAtRisk: JSONValue?
  /// The number on the paper of the dispatch it is about.
  package let dispatchNumber: String?
  /// The scans that it rests on, ascending.
  package let scans: [AlertScan]

  /// `{"id":"A12","kind":…,"scans":[…]}`; members without a value are left out.
  package var json: JSONValue {
    var members: [String: JSONValue] = [
      "id": .string(id.description), "kind": .string(kind), "status": .string(status),
      "severity": .string(severity), "rule": .string(rule), "raisedAt": .string(raisedAt.description),
      "occurredAt": .string(occurredAt.description), "numbers": .object(numbers),
      "explanation": explanation.json, "event": .integer(event), "scans": .array(scans.map(\.json)),
    ]
    members["dealer"] = subject.dealer.map(JSONValue.string)
    members["region"] = subject.region.map { .string($0.description) }
    members["gtin"] = subject.gtin.map { .string($0.description) }
    members["dispatch"] = subject.dispatch.map(JSONValue.integer)
    members["code"] = code.map(JSONValue.string)
    members["decision"] = decision
    if !corrections.isEmpty { members["corrections"] = .array(corrections) }
    members["valueAtRisk"] = valueAtRisk
    members["dispatchNumber"] = dispatchNumber.map(JSONValue.string)
    if let product, let gtin = subject.gtin {
      members["product"] = [
        "gtin": .string(gtin.description), "name": ["zh": .string(product.zh), "en": .string(product.en)],
      ]
    }
    return .object(members)
  }
}

/// A scan that an alert rests on. Lists give the number alone, a single alert the event as well.
package struct AlertScan: Sendable, Equatable {
  /// Number of the event.
  package let event: Int64
  /// The event's public body without its salt; nil in lists.
  package let body: JSONValue?
  /// The exact place, for those who may see it, while it has not been erased.
  package let place: JSONValue?
  /// The URI of the code, for those who may see the exact place; with it its chain can be looked up.
  package internal(set) var uri: String?

  /// In a list.
  init(event: Int64) {
    self.event = event
    body = nil
    place = nil
  }

  /// In full. The salt stays out: with it anyone could test guesses at the leaf of the log.
  init(_ row: EventRow, showsPlace: Bool) {
    event = row.id
    var body = try? JSONValue(parsing: row.body)
    body?["salt"] = nil
    body?["personal"] = nil
    if !showsPlace { body?["data"]?["client"] = nil }
    self.body = body
    place = showsPlace ? row.personal.flatMap { (try? JSONValue(parsing: $0))?["place"]?["value"] } : nil
  }

  /// `{"event":7,"at":…,"by":…,"data":…,"place":…}`
  package var json: JSONValue {
    var members = body?.object ?? [:]
    members["event"] = .integer(event)
    members["place"] = place
    members["uri"] = uri.map(JSONValue.string)
    return .object(members)
  }
}

extension ProductRow {
  /// What a product is called.
  package struct Names: Sendable, Equatable {
    /// In Chinese and in English.
    package let zh: String, en: String
  }
}
