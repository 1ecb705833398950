import ArgumentParser

/// The command line: one file a command.
package struct Yima: AsyncParsableCommand {
  /// Name and subcommands.
  package static let configuration = CommandConfiguration(
    commandName: "yima", abstract: "Anti-diversion traceability, one item, one code. 一物一码防窜货追溯",
    subcommands: [
      InitCommand.self, ServeCommand.self, DemoCommand.self, KeyCommand.self, UserCommand.self, CodesCommand.self,
      LabelsCommand.self, PackingsCommand.self, EvidenceCommand.self, AuditCommand.self, MoveCommand.self,
      DetectCommand.self, WitnessCommand.self, ClusterPlanCommand.self,
    ])

  /// Needed by the parser.
  package init() {}
}

extension Yima {
  /// Parses the process's arguments and runs the command.
  package static func start() async { await main() }
}
