import Foundation
import Testing
@Test func dump() throws {
  for (name, make) in Story.all { try Data(make().bundle()).write(to: URL(fileURLWithPath: "/tmp/ev-\(name).zip")) }
}
