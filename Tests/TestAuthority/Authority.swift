import Foundation
import Testing
import TimeStamps

/// A time-stamping authority made of `openssl ts` in a folder of its own, with good and bad certificates.
package final class Authority: Sendable {
  /// What a certificate of the authority is like.
  package enum Certificate: String, CaseIterable {
    case good, noUsage, otherUsage, notCritical, expired, stranger
  }

  package static let policy = "1.2.3.4.1"
  package static let otherPolicy = "1.2.3.99.2"
  package let folder: URL

  package init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("tsa-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.configuration.write(to: folder.appendingPathComponent("tsa.cnf"), atomically: true, encoding: .utf8)
    try "01".write(to: folder.appendingPathComponent("serial"), atomically: true, encoding: .utf8)
    for root in ["ca", "ca2"] {
      try run(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650", "-subj",
        "/CN=Root \(root)", "-keyout", "\(root).key", "-out", "\(root).pem")
    }
    for certificate in Certificate.allCases { try issue(certificate) }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  package var roots: TrustAnchors { get throws { try TrustAnchors(pem: try file("ca.pem")) } }

  /// Answers a request with the key of a certificate.
  package func answer(_ request: [UInt8], by certificate: Certificate = .good, _ options: String...) throws -> [UInt8] {
    let name = UUID().uuidString
    try Data(request).write(to: folder.appendingPathComponent("\(name).tsq"))
    try run(
      [
        "ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", "\(name).tsq", "-signer",
        "\(certificate).pem",
        "-inkey", "\(certificate).key", "-out", "\(name).tsr",
      ] + options)
    return try file("\(name).tsr")
  }

  /// The same stamp signed anew as a CMS message, which `openssl cms` does with any certificate.
  package func resigned(_ answer: [UInt8], by certificate: Certificate, namesCertificate: Bool = true) throws -> [UInt8]
  {
    let name = UUID().uuidString
    try Data(answer).write(to: folder.appendingPathComponent("\(name).tsr"))
    try run("ts", "-reply", "-in", "\(name).tsr", "-token_out", "-out", "\(name).token")
    try run(
      "cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-in", "\(name).token", "-out", "\(name).info",
      "-certfile", "good.pem")
    let words = [
      "cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-md",
      "sha256",
      "-in", "\(name).info", "-signer", "\(certificate).pem", "-inkey", "\(certificate).key", "-outform", "DER", "-out",
      "\(name).cms",
    ]
    try run(words + (namesCertificate ? ["-cades"] : []))
    // TimeStampResp ::= SEQUENCE { status SEQUENCE { INTEGER 0 }, token }
    let body = [0x30, 3, 2, 1, 0] + (try file("\(name).cms"))
    return [0x30, 0x82, UInt8(body.count >> 8), UInt8(body.count & 255)] + body
  }

  package func file(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// Runs `openssl`; gives what it printed.
  @discardableResult
  package func run(_ words: String...) throws -> String { try run(words) }

  @discardableResult
  package func run(_ words: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + words
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(words.joined(separator: " ")): \(text)")
    return text
  }

  private func issue(_ certificate: Certificate) throws {
    let root = certificate == .stranger ? "ca2" : "ca"
    try run(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=TSA \(certificate)/O=验时",
      "-utf8", "-keyout", "\(certificate).key", "-out", "\(certificate).csr")
    let section =
      switch certificate {
      case .good, .expired, .stranger: "usage_good"
      case .noUsage: "usage_none"
      case .otherUsage: "usage_other"
      case .notCritical: "usage_not_critical"
      }
    try run(
      "x509", "-req", "-in", "\(certificate).csr", "-CA", "\(root).pem", "-CAkey", "\(root).key", "-CAcreateserial",
      "-days",
      certificate == .expired ? "-1" : "3650", "-extfile", "tsa.cnf", "-extensions", section, "-out",
      "\(certificate).pem")
  }

  private static let configuration = """
    [req]
    distinguished_name = name
    x509_extensions = root
    [name]
    [root]
    basicConstraints = critical, CA:TRUE
    keyUsage = critical, keyCertSign
    [usage_good]
    keyUsage = critical, digitalSignature
    extendedKeyUsage = critical, timeStamping
    [usage_none]
    keyUsage = critical, digitalSignature
    [usage_other]
    extendedKeyUsage = critical, timeStamping, codeSigning
    [usage_not_critical]
    extendedKeyUsage = timeStamping
    [tsa]
    serial = serial
    signer_digest = sha256
    default_policy = 1.2.3.4.1
    other_policies = 1.2.3.99.2
    digests = sha256, sha512
    accuracy = secs:1, millisecs:500, microsecs:100
    clock_precision_digits = 0
    ess_cert_id_alg = sha256
    """
}
