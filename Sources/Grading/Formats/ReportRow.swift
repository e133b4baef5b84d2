/// A part of a submission as reports list it: judged by the machine, marked by hand, or both.
struct ReportRow {
  var part: GradeReport.Part
  var grade: GradeReport.PartGrade
  /// What counts: of the machine, or given by hand in their place.
  var points: Double
  /// What was said with points given by hand.
  var comments: [String] = []
  var isMarked = false
  /// Whether points are given for something that the key does not ask for.
  var isExtra = false
  /// Its place among the parts of the submission, from 1.
  var number = 0

  /// The most points; none for what comes on top.
  var possible: Double { isExtra ? 0 : part.points }

  var isFull: Bool {
    // Shares of points add up to a little less than the whole.
    let isWhole = points >= possible - 1e-9
    if isMarked { return isWhole }
    switch grade.verdict {
    case .right, .follows: return true
    case .rounded, .wrong, .partly: return isWhole && possible > 0
    case .missing: return false
    }
  }

  /// Whether nothing was handed in and nobody gave points.
  var isMissing: Bool { !isMarked && grade.verdict == .missing }

  /// Why it has its points, a sentence each.
  var reasons: [String] { grade.reasons + remarks }

  /// Comments that say something.
  var remarks: [String] { comments.filter { !$0.isEmpty } }

  /// The machine's reasons as they follow the verdict: `wrong` is said once.
  var explanations: [String] {
    let verdict = "\(grade.verdict.rawValue): "
    return grade.reasons.map {
      $0.hasPrefix(verdict) ? String($0.dropFirst(verdict.count)) : $0
    }
  }

  /// Its name as a student may read it; nil for a check that the key does not tell: its condition
  /// may say what is right.
  var publicName: String? {
    let isName = part.name.unicodeScalars.allSatisfy {
      $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
    }
    return isExtra || isName ? part.name : nil
  }

  /// What it is called before a student: `the net input (z)`.
  var publicTitle: String {
    let name = publicName ?? ""
    if part.description.isEmpty || part.description == name {
      return name.isEmpty ? "check \(number)" : name
    }
    return name.isEmpty ? part.description : "\(part.description) (\(name))"
  }

  /// The verdict in a word or two.
  var words: String { isMarked ? "by hand" : grade.verdict.rawValue }
}

extension GradeReport {
  /// The parts of a submission: those of the key in their order, whatever was found, then what else
  /// points were given for. Their points add up to those of the submission.
  func rows(of submission: Submission) -> [ReportRow] {
    var open = submission.parts
    var rows = parts.map { part in
      let place = open.firstIndex {
        $0.part.name == part.name && $0.part.exercise == part.exercise
      }
      let grade = place.map { open.remove(at: $0) }
      return row(grade ?? PartGrade(part: part, points: 0, verdict: .missing))
    }
    rows += open.map(row)
    for mark in submission.marks {
      if !rows.contains(where: { $0.part.name == mark.part }) {
        let part = Part(exercise: "", name: mark.part, description: "", points: 0)
        var extra = row(PartGrade(part: part, points: 0, verdict: .missing))
        extra.isExtra = true
        rows.append(extra)
      }
      apply(mark, to: &rows)
    }
    for place in rows.indices { rows[place].number = place + 1 }
    return rows
  }

  private func row(_ grade: PartGrade) -> ReportRow {
    ReportRow(part: grade.part, grade: grade, points: grade.points)
  }

  /// A mark stands in place of what all parts of its name have, and the first of them shows it.
  private func apply(_ mark: Mark, to rows: inout [ReportRow]) {
    var isFirst = true
    for place in rows.indices where rows[place].part.name == mark.part {
      if !rows[place].isMarked {
        rows[place].points = 0
        rows[place].isMarked = true
      }
      guard isFirst else { continue }
      isFirst = false
      rows[place].points += mark.points
      rows[place].comments.append(mark.comment)
    }
  }

  /// The share of the points, from 0 to 1, for systems that keep the points themselves.
  func share(of submission: Submission) -> Double {
    guard possible > 0 else { return rows(of: submission).allSatisfy { $0.isFull } ? 1 : 0 }
    let share = submission.points / possible
    return share.isFinite ? min(max(share, 0), 1) : 0
  }
}
