import Ledger
import TransparencyLog

/// What a demo holds, for the command's last words and for the README's walk-through.
package struct DemoSummary: Hashable, Sendable {
  /// How much there is.
  package struct Counts: Hashable, Sendable {
    /// Of the catalogue.
    package let products: Int, dealers: Int, terminals: Int
    /// Of the warehouse; items and boxes as issued.
    package let batches: Int, items: Int, boxes: Int, dispatches: Int
    /// Scans recorded, and events in the ledger.
    package let scans: Int, events: Int
  }

  /// A diversion that was planted.
  package struct Diversion: Hashable, Sendable {
    /// `farPallet`, `adjacent` or `trickle`.
    package let kind: String
    /// Whose goods, under which dispatch numbers, and where they turned up.
    package let dealer: String, dispatches: [String], region: String
    /// The alerts that name it, `A12`; empty when it was not found.
    package let alerts: [String]
  }

  /// A code to try, and a region to try it in.
  package struct Example: Hashable, Sendable {
    /// The Digital Link URI.
    package let uri: String
    /// A county.
    package let region: String
  }

  /// The seed, and the moment at which the story ends.
  package let seed: UInt64, now: Timestamp
  /// How much there is.
  package let counts: Counts
  /// Alerts by kind.
  package let alerts: [String: Int]
  /// What was planted.
  package let diversions: [Diversion]
  /// Diversion alerts about goods that nobody diverted.
  package let unplantedDiversions: [String]
  /// The copied code.
  package let copiedCode: String
  /// A sealed box of the newest dispatch, the dispatch's number and dealer.
  package let sealedBox: String, dispatch: String, dealer: String
  /// An item of that dispatch where it belongs, and another where it does not; neither was scanned yet.
  package let inside: Example, outside: Example

  /// As it is stored.
  package var json: JSONValue {
    [
      "seed": .string(String(seed)), "now": .string(now.description), "counts": counts.json,
      "alerts": .object(alerts.mapValues { .integer(Int64($0)) }),
      "diversions": .array(diversions.map(\.json)),
      "unplantedDiversions": .array(unplantedDiversions.map(JSONValue.string)),
      "copiedCode": .string(copiedCode), "sealedBox": .string(sealedBox), "dispatch": .string(dispatch),
      "dealer": .string(dealer), "inside": inside.json, "outside": outside.json,
    ]
  }

  /// The stored text: canonical JSON.
  package var text: String { String(decoding: json.canonicalBytes, as: UTF8.self) }
}

extension DemoSummary.Counts {
  fileprivate var json: JSONValue {
    [
      "products": .integer(Int64(products)), "dealers": .integer(Int64(dealers)),
      "terminals": .integer(Int64(terminals)), "batches": .integer(Int64(batches)), "items": .integer(Int64(items)),
      "boxes": .integer(Int64(boxes)), "dispatches": .integer(Int64(dispatches)), "scans": .integer(Int64(scans)),
      "events": .integer(Int64(events)),
    ]
  }
}

extension DemoSummary.Diversion {
  fileprivate var json: JSONValue {
    [
      "kind": .string(kind), "dealer": .string(dealer), "region": .string(region),
      "dispatches": .array(dispatches.map(JSONValue.string)), "alerts": .array(alerts.map(JSONValue.string)),
    ]
  }
}

extension DemoSummary.Example {
  fileprivate var json: JSONValue { ["uri": .string(uri), "region": .string(region)] }
}
