import CCrypto

/// OpenSSL's helpers that more than one wrapper needs. Its errors are a queue of the thread: what a call leaves there must
/// neither be taken for another's nor stay.
enum OpenSSL {
  /// SHA-256.
  static func sha256(_ bytes: [UInt8]) throws(TimeStampError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    guard EVP_Digest(bytes, bytes.count, &digest, &count, EVP_sha256(), nil) == 1, count == 32 else {
      throw .unavailable
    }
    return digest
  }

  /// Why a call failed: a number of the part of OpenSSL that says so.
  struct Reason: Equatable {
    let library: Int32
    let code: Int32
  }

  /// Runs a call with an empty queue of errors before and behind it; gives the reasons that it left, oldest first.
  static func reasons(of call: () -> Bool) -> (isDone: Bool, reasons: [Reason]) {
    ERR_clear_error()
    defer { ERR_clear_error() }
    let isDone = call()
    var reasons: [Reason] = []
    while case let code = ERR_get_error(), code != 0 {
      // ERR_GET_LIB and ERR_GET_REASON, which Swift does not see.
      reasons.append(
        Reason(library: Int32(truncatingIfNeeded: code >> 23 & 0xFF), code: Int32(truncatingIfNeeded: code & 0x7F_FFFF))
      )
    }
    return (isDone, reasons)
  }

  /// The bytes of an ASN.1 string, number or octets.
  static func bytes(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
    guard let data = ASN1_STRING_get0_data(string) else { return [] }
    return Array(UnsafeBufferPointer(start: data, count: Int(max(ASN1_STRING_length(string), 0))))
  }

  /// An object identifier in decimal.
  static func decimal(_ object: OpaquePointer?) -> String {
    var text = [CChar](repeating: 0, count: 256)
    let count = OBJ_obj2txt(&text, Int32(text.count), object, 1)
    guard count > 0, count < text.count else { return "" }
    return String(decoding: text.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// What one of the `i2d` functions writes.
  static func der(_ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8]? {
    let count = encode(nil)
    guard count > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    let written = bytes.withUnsafeMutableBufferPointer { buffer in
      var place = buffer.baseAddress
      return encode(&place)
    }
    return written == count ? bytes : nil
  }
}

/// `X509_STORE`: trust anchors and the moment to judge at.
final class X509Store {
  /// How many certificates were read.
  let count: Int
  let native: OpaquePointer

  /// Reads certificates in PEM.
  init(pem: [UInt8]) throws(TimeStampError) {
    guard let native = X509_STORE_new() else { throw .unavailable }
    var count = 0
    let (isDone, reasons) = OpenSSL.reasons {
      guard let input = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { return false }
      defer { BIO_free(input) }
      while let certificate = PEM_read_bio_X509(input, nil, nil, nil) {
        defer { X509_free(certificate) }
        guard X509_STORE_add_cert(native, certificate) == 1 else { return false }
        count += 1
      }
      return true
    }
    // No further block is the end of the text; anything else is a broken block.
    let end = OpenSSL.Reason(library: ERR_LIB_PEM, code: PEM_R_NO_START_LINE)
    guard isDone, count > 0, reasons.last == end else {
      X509_STORE_free(native)
      throw .badAnchors
    }
    self.native = native
    self.count = count
  }

  deinit { X509_STORE_free(native) }

  /// Certificates are judged as of this moment, Unix seconds.
  func setTime(_ time: Int64) { X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(native), Int(time)) }
}
