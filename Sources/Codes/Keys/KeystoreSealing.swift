extension Keystore {
  /// The private seal key with this id, revoked or not: a label sealed earlier is printed again with its own key.
  package func sealingKey(_ keyID: String) -> SealingKey? { seals.first { $0.key.keyID == keyID }?.key }
}
