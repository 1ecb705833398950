import Testing
import TransparencyLog

@Suite struct CheckpointTests {
  private static let root = Digest32.sha256([1])

  @Test("checkpoints are read and refused as elsewhere", .enabled(if: Conformance.isPresent, Conformance.absent))
  func conformance() throws {
    for item in try Conformance.cases("checkpoint_body.json") {
      let body = Array(try item.text("body").utf8)
      let read = Result { () throws(CheckpointError) in try Checkpoint(parsing: body) }
      if try item.flag("valid") {
        // Upstream takes roots of any length; a log of SHA-256 has 32 bytes.
        let line = body.split(separator: UInt8(ascii: "\n"))[2]
        let isDigest = Base64.standard.decode(line)?.count == 32
        #expect(isDigest != read.isFailure)
        if case .failure(let error) = read { #expect(error == .badRoot) }
        if case .success(let checkpoint) = read { #expect(Array(checkpoint.text.utf8) == body) }
      } else {
        #expect(read.isFailure, "\(item)")
      }
    }
  }

  @Test("a checkpoint is read back from its text", arguments: [0, 1, 70_000, UInt64(Int64.max)])
  func roundTrip(size: UInt64) throws {
    for extensions in [[], ["one"], ["one", "二"]] {
      let checkpoint = try Checkpoint(origin: "yima.example/log", size: size, root: Self.root, extensions: extensions)
      #expect(try Checkpoint(parsing: Array(checkpoint.text.utf8)) == checkpoint)
    }
  }

  @Test(
    "a broken checkpoint is refused for what is wrong with it",
    arguments: [
      ("", CheckpointError.tooFewLines), ("o\n1\n", .tooFewLines), ("o\n1\n\(root.base64)", .tooFewLines),
      ("\n1\n\(root.base64)\n", .badOrigin), ("o\n+1\n\(root.base64)\n", .badSize),
      ("o\n01\n\(root.base64)\n", .badSize), ("o\n-0\n\(root.base64)\n", .badSize), ("o\n\n\(root.base64)\n", .badSize),
      ("o\n1 \n\(root.base64)\n", .badSize), ("o\n18446744073709551616\n\(root.base64)\n", .badSize),
      ("o\n9223372036854775808\n\(root.base64)\n", .badSize), ("o\n١\n\(root.base64)\n", .badSize),
      ("o\n1\n\(root.base64) \n", .badRoot), ("o\n1\n\(root.base64url)\n", .badRoot), ("o\n1\nAAAA\n", .badRoot),
      ("o\n1\n\(root.base64)\n\n", .badExtension(1)), ("o\n1\n\(root.base64)\na\n\nb\n", .badExtension(2)),
      ("o\n1\n\(root.base64)\nx", .tooFewLines),
    ])
  func refused(_ text: String, _ reason: CheckpointError) {
    #expect(throws: reason) { try Checkpoint(parsing: Array(text.utf8)) }
  }

  @Test("parts that would break the lines are refused")
  func badParts() {
    #expect(throws: CheckpointError.badOrigin) { try Checkpoint(origin: "", size: 1, root: Self.root) }
    #expect(throws: CheckpointError.badOrigin) { try Checkpoint(origin: "a\nb", size: 1, root: Self.root) }
    #expect(throws: CheckpointError.badSize) { try Checkpoint(origin: "a", size: .max, root: Self.root) }
    #expect(throws: CheckpointError.badExtension(2)) {
      try Checkpoint(origin: "a", size: 1, root: Self.root, extensions: ["x", "a\nb"])
    }
    #expect(throws: CheckpointError.notUTF8) { try Checkpoint(parsing: [0xC0, 0x0A]) }
  }

  @Test("every text that is read prints back the same", arguments: [UInt64](1...300))
  func fuzz(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    let text = try Checkpoint(origin: "o", size: 10, root: Self.root, extensions: ["e"]).text
    let changed = random.mutation(of: Array(text.utf8))
    if let checkpoint = try? Checkpoint(parsing: changed) {
      #expect(Array(checkpoint.text.utf8) == changed, "seed \(seed)")
    }
  }
}
