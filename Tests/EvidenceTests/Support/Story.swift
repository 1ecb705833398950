import Codes
import Evidence
import TransparencyLog

/// A small ledger written by hand after Events.md, with names for its events, so that a test can change one thing and
/// have everything around it (hashes, log, proofs, signatures) made anew. What it changes is then a lie told by the
/// brand itself, which holds all the keys.
struct Story {
  struct Entry {
    let name: String
    var kind: String
    var at: String
    var role = "warehouse"
    var data: JSONValue
    var personal: [String: JSONValue] = [:]
  }

  var entries: [Entry] = []
  /// The events of each code's goods, by their names here.
  var chain: [String: [String]] = [:]
  var alert = "alert"
  var policy: String?
  var related: [String] = []
  var seals: [String: String] = [:]
  var keys = TestKeys()
  /// Events of strangers before the first: they move every index and fill the tree.
  var strangers = 5
  var caseID = "case-7"
  var madeAt = "2026-09-20T00:00:00Z"

  /// The event of that name.
  subscript(name: String) -> Entry {
    get { entries[position(name)] }
    set { entries[position(name)] = newValue }
  }

  private func position(_ name: String) -> Int {
    entries.firstIndex { $0.name == name } ?? entries.count
  }

  mutating func add(
    _ name: String, _ kind: String, at: String, role: String = "warehouse", personal: [String: JSONValue] = [:],
    _ data: JSONValue
  ) {
    entries.append(Entry(name: name, kind: kind, at: at, role: role, data: data, personal: personal))
  }

  mutating func remove(_ name: String) {
    entries.removeAll { $0.name == name }
    chain = chain.mapValues { $0.filter { $0 != name } }
  }

  /// The leaf index of an event.
  func leaf(_ name: String) -> UInt64 { UInt64(strangers + position(name)) }

  /// The path of an event in the bundle.
  func file(_ name: String) -> String { "events/\(leaf(name)).json" }

  /// The number by which an alert names a scan.
  func number(_ name: String) -> JSONValue { .integer(Int64(leaf(name)) + 1) }
}

extension Story {
  /// The events as the ledger stores them; event numbers in alerts are filled in from names.
  func sealedEvents() -> [EvidenceParts.Event] {
    var generator = Seeded(seed: 42)
    func salt() -> Commitment.Salt {
      guard let salt = Commitment.Salt(bytes: generator.bytes(16)) else { preconditionFailure("16 bytes are a salt") }
      return salt
    }
    var events: [EvidenceParts.Event] = []
    for index in 0..<strangers {
      let other = Entry(name: "", kind: "key", at: "2026-08-01T00:00:00Z", data: ["key": .integer(Int64(index))])
      events.append(seal(other, UInt64(index), salt))
    }
    for entry in entries { events.append(seal(entry, leaf(entry.name), salt)) }
    return events
  }

  private func seal(_ entry: Entry, _ index: UInt64, _ salt: () -> Commitment.Salt) -> EvidenceParts.Event {
    var data = entry.data
    if entry.kind == "alert" {
      data["scans"] = .array((data["scans"]?.array ?? []).map { $0.string.map(number) ?? $0 })
    }
    var body: JSONValue = [
      "at": .string(entry.at), "by": ["key": entry.role == "consumer" ? 0 : 3, "role": .string(entry.role)],
      "data": data,
      "kind": .string(entry.kind), "recorded": .string(entry.at), "salt": .string(salt().base64url), "v": 1,
    ]
    var disclosed: [String: JSONValue] = [:]
    var commitments: [String: JSONValue] = [:]
    for (name, value) in entry.personal.sorted(by: { $0.key < $1.key }) {
      let salt = salt()
      commitments[name] = .string(Commitment(name: name, value: value, salt: salt).base64url)
      disclosed[name] = ["salt": .string(salt.base64url), "value": value]
    }
    if !commitments.isEmpty { body["personal"] = .object(commitments) }
    return EvidenceParts.Event(
      index: index, body: body.canonicalBytes,
      disclosed: disclosed.isEmpty ? nil : JSONValue.object(disclosed).canonicalBytes)
  }

  /// Which events the claim names.
  var selection: EvidenceClaim.Selection {
    EvidenceClaim.Selection(
      alert: leaf(alert), chain: chain.mapValues { Set($0.map(leaf)) }, policy: policy.map(leaf),
      related: Set(related.map(leaf)))
  }

  /// The parts of the bundle, with the claim that the events support, or `claim` in its place.
  func parts(claim: JSONValue? = nil) throws -> EvidenceParts {
    let all = sealedEvents()
    let shown = Array(all.dropFirst(strangers))
    let log = try TestLog(all.map(\.body), keys.signer)
    let json = try claim ?? EvidenceClaim(caseID: caseID, selection: selection, events: shown).json
    return EvidenceParts(
      caseID: caseID, madeAt: madeAt, origin: keys.signer.key.name, claim: json, events: shown,
      proofs: Dictionary(uniqueKeysWithValues: try shown.map { ($0.index, try log.proof($0.index)) }),
      checkpoint: log.checkpoint.bytes, seals: seals, jwks: keys.ring.jwks(), logKey: keys.signer.key.vkey)
  }

  func bundle(claim: JSONValue? = nil) throws -> [UInt8] {
    try EvidenceBundle(parts(claim: claim), signer: keys.signer).bytes
  }

  /// What a reader who trusts the brand's keys finds.
  func report(claim: JSONValue? = nil) throws -> EvidenceReport {
    keys.verifier.verify(try bundle(claim: claim))
  }
}
