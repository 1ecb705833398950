import TestWorld
import Issuing
import Ledger
import Storage

extension Impossible {
  static let steps: [Impossible] = [
    Impossible(what: "receiving nothing") {
      try await $0.receive([])
    } refusals: { _ in
      [Refusal(.empty)]
    },
    Impossible(what: "receiving what was not sent") {
      try await $0.receive([$0.item(0)])
    } refusals: {
      [Refusal(unit: 0, code: $0.item(0), .notDispatched)]
    },
    Impossible(what: "receiving what was sent to another") {
      try await $0.dispatch([$0.loose(0)])
    } attempt: {
      try await $0.receive([$0.loose(0)], by: "B")
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .heldBy(dealer: "A"))]
    },
    Impossible(what: "receiving twice") {
      try await $0.dispatch([$0.loose(0)])
      try await $0.receive([$0.loose(0)])
    } attempt: {
      try await $0.receive([$0.loose(0)])
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .notInTransit)]
    },
    Impossible(what: "receiving what is void") {
      try await $0.dispatch([$0.loose(0)])
      try await $0.void([$0.loose(0)])
    } attempt: {
      try await $0.receive([$0.loose(0)])
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .voided)]
    },
    Impossible(what: "selling twice") {
      try await $0.dispatch([$0.loose(0)])
      try await $0.sell([$0.loose(0)])
    } attempt: {
      try await $0.sell([$0.loose(0)])
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .notInTransit)]
    },
    Impossible(what: "selling another's goods") {
      try await $0.dispatch([$0.loose(0)])
    } attempt: {
      try await $0.sell([$0.loose(0)], by: "B")
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .heldBy(dealer: "A"))]
    },
    Impossible(what: "receiving what was passed on") {
      try await $0.dispatch([$0.box(0)])
      try await $0.transfer([$0.box(0)], to: "A1")
    } attempt: {
      try await $0.receive([$0.box(0)], by: "A")
    } refusals: {
      [
        Refusal(unit: 0, code: $0.box(0), .heldBy(dealer: "A1")),
        Refusal(unit: 0, code: $0.item(0), .heldBy(dealer: "A1")),
      ]
    },
    Impossible(what: "passing on goods that are in the house") {
      try await $0.transfer([$0.loose(0)])
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .notDispatched)]
    },
    Impossible(what: "passing on goods that one does not hold") {
      try await $0.dispatch([$0.loose(0)], to: "B")
    } attempt: {
      try await $0.transfer([$0.loose(0)], from: "A", to: "A1")
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .heldBy(dealer: "B"))]
    },
    Impossible(what: "passing on what was sold") {
      try await $0.dispatch([$0.loose(0)])
      try await $0.sell([$0.loose(0)])
    } attempt: {
      try await $0.transfer([$0.loose(0)])
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .notInTransit)]
    },
    Impossible(what: "passing on to a dealer of another branch") {
      try await $0.dispatch([$0.loose(0)])
    } attempt: {
      try await $0.transfer([$0.loose(0)], to: "B1")
    } refusals: { _ in
      [Refusal(.notBelow(dealer: "B1"))]
    },
    Impossible(what: "passing on to oneself") {
      try await $0.dispatch([$0.loose(0)])
    } attempt: {
      try await $0.transfer([$0.loose(0)], to: "A")
    } refusals: { _ in
      [Refusal(.notBelow(dealer: "A"))]
    },
    Impossible(what: "passing up") {
      try await $0.dispatch([$0.loose(0)])
      try await $0.transfer([$0.loose(0)], to: "A1")
    } attempt: {
      try await $0.transfer([$0.loose(0)], from: "A1", to: "A")
    } refusals: { _ in
      [Refusal(.notBelow(dealer: "A"))]
    },
    Impossible(what: "passing on to where the goods may not be sold") {
      try await $0.dispatch([$0.loose(0)], "440000")
    } attempt: {
      try await $0.transfer([$0.loose(0)], to: "A2")
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .notAuthorised(regions: "440000"))]
    },
    Impossible(what: "taking back what is here, what is void, and what is with another") {
      try await $0.void([$0.loose(1)])
      try await $0.dispatch([$0.loose(2)], to: "B")
    } attempt: {
      try await $0.takeBack([$0.loose(0), $0.loose(1), $0.loose(2)], from: "A")
    } refusals: {
      [
        Refusal(unit: 0, code: $0.loose(0), .notDispatched), Refusal(unit: 1, code: $0.loose(1), .voided),
        Refusal(unit: 2, code: $0.loose(2), .heldBy(dealer: "B")),
      ]
    },
    Impossible(what: "taking back twice") {
      try await $0.dispatch([$0.loose(0)])
      try await $0.takeBack([$0.loose(0)])
    } attempt: {
      try await $0.takeBack([$0.loose(0)])
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .notDispatched)]
    },
    Impossible(what: "voiding twice") {
      try await $0.void([$0.loose(0)])
    } attempt: {
      try await $0.void([$0.loose(0)])
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .voided)]
    },
    Impossible(what: "taking a void item out of a void box") {
      try await $0.void([$0.box(0)])
    } attempt: {
      try await $0.unpack([$0.item(0)], from: $0.box(0))
    } refusals: {
      [Refusal(code: $0.box(0), .voided)]
    },
  ]

  /// Steps dated before the one that the goods took last. Each minute is one step of the shop.
  static let dates: [Impossible] = [
    Impossible(what: "a dispatch before the codes were issued") {
      let new = try $0.new([.code($0.loose(0))], at: $0.now.advanced(by: -61_000))
      _ = try await $0.issuing.dispatch([new], by: Shop.actor)
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .beforePrevious($0.now.advanced(by: -60_000)))]
    },
    Impossible(what: "a receipt before the dispatch") {
      try await $0.dispatch([$0.loose(0)])
    } attempt: {
      try await $0.issuing.receive(
        [.code($0.loose(0))], dealer: "A", at: $0.now.advanced(by: -1), by: Shop.actor)
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .beforePrevious($0.now))]
    },
    Impossible(what: "a dispatch before its items were packed") {
      try await $0.pack([$0.loose(0)], into: $0.crate(0))
    } attempt: {
      let new = try $0.new([.code($0.crate(0))], at: $0.now.advanced(by: -1))
      _ = try await $0.issuing.dispatch([new], by: Shop.actor)
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .beforePrevious($0.now))]
    },
    Impossible(what: "packing into a box before it came back") {
      try await $0.dispatch([$0.crate(0)])
      try await $0.takeBack([$0.crate(0)])
    } attempt: {
      try await $0.issuing.pack(
        parent: $0.crate(0), children: [$0.loose(0)], at: $0.now.advanced(by: -1), by: Shop.actor)
    } refusals: {
      [Refusal(code: $0.crate(0), .beforePrevious($0.now))]
    },
    Impossible(what: "packing before the goods came back") {
      try await $0.dispatch([$0.loose(0)])
      try await $0.takeBack([$0.loose(0)])
    } attempt: {
      try await $0.issuing.pack(
        parent: $0.crate(0), children: [$0.loose(0)], at: $0.now.advanced(by: -1), by: Shop.actor)
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .beforePrevious($0.now))]
    },
  ]
}
