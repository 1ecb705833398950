/// Which algorithms a key epoch uses. A suite belongs to the epoch, never to the caller, so a code cannot ask to be
/// checked with a weaker one.
package enum Suite: String, Sendable {
  /// AES-128, HKDF with SHA-256, Ed25519.
  case intl
}
