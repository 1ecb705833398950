/// The page that says how to check everything without trusting anyone.
struct VerifyPage {
  let proof: CaseStory.Proof

  /// Writes the page; it begins at the top of one.
  func write(_ flow: inout Flow) {
    flow.heading("如何核验", "How to verify this")
    drawCode(&flow)
    flow.paragraph(
      flow.words(
        "本报告为证据包（ZIP）中供人阅读的部分，本身不是证据。证据是包内的账本事件、包含证明、检查点签名、封签与时间戳。"
          + "任何人无需联网、无需信任制作方即可核验：",
        "This report is the part of the evidence bundle (a ZIP file) that is made for people; it proves nothing by itself. The "
          + "proof is in the bundle: ledger events, inclusion proofs, the signed checkpoint, seals and time stamps. Anyone "
          + "can check it, offline and without trusting who made it:"), after: 6)
    for (place, step) in steps.enumerated() {
      flow.paragraph("\(place + 1).  " + step.text[flow.language], indent: 10, after: 2)
      if let command = step.command { flow.paragraph(command, .code, indent: 26, after: 4) }
    }
    flow.gap(4)
    let table = ReportTable(columns: [
      .init(name: flow.words("项目", "Item"), share: 0.26),
      .init(name: flow.words("值", "Value"), share: 0.74, face: .code),
    ])
    table.draw(
      [
        [flow.words("账本", "Log"), proof.origin],
        [flow.words("检查点事件数", "Events at the checkpoint"), "\(proof.size)"],
        [flow.words("检查点 SHA-256", "SHA-256 of the checkpoint"), proof.checkpointHash],
        [flow.words("账本公钥", "Log key"), proof.logKey],
      ] + list(flow.words("时间戳", "Time stamps"), proof.stamps, flow)
        + list(flow.words("见证人", "Witnesses"), proof.witnesses, flow), in: &flow)
  }

  private func list(_ name: String, _ lines: [Bilingual], _ flow: Flow) -> [[String]] {
    guard !lines.isEmpty else { return [[name, flow.words("（无）", "(none)")]] }
    return lines.enumerated().map { [$0 == 0 ? name : "", $1[flow.language]] }
  }

  private var steps: [(text: Bilingual, command: String?)] {
    [
      (
        Bilingual(
          zh: "从品牌方网站（/.well-known/jwks.json）或登记机关另行取得公钥，不要只以包内公钥为据。",
          en:
            "Get the public keys from elsewhere: the brand's site (/.well-known/jwks.json) or a registry, not only from the "
            + "bundle."), nil
      ),
      (
        Bilingual(
          zh: "运行核验程序；或使用按公开格式 EVIDENCE.md 自行编写的程序：",
          en: "Run the verifier, or a program of your own written from the published format EVIDENCE.md:"),
        "yima evidence verify BUNDLE.zip --jwks jwks.json\npython3 verify_evidence.py --jwks jwks.json BUNDLE.zip"
      ),
      (
        Bilingual(
          zh: "程序逐环给出结论。任何一个字节被改动，都会指出断开的环节和文件。",
          en: "It gives a finding for each link. When any one byte was changed it names the link and the file."), nil
      ),
      (
        Bilingual(
          zh: "计算包内文件 checkpoint 的 SHA-256，与下表及二维码比对：一致即说明本报告与该证据包相符。",
          en:
            "Compute the SHA-256 of the file checkpoint in the bundle and compare it with the table below and the QR code: "
            + "then this report belongs to that bundle."), "sha256sum checkpoint"
      ),
      (
        Bilingual(
          zh: "时间戳盖在账本自己的签名上（文件 checkpoint 的前五行），可用 OpenSSL 按盖章时刻核验（证书日后到期不影响时间戳）：",
          en:
            "Time stamps are over the note as the log signed it, the first five lines; check with OpenSSL as of the time "
            + "stamped, since a stamp outlives its certificate:"), Self.stampCommand
      ),
    ]
  }

  /// As `codes/EVIDENCE.md` says it.
  private static let stampCommand = """
    head -n 5 checkpoint > stamped
    openssl ts -reply -in timestamps/FILE.tsr -text > shown
    T=$(sed -n 's/^Time stamp: //p' shown)
    openssl ts -verify -attime $(date -d "$T" +%s) -data stamped \\
      -in timestamps/FILE.tsr -CAfile ROOT.pem
    """

  /// The hash of the checkpoint as a QR code, with what it says below.
  private func drawCode(_ flow: inout Flow) {
    let hash = PrintableText.clean(proof.checkpointHash)
    guard let code = QRModules("sha256:" + hash) else { return }
    let side = 118.0
    let module = side / Double(code.size + 8)
    let (left, top) = (Flow.left + (Flow.width - side) / 2, flow.y)
    for y in 0..<code.size {
      for x in 0..<code.size where code.isDark(x, y) {
        let box = Box(
          x: left + Double(x + 4) * module, y: top + Double(y + 4) * module, width: module * 1.01, height: module * 1.01
        )
        flow.canvas.rectangle(box, fill: Ink(red: 0, green: 0, blue: 0))
      }
    }
    flow.y += side
    if let set = flow.canvas.set("sha256:" + hash, .code, width: Flow.width, lines: 2, isCentred: true) {
      flow.canvas.draw(set, x: Flow.left, y: flow.y)
      flow.y += set.height + 8
    }
  }
}
