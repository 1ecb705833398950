import Codes
import Dispatch
import Foundation

/// Measures sealing beside the bare signatures in it, both on all cores. For `tools/bench` only; not shipped.
@main
struct SealBench {
  static func main() throws {
    let count = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 100_000
    guard let key = SealingKey(seed: [UInt8](repeating: 7, count: 32)) else { return }
    let resolver = try Resolver("https://id.example.cn")
    let series = try BoxSeries(extensionDigit: 1, companyPrefix: "6901234")
    let boxes = try (0..<UInt64(count)).map { ScannedCode.Subject.box(try series.sscc($0)) }
    let sealing = try seconds {
      let press = try SealPress(
        key, dealer: "D001", territories: ["430000"], dispatch: "D1", at: 1_790_000_000, resolver: resolver)
      _ = try press.uris(of: boxes)
    }
    // A message of the length that a seal signs.
    let message = [UInt8](repeating: 65, count: 80)
    let signing = try seconds {
      try InOrder.run(count / 64) {
      } make: { _, _ in
        for _ in 0..<64 { _ = try key.signature(for: message) }
      } take: { _ in
      }
    }
    let line = "{\"ours\":\(Double(count) / sealing),\"yardstick\":\(Double(count / 64 * 64) / signing)}\n"
    FileHandle.standardOutput.write(Data(line.utf8))
  }

  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
  }
}
