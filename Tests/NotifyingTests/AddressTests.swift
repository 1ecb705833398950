import Notifying
import TestWorld
import Testing

@Suite("Where notices may be sent")
struct AddressTests {
  private func fault(_ text: String, local: Bool = false) -> WebhookURL.Fault? {
    do {
      _ = try WebhookURL(parsing: text, allowingLoopback: local)
      return nil
    } catch { return error }
  }

  @Test(
    "public https addresses are taken, and told in one canonical form",
    arguments: [
      ("https://hooks.example.com/yima", "https://hooks.example.com/yima"),
      ("HTTPS://Hooks.Example.COM", "https://hooks.example.com/"),
      ("https://hooks.example.com:443/a?b=c%20d", "https://hooks.example.com/a?b=c%20d"),
      ("https://hooks.example.com:8443?x=1", "https://hooks.example.com:8443/?x=1"),
      ("https://xn--fiqs8s.example/", "https://xn--fiqs8s.example/"), ("https://8.8.8.8/a", "https://8.8.8.8/a"),
      ("https://[2606:4700::1111]:8443/", "https://[2606:4700::1111]:8443/"),
    ])
  func taken(text: String, canonical: String) throws {
    let url = try WebhookURL(parsing: text)
    #expect(url.description == canonical)
    #expect(try WebhookURL(parsing: canonical) == url)
  }

  @Test(
    "whatever else leads elsewhere, or could be read in two ways, is refused with what is wrong",
    arguments: [
      ("", .length), ("https://" + String(repeating: "a", count: 2_050), .length), ("ftp://example.com/", .scheme),
      ("//example.com/", .scheme), ("https:/example.com", .scheme), ("javascript:alert(1)", .scheme),
      ("https://example.com/ b", .characters), ("https://example.com\\@10.0.0.1/", .characters),
      ("https://example.com/\u{4e00}", .characters), ("https://例え.example/", .characters),
      ("https://example.com/%", .characters), ("https://example.com/%g0", .characters),
      ("https://example.com/[x]", .characters), ("https://example.com/\r\nHost: x", .characters),
      ("https://example.com/\u{0}", .characters), ("https://user:pass@example.com/", .userInfo),
      ("https://example.com@10.0.0.1/", .userInfo), ("https://example.com/#x", .fragment),
      ("https://example.com#@10.0.0.1/", .fragment), ("https:///", .host), ("https://example/", .host),
      ("https://example.com./", .host), ("https://.example.com/", .host), ("https://ex..com/", .host),
      ("https://-a.example.com/", .host), ("https://a_b.example.com/", .host), ("https://%65xample.com/", .host),
      ("https://2130706433/", .host), ("https://0x7f000001/", .host), ("https://0x7f.1/", .host),
      ("https://127.1/", .host), ("https://0177.0.0.1/", .host), ("https://127.0.0.1./", .host),
      ("https://1.2.3.4.5/", .host), ("https://a.0x10/", .host), ("https://256.1.1.1/", .host),
      ("https://[::1/", .host), ("https://[::1]x/", .host), ("https://[8.8.8.8]/", .host),
      ("https://[fe80::1%25eth0]/", .host), ("https://[2606:4700::1111]:/", .port),
      ("https://example.com:/", .port), ("https://example.com:0/", .port), ("https://example.com:65536/", .port),
      ("https://example.com:080/", .port), ("https://example.com:+80/", .port), ("http://example.com/", .insecure),
      ("https://localhost/", .notPublic), ("https://a.localhost/", .notPublic), ("https://x.internal/", .notPublic),
      ("https://printer.local/", .notPublic), ("https://127.0.0.1/", .notPublic), ("http://127.0.0.1/", .notPublic),
      ("https://10.1.2.3/", .notPublic), ("https://169.254.169.254/latest/meta-data", .notPublic),
      ("https://100.100.100.200/", .notPublic), ("https://[::1]/", .notPublic), ("https://[::]/", .notPublic),
      ("https://[::ffff:127.0.0.1]/", .notPublic), ("https://[::ffff:7f00:1]/", .notPublic),
      ("https://[64:ff9b::10.0.0.1]/", .notPublic), ("https://[fd00:ec2::254]/", .notPublic),
      ("https://[fe80::1]/", .notPublic), ("https://[2002:7f00:1::]/", .notPublic),
    ] as [(String, WebhookURL.Fault)])
  func refused(text: String, expected: WebhookURL.Fault) { #expect(fault(text) == expected, "\(text)") }

  @Test("this machine only where it is allowed, then also over http; other private networks never")
  func loopback() throws {
    for text in ["http://127.0.0.1:9/", "http://localhost:8000/x", "https://[::1]/", "http://127.9.9.9/"] {
      let url = try WebhookURL(parsing: text, allowingLoopback: true)
      #expect(url.isLoopback && url.description == text)
    }
    #expect(fault("http://10.0.0.1/", local: true) == .notPublic)
    #expect(fault("http://example.com/", local: true) == .insecure)
  }

  @Test("addresses by block: the first and the last of each that is kept out, and their neighbours")
  func blocks() throws {
    let kept = [
      "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
      "169.254.0.0", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1",
      "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
      "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::ffff:8.8.8.8", "fc00::1",
      "fdff::1", "fe80::1", "fec0::1", "ff02::1", "64:ff9b::808:808", "100::1", "2001::1", "2001:1ff::1",
      "2001:db8::1", "2002::1", "3fff::1", "4000::1",
    ]
    for text in kept { #expect(try !#require(InternetAddress(parsing: text)).isPublic, "\(text)") }
    let open = [
      "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
      "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
      "198.17.255.255", "198.20.0.0", "223.255.255.255", "2000::1", "2001:200::1", "2003::1", "2606:4700::1111",
      "3ffe::1",
    ]
    for text in open { #expect(try #require(InternetAddress(parsing: text)).isPublic, "\(text)") }
    for text in ["", "1.2.3", "01.2.3.4", "1.2.3.4 ", "0x1.2.3.4", "::1%lo", "1:2", "1.2.3.4\u{0}", ":::", "g::"] {
      #expect(InternetAddress(parsing: text) == nil, "\(text)")
    }
    #expect(
      InternetAddress(bytes: [1, 2, 3]) == nil && InternetAddress(bytes: [8, 8, 8, 8])?.description == "8.8.8.8")
  }

  @Test("whatever bytes come: a refusal, or an address whose text reads back as itself and leads to no private place")
  func fuzz() throws {
    let pieces = [
      "https://", "http://", "localhost", "127.0.0.1", "10.0.0.1", "[::1]", "[", "]", "@", ":", "/", "?", "#", "%",
      "%41",
      "0x7f", "2130706433", ".", "..", "example", ".com", "a", "-", "\\", " ", "\u{7f}", "é", "443", "8080", "0", "1",
      "::ffff:", "xn--", "\n",
    ]
    for seed in Seeds.some(40) {
      var random = SeededGenerator(seed)
      for _ in 0..<500 {
        let count = Int.random(in: 0...9, using: &random)
        let start = Bool.random(using: &random) ? "https://" : ""
        let text = start + (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        guard let url = try? WebhookURL(parsing: text) else { continue }
        #expect(url.isSecure && !url.isLoopback && url.address?.isPublic != false, "\(text)")
        #expect(try WebhookURL(parsing: url.description) == url, "\(text)")
        #expect(!url.host.contains { "@/?#%:\\ ".contains($0) } || url.address?.bytes.count == 16, "\(text)")
      }
    }
  }
}
