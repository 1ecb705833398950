import Alerting
import ArgumentParser
import Attestation
import Identity
import Ledger
import Logging
import Notifying
import Pages
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
  @Option(help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel = "notice"

  @Option(help: "A JSON file of authorities that time-stamp the log's checkpoints (RFC 3161).")
  var timeStamps: String?
  @Option(help: "A JSON file of witnesses that cosign the log's checkpoints (C2SP tlog-witness).")
  var witnesses: String?
  @Option(help: "A JSON file of the identity provider that people may sign in with (OpenID Connect).")
  var identityProvider: String?

  @Flag(help: "Let webhooks lead to this machine, also over http: for receivers beside the server, and for tests.")
  var allowLoopbackWebhooks = false

  func validate() throws {
    guard Logger.Level(rawValue: logLevel) != nil else { throw ValidationError("\(logLevel) is not a log level.") }
  }

  func run() async throws {
    let level = Logger.Level(rawValue: logLevel) ?? .notice
    var logger = Logger(label: "yima") { JSONLogHandler(label: $0) }
    logger.logLevel = level
    let installation = try options.installation()
    if try installation.isWaitingToMove(), let database = installation.database {
      Console.note("The database is empty: moving the installation of \(installation.directory) there …")
      try installation.move(to: database) { _, _ in }
    }
    let settings = try attestation()
    let provider = try identityProvider.map { try IdentityProvider(file: $0) }
    let ledger = try installation.open()
    let services = Services(
      ledger, alerting: AlertingEngine(ledger: ledger), attachments: installation.directory + "/attachments",
      attestation: settings, provider: provider, keystore: KeystoreDesk(ledger, installation),
      courier: .network(allowsLoopback: allowLoopbackWebhooks), allowsLoopback: allowLoopbackWebhooks)
    try await services.access.sealCodes()
    let site = try Site(services, logger: logger)
    let application = YimaServer.application(
      services, host: host, port: port, logger: logger, adding: site.add
    ) { [host] port in
      Console.say("Yima 一码: http://\(host):\(port)")
    }
    let group = ServiceGroup(
      configuration: .init(
        services: [
          .init(service: SequencerService(sequencer: try Sequencer(ledger), store: ledger.store, logger: logger)),
          .init(service: AlertingService(engine: services.alerting, store: ledger.store, logger: logger)),
          .init(service: KeystoreService(ledger: ledger, installation: installation, logger: logger)),
          .init(service: AttestationService(ledger, settings, board: services.board, logger: logger)),
          .init(service: NotifyingService(notifier: Notifier(services.webhooks), ledger: ledger, logger: logger)),
          .init(service: ReminderService(casework: services.casework, ledger: ledger, logger: logger)),
          .init(
            service: RetentionService(
              privacy: Privacy(ledger), casework: services.casework, ledger: ledger, logger: logger)),
          .init(service: ScrubService(privacy: Privacy(ledger), ledger: ledger, logger: logger)),
          .init(service: application),
          // Services stop in reverse order: streams end first, then the server drains.
          .init(service: StreamService(engine: services.alerting)),
        ],
        gracefulShutdownSignals: [.sigint, .sigterm], logger: logger))
    try await group.run()
    try ledger.store.close()
  }

  private func attestation() throws -> AttestationSettings {
    var settings = AttestationSettings()
    if let timeStamps { try settings.readTimeStamps(timeStamps) }
    if let witnesses { try settings.readWitnesses(witnesses) }
    return settings
  }
}
