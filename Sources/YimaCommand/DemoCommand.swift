import ArgumentParser
import Foundation
import Ledger
import TransparencyLog

/// `yima demo`
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Fill an installation with a believable brand, dealers and weeks of scans, diversions among them.",
    discussion: "The folder may be empty or hold nothing yet; then an installation is made and its first key printed.")

  @OptionGroup var options: DataOptions
  @Option(help: "The story's seed: the same seed and day tell the same story.")
  var seed = Demo.standardSeed
  @Option(help: "Where to write the first key and user (mode 0600) instead of printing them.")
  var signIn: String?

  func run() async throws {
    let now = Clock.system()
    let clock = DemoClock(endingAt: now)
    let installation = try options.installation(now: clock.now)
    let ledger: Ledger
    if installation.exists {
      ledger = try installation.open(durability: .normal)
    } else {
      let made = try await installation.create()
      try await announce(FirstAccess.make(made))
      try made.store.close()
      ledger = try installation.open(durability: .normal)
    }
    let watch = DemoWatch()
    let summary = try await Demo(ledger: ledger, clock: clock, seed: seed, now: now).fill { watch.show($0) }
    watch.finish()
    try ledger.store.close()
    for line in DemoReport.lines(summary) { Console.say(line) }
  }

  private func announce(_ access: (key: String, user: String, password: String)) throws {
    let json: JSONValue = [
      "adminKey": .string(access.key), "adminUser": .string(access.user), "adminPassword": .string(access.password),
    ]
    guard let signIn else { return Console.say(json.description) }
    let made = FileManager.default.createFile(
      atPath: signIn, contents: Data((json.description + "\n").utf8), attributes: [.posixPermissions: 0o600])
    guard made else { throw ValidationError("\(signIn) cannot be written.") }
  }
}

/// Shows a demo's progress on a terminal.
private final class DemoWatch: Sendable {
  private let start = ContinuousClock.now

  func show(_ progress: DemoProgress) {
    guard Console.isTerminal else { return }
    let seconds = Int((ContinuousClock.now - start) / .seconds(1))
    Console.overwrite(
      "\(progress.phase.rawValue): day \(progress.day)/\(progress.days), \(progress.scans) scans, \(seconds) s \u{1b}[K"
    )
  }

  func finish() { if Console.isTerminal { Console.note("") } }
}

/// What a demo says at its end, in both languages.
private enum DemoReport {
  static func lines(_ summary: DemoSummary) -> [String] {
    let counts = summary.counts
    return [
      "产品 \(counts.products)，经销商 \(counts.dealers)，终端 \(counts.terminals)，商品 \(counts.items)，箱 \(counts.boxes)，发货 \(counts.dispatches)，扫码 \(counts.scans)",
      "\(counts.products) products, \(counts.dealers) dealers, \(counts.terminals) terminals, \(counts.items) items in "
        + "\(counts.boxes) boxes, \(counts.dispatches) dispatches, \(counts.scans) scans",
      "预警 / alerts: "
        + summary.alerts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
    ]
      + summary.diversions.map {
        "窜货 / diversion (\($0.kind)): \($0.dealer) → \($0.region), \($0.dispatches.joined(separator: " ")), "
          + "\($0.alerts.isEmpty ? "not found" : $0.alerts.joined(separator: " "))"
      }
      + [
        "试扫 / try, inside \(summary.inside.region): \(summary.inside.uri)",
        "试扫 / try, outside \(summary.outside.region): \(summary.outside.uri)",
        "被复制的码 / copied code: \(summary.copiedCode)",
      ]
  }
}
