import Glibc
import Notifying

/// Looks names of hosts up as the system does (`getaddrinfo`), all of their addresses.
enum HostLookup {
  /// The addresses of a name, in the system's order; none when it has none or cannot be looked up. Blocks.
  static func addresses(of name: String) -> [InternetAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    return sequence(first: list) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap { $0?.pointee.ai_addr }
      .compactMap(address)
  }

  private static func address(_ socket: UnsafeMutablePointer<sockaddr>) -> InternetAddress? {
    switch Int32(socket.pointee.sa_family) {
    case AF_INET:
      socket.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { four in
        withUnsafeBytes(of: four.pointee.sin_addr) { InternetAddress(bytes: $0) }
      }
    case AF_INET6:
      socket.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { six in
        withUnsafeBytes(of: six.pointee.sin6_addr) { InternetAddress(bytes: $0) }
      }
    default: nil
    }
  }
}
