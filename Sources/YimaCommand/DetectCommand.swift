import ArgumentParser
import Detection
import Foundation

/// `yima detect`
struct DetectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Run the server's detection over a market in CSV files, and ask what another setting would have found.")

  @Option(help: "The directory with regions, dealers, skus, dispatches and scans as .csv files.")
  var market: String
  @Option(help: "The file of alerts to write.")
  var out: String
  @Option(name: .customLong("set"), help: "A setting to use, as SETTING=VALUE; may be repeated.")
  var assignments: [String] = []
  @Option(help: "Compare with another setting, as SETTING=VALUE; may be repeated.")
  var whatIf: [String] = []
  @Option(help: "An alerts file of confirmed alerts: --what-if says which of them it would have missed.")
  var confirmed: String?
  @Option(help: "Exceptions with dates, as .csv: reason, dealer_id, region_code, lot_id, from, until (Unix seconds).")
  var whitelist: String?
  @Option(help: "Language of the explanations: zh or en.")
  var language = "en"

  func run() async throws {
    guard let language = Explanation.Language(rawValue: language) else {
      throw ValidationError("The language is zh or en.")
    }
    var settings = DetectionSettings()
    for assignment in assignments { try settings.set(assignment) }
    if let whitelist { settings.whitelist = try MarketDirectory(path: "").exceptions(whitelist) }
    var other = settings
    for assignment in whatIf { try other.set(assignment) }
    // Opened before anything is read: a file that cannot be written costs no time.
    let file = try OutputFile(path: out)
    var market = try Market(open: MarketDirectory(path: self.market).opener)
    var engine = market.engine(settings)
    var variant = whatIf.isEmpty ? nil : market.engine(other)
    var findings: [Finding] = []
    var variantFindings: [Finding] = []
    // Reading goes ahead by some thousand lines, so that the engine's time can be told from the reader's.
    var waiting: [Step] = []
    var stopwatch = Stopwatch()
    func work() {
      stopwatch.run(waiting) { step in
        switch step {
        case .dispatch(let dispatch): engine.dispatched(dispatch)
        case .scan(let sighting): findings += engine.observe(sighting)
        }
      }
      for step in waiting {
        switch step {
        case .dispatch(let dispatch): variant?.dispatched(dispatch)
        case .scan(let sighting): variantFindings += variant?.observe(sighting) ?? []
        }
      }
      waiting.removeAll(keepingCapacity: true)
    }
    try market.replay(
      dispatch: { waiting.append(.dispatch($0)) },
      scan: {
        waiting.append(.scan($0))
        if waiting.count >= 8_192 { work() }
      })
    work()
    let lines = AlertLines(names: market.names, language: language)
    try file.write(Array(AlertLines.header.utf8))
    for finding in findings { try file.write(Array(lines.line(finding).utf8)) }
    try file.close()
    let speed = stopwatch.report(engine.sightings)
    Console.note("\(engine.sightings) scans, \(findings.count) alerts in \(out); engine: \(speed)")
    guard variant != nil else { return }
    let past = try confirmed.map { try MarketDirectory(path: "").confirmed($0) } ?? []
    let comparison = WhatIf(findings, variantFindings, confirmed: past)
    for line in comparison.lines { Console.say(line) }
  }
}

/// What an engine is told.
private enum Step {
  case dispatch(Dispatch)
  case scan(Sighting)
}

/// The time that an engine takes, and how much of it the first scans of days take: with these it renews its rates.
private struct Stopwatch {
  private var all = Duration.zero, firstOfDay = Duration.zero
  private var today = Int64.min, days = 0

  /// Does all steps.
  mutating func run(_ steps: [Step], _ body: (Step) -> Void) {
    let clock = ContinuousClock()
    let start = clock.now
    for step in steps {
      guard case .scan(let sighting) = step, sighting.time / 86_400 > today else {
        body(step)
        continue
      }
      today = sighting.time / 86_400
      days += 1
      firstOfDay += clock.measure { body(step) }
    }
    all += clock.now - start
  }

  /// How many scans it takes a second, all in all and between the renewals.
  func report(_ scans: Int) -> String {
    func rate(_ time: Duration) -> Int { Int(Double(scans) / max(1e-9, time / .seconds(1))) }
    let milliseconds = firstOfDay / .milliseconds(1) / Double(max(1, days))
    let each = (milliseconds * 10).rounded() / 10
    return "\(rate(all)) scans/s; between the daily renewals of its rates (\(each) ms each) \(rate(all - firstOfDay))/s"
  }
}

/// The files of a market.
private struct MarketDirectory {
  let path: String

  /// Bytes read at a time.
  static let chunk = 1 << 18

  var opener: Market.Opener {
    { (name: String) throws(MarketError) -> (() throws(MarketError) -> [UInt8]) in
      try reader(path + "/" + name, name)
    }
  }

  /// The alerts of an alerts file.
  func confirmed(_ file: String) throws(MarketError) -> [WhatIf.Matter] {
    try WhatIf.matters(file: file, reader(file, file))
  }

  /// The exceptions of a whitelist.
  func exceptions(_ file: String) throws(MarketError) -> [DetectionSettings.Exception] {
    try DetectionSettings.Exception.read(file: file, reader(file, file))
  }

  private func reader(_ path: String, _ name: String) throws(MarketError) -> () throws(MarketError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw MarketError.unreadable(file: name, reason: String(cString: strerror(errno)))
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    return { () throws(MarketError) -> [UInt8] in
      do {
        return Array(try handle.read(upToCount: Self.chunk) ?? Data())
      } catch {
        throw MarketError.unreadable(file: name, reason: "\(error)")
      }
    }
  }
}
