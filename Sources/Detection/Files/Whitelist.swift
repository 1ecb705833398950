extension DetectionSettings.Exception {
  /// The exceptions of a whitelist in a file: reason, dealer_id, region_code, lot_id, from, until. An empty dealer, region
  /// or lot stands for all of them; moments are Unix seconds, and the second must be later than the first.
  package static func read(
    file: String, _ chunks: @escaping () throws(MarketError) -> [UInt8]
  ) throws(MarketError) -> [DetectionSettings.Exception] {
    let columns = ["reason", "dealer_id", "region_code", "lot_id", "from", "until"]
    var table = try TableReader(file, columns: columns, chunks)
    var exceptions: [DetectionSettings.Exception] = []
    while try table.next() {
      guard let reason = Reason(rawValue: table.text(0)) else { throw table.failure(0, .reason) }
      let region = Int32(table.text(2))
      guard table.isEmpty(2) || region != nil else { throw table.failure(2, .region) }
      let from = try table.integer(4), until = try table.integer(5)
      guard from < until else { throw table.failure(5, .later) }
      exceptions.append(
        DetectionSettings.Exception(
          reason, dealer: table.isEmpty(1) ? nil : table.id(1), region: region,
          lot: table.isEmpty(3) ? nil : table.id(3), from: from, until: until))
    }
    return exceptions
  }
}
