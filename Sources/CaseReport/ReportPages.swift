/// The sections of a report, in the order in which a judge asks.
struct ReportPages {
  let story: CaseStory

  /// Writes all sections in one language.
  func write(_ flow: inout Flow) {
    title(&flow)
    claim(&flow)
    timeline(&flow)
    map(&flow)
    scans(&flow)
    policy(&flow)
    answers(&flow)
    decision(&flow)
    flow.breakPage()
    VerifyPage(proof: story.proof).write(&flow)
  }

  private func title(_ flow: inout Flow) {
    let text = flow.words("证据报告", "Evidence report")
    guard let set = flow.canvas.set(text, .title, width: Flow.width, lines: 1) else { return }
    flow.canvas.draw(set, x: Flow.left, y: flow.y)
    flow.y += set.height + 2
    let lines = flow.words(
      "案件编号 \(PrintableText.clean(story.caseNumber)) · 主张方 \(flow.words(story.brand))",
      "Case \(PrintableText.clean(story.caseNumber)) · claimed by \(flow.words(story.brand))")
    flow.paragraph(lines, .label, ink: .grey, after: 0)
    flow.paragraph(
      flow.words("所示状态截至 \(story.madeAt)（协调世界时）", "State shown as of \(story.madeAt) (UTC)"), .small, ink: .grey,
      after: 6)
  }

  private func claim(_ flow: inout Flow) {
    flow.heading("一、主张", "1  The claim")
    flow.paragraph(story.claim[flow.language], after: 8)
    facts(story.facts, &flow)
  }

  private func facts(_ facts: [CaseStory.Fact], _ flow: inout Flow) {
    guard !facts.isEmpty else { return }
    let table = ReportTable(columns: [
      .init(name: flow.words("事项", "Item"), share: 0.3), .init(name: flow.words("内容", "Value"), share: 0.7),
    ])
    table.draw(facts.map { [$0.name[flow.language], $0.value[flow.language]] }, in: &flow)
  }

  private func timeline(_ flow: inout Flow) {
    flow.heading("二、时间线", "2  Timeline")
    guard !story.timeline.isEmpty else { return none(&flow) }
    let textX = Flow.left + 132
    for (place, moment) in story.timeline.enumerated() {
      let suffix = moment.event.map { flow.words("（事件 \($0)）", " (event \($0))") } ?? ""
      guard
        let set = flow.canvas.set(
          flow.words(moment.what) + suffix, .table, width: Flow.width - 132, lines: 20, spacing: 1.3)
      else { continue }
      let height = max(set.height, 14) + 5
      flow.need(height)
      let dot = (Flow.left + 118, flow.y + 6.5)
      if place > 0, flow.y > Flow.top {
        flow.canvas.line(from: (dot.0, flow.y - 2), to: (dot.0, dot.1), ink: .grey)
      }
      if place < story.timeline.count - 1 {
        flow.canvas.line(from: dot, to: (dot.0, min(flow.y + height - 2, Flow.bottom)), ink: .grey)
      }
      flow.canvas.circle(dot.0, dot.1, radius: 3, fill: .blue)
      flow.put(PrintableText.clean(moment.at), .table, x: Flow.left, y: flow.y, width: 112)
      flow.canvas.draw(set, x: textX, y: flow.y)
      flow.y += height
    }
    flow.gap(4)
  }

  private func map(_ flow: inout Flow) {
    flow.heading("三、销售区域与扫码地点", "3  Territory and places of the scans", keepingWith: 290)
    let whole = Box(x: Flow.left, y: flow.y, width: Flow.width * 0.58, height: 250)
    let near = Box(x: whole.right + 8, y: flow.y, width: Flow.width - whole.width - 8, height: 250)
    guard let map = story.map, let view = MapView(map, in: whole) else { return none(&flow) }
    view.draw(on: flow)
    MapView(map, in: near, isNear: true)?.draw(on: flow)
    flow.y = whole.bottom + 5
    flow.paragraph(
      flow.words(
        "左：全图；右：扫码地点放大。蓝色：授权销售区域。红色虚线：扫码所在行政区。红点：扫码，编号同下表；圆圈为定位误差。示意图，边界不作为划界依据。",
        "Left: the whole; right: the scans, enlarged. Blue: territory of sale. Red, dashed: region of the scans. Red dots: scans, numbered as in the table; circles show the "
          + "accuracy. A sketch; its borders settle no boundary."), .small, ink: .grey)
  }

  private func scans(_ flow: inout Flow) {
    flow.heading("四、扫码记录", "4  The scans", keepingWith: 80)
    guard !story.scans.isEmpty else { return none(&flow) }
    let code = Typeface(family: Typeface.code.family, size: 7)
    let table = ReportTable(columns: [
      .init(name: flow.words("号", "No"), share: 0.05),
      .init(name: flow.words("时间 / 事件", "Time / event"), share: 0.215),
      .init(name: flow.words("码", "Code"), share: 0.175, face: code),
      .init(name: flow.words("地点", "Place"), share: 0.15),
      .init(name: flow.words("地点确定程度", "Certainty of place"), share: 0.12),
      .init(name: flow.words("采集来源", "Capture"), share: 0.16), .init(name: flow.words("判定", "Verdict"), share: 0.13),
    ])
    let rows = story.scans.enumerated().map { place, scan in
      [
        "\(place + 1)", "\(scan.at) / \(scan.event)", scan.code, scan.place[flow.language],
        scan.certainty[flow.language], scan.provenance[flow.language], scan.verdict[flow.language],
      ]
    }
    table.draw(rows, in: &flow)
  }

  private func policy(_ flow: inout Flow) {
    flow.heading("五、当时有效的规则与阈值", "5  Rules and thresholds in force then")
    story.policy.isEmpty ? none(&flow) : facts(story.policy, &flow)
  }

  private func answers(_ flow: inout Flow) {
    flow.heading("六、经销商答复", "6  The dealer's answer")
    guard !story.answers.isEmpty else {
      return flow.paragraph(
        flow.words("截至本报告所示状态，未收到答复。", "No answer had been received at the state shown."), ink: .grey)
    }
    for answer in story.answers { statement(answer, &flow) }
  }

  private func statement(_ statement: CaseStory.Statement, _ flow: inout Flow) {
    flow.need(50)
    flow.paragraph("\(flow.words(statement.by)) · \(PrintableText.clean(statement.at))", .label, after: 2)
    flow.paragraph(statement.text, indent: 12, after: 8)
  }

  private func decision(_ flow: inout Flow) {
    flow.heading("七、决定与理由", "7  The decision and its reason")
    guard let decision = story.decision else {
      return flow.paragraph(flow.words("尚未作出决定。", "No decision has been made."), ink: .grey)
    }
    flow.paragraph(flow.words(decision.outcome), .label, after: 4)
    statement(decision.reason, &flow)
    for line in decision.proofs + decision.penalties { flow.paragraph("• " + flow.words(line), indent: 12, after: 2) }
    for appeal in decision.appeals {
      flow.gap(8)
      flow.need(60)
      flow.paragraph(flow.words(appeal.result), .label, after: 4)
      statement(appeal.reason, &flow)
    }
  }

  private func none(_ flow: inout Flow) {
    flow.paragraph(flow.words("（无）", "(none)"), ink: .grey)
  }
}
