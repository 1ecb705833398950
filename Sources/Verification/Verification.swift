import Codes
import Ledger
import Regions
import Storage

/// The terminals' module: a scan in, a verdict out, recorded before it is answered.
package final class Verification: Sendable {
  private let ledger: Ledger
  private let recorder: ScanRecorder

  /// How far in the future a scan may be dated, milliseconds: clocks differ.
  package static let futureMax: Int64 = 10 * 60 * 1000
  /// Nothing travels faster, in km/h: goods go by air at most.
  package static let speedMax = 900.0
  /// Longest client scan id and terminal code, in bytes.
  package static let clientIDMax = 128
  /// Longest name of a consent's wording, in bytes.
  package static let consentMax = 64
  /// Longest pseudonym of a device, in bytes.
  package static let deviceMax = 64

  /// Over the ledger.
  package init(_ ledger: Ledger) {
    self.ledger = ledger
    recorder = ScanRecorder(ledger)
  }

  /// Judges a scan and records it. Outlives the request that asked for it.
  package func verify(_ request: ScanRequest, by actor: Actor) async throws(VerificationError) -> ScanAnswer {
    let waiting = try prepare(request, actor)
    let result = await withCheckedContinuation { answer in
      recorder.submit(
        .init(request: request, reading: waiting.reading, place: waiting.place, actor: actor) {
          answer.resume(returning: $0)
        })
    }
    return try result.get()
  }

  /// The same for callers outside of Swift concurrency: `answer` is called once the scan is durable, or was refused.
  /// Throws what can be refused at once.
  package func submit(
    _ request: ScanRequest, by actor: Actor,
    answer: @escaping @Sendable (Result<ScanAnswer, VerificationError>) -> Void
  ) throws(VerificationError) {
    let waiting = try prepare(request, actor)
    recorder.submit(
      .init(request: request, reading: waiting.reading, place: waiting.place, actor: actor, answer: answer))
  }

  /// Judges and records several scans in their order; each gets its own answer. They share group commits, so a
  /// thousand scans taken offline cost a few of them.
  package func verify(
    _ requests: [ScanRequest], by actor: Actor
  ) async -> [Result<ScanAnswer, VerificationError>] {
    guard !requests.isEmpty else { return [] }
    return await withCheckedContinuation { done in
      let answers = Answers(count: requests.count) { done.resume(returning: $0) }
      for (place, request) in requests.enumerated() {
        do throws(VerificationError) {
          let waiting = try prepare(request, actor)
          recorder.submit(
            .init(request: request, reading: waiting.reading, place: waiting.place, actor: actor) {
              answers.put($0, at: place)
            })
        } catch { answers.put(.failure(error), at: place) }
      }
    }
  }

  /// What needs no database: done where the request is, on all cores.
  private func prepare(
    _ request: ScanRequest, _ actor: Actor
  ) throws(VerificationError) -> (reading: Reading, place: Place?) {
    guard !request.code.isEmpty, request.code.utf8.count <= ScannedCode.longest else {
      throw .invalid(field: "/code", .length(max: ScannedCode.longest))
    }
    if let client = request.clientID, !(1...Self.clientIDMax).contains(client.utf8.count) {
      throw .invalid(field: "/clientScanId", .length(max: Self.clientIDMax))
    }
    if actor.role == .consumer, case .position = request.location, request.consent == nil {
      throw .invalid(field: "/consent", .consentMissing)
    }
    if let consent = request.consent, !(1...Self.consentMax).contains(consent.utf8.count) {
      throw .invalid(field: "/consent", .length(max: Self.consentMax))
    }
    if let device = request.device, !Self.isPseudonym(device) {
      throw .invalid(field: "/device", .pseudonym(max: Self.deviceMax))
    }
    let reading = Reading(request.code, ledger.recogniser, ledger.resolver, ledger.keyRing)
    switch request.location {
    case .none: return (reading, nil)
    case .region(let region):
      guard ledger.atlas.isKnown(region) else {
        throw .invalid(field: "/location/region", .unknownRegion(region.description))
      }
      return (reading, .declared(region))
    case .position(let position): return (reading, .from(position: position, atlas: ledger.atlas))
    }
  }

  /// Whether a text can be what an app calls a device: neither a name nor `+86 138…` can.
  private static func isPseudonym(_ text: String) -> Bool {
    guard (1...deviceMax).contains(text.utf8.count) else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
        UInt8(ascii: "-"):
        return true
      default: return false
      }
    }
  }
}
