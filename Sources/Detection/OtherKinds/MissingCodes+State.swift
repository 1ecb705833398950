extension MissingCodes {
  func encode(into writer: inout StateWriter) {
    writer.recent(lots) { writer, id, lot in
      writer.fixed(id)
      writer.fixed(lot.product)
      for count in [lot.profile, lot.boxes, lot.boxesSeen, lot.outside, lot.stage, lot.ordinal] { writer.int(count) }
      writer.int(lot.time)
      writer.flag(lot.isRaised)
    }
    writer.map(due) { writer, day, lots in
      writer.int(day)
      writer.list(lots) { $0.fixed($1) }
    }
    writer.map(usual) { writer, id, usual in
      writer.fixed(id)
      writer.real(usual.boxes)
      writer.real(usual.seen)
    }
    writer.recent(seenBoxes)
    writer.recent(seenCodes)
    writer.recent(bursts) { writer, id, burst in
      writer.fixed(id)
      writer.int(burst.start)
      writer.int(burst.latest)
      writer.fixed(burst.lastBox)
      for count in [burst.codes, burst.boxes, burst.ordinal] { writer.int(count) }
      writer.real(burst.evidence)
      writer.flag(burst.isRaised)
    }
    writer.reals(reached)
    writer.real(compared)
    writer.real(deviations)
    for count in [lotHypotheses, lotsRaised, burstHypotheses, burstsRaised] { writer.int(count) }
  }

  init(
    from reader: inout StateReader, _ settings: DetectionSettings.Missing, dial: Double, profiles: Int
  ) throws(StateError) {
    self.init(settings, dial: dial)
    lots = try reader.recent { reader throws(StateError) in try Self.lot(&reader, profiles) }
    due = try reader.map { reader throws(StateError) in
      let day = try reader.moment()
      return (day, try reader.list { reader throws(StateError) in try reader.fixed() })
    }
    usual = try reader.map { reader throws(StateError) in
      (try reader.fixed(), Usual(boxes: try reader.real(), seen: try reader.real()))
    }
    seenBoxes = try reader.recent()
    seenCodes = try reader.recent()
    bursts = try reader.recent { reader throws(StateError) in try Self.burst(&reader) }
    reached = try reader.reals(6)
    compared = try reader.real()
    deviations = try reader.real()
    lotHypotheses = try reader.count()
    lotsRaised = try reader.count()
    burstHypotheses = try reader.count()
    burstsRaised = try reader.count()
  }

  private static func lot(_ reader: inout StateReader, _ profiles: Int) throws(StateError) -> (UInt64, Lot) {
    let id = try reader.fixed()
    let product = try reader.fixed()
    let profile = try reader.int(0...max(0, profiles - 1))
    var lot = Lot(product: product, profile: profile, boxes: try reader.count(), time: 0)
    lot.boxesSeen = try reader.count()
    lot.outside = try reader.count()
    lot.stage = try reader.count()
    lot.ordinal = try reader.count()
    lot.time = try reader.moment()
    lot.isRaised = try reader.flag()
    return (id, lot)
  }

  private static func burst(_ reader: inout StateReader) throws(StateError) -> (UInt64, Burst) {
    let id = try reader.fixed()
    var burst = Burst(start: try reader.moment(), latest: try reader.moment(), lastBox: try reader.fixed())
    burst.codes = try reader.count()
    burst.boxes = try reader.int(1...StateReader.countMax)
    burst.ordinal = try reader.count()
    burst.evidence = try reader.real()
    burst.isRaised = try reader.flag()
    return (id, burst)
  }
}
