import Rendering

extension ExerciseReport {
  /// The report as people read it, each line ended.
  ///
  ///     Forward pass: 1 of 2 points
  ///       holds   9  net_h1 ≈ 0.3775
  ///       fails  10  out_h1 ≈ sigmoid net_h1
  ///                  found 0.3775: out_h1 is sigmoid(net_h1)
  ///       fails  11  dE_dw5 ≈ grad E w5
  ///                  found 0.164
  ///                  that is what comes out if the ½ of the squared error is forgotten
  ///       mistake: You did not squash the net input.
  ///       2 hints; --hint shows the first
  ///
  /// - Parameters:
  ///   - hints: how many are shown of the first exercise that is not solved.
  ///   - isOneAtATime: whether that exercise is the only one shown.
  package func text(_ display: Display, hints: Int = 0, isOneAtATime: Bool = false) -> String {
    var lines: [String] = []
    let next = exercises.firstIndex { !$0.isSolved }
    for (index, exercise) in exercises.enumerated() where !isOneAtATime || index == next {
      if !lines.isEmpty { lines.append("") }
      lines += exercise.lines(display, hints: index == next ? hints : 0, isNext: index == next)
    }
    if !lines.isEmpty { lines.append("") }
    lines.append(total)
    return lines.joined(separator: "\n") + "\n"
  }

  private var total: String {
    let counts = Check.Result.allCases.compactMap { result -> String? in
      let count = count(result)
      guard count > 0 else { return nil }
      return "\(count) \(result.words(count))"
    }
    let answers = exercises.flatMap { $0.answers }
    let filled =
      answers.isEmpty
      ? [] : ["\(answers.count { $0.isFilledIn }) of \(answers.count) answers are filled in"]
    let parts = counts + filled
    var line = parts.isEmpty ? "no checks" : parts.joined(separator: ", ")
    // Points of what is handed in are given elsewhere.
    if pointsPossible > 0, !exercises.contains(where: { $0.isJudgedElsewhere }) {
      line = "\(pointText(points)) of \(pointText(pointsPossible)) points: \(line)"
    }
    if !openLines.isEmpty { line += "; not filled in yet: \(lineList(openLines))" }
    return line
  }
}

extension ExerciseReport.Check.Result {
  fileprivate func words(_ count: Int) -> String {
    switch self {
    case .holds: count == 1 ? "check holds" : "checks hold"
    case .fails: count == 1 ? "fails" : "fail"
    case .open: count == 1 ? "is open" : "are open"
    }
  }

  /// Green, red, yellow, as every terminal has them.
  fileprivate var colour: String {
    switch self {
    case .holds: "\u{1B}[32m"
    case .fails: "\u{1B}[31m"
    case .open: "\u{1B}[33m"
    }
  }
}

extension ExerciseReport.Exercise {
  fileprivate func lines(_ display: Display, hints shown: Int, isNext: Bool) -> [String] {
    var lines = [heading]
    let width = checks.map { $0.place.count }.max() ?? 0
    for check in checks { lines += check.lines(width: width, display) }
    lines += answers.map { answer in
      "  \(answer.isFilledIn ? "filled in" : "not filled in yet"): \(answer.name)"
        + (answer.description.map { ", \($0)" } ?? "")
    }
    if let waitingTests { lines.append("  \(Self.words(forTests: waitingTests))") }
    if checks.isEmpty, answers.isEmpty, waitingTests == nil {
      lines.append("  no check was reached")
    }
    if !openLines.isEmpty { lines.append("  not filled in yet: \(lineList(openLines))") }
    guard !isSolved else { return lines }
    lines += mistakes.map { "  mistake: \($0)" }
    lines += hints.prefix(shown).map { "  hint: \($0)" }
    if isNext, shown < hints.count { lines.append("  \(waitingHints(behind: shown))") }
    return lines
  }

  private static func words(forTests count: Int) -> String {
    switch count {
    case 0: "no checks are written in tests yet"
    case 1: "1 check is written in tests: it runs when it is graded"
    default: "\(count) checks are written in tests: they run when they are graded"
    }
  }

  /// `2 hints; --hint shows the first`
  private func waitingHints(behind shown: Int) -> String {
    let left = hints.count - shown
    if shown == 0 {
      return left == 1 ? "1 hint: --hint shows it" : "\(left) hints: --hint shows the first"
    }
    return "\(left) more hint\(left == 1 ? "" : "s"): --hint once more"
  }

  private var heading: String {
    guard let title else { return "Checks outside of an exercise" }
    if isJudgedElsewhere { return title }
    return "\(title): \(pointText(points)) of \(pointText(pointsPossible)) "
      + (pointsPossible == 1 ? "point" : "points")
  }
}

extension ExerciseReport.Check {
  /// The line, with the file where that is another one.
  fileprivate var place: String { (file.map { "\($0):" } ?? "") + "\(line)" }

  fileprivate func lines(width: Int, _ display: Display) -> [String] {
    let word = TextWidth.padded(result.rawValue, to: 5, .left)
    let shown = display.hasColour ? "\(result.colour)\(word)\u{1B}[0m" : word
    let margin = String(repeating: " ", count: width + 11)
    let details = [found.map { "found \($0)" }, message].compactMap { $0 }
    return ["  \(shown)  \(TextWidth.padded(place, to: width, .right))  \(text)"]
      + (details.isEmpty ? [] : [margin + details.joined(separator: ": ")])
      + (misconception.map { [margin + "that is what comes out if \($0)"] } ?? [])
  }
}

/// Points to hundredths, whole ones without a point.
private func pointText(_ points: Double) -> String {
  NumberStyle.standard.text((points * 100).rounded() / 100)
}

private func lineList(_ lines: [Int]) -> String {
  (lines.count == 1 ? "line " : "lines ") + lines.map(String.init).joined(separator: ", ")
}
