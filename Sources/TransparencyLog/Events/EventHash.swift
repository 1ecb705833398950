/// The log entry of an event: SHA-256 of its canonical JSON (``JSONValue/canonicalBytes``).
///
/// These 32 bytes are all that a published entry bundle shows, so publishing the log tells nobody what happened;
/// whoever is given the event can find it there.
package func logEntry(forEvent canonicalBytes: [UInt8]) -> Digest32 {
  Digest32.sha256(canonicalBytes)
}

/// The leaf hash of an event: ``MerkleHash/leaf(_:)`` of its ``logEntry(forEvent:)``.
package func leafHash(forEvent canonicalBytes: [UInt8]) -> Digest32 {
  MerkleHash.leaf(logEntry(forEvent: canonicalBytes))
}
