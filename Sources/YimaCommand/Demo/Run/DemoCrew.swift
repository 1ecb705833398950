import Ledger

/// The keys under which the demo's people act. Their texts are thrown away: nobody else can act under them.
struct DemoCrew: Sendable {
  private(set) var warehouse = Actor.system
  private var tills = Actor.system
  private var inspectors: [Actor] = []

  /// Nobody yet.
  init() {}

  /// Makes the keys.
  init(_ ledger: Ledger) async throws {
    let access = Access(ledger)
    func hire(_ role: Role, _ name: String) async throws -> Actor {
      Actor(key: try await access.createKey(role: role, name: name).id, role: role)
    }
    warehouse = try await hire(.warehouse, "演示：仓库与经销商系统")
    tills = try await hire(.terminal, "演示：门店收银系统")
    for number in 1...DemoCast.inspectors { inspectors.append(try await hire(.inspector, "演示：稽查员\(number)")) }
  }

  /// Under whose key a scan is made.
  func actor(_ witness: DemoScan.Witness) -> Actor {
    switch witness {
    case .consumer: .consumer
    case .terminal: tills
    case .inspector(let number): inspectors.indices.contains(number) ? inspectors[number] : .consumer
    }
  }
}
