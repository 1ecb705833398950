import TransparencyLog

/// A form with files, as browsers send it (RFC 7578): parts between lines of a boundary.
package struct MultipartForm: Sendable {
  /// One field. A file has a name of its own; an empty one was not chosen.
  package struct Part: Sendable, Equatable {
    /// The field, the name of its file, and what was sent.
    package let name: String, fileName: String?, bytes: [UInt8]
  }

  /// The fields in order.
  package let parts: [Part]

  /// Parts and bytes of a head that are looked at.
  package static let partsMax = 32, headMax = 4096

  /// Reads a body; nil when it is no such form.
  package init?(_ body: [UInt8], contentType: String) {
    guard let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else {
      return nil
    }
    // With a line end before the first boundary as before all others.
    let body = Array("\r\n".utf8) + body
    let mark = Array("\r\n--\(boundary)".utf8)
    var parts: [Part] = []
    guard var place = Self.find(mark, in: body, from: 0) else { return nil }
    while true {
      place += mark.count
      if body[place...].starts(with: "--".utf8) { break }
      guard body[place...].starts(with: "\r\n".utf8), let end = Self.find(mark, in: body, from: place),
        parts.count < Self.partsMax, let part = Part(body[(place + 2)..<max(end, place + 2)])
      else { return nil }
      parts.append(part)
      place = end
    }
    self.parts = parts
  }

  /// The text of a field; nil when it is not there, blank, or no UTF-8.
  package subscript(name: String) -> String? {
    guard let part = parts.first(where: { $0.name == name && $0.fileName == nil }),
      let text = String(validating: part.bytes, as: UTF8.self), text.contains(where: { !$0.isWhitespace })
    else { return nil }
    return text
  }

  /// The bytes of a file that was chosen.
  package func file(_ name: String) -> [UInt8]? {
    parts.first { $0.name == name && $0.fileName?.isEmpty == false && !$0.bytes.isEmpty }?.bytes
  }

  /// The place of some bytes in others, from a place on.
  fileprivate static func find(_ wanted: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard let first = wanted.first, bytes.count >= wanted.count else { return nil }
    var place = start
    while place <= bytes.count - wanted.count {
      if bytes[place] == first, bytes[place..<(place + wanted.count)].elementsEqual(wanted) { return place }
      place += 1
    }
    return nil
  }

  /// A parameter of a header such as `form-data; name="x"`; quotes are taken off.
  fileprivate static func parameter(_ name: String, of header: String) -> String? {
    for piece in header.split(separator: ";").dropFirst() {
      let pair = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, pair[0].filter({ !$0.isWhitespace }).lowercased() == name else { continue }
      let value = pair[1].drop { $0.isWhitespace }
      guard value.first == "\"" else { return String(value) }
      return String(value.dropFirst().prefix { $0 != "\"" })
    }
    return nil
  }
}

extension MultipartForm.Part {
  /// A part's head and body.
  fileprivate init?(_ bytes: ArraySlice<UInt8>) {
    let blank = Array("\r\n\r\n".utf8)
    let all = Array(bytes)
    guard let end = MultipartForm.find(blank, in: all, from: 0), end <= MultipartForm.headMax else { return nil }
    let lines = String(decoding: all[0..<end], as: UTF8.self).split(separator: "\r\n")
    guard let disposition = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
      let name = MultipartForm.parameter("name", of: String(disposition))
    else { return nil }
    self.init(
      name: name, fileName: MultipartForm.parameter("filename", of: String(disposition)),
      bytes: Array(all[(end + blank.count)...]))
  }
}
