import Ledger
import TransparencyLog

extension PublicRoutes {
  /// The seal keys as a JWK set, and beside them the log's key in its own form (C2SP signed-note vkey), so that one file
  /// is all that a verifier of evidence has to trust.
  func keySet() throws -> [UInt8] {
    var set = try JSONValue(parsing: ledger.keystore.keyRing.jwks())
    set["logKey"] = .string(try ledger.logSigner().key.vkey)
    return set.canonicalBytes
  }
}
