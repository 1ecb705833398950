extension CopiedCodes {
  func encode(into writer: inout StateWriter) {
    writer.recent(codes) { writer, id, code in
      writer.fixed(id)
      writer.list(code.glimpses) { writer, glimpse in
        writer.fixed(glimpse.device)
        writer.real(glimpse.latitude)
        writer.real(glimpse.longitude)
        writer.int(glimpse.time)
        writer.real(glimpse.accuracy)
        writer.flag(glimpse.isPosition)
        writer.int(glimpse.region)
      }
      writer.int(code.devices)
      writer.int(code.places)
      writer.int(code.onSpot)
      for spread in code.evidence.indices { writer.real(code.evidence[spread]) }
      writer.int(code.ordinal)
      writer.flag(code.isRaised)
    }
    writer.recent(lots) { writer, id, lot in
      writer.fixed(id)
      writer.real(lot.evidence)
      writer.map(lot.codes) { writer, id, value in
        writer.fixed(id)
        writer.real(value)
      }
      writer.int(lot.ordinal)
      writer.flag(lot.isRaised)
    }
    writer.recent(copies)
    writer.reals(reached)
    writer.reals(places)
    for count in [codeHypotheses, lotHypotheses, codesRaised, lotsRaised] { writer.int(count) }
  }

  init(
    from reader: inout StateReader, _ settings: DetectionSettings.Copies, dial: Double, regions: Int
  ) throws(StateError) {
    self.init(settings, dial: dial)
    codes = try reader.recent { reader throws(StateError) in try Self.code(&reader, regions) }
    lots = try reader.recent { reader throws(StateError) in
      let id = try reader.fixed()
      var lot = Lot()
      lot.evidence = try reader.real()
      lot.codes = try reader.map { reader throws(StateError) in (try reader.fixed(), try reader.real()) }
      lot.ordinal = try reader.count()
      lot.isRaised = try reader.flag()
      return (id, lot)
    }
    copies = try reader.recent()
    reached = try reader.reals(24)
    places = try reader.reals(8)
    codeHypotheses = try reader.count()
    lotHypotheses = try reader.count()
    codesRaised = try reader.count()
    lotsRaised = try reader.count()
  }

  private static func code(_ reader: inout StateReader, _ regions: Int) throws(StateError) -> (UInt64, Code) {
    let id = try reader.fixed()
    let glimpses = try reader.list { reader throws(StateError) in
      Glimpse(
        device: try reader.fixed(), latitude: try reader.real(), longitude: try reader.real(),
        time: try reader.moment(), accuracy: try reader.real(), isPosition: try reader.flag(),
        region: try reader.int(0...max(0, regions - 1)))
    }
    guard let first = glimpses.first else { throw .malformed(at: reader.offset) }
    var code = Code(first: first, others: Array(glimpses.dropFirst()))
    code.devices = try reader.int(1...StateReader.countMax)
    code.places = try reader.int(1...StateReader.countMax)
    code.onSpot = try reader.count()
    for spread in code.evidence.indices { code.evidence[spread] = try reader.real() }
    code.ordinal = try reader.count()
    code.isRaised = try reader.flag()
    return (id, code)
  }
}
