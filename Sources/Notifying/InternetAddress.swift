import Glibc

/// An IP address, of either version.
package struct InternetAddress: Hashable, Sendable {
  /// 4 bytes, or 16.
  package let bytes: [UInt8]

  /// nil unless there are 4 bytes or 16.
  package init?(bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// Reads four decimals with points, or RFC 4291 §2.2, as `inet_pton` does: no octal, no hexadecimal, no parts left out,
  /// no zone.
  package init?(parsing text: String) {
    guard !text.utf8.contains(0) else { return nil }
    let isSix = text.utf8.contains(UInt8(ascii: ":"))
    var bytes = [UInt8](repeating: 0, count: isSix ? 16 : 4)
    guard inet_pton(isSix ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
    self.bytes = bytes
  }

  /// This machine itself: 127.0.0.0/8 and ::1.
  package var isLoopback: Bool {
    bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
  }

  /// Whether it is an address of the public Internet that a connection may go to: not of a private network, of this
  /// machine or link, of a group, of documentation, a tunnel or translation into one of these, nor where clouds keep
  /// what their machines are told (IANA special-purpose address registries, RFC 6890; 168.63.129.16 is Azure's).
  package var isPublic: Bool {
    if bytes.count == 4 { return !Self.specialFour.contains { $0.holds(bytes) } }
    return Self.globalSix.holds(bytes) && !Self.specialSix.contains { $0.holds(bytes) }
  }

  /// Addresses that begin with the same bits.
  private struct Block {
    let first: [UInt8], bits: Int

    init(_ first: [UInt8], _ bits: Int) {
      self.first = first
      self.bits = bits
    }

    func holds(_ bytes: [UInt8]) -> Bool {
      (0..<bits).allSatisfy { bit in
        let mask: UInt8 = 0x80 >> UInt8(bit % 8)
        let own = bit / 8 < first.count ? first[bit / 8] : 0
        return bytes[bit / 8] & mask == own & mask
      }
    }
  }

  private static let specialFour = [
    Block([0], 8), Block([10], 8), Block([100, 64], 10), Block([127], 8), Block([169, 254], 16), Block([172, 16], 12),
    Block([192, 0, 0], 24), Block([192, 0, 2], 24), Block([192, 88, 99], 24), Block([192, 168], 16),
    Block([198, 18], 15), Block([198, 51, 100], 24), Block([203, 0, 113], 24), Block([224], 4), Block([240], 4),
    Block([168, 63, 129, 16], 32),
  ]
  /// Global unicast. Mapped IPv4 (::ffff:0:0/96), NAT64 (64:ff9b::/96) and local addresses lie outside of it.
  private static let globalSix = Block([0x20], 3)
  /// Protocol assignments with Teredo, documentation, 6to4, documentation again.
  private static let specialSix = [
    Block([0x20, 0x01, 0x00], 23), Block([0x20, 0x01, 0x0d, 0xb8], 32), Block([0x20, 0x02], 16),
    Block([0x3f, 0xff, 0x00], 20),
  ]
}

extension InternetAddress: CustomStringConvertible {
  /// Four decimals with points, or RFC 5952's form.
  package var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else {
      return ""
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
