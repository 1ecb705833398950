import Synchronization

/// Font books kept between documents: to open one, fontconfig reads every installed font's description, which takes
/// a tenth of a second or more; a label asked for over HTTP must not wait for that each time.
enum FontBookPool {
  /// A book at rest. It is in the pool or in one lease, never in both, so it may go from task to task although
  /// pango's objects are not safe to use from two at once.
  private struct Resting: @unchecked Sendable {
    let book: FontBook
  }

  /// Books kept at rest.
  private static let kept = 4

  private static let resting = Mutex<[Resting]>([])

  /// A book that nobody else uses until it is given back.
  static func take() -> FontBook {
    resting.withLock { $0.popLast() }?.book ?? FontBook()
  }

  /// Keeps a book for the next document, unless there are enough or it has grown large.
  static func giveBack(_ book: FontBook) {
    guard book.knownGlyphs <= FontBook.glyphLimit else { return }
    let resting = Resting(book: book)
    self.resting.withLock { books in
      if books.count < kept { books.append(resting) }
    }
  }
}
