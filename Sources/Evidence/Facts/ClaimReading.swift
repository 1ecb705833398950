import TransparencyLog

/// What a verifier takes from `case.json` before it compares the whole: which events the claim names.
struct ClaimReading {
  let document: JSONValue
  let alertNumber: Int64
  let scans: [UInt64]
  let chain: [String: Set<UInt64>]
  let policy: UInt64?
  let related: Set<UInt64>

  /// Reads a claim in canonical JSON.
  init(_ bytes: [UInt8]) throws(Break) {
    document = try Document(bytes, EvidencePath.claim).value
    do throws(Misread) {
      let members = try Members(document)
      alertNumber = try members.whole("alert")
      scans = try Self.leaves(try members.list("scans"), "scans", EvidenceLimits.scansMax)
      var chain: [String: Set<UInt64>] = [:]
      for (code, value) in try members.object("chain").values {
        guard let list = value.array else { throw Misread("chain") }
        chain[code] = Set(try Self.leaves(list, "chain", EvidenceLimits.chainMax))
      }
      self.chain = chain
      guard chain.values.reduce(0, { $0 + $1.count }) <= EvidenceLimits.chainsMax else { throw Misread("chain") }
      let policy = members.has("policy") ? try members.object("policy").whole("event") : nil
      self.policy = policy.map { UInt64($0) }
      let related = members.has("related") ? try members.list("related") : []
      self.related = Set(try Self.leaves(related, "related", EvidenceLimits.filesMax))
    } catch { throw Break(.badMember(error.member), EvidencePath.claim) }
  }

  /// Ascending leaf indexes, each once.
  private static func leaves(_ list: [JSONValue], _ name: String, _ limit: Int) throws(Misread) -> [UInt64] {
    guard list.count <= limit else { throw Misread(name) }
    let leaves = try list.map { value throws(Misread) in
      guard let leaf = value.int, leaf >= 0 else { throw Misread(name) }
      return UInt64(leaf)
    }
    guard zip(leaves, leaves.dropFirst()).allSatisfy({ $0 < $1 }) else { throw Misread(name) }
    return leaves
  }

  /// Every event that the claim names, but the alert itself.
  var named: Set<UInt64> {
    chain.values.reduce(into: related.union(scans).union(policy.map { [$0] } ?? [])) { $0.formUnion($1) }
  }

  func selection(alert: UInt64) -> EvidenceClaim.Selection {
    EvidenceClaim.Selection(alert: alert, chain: chain, policy: policy, related: related)
  }
}
