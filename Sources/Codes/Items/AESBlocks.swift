import CCrypto

/// AES-128 applied to whole blocks, each by itself: here a pseudo-random function of one block, never a way to encrypt
/// text. It owns an OpenSSL context, which is why it can be moved but not copied.
struct AESBlocks: ~Copyable {
  /// nil when libcrypto gave none; `encrypt` then answers false.
  private let context: OpaquePointer?

  /// A context for `key`, which must have 16 bytes.
  init(key: [UInt8]) {
    guard key.count == 16, let context = EVP_CIPHER_CTX_new() else {
      self.context = nil
      return
    }
    guard EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), nil, key, nil) == 1,
      EVP_CIPHER_CTX_set_padding(context, 0) == 1
    else {
      EVP_CIPHER_CTX_free(context)
      self.context = nil
      return
    }
    self.context = context
  }

  deinit {
    if let context { EVP_CIPHER_CTX_free(context) }
  }

  /// Encrypts `blocks` in place: every 16 bytes are one block. One call for thousands of blocks keeps AES-NI busy.
  /// - Returns: false when the length is no multiple of 16, is above 1 GiB, or libcrypto refuses.
  func encrypt(_ blocks: UnsafeMutableRawBufferPointer) -> Bool {
    guard let context, let base = blocks.baseAddress, blocks.count % 16 == 0, blocks.count <= 1 << 30 else {
      return false
    }
    let bytes = base.assumingMemoryBound(to: UInt8.self)
    var written: Int32 = 0
    return EVP_EncryptUpdate(context, bytes, &written, bytes, Int32(blocks.count)) == 1 && written == blocks.count
  }
}
