import Codes
import Ledger
import Storage

/// What is in a box, as its label states it.
struct BoxContent {
  /// Items at any depth.
  var items: Int64 = 0
  /// Products and batches of the items, by number.
  var gtins: Set<Int64> = []
  var batches: Set<Int64> = []
}

/// Looks into boxes, inside one transaction.
struct BoxReader {
  private let transaction: Transaction
  private let spaces: SpaceTable
  private let contents: Contents

  init(_ transaction: Transaction) throws {
    self.transaction = transaction
    spaces = try SpaceTable(transaction)
    contents = Contents(transaction)
  }

  /// What lies in a box now; nil for a box that is not ours. An empty one has its batch's product.
  func content(of box: SSCC) throws -> BoxContent? {
    guard let place = spaces.box(box) else { return nil }
    var content = BoxContent()
    let run = Run(space: place.space, first: place.serial, last: place.serial)
    for piece in try contents.descendants(of: run) {
      guard case .items(let gtin, _) = spaces.space(piece.run.space) else { continue }
      content.items += piece.run.count
      content.gtins.insert(Int64(gtin.value))
      // A run in a box is of one life, and a life never spans batches.
      if let batch = try transaction.batch(ofItem: piece.run.first, space: piece.run.space) {
        content.batches.insert(batch.id)
      }
    }
    if content.gtins.isEmpty, let batch = try transaction.batch(ofBox: place.serial, space: place.space) {
      content.gtins = [batch.gtin]
    }
    return content
  }

  /// The batch of an item of ours.
  func batch(of gtin: GTIN, serial: String, _ recogniser: Recogniser) throws -> BatchRow? {
    guard let item = try? recogniser.recognise(gtin: gtin, serial: serial),
      let space = spaces.id(.items(gtin, item.epoch))
    else { return nil }
    return try transaction.batch(ofItem: Int64(item.index), space: space)
  }
}
