import CCrypto

/// `TS_REQ` of OpenSSL.
final class TSRequest {
  private let native: OpaquePointer

  /// - Throws: `badPolicy`, `unavailable`.
  init(imprint: [UInt8], nonce: [UInt8], policy: String?) throws(TimeStampError) {
    guard let native = TS_REQ_new() else { throw .unavailable }
    self.native = native
    guard TS_REQ_set_version(native, 1) == 1, TS_REQ_set_cert_req(native, 1) == 1, setImprint(imprint), setNonce(nonce)
    else { throw .unavailable }
    if let policy { try setPolicy(policy) }
  }

  deinit { TS_REQ_free(native) }

  /// The request in DER.
  func der() throws(TimeStampError) -> [UInt8] {
    guard let der = OpenSSL.der({ i2d_TS_REQ(native, $0) }) else { throw .unavailable }
    return der
  }

  private func setImprint(_ imprint: [UInt8]) -> Bool {
    guard let stated = TS_MSG_IMPRINT_new(), let algorithm = X509_ALGOR_new() else { return false }
    defer {
      TS_MSG_IMPRINT_free(stated)
      X509_ALGOR_free(algorithm)
    }
    var bytes = imprint
    return X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nil) == 1
      && TS_MSG_IMPRINT_set_algo(stated, algorithm) == 1
      && TS_MSG_IMPRINT_set_msg(stated, &bytes, Int32(bytes.count)) == 1
      && TS_REQ_set_msg_imprint(native, stated) == 1
  }

  private func setNonce(_ nonce: [UInt8]) -> Bool {
    guard let number = BN_bin2bn(nonce, Int32(nonce.count), nil) else { return false }
    defer { BN_free(number) }
    guard let integer = BN_to_ASN1_INTEGER(number, nil) else { return false }
    defer { ASN1_INTEGER_free(integer) }
    return TS_REQ_set_nonce(native, integer) == 1
  }

  private func setPolicy(_ policy: String) throws(TimeStampError) {
    // OpenSSL would also take the names that it knows; here an identifier has one spelling.
    let parts = policy.split(separator: ".", omittingEmptySubsequences: false)
    guard policy.utf8.count <= 128, parts.count >= 2, parts.allSatisfy({ UInt64($0).map(String.init) == String($0) })
    else { throw .badPolicy(policy) }
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard let object = OBJ_txt2obj(policy, 1) else { throw .badPolicy(policy) }
    defer { ASN1_OBJECT_free(object) }
    guard TS_REQ_set_policy_id(native, object) == 1 else { throw .unavailable }
  }
}
