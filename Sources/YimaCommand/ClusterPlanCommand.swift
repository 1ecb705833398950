import ArgumentParser
import Storage

/// `yima cluster-plan`
struct ClusterPlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster-plan",
    abstract: "Print the statements that spread the tables over a Citus cluster; with --apply, run them.",
    discussion: """
      The statements are for the coordinator. Those of tables that are spread already are left out by --apply, so it can \
      be run again. Stop the servers first.
      """)

  @Flag(help: "Make the schema and run the statements.")
  var apply = false
  @Option(help: "The coordinator's database, postgres://user@host/name (or set YIMA_DATABASE); for --apply.")
  var database: String?

  func run() async throws {
    guard apply else {
      for statement in ClusterPlan.statements { Console.say(statement + ";") }
      return
    }
    guard let address = try DataOptions.databaseURL(database) else {
      throw ValidationError("--apply needs --database, or YIMA_DATABASE")
    }
    try ClusterPlan.apply(to: address) { Console.say($0 + ";") }
  }
}
