import Codes
import Foundation
import Testing

@Suite("Published vectors")
struct VectorTests {
  private func committed() throws -> VectorFile {
    try JSONDecoder().decode(VectorFile.self, from: Data(contentsOf: VectorFile.url))
  }

  @Test("every good case of the committed file gives what it says")
  func good() throws {
    let file = try committed()
    #expect(file.good.count >= 60)
    for vector in file.good {
      var inputs = vector
      inputs.subject = nil
      inputs.attributes = nil
      inputs.signed = nil
      #expect(try inputs.run() == vector, "\(vector.id)")
    }
  }

  @Test("every bad case of the committed file is refused with the error it says")
  func bad() throws {
    let file = try committed()
    #expect(file.bad.count >= 60)
    for vector in file.bad {
      #expect(failure { try vector.run() }?.slug == vector.error, "\(vector.id)")
    }
  }

  @Test("all kinds occur, every name is once, and the fixed keys are the published ones")
  func whole() throws {
    let file = try committed()
    let all = file.good + file.bad
    #expect(Set(all.map(\.id)).count == all.count)
    #expect(Set(all.map(\.kind)) == Set(Vector.Kind.allCases))
    #expect(file.roots["1"] == hex((0x20..<0x40).map { UInt8($0) }))
    #expect(try JSONDecoder().decode(VectorFile.KeySet.self, from: Data(try Fixture.ring().jwks())) == file.jwks)
  }

  @Test("the committed file is what the maker makes; YIMA_WRITE_VECTORS=1 writes it anew")
  func made() throws {
    let file = try VectorMaker.make()
    if ProcessInfo.processInfo.environment["YIMA_WRITE_VECTORS"] != nil {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try (encoder.encode(file) + Data("\n".utf8)).write(to: VectorFile.url)
    }
    #expect(try committed() == file)
  }
}
