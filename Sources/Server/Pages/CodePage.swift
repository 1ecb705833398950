import Codes
import Labels
import Ledger
import Regions
import Storage
import Verification

/// The page of one code: what was found, told in one glance, and then the rest.
struct CodePage {
  let finding: ConsumerFinding
  let subject: ScannedCode.Subject?
  let product: ProductRow?
  let answer: ScanAnswer?

  init(finding: ConsumerFinding, subject: ScannedCode.Subject?, product: ProductRow?, answer: ScanAnswer?) {
    self.finding = finding
    self.subject = subject
    self.product = product
    self.answer = answer
  }

  /// The page of a code that was checked.
  init(_ answer: ScanAnswer, of scanned: ScannedCode, product: ProductRow?) {
    self.init(finding: ConsumerFinding(answer), subject: scanned.subject, product: product, answer: answer)
  }

  /// The page as HTML.
  func html(_ library: PageLibrary, _ view: PageView) -> [UInt8] {
    let words = finding.words(view.language)
    let isGood = finding.tone == .good
    var gaps = PageGaps()
    // Everything that is no gap follows from the key.
    let facts = facts(view.language, &gaps)
    let product = shownProduct(view.language, &gaps)
    let report = reportAddress(view).map { gaps.mark($0) }
    var key = "\(finding.rawValue)|\(report == nil ? "-" : "report")|\(product?.other == nil ? "-" : "other")"
    key += product == nil ? "-" : "product"
    for fact in facts { key += "|\(fact.label.rawValue)" }
    return library.render("code", key: key, title: words.headline, gaps, view) {
      var values = CodePage.verdict(finding.tone, words.headline, words.lead)
      values["facts"] = facts.map { $0.values(view.language) }
      values["adviceTitle"] = (isGood ? Phrase.adviceTitleGood : .adviceTitleDoubt).text(view.language)
      values["advice"] = finding.advice(view.language)
      values["product"] = product?.values
      values["report"] = report
      return values
    }
  }

  /// Where this code is reported; nil when there is none to report.
  private func reportAddress(_ view: PageView) -> String? {
    guard subject != nil else { return nil }
    return "/report?code=" + Self.percentEncoded(view.path.utf8)
  }

  /// Bytes as a value of a query (RFC 3986, section 2.1): ASCII's letters and digits stay. Foundation's way through
  /// `NSString` took a third of the page.
  static func percentEncoded(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var out: [UInt8] = []
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        out.append(byte)
      default: out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// A page without a code: an address that holds none, or a check that could not be made.
  static func html(
    _ headline: Phrase, _ lead: Phrase, advice: Phrase, tone: ConsumerFinding.Tone, code: String,
    _ library: PageLibrary,
    _ view: PageView
  ) -> [UInt8] {
    let language = view.language
    var values = verdict(tone, headline.text(language), lead.text(language))
    values["facts"] = [Fact(label: .code, value: code, isCode: true).values(language)]
    values["adviceTitle"] = Phrase.adviceTitleDoubt.text(language)
    values["advice"] = [advice.text(language)]
    return library.render("code", title: headline.text(language), values, view)
  }

  private static func verdict(_ tone: ConsumerFinding.Tone, _ headline: String, _ lead: String) -> [String: Any] {
    [
      "tone": tone.rawValue, "headline": headline, "lead": lead, "isGood": tone == .good, "isWarn": tone == .warn,
      "isBad": tone == .bad, "isPlain": tone == .plain,
    ]
  }

  /// A product's name, and the one in the other language where they differ; marks of gaps.
  private struct ShownProduct {
    let name: String
    var other: String?

    var values: [String: Any] {
      var values: [String: Any] = ["name": name]
      values["other"] = other
      return values
    }
  }

  /// The name of a product of ours. A forged code's product is not shown: it would lend its name to the forgery.
  private func shownProduct(_ language: Language, _ gaps: inout PageGaps) -> ShownProduct? {
    guard let product, finding != .forged, finding != .notOurs else { return nil }
    let names = language == .zh ? (product.zh, product.en) : (product.en, product.zh)
    var shown = ShownProduct(name: gaps.mark(names.0))
    if names.0 != names.1 { shown.other = gaps.mark(names.1) }
    return shown
  }

  /// One line of what is known.
  private struct Fact {
    let label: Phrase
    let value: String
    var isCode = false

    func values(_ language: Language) -> [String: Any] {
      ["label": label.text(language), "value": value, "isCode": isCode]
    }
  }

  private func facts(_ language: Language, _ gaps: inout PageGaps) -> [Fact] {
    var facts: [Fact] = []
    switch subject {
    case .item(let gtin, let serial):
      facts.append(Fact(label: .gtin, value: gaps.mark(gtin.description), isCode: true))
      facts.append(Fact(label: .serial, value: gaps.mark(serial.inFours), isCode: true))
    case .box(let box):
      facts.append(Fact(label: .boxCode, value: gaps.mark(box.description.inFours), isCode: true))
    case nil: break
    }
    guard let answer else { return facts }
    if let first = answer.firstScannedAt, answer.authenticity != .forged {
      let isFirst = answer.scanCount <= 1
      let value = isFirst ? Phrase.firstCheckNow.text(language) : Self.time(first, language)
      facts.append(Fact(label: .firstCheck, value: gaps.mark(value)))
      if !isFirst { facts.append(Fact(label: .checks, value: gaps.mark(String(answer.scanCount)))) }
    }
    facts.append(Fact(label: .thisCheck, value: gaps.mark(Self.time(answer.at, language))))
    return facts
  }

  private static func time(_ time: Timestamp, _ language: Language) -> String {
    "\(ChinaTime.minute(time, language)) \(Phrase.beijingTime.text(language))"
  }
}
