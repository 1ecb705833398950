import Synchronization

/// An item code that this installation issued; only `Recogniser` can make one. That its index lies in a batch is for
/// the ledger to say.
package struct GenuineItem: Hashable, Sendable {
  /// The product.
  package let gtin: GTIN
  /// The epoch of the key it was made with.
  package let epoch: KeyEpoch
  /// Its number within product and epoch.
  package let index: UInt64
  /// Its length.
  package let profile: SerialProfile
  /// The one spelling of its serial.
  package let serial: ItemSerial

  fileprivate init(gtin: GTIN, serial: ItemSerial, index: UInt64) {
    self.gtin = gtin
    self.serial = serial
    self.index = index
    epoch = serial.epoch
    profile = serial.profile
  }
}

/// Tells genuine serials from all others, for every product and epoch of a keystore. Safe to use from several threads.
package final class Recogniser: Sendable {
  private struct Slot: Hashable {
    let gtin: GTIN
    let epoch: KeyEpoch
  }

  private struct State {
    var keystore: Keystore
    var ciphers: [Slot: ProductCipher] = [:]
  }

  private let capacity: Int
  private let isOurs: @Sendable (GTIN) -> Bool
  private let state: Mutex<State>

  /// - Parameters:
  ///   - capacity: how many ciphers are kept ready, beyond that they are made anew, about 10 µs each.
  ///   - isOurs: whether a GTIN is one of the brand's. Serials of other products are not even tried.
  package init(keystore: Keystore, capacity: Int = 1024, isOurs: @escaping @Sendable (GTIN) -> Bool = { _ in true }) {
    self.capacity = max(1, capacity)
    self.isOurs = isOurs
    state = Mutex(State(keystore: keystore))
  }

  /// Goes on with another keystore, after a rotation.
  package func use(_ keystore: Keystore) {
    state.withLock { $0 = State(keystore: keystore) }
  }

  /// Finds the item that a serial names.
  /// - Throws: `anotherBrand`; `wrongLength` or `badAlphabet` for a serial that is not shaped like ours;
  ///   `unknownEpoch`; `failedTag` for a serial that was not issued with these keys.
  package func recognise(gtin: GTIN, serial: String) throws(CodeError) -> GenuineItem {
    guard isOurs(gtin) else { throw .anotherBrand(gtin: gtin.description) }
    let serial = try ItemSerial(serial)
    let index = try cipher(gtin: gtin, epoch: serial.epoch).index(of: serial)
    return GenuineItem(gtin: gtin, serial: serial, index: index)
  }

  /// The cipher of a product and epoch, for recognising and for issuing.
  /// - Throws: `unknownEpoch`.
  package func cipher(gtin: GTIN, epoch: KeyEpoch) throws(CodeError) -> ProductCipher {
    let slot = Slot(gtin: gtin, epoch: epoch)
    return try state.withLock { (state) throws(CodeError) in
      if let ready = state.ciphers[slot] { return ready }
      let cipher = try state.keystore.cipher(gtin: gtin, epoch: epoch)
      // Dropping all is enough: a brand has fewer products than this, and a flood of made-up ones must not grow it.
      if state.ciphers.count >= capacity { state.ciphers.removeAll(keepingCapacity: true) }
      state.ciphers[slot] = cipher
      return cipher
    }
  }
}
