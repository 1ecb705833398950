/// A language that names and messages come in.
package enum Language: String, Sendable, CaseIterable, Codable {
  case zh, en
}
