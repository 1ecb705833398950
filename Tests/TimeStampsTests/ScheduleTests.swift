import Testing
import TimeStamps

@Suite struct ScheduleTests {
  private let schedule = StampSchedule(firstWait: 10, longestWait: 3600)

  @Test func `waits double from the first to the longest`() {
    #expect((0...10).map(schedule.wait) == [0, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600])
    #expect(schedule.wait(after: .max) == 3600 && schedule.wait(after: -1) == 0)
    #expect(StampSchedule(firstWait: .max, longestWait: 1).wait(after: 9) == .max)
  }

  @Test func `each authority is asked for the oldest checkpoint that it has not stamped`() {
    let plan = schedule.plan(
      authorities: ["a", "b", "c"], sizes: [30, 10, 20],
      attempts: ["a": [10: .done], "c": [10: .done, 20: .done, 30: .done]], now: 1000)
    #expect(plan.now == [.init(authority: "a", size: 20, failures: 0), .init(authority: "b", size: 10, failures: 0)])
    #expect(plan.next == nil)
  }

  @Test func `an authority that failed waits, and holds up no other`() {
    let attempts: [String: [UInt64: StampSchedule.Attempt]] = ["a": [10: .failed(times: 3, last: 1000)]]
    let early = schedule.plan(authorities: ["a", "b"], sizes: [10, 20], attempts: attempts, now: 1039)
    #expect(early.now == [.init(authority: "b", size: 10, failures: 0)])
    #expect(early.next == 1040)
    let late = schedule.plan(authorities: ["a", "b"], sizes: [10, 20], attempts: attempts, now: 1040)
    #expect(late.now.first == .init(authority: "a", size: 10, failures: 3))
  }

  @Test func `nothing to stamp is nothing to do`() {
    #expect(
      schedule.plan(authorities: ["a"], sizes: [], attempts: [:], now: 0)
        == schedule.plan(
          authorities: [], sizes: [1], attempts: [:], now: 0))
  }

  @Test func `an authority needs a policy and roots that can be read`() {
    #expect(throws: TimeStampError.badAnchors) {
      try TimeStampAuthority(name: "a", url: "https://a.example", policy: nil, anchors: [])
    }
  }
}
