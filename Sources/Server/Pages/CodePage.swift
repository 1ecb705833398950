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

  /// The page as HTML.
  func html(_ library: PageLibrary, _ view: PageView) -> [UInt8] {
    let words = finding.words(view.language)
    let isGood = finding.tone == .good
    var gaps = PageGaps()
    // Everything that is no gap follows from the key.
    let facts = facts(view.language, &gaps)
    let product = shownProduct(view.language, &gaps)
    let report = reportAddress(view).map { gaps.mark($0) }
    let key =
      [finding.rawValue, report == nil ? "-" : "report"] + (product?.keys.sorted() ?? ["-"])
      + facts.map { "\($0["label"] ?? "")" }
    return library.render("code", key: key.joined(separator: "|"), title: words.headline, gaps, view) {
      var values = CodePage.verdict(finding.tone, words.headline, words.lead)
      values["facts"] = facts
      values["adviceTitle"] = (isGood ? Phrase.adviceTitleGood : .adviceTitleDoubt).text(view.language)
      values["advice"] = finding.advice(view.language)
      values["product"] = product
      values["report"] = report
      return values
    }
  }

  /// Where this code is reported; nil when there is none to report.
  private func reportAddress(_ view: PageView) -> String? {
    guard subject != nil else { return nil }
    let path = view.target.utf8.prefix { $0 != UInt8(ascii: "?") }
    return "/report?code=" + Self.percentEncoded(path)
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
    values["facts"] = [fact(.code, code, language, isCode: true)]
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

  /// The name of a product of ours. A forged code's product is not shown: it would lend its name to the forgery.
  private func shownProduct(_ language: Language, _ gaps: inout PageGaps) -> [String: Any]? {
    guard let product, finding != .forged, finding != .notOurs else { return nil }
    let names = language == .zh ? (product.zh, product.en) : (product.en, product.zh)
    var values: [String: Any] = ["name": gaps.mark(names.0)]
    if names.0 != names.1 { values["other"] = gaps.mark(names.1) }
    return values
  }

  private func facts(_ language: Language, _ gaps: inout PageGaps) -> [[String: Any]] {
    var facts: [[String: Any]] = []
    switch subject {
    case .item(let gtin, let serial):
      facts.append(Self.fact(.gtin, gaps.mark(gtin.description), language, isCode: true))
      facts.append(Self.fact(.serial, gaps.mark(serial.inFours), language, isCode: true))
    case .box(let box):
      facts.append(Self.fact(.boxCode, gaps.mark(box.description.inFours), language, isCode: true))
    case nil: break
    }
    guard let answer else { return facts }
    if let first = answer.firstScannedAt, answer.authenticity != .forged {
      facts.append(
        Self.fact(
          .firstCheck,
          gaps.mark(answer.scanCount <= 1 ? Phrase.firstCheckNow.text(language) : Self.time(first, language)), language)
      )
      if answer.scanCount > 1 { facts.append(Self.fact(.checks, gaps.mark(String(answer.scanCount)), language)) }
    }
    facts.append(Self.fact(.thisCheck, gaps.mark(Self.time(answer.at, language)), language))
    return facts
  }

  private static func fact(_ label: Phrase, _ value: String, _ language: Language, isCode: Bool = false) -> [String:
    Any]
  {
    ["label": label.text(language), "value": value, "isCode": isCode]
  }

  private static func time(_ time: Timestamp, _ language: Language) -> String {
    "\(ChinaTime.minute(time, language)) \(Phrase.beijingTime.text(language))"
  }
}
