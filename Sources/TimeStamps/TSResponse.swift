import CCrypto

/// `TS_RESP` of OpenSSL: an answer that was read, and granted.
final class TSResponse {
  private let native: OpaquePointer

  /// - Throws: `malformed`, `notGranted`, `badToken`.
  init(_ der: [UInt8]) throws(TimeStampError) {
    guard (1...TimeStampAnswer.maxBytes).contains(der.count) else { throw .malformed }
    ERR_clear_error()
    defer { ERR_clear_error() }
    let (read, rest) = der.withUnsafeBufferPointer { buffer -> (OpaquePointer?, Int) in
      var place = buffer.baseAddress
      let start = place
      let read = d2i_TS_RESP(nil, &place, buffer.count)
      guard let start, let place else { return (read, buffer.count) }
      return (read, buffer.count - (place - start))
    }
    guard let read else { throw .malformed }
    native = read
    guard rest == 0 else { throw .malformed }
    try checkStatus()
  }

  deinit { TS_RESP_free(native) }

  private func checkStatus() throws(TimeStampError) {
    let info = TS_RESP_get_status_info(native)
    var status: Int64 = -1
    guard ASN1_INTEGER_get_int64(&status, TS_STATUS_INFO_get0_status(info)) == 1 else { throw .malformed }
    // Granted, or granted with modifications (which are looked at one by one).
    guard status == 0 || status == 1 else {
      throw .notGranted(status: Int(clamping: status), text: Self.text(TS_STATUS_INFO_get0_text(info)))
    }
    guard TS_RESP_get_tst_info(native) != nil, TS_RESP_get_token(native) != nil else { throw .badToken }
  }

  /// What an authority says about its status, at most 500 bytes, without control characters.
  private static func text(_ stack: OpaquePointer?) -> String {
    var text: [UInt8] = []
    for place in 0..<max(OPENSSL_sk_num(stack), 0) {
      guard let line = OPENSSL_sk_value(stack, place) else { continue }
      text += (text.isEmpty ? [] : [0x20]) + OpenSSL.bytes(line.assumingMemoryBound(to: ASN1_STRING.self))
    }
    return String(decoding: text.prefix(500).map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
  }

  /// What was stamped, read into Swift values.
  struct Info {
    let version: Int
    let imprint: [UInt8]
    let nonce: [UInt8]?
    let policy: String
    let serial: String
    let time: Int64
    let accuracy: Int64?
  }

  /// - Throws: `badToken`, `wrongImprint` for another hash than SHA-256.
  func info() throws(TimeStampError) -> Info {
    guard let info = TS_RESP_get_tst_info(native), let stated = TS_TST_INFO_get_msg_imprint(info) else {
      throw .badToken
    }
    var algorithm: OpaquePointer?
    X509_ALGOR_get0(&algorithm, nil, nil, TS_MSG_IMPRINT_get_algo(stated))
    guard OBJ_obj2nid(algorithm) == NID_sha256 else { throw .wrongImprint }
    guard let time = Self.seconds(TS_TST_INFO_get_time(info)) else { throw .badToken }
    let serial = OpenSSL.bytes(TS_TST_INFO_get_serial(info))
    return Info(
      version: Int(clamping: TS_TST_INFO_get_version(info)), imprint: OpenSSL.bytes(TS_MSG_IMPRINT_get_msg(stated)),
      nonce: TS_TST_INFO_get_nonce(info).map { Array(OpenSSL.bytes($0).drop { $0 == 0 }) },
      policy: OpenSSL.decimal(TS_TST_INFO_get_policy_id(info)), serial: serial.map(Self.hex).joined(), time: time,
      accuracy: try Self.accuracy(TS_TST_INFO_get_accuracy(info)))
  }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  /// Unix seconds of a GeneralizedTime; fractions are dropped.
  private static func seconds(_ time: UnsafePointer<ASN1_STRING>?) -> Int64? {
    guard let time, let epoch = ASN1_TIME_set(nil, 0) else { return nil }
    defer { ASN1_STRING_free(epoch) }
    var days: Int32 = 0
    var seconds: Int32 = 0
    guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
    return Int64(days) * 86_400 + Int64(seconds)
  }

  /// Milliseconds, rounded up.
  private static func accuracy(_ accuracy: OpaquePointer?) throws(TimeStampError) -> Int64? {
    guard let accuracy else { return nil }
    func part(_ number: UnsafePointer<ASN1_STRING>?, _ most: Int64) throws(TimeStampError) -> Int64 {
      guard let number else { return 0 }
      var value: Int64 = 0
      guard ASN1_INTEGER_get_int64(&value, number) == 1, (0...most).contains(value) else { throw .badToken }
      return value
    }
    let seconds = try part(TS_ACCURACY_get_seconds(accuracy), 1 << 32)
    let millis = try part(TS_ACCURACY_get_millis(accuracy), 999)
    let micros = try part(TS_ACCURACY_get_micros(accuracy), 999)
    return seconds * 1000 + millis + (micros > 0 ? 1 : 0)
  }
}

extension TSResponse {
  /// Checks signature, certificate identifier, purpose and chain as of `time`; gives the signer's subject.
  func verifySignature(anchors: TrustAnchors, at time: Int64) throws(TimeStampError) -> String {
    let token = TS_RESP_get_token(native)
    let subject = try checkChain(token, anchors, time)
    guard let context = TS_VERIFY_CTX_new() else { throw .unavailable }
    // The context frees the store that it is given.
    defer { TS_VERIFY_CTX_free(context) }
    let store = try anchors.store(at: time)
    X509_STORE_up_ref(store.native)
    TS_VERIFY_CTX_set_store(context, store.native)
    // TS_VFY_SIGNATURE | TS_VFY_VERSION, macros that Swift does not see. The rest was checked before, each by itself.
    TS_VERIFY_CTX_set_flags(context, 1 | 2)
    let (isGood, reasons) = OpenSSL.reasons { TS_RESP_verify_token(context, token) == 1 }
    guard !isGood else { return subject }
    let isIdentifier = reasons.contains { $0.library == ERR_LIB_ESS || $0.code == TS_R_ESS_SIGNING_CERTIFICATE_ERROR }
    throw isIdentifier ? .wrongCertificateID : .badSignature
  }

  /// The chain from the one signer's certificate, for the purpose of time stamps.
  private func checkChain(
    _ token: UnsafeMutablePointer<PKCS7>?, _ anchors: TrustAnchors, _ time: Int64
  ) throws(TimeStampError) -> String {
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard let signers = PKCS7_get0_signers(token, nil, 0) else { throw .noSigner }
    defer { OPENSSL_sk_free(signers) }
    guard OPENSSL_sk_num(signers) == 1, let value = OPENSSL_sk_value(signers, 0) else { throw .noSigner }
    let signer = OpaquePointer(value)
    guard let context = X509_STORE_CTX_new() else { throw .unavailable }
    defer { X509_STORE_CTX_free(context) }
    let store = try anchors.store(at: time)
    guard X509_STORE_CTX_init(context, store.native, signer, Self.certificates(token)) == 1,
      X509_STORE_CTX_set_purpose(context, X509_PURPOSE_TIMESTAMP_SIGN) == 1
    else { throw .unavailable }
    guard X509_verify_cert(context) == 1 else { throw Self.fault(context) }
    return Self.subject(of: signer)
  }

  /// The certificates that came along; none of them is trusted by itself.
  private static func certificates(_ token: UnsafeMutablePointer<PKCS7>?) -> OpaquePointer? {
    guard let token, OBJ_obj2nid(token.pointee.type) == NID_pkcs7_signed else { return nil }
    return token.pointee.d.sign?.pointee.cert
  }

  private static func fault(_ context: OpaquePointer) -> TimeStampError {
    let code = X509_STORE_CTX_get_error(context)
    let words = X509_verify_cert_error_string(Int(code)).map { String(cString: $0) } ?? "\(code)"
    switch code {
    case X509_V_ERR_INVALID_PURPOSE: return .notForTimeStamping
    case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
      let certificate = X509_STORE_CTX_get_current_cert(context)
      return .certificateOutOfDate(certificate.map(subject) ?? words)
    default: return .untrustedChain(words)
    }
  }

  /// The subject of a certificate as RFC 2253 writes it.
  private static func subject(of certificate: OpaquePointer) -> String {
    guard let output = BIO_new(BIO_s_mem()) else { return "" }
    defer { BIO_free(output) }
    // Of XN_FLAG_RFC2253, macros that Swift does not see: separated by plus and comma, last part first, dumped where it is
    // no text; escaped where RFC 2253 wants it (1), control characters too (2), but UTF-8 as it stands (without 4).
    let flags: UInt = 1 << 16 | 1 << 20 | 1 << 24 | 1 | 2 | 0x10 | 0x100 | 0x200
    guard X509_NAME_print_ex(output, X509_get_subject_name(certificate), 0, flags) >= 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = BIO_read(output, &bytes, Int32(bytes.count))
    return count > 0 ? String(decoding: bytes.prefix(Int(count)), as: UTF8.self) : ""
  }
}
