import Crypto
import CryptoExtras
import Foundation
import Storage
import TransparencyLog

/// Why a key or user was refused.
package enum AccessError: Error, Equatable, Sendable, StorageFailing {
  /// No dealer has this code.
  case unknownDealer(String)
  /// A dealer's key must name its dealer.
  case dealerMissing
  /// There is no such key, or it was revoked before.
  case unknownKey(Int64)
  /// There is a user of this name.
  case userExists(String)
  /// There is a user whom the identity provider calls so.
  case subjectTaken(String)
  /// There is no such user.
  case unknownUser(String)
  /// A user's name, password or one-time code cannot be what it is.
  case invalid(UserField)
  /// The ledger failed.
  case ledger(LedgerError)
}

/// A field of a user that was refused.
package enum UserField: String, Sendable {
  /// 1 to 64 letters, digits and `.-_@`.
  case name
  /// 10 to 200 characters.
  case password
  /// A code of the present half minute.
  case code
  /// A role that people carry.
  case role
  /// 1 to 255 characters, none of them white space or a sign that is not shown.
  case subject
}

/// API keys and the passwords of people. A key is 32 random bytes, so its SHA-256 is all that needs storing; a
/// password is stretched with scrypt (RFC 7914).
package struct Access: Sendable {
  let ledger: Ledger

  /// Over the ledger.
  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// Makes a key and returns its text, which is shown once and never stored.
  package func createKey(
    role: Role, dealer: String? = nil, region: String? = nil, name: String = "", by actor: Actor = .system
  ) async throws(AccessError) -> (text: String, id: Int64) {
    let text = "ym_" + Base64.url.encode(ledger.salt().bytes + ledger.salt().bytes)
    let id = try await ledger.write(AccessError.self) {
      try addKey(text, role, dealer, region, name, by: actor, $0)
    }
    return (text, id)
  }

  /// Adds a key and its event.
  func addKey(
    _ text: String, _ role: Role, _ dealer: String?, _ region: String?, _ name: String, by actor: Actor,
    _ transaction: Transaction
  ) throws -> Int64 {
    if role == .dealer, dealer == nil { throw AccessError.dealerMissing }
    if let dealer, try transaction.dealer(dealer) == nil { throw AccessError.unknownDealer(dealer) }
    let now = ledger.now()
    let id = (try transaction.keys().last?.id ?? 0) + 1
    var data: [String: JSONValue] = ["key": .integer(id), "role": .string(role.rawValue)]
    if let dealer { data["dealer"] = .string(dealer) }
    if let region { data["region"] = .string(region) }
    let personal: [String: JSONValue] = name.isEmpty ? [:] : ["name": .string(name)]
    let draft = EventDraft(.key, at: now, by: actor, data: data, personal: personal)
    let event = try ledger.append(draft, transaction, recorded: now)
    return try transaction.addKey(
      hash: Self.hash(text), role: role.rawValue, dealer: dealer, region: region, name: name,
      created: now.milliseconds, event: event)
  }

  /// Revokes a key: it opens nothing from now on.
  package func revokeKey(_ id: Int64, by actor: Actor = .system) async throws(AccessError) {
    try await ledger.write(AccessError.self) { try revokeKey(id, by: actor, $0) }
    ledger.catalogueChanged()
  }

  /// Revokes a key and says so in an event.
  func revokeKey(_ id: Int64, by actor: Actor, _ transaction: Transaction) throws {
    let now = ledger.now()
    guard let key = try transaction.key(id), try transaction.revokeKey(id, at: now.milliseconds) else {
      throw AccessError.unknownKey(id)
    }
    let data: [String: JSONValue] = ["key": .integer(id), "role": .string(key.role)]
    try ledger.append(EventDraft(.keyRevoked, at: now, by: actor, data: data), transaction, recorded: now)
  }

  /// Whom a key stands for; nil for an unknown or revoked one.
  package func actor(forKey text: String) async throws(AccessError) -> Actor? {
    try await ledger.read(AccessError.self) { try $0.key(hash: Self.hash(text)).flatMap(Self.actor) }
  }

  /// Makes a user who signs in with a password and acts under a key.
  package func createUser(name: String, password: String, key: Int64) async throws(AccessError) {
    let (salt, stretched) = try stretched(password)
    try await ledger.write(AccessError.self) {
      try $0.addUser(name: name, salt: salt, password: stretched, key: key)
    }
  }

  static func actor(_ row: KeyRow) -> Actor? {
    guard row.revoked == nil, let role = Role(rawValue: row.role) else { return nil }
    return Actor(key: row.id, role: role, dealer: row.dealer, region: row.region)
  }

  static func hash(_ text: String) -> [UInt8] { Digest32.sha256(Array(text.utf8)).bytes }

  /// scrypt with N = 2^14, r = 8, p = 1: 16 MiB and some 50 ms.
  static func stretch(_ password: String, _ salt: [UInt8]) throws -> [UInt8] {
    let key = try KDF.Scrypt.deriveKey(
      from: Array(password.utf8), salt: salt, outputByteCount: 32, rounds: 16_384, blockSize: 8, parallelism: 1)
    return key.withUnsafeBytes { Array($0) }
  }

  /// Compares in a time that does not depend on where they differ.
  static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
