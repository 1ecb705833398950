import Codes
import Synchronization

/// Makes whole pages of a PDF on all cores. What its workers keep (fonts, set texts) they keep from job to job.
final class PagePress: Sendable {
  /// Makes pages, one after the other.
  private final class Worker {
    let composer: LabelComposer
    var page: PDFPageWriter

    init(_ template: LabelTemplate, sheet: LabelSheet) throws(LabelError) {
      composer = LabelComposer(template, resolution: .outlines)
      page = try PDFPageWriter(template, sheet: sheet)
    }
  }

  /// A worker at rest. It is in the press or in one lease, never in both, so it may go from thread to thread although
  /// pango's objects are not safe to use from two at once.
  private struct Resting: @unchecked Sendable {
    let worker: Worker
  }

  /// A worker at work; it rests again when this goes away.
  private final class Lease {
    let worker: Worker
    private let press: PagePress

    init(_ worker: Worker, of press: PagePress) {
      self.worker = worker
      self.press = press
    }

    deinit { press.giveBack(worker) }
  }

  private let template: LabelTemplate
  private let sheet: LabelSheet
  private let resting = Mutex<[Resting]>([])
  private let smallest = Mutex<Double?>(nil)

  init(_ template: LabelTemplate, sheet: LabelSheet) {
    self.template = template
    self.sheet = sheet
  }

  /// Labels on a page.
  var labelsPerPage: Int { sheet.labelsPerPage }

  /// The smallest QR module on the pages so far, mm.
  var smallestModule: Double? { smallest.withLock { $0 } }

  /// Pages full of labels, in order. Throws what `LabelDocument.add` throws.
  func pages(of labels: [LabelContent]) throws(LabelError) -> [PDFPage] {
    let made = Mutex<[PDFPage]>([])
    let size = labelsPerPage
    do {
      try InOrder.run(labels.count / size) {
        try lease()
      } make: { lease, number in
        for label in labels[(number * size)..<((number + 1) * size)] {
          let drawing = try lease.worker.composer.draw(label)
          lease.worker.page.add(drawing)
        }
        return try lease.worker.page.take()
      } take: { page in
        made.withLock { $0.append(page) }
      }
    } catch { throw error as? LabelError ?? .library("\(error)") }
    return made.withLock { $0 }
  }

  private func lease() throws(LabelError) -> Lease {
    if let known = resting.withLock({ $0.popLast() }) { return Lease(known.worker, of: self) }
    return Lease(try Worker(template, sheet: sheet), of: self)
  }

  private func giveBack(_ worker: Worker) {
    // A page that failed halfway is not gone on with.
    guard worker.page.isEmpty else { return }
    smallest.withLock { $0 = [$0, worker.composer.smallestModule].compactMap(\.self).min() }
    let resting = Resting(worker: worker)
    self.resting.withLock { $0.append(resting) }
  }
}
