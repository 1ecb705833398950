import Issuing
import Ledger

/// One step of the model test. Steps name codes by their numbers, never by anything that the program computed.
enum Step: Sendable {
  case issue(quantity: Int64, perBox: Int64?, boxes: Int64?)
  case pack(parent: Unit, children: [Unit], at: Int64?)
  case unpack(parent: Unit, children: [Unit], at: Int64?)
  case dispatch([Request])
  case receive([Unit], dealer: String, at: Int64?)
  case sell([Unit], dealer: String, at: Int64?)
  case takeBack([Unit], dealer: String?, at: Int64?)
  case void([Unit], at: Int64?)
  case transfer([Unit], from: String, to: String, at: Int64?)
  /// An item is scanned in the middle of Changsha, perhaps offline some time ago.
  case scan(item: Int64, at: Int64)
  /// The process is killed: only its files are left, and a new one opens them.
  case crash
  /// A pass of the sequencer, whole or struck by a fault.
  case sequence(fault: Int?)

  /// One dispatch of a list.
  struct Request: Sendable {
    let number: String
    let dealer: String
    let territories: [String]
    let units: [Unit]
    let at: Int64?
  }
}

/// A unit as a step names it.
enum Unit: Sendable {
  case item(Int64)
  case box(Int64)
  /// Places of a batch, both ends included.
  case range(batch: Int, level: UnitReference.Level, first: Int64, last: Int64)
  /// A serial that the keys did not make, and a code that they would make but have not.
  case forged
  case unissued
}

/// What a step led to. Refusals are compared without the codes they name: the program refuses a run of equal codes
/// once, the model each code.
enum Outcome: Equatable {
  case done(Int64)
  case scanned(count: Int64, state: LifeState, dealer: String?, territory: String)
  case invalid(field: String, InvalidField)
  case unknown(field: String, code: String)
  case refused(Set<Complaint>)
  /// What no step of the model may lead to.
  case unexpected(String)

  struct Complaint: Hashable {
    let request: Int
    let unit: Int?
    let reason: String
  }

  /// The program's refusal in the model's words.
  init(_ error: IssuingError) {
    switch error {
    case .invalid(let field, let fault): self = .invalid(field: field, fault)
    case .unknown(let field, let code): self = .unknown(field: field, code: code)
    case .refused(let refusals):
      self = .refused(
        Set(refusals.map { Complaint(request: $0.request, unit: $0.unit, reason: "\($0.reason)") }))
    default: self = .unexpected("\(error)")
    }
  }
}
