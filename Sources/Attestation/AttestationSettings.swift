import Foundation
import TimeStamps
import TransparencyLog

/// A file of time-stamping authorities or witnesses that cannot be used.
package struct SettingsError: Error, Equatable, CustomStringConvertible {
  /// The file, and what is wrong with it.
  package let file: String, reason: String
  /// A sentence for the operator.
  package var description: String { "\(file): \(reason)" }
}

/// A witness that checkpoints are posted to.
package struct WitnessAddress: Hashable, Sendable {
  /// Its key, and the address that `/add-checkpoint` follows.
  package let key: NoteKey, url: String

  /// Made from its parts.
  package init(key: NoteKey, url: String) {
    self.key = key
    self.url = url
  }
}

/// What the files of `--time-stamps` and `--witnesses` say.
package struct AttestationSettings: Sendable {
  /// Who stamps and who cosigns.
  package var authorities: [TimeStampAuthority] = [], witnesses: [WitnessAddress] = []
  /// Seconds between two stamps, and between two cosignatures, of one and the same.
  package var stampEvery: Int64 = 3600, cosignEvery: Int64 = 60

  /// Nobody.
  package init() {}

  /// Reads `{"every":3600,"authorities":[{"name","url","policy"?,"ca"}]}`; `ca` is a PEM file, beside this one unless
  /// its path is absolute.
  package mutating func readTimeStamps(_ file: String) throws(SettingsError) {
    let document = try Self.document(file)
    stampEvery = try Self.seconds(document["every"], file) ?? stampEvery
    for entry in document["authorities"]?.array ?? [] {
      guard let name = entry["name"]?.string, Self.isName(name), let url = entry["url"]?.string, Self.isURL(url),
        let anchors = entry["ca"]?.string
      else { throw SettingsError(file: file, reason: "an authority needs name (A-Z a-z 0-9 - _), url and ca") }
      let path = anchors.hasPrefix("/") ? anchors : (file as NSString).deletingLastPathComponent + "/" + anchors
      guard let pem = FileManager.default.contents(atPath: path) else {
        throw SettingsError(file: file, reason: "\(anchors) cannot be read")
      }
      do {
        authorities.append(
          try TimeStampAuthority(name: name, url: url, policy: entry["policy"]?.string, anchors: Array(pem)))
      } catch { throw SettingsError(file: file, reason: "authority \(name): \(error)") }
    }
    guard !authorities.isEmpty, Set(authorities.map(\.name)).count == authorities.count else {
      throw SettingsError(file: file, reason: "needs authorities, each with a name of its own")
    }
  }

  /// Reads `{"every":60,"witnesses":[{"key":"<vkey>","url"}]}`.
  package mutating func readWitnesses(_ file: String) throws(SettingsError) {
    let document = try Self.document(file)
    cosignEvery = try Self.seconds(document["every"], file) ?? cosignEvery
    for entry in document["witnesses"]?.array ?? [] {
      guard let key = entry["key"]?.string.flatMap({ try? NoteKey(parsing: $0) }), key.kind == .cosignatureV1,
        let url = entry["url"]?.string, Self.isURL(url)
      else { throw SettingsError(file: file, reason: "a witness needs key (a vkey for cosignatures) and url") }
      witnesses.append(WitnessAddress(key: key, url: url))
    }
    guard !witnesses.isEmpty, Set(witnesses.map(\.key.name)).count == witnesses.count else {
      throw SettingsError(file: file, reason: "needs witnesses, each with a name of its own")
    }
  }

  private static func document(_ file: String) throws(SettingsError) -> JSONValue {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw SettingsError(file: file, reason: "cannot be read")
    }
    guard let document = try? JSONValue(parsing: Array(data)), document.object != nil else {
      throw SettingsError(file: file, reason: "is not a JSON object")
    }
    return document
  }

  private static func seconds(_ value: JSONValue?, _ file: String) throws(SettingsError) -> Int64? {
    guard let value else { return nil }
    guard let seconds = value.int, (1...86_400).contains(seconds) else {
      throw SettingsError(file: file, reason: "every must be 1 to 86400 seconds")
    }
    return seconds
  }

  private static func isName(_ name: String) -> Bool {
    let isAllowed = { (sign: Character) in sign.isASCII && (sign.isLetter || sign.isNumber || "-_".contains(sign)) }
    return (1...64).contains(name.utf8.count) && name.allSatisfy(isAllowed)
  }

  private static func isURL(_ url: String) -> Bool { url.hasPrefix("https://") || url.hasPrefix("http://") }
}
