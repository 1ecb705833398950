/// JPEG files (ITU-T T.81, Annex B).
package enum JPEG {
  /// Without the segments in which cameras put the place and the time (APP1: Exif and XMP; APP13: IPTC). What cannot be
  /// read as segments is left as it is.
  package static func withoutMetadata(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > 4, bytes[0] == 0xff, bytes[1] == 0xd8 else { return bytes }
    var out = Array(bytes[0..<2])
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xff {
      let marker = bytes[place + 1]
      // The scan begins: the picture itself follows to the end.
      if marker == 0xda { return out + bytes[place...] }
      let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
      guard length >= 2, place + 2 + length <= bytes.count else { return bytes }
      if marker != 0xe1, marker != 0xed { out += bytes[place..<(place + 2 + length)] }
      place += 2 + length
    }
    return bytes
  }
}

/// PNG files (ISO/IEC 15948).
package enum PNG {
  /// Without the chunks that can name a place, a time or a person: Exif (`eXIf`), texts (`tEXt`, `zTXt`, `iTXt`), `tIME`.
  /// Only chunks that a reader may leave out; what cannot be read as chunks is left as it is.
  package static func withoutMetadata(_ bytes: [UInt8]) -> [UInt8] {
    let told: Set<[UInt8]> = Set(["eXIf", "tEXt", "zTXt", "iTXt", "tIME"].map { Array($0.utf8) })
    var out = Array(bytes.prefix(8))
    var place = 8
    while place < bytes.count {
      guard place + 12 <= bytes.count else { return bytes }
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = place + 12 + length
      guard end <= bytes.count else { return bytes }
      if !told.contains(Array(bytes[place + 4..<place + 8])) { out += bytes[place..<end] }
      place = end
    }
    return out
  }
}
