import Alerting
import ArgumentParser
import Ledger
import Logging
import Server
import ServiceLifecycle
import UnixSignals

/// `yima serve`
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the API and the pages; Ctrl-C stops cleanly.")

  @OptionGroup var options: DataOptions
  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"
  @Option(help: "The port to listen on.")
  var port = 8080
  @Option(help: "A PostgreSQL URL. Not supported yet: this version stores in SQLite in the data folder.")
  var database: String?
  @Option(help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel = "notice"

  func validate() throws {
    if database != nil { throw ValidationError("--database: PostgreSQL is not supported by this version yet.") }
    guard Logger.Level(rawValue: logLevel) != nil else { throw ValidationError("\(logLevel) is not a log level.") }
  }

  func run() async throws {
    let level = Logger.Level(rawValue: logLevel) ?? .notice
    var logger = Logger(label: "yima") { JSONLogHandler(label: $0) }
    logger.logLevel = level
    let installation = try options.installation()
    let ledger = try installation.open()
    let services = Services(ledger, alerting: AlertingEngine(ledger: ledger))
    let application = YimaServer.application(services, host: host, port: port, logger: logger) { [host] port in
      Console.say("Yima 一码: http://\(host):\(port)")
    }
    let group = ServiceGroup(
      configuration: .init(
        services: [
          .init(service: SequencerService(sequencer: try Sequencer(ledger), logger: logger)),
          .init(service: AlertingService(engine: services.alerting, logger: logger)),
          .init(service: KeystoreService(ledger: ledger, installation: installation, logger: logger)),
          .init(service: application),
          // Services stop in reverse order: streams end first, then the server drains.
          .init(service: StreamService(engine: services.alerting)),
        ],
        gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
    try await group.run()
    try ledger.store.close()
  }
}
