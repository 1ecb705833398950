import Casework
import Testing

@Suite("Words and files of cases")
struct CaseTests {
  @Test("a case's id has one spelling")
  func ids() {
    #expect(CaseID("C12")?.number == 12)
    for text in ["C", "C0", "C-1", "C01", "c1", "A1", "C1 ", "C+1"] { #expect(CaseID(text) == nil, "\(text)") }
  }

  @Test("a file is what its bytes are")
  func types() {
    #expect(AttachmentType([0xff, 0xd8, 0xff, 0xe1, 0, 0xff, 0xd9]) == .jpeg)
    #expect(AttachmentType(Array("%PDF-1.7\n%%EOF".utf8)) == .pdf)
    let scripts: [[UInt8]] = [
      Array("<svg onload=alert(1)>".utf8), Array("#!/bin/sh\n%PDF-1.4 %%EOF".utf8), [0xff, 0xd8, 0xff],
      Array("%PDF-9.9 %%EOF".utf8), [],
    ]
    for bytes in scripts { #expect(AttachmentType(bytes) == nil) }
  }

  @Test("every refusal has a word of its own and a sentence in both languages")
  func refusals() {
    let refusals: [CaseRefusal] = [
      .state(.open), .alertTaken("A1"), .severalDealers, .priceApart, .pricePenalty, .samePerson, .proofMissing,
      .noDealer, .notConfirmed, .appealedBefore, .attachedBefore, .cleared, .inspectionEnded, .scanNotOwn(1),
    ]
    #expect(Set(refusals.map(\.slug)).count == refusals.count)
    for refusal in refusals {
      #expect(refusal.sentence.zh.unicodeScalars.contains { $0.value > 0x4e00 } && !refusal.sentence.en.isEmpty)
    }
    #expect(CaseRefusal.state(.open).slug == "wrongState" && CaseRefusal.alertTaken("A1").slug == "alertTaken")
  }
}
