import Differentiation
import Explanation
import Language
import Syntax

/// Judges the answers of one submission, by the key run on them.
struct SubmissionJudge {
  private let grader: Grader
  private let form: Form
  private let submission: Submission
  /// The key with the answers of the submission.
  private let run: KeyRun
  private let values: [String: Value]
  /// The key with one answer moved a little, run once for each.
  private final class Moves {
    var runs: [String: KeyRun] = [:]
  }
  private let moves = Moves()

  init(_ grader: Grader, _ form: Form, _ submission: Submission) {
    self.grader = grader
    self.form = form
    self.submission = submission
    var values: [String: Value] = [:]
    for name in grader.key.answers {
      values[name] = submission.answers[name]?.bound(to: name)
    }
    self.values = values
    run = Self.run(grader, form, values)
  }

  private static func run(_ grader: Grader, _ form: Form, _ values: [String: Value]) -> KeyRun {
    grader.makeRun(
      KeyForm(of: Set(grader.key.answers), answers: values, choose: form.choose))
  }

  // MARK: Parts

  func grade(_ entry: PartList.Entry) -> GradeReport.PartGrade {
    var grade = GradeReport.PartGrade(part: entry.part, points: 0, verdict: .missing)
    let names = entry.answer.map { [$0] } ?? used(by: entry.checks)
    if let name = entry.answer {
      grade.given = submission.answers[name]?.text(run.brief)
      if case .unusable(let kind)? = submission.answers[name] {
        grade.reasons.append("\(name) is \(kind), not a value")
      }
    }
    guard names.contains(where: { values[$0] != nil }) else { return grade }
    var share = 0.0
    var verdicts: [GradeReport.PartGrade.Verdict] = []
    for place in entry.checks {
      let judgement = judge(place, in: entry.exercise, names)
      share += judgement.share
      verdicts.append(judgement.verdict)
      for reason in judgement.reasons where !grade.reasons.contains(reason) {
        grade.reasons.append(reason)
      }
      for name in judgement.misconceptions where !grade.misconceptions.contains(name) {
        grade.misconceptions.append(name)
      }
    }
    grade.points = entry.part.points * share / Double(entry.checks.count)
    grade.verdict = Set(verdicts).count == 1 ? verdicts[0] : .partly
    return grade
  }

  private func used(by checks: [Int]) -> [String] {
    checks.flatMap { grader.key.checks[$0]?.uses ?? [] }
  }

  private func judge(_ place: Int, in exercise: Int, _ names: [String]) -> Judgement {
    guard let check = check(place, in: exercise, of: run) else {
      return Judgement(verdict: .missing)
    }
    let known = grader.key.checks[place]
    if case .holds = check.outcome {
      let earlier = known?.solves.map { wrongEarlier(than: $0, check) } ?? []
      return earlier.isEmpty ? .right : .following(earlier)
    }
    if let name = known?.solves, let number = submission.answers[name]?.number,
      form.solution(of: name)?.tensor != nil
    {
      return judge(number, name, check, in: exercise)
    }
    return judgeCondition(check, in: exercise, names)
  }

  private func check(_ place: Int, in exercise: Int, of run: KeyRun) -> KeyRun.Check? {
    guard run.exercises.indices.contains(exercise) else { return nil }
    let all = run.exercises[exercise].checks.filter { $0.place == place }
    // One that is made several times holds where it always holds.
    return all.first { if case .holds = $0.outcome { false } else { true } } ?? all.first
  }

  // MARK: A number that the key knows

  private func judge(
    _ number: Explanation.Answer, _ name: String, _ check: KeyRun.Check, in exercise: Int
  ) -> Judgement {
    let right = form.solution(of: name)
    let following = value(named: name, in: check)
    let isExact = check.sides?.operation == .equal
    if let judgement = agreement(number, right?.tensor, name, isExact) {
      // A short number may be meant exactly, and be what a misconception gives.
      let isSure = judgement.verdict == .right && !(number.isComputed && !judgement.reasons.isEmpty)
      return isSure ? judgement : madeExactly(number, name) ?? judgement
    }
    if let judgement = agreement(
      number, following?.tensor, name, isExact, spread(name, check, exercise))
    {
      let earlier = wrongEarlier(than: name, check)
      return earlier.isEmpty ? judgement : judgement.following(earlier)
    }
    return diagnosis(number, name, following, check, exercise)
  }

  /// The misconceptions that give the number to its last digit.
  private func madeExactly(_ number: Explanation.Answer, _ name: String) -> Judgement? {
    let made = form.wrongAnswers(of: name).filter { wrong in
      let size = wrong.value.elements.reduce(0) { max($0, abs($1)) }
      return number.agreement(with: wrong.value, among: size) == .exact
    }
    guard !made.isEmpty else { return nil }
    let ways = made.map { $0.description }.joined(separator: ", or if ")
    return Judgement(
      reasons: ["that is what comes out if \(ways)"], misconceptions: made.map { $0.name })
  }

  /// What the key says that the answer is, with the other answers of the submission.
  private func value(named name: String, in check: KeyRun.Check) -> Value? {
    guard let sides = check.sides, let known = grader.key.checks[check.place] else { return nil }
    return known.answerIsLeft ? sides.right : sides.left
  }

  private func agreement(
    _ number: Explanation.Answer, _ candidate: Tensor?, _ name: String, _ isExact: Bool,
    _ spread: @autoclosure () -> [Double]? = nil
  ) -> Judgement? {
    guard let candidate, number.isFinite else { return nil }
    let size = candidate.elements.reduce(0) { max($0, abs($1)) }
    let asked = grader.declarations[name]?.digits ?? Explanation.Answer.standardDigits
    switch number.agreement(with: candidate, among: size) {
    case .exact?: return .right
    case .written(let digits, _)? where !isExact: return rounded(to: digits, asked)
    default: break
    }
    guard !isExact else { return nil }
    // The last digit cut off or rounded once too often, and rounding on the way.
    if case .written(let digits, _)? = number.agreement(with: candidate, among: size, slack: 2),
      digits > asked
    {
      return rounded(to: digits - 1, asked)
    }
    if case .written(let digits, _)? = number.agreement(
      with: candidate, among: size, loosely: 5e-7)
    {
      return rounded(to: min(digits - 1, 6), asked)
    }
    // As far off as the rounding of the other answers makes it.
    if number.values.shape == candidate.shape, number.values.isNear(candidate),
      let spread = spread()
    {
      let isNear = candidate.elements.indices.allSatisfy { place in
        abs(number.values.elements[place] - candidate.elements[place])
          <= (number.tolerances[place] + spread[place]) * (1 + 1e-6)
      }
      if isNear { return rounded(to: number.fewestDigits, asked) }
    }
    return nil
  }

  private func rounded(to digits: Int, _ asked: Int) -> Judgement {
    if digits >= asked {
      return Judgement(share: 1, verdict: .right, reasons: ["right to \(count(digits))"])
    }
    return Judgement(
      share: grader.options.rounding, verdict: .rounded,
      reasons: ["right to \(count(digits)), and \(asked) are asked for"])
  }

  private func count(_ digits: Int) -> String { digits == 1 ? "1 digit" : "\(digits) digits" }

  /// By how much the value of the key may move because the other answers are rounded.
  private func spread(_ name: String, _ check: KeyRun.Check, _ exercise: Int) -> [Double]? {
    guard let here = value(named: name, in: check)?.tensor else { return nil }
    var spread = [Double](repeating: 0, count: here.elements.count)
    for (other, answer) in submission.answers where other != name && values[other] != nil {
      guard let number = answer.number, number.tolerances.contains(where: { $0 > 0 }),
        !isExact(number, other)
      else { continue }
      var most = [Double](repeating: 0, count: here.elements.count)
      for sign in [-1.0, 1] {
        guard let moved = moved(other, number, sign, check.place, exercise),
          let value = value(named: name, in: moved)?.tensor, value.shape == here.shape
        else { continue }
        for place in most.indices {
          most[place] = max(most[place], abs(value.elements[place] - here.elements[place]))
        }
      }
      for place in spread.indices { spread[place] += most[place] }
    }
    return spread
  }

  /// Whether an answer is the right one to its last digit, so that nothing was rounded.
  private func isExact(_ number: Explanation.Answer, _ name: String) -> Bool {
    guard let right = form.solution(of: name)?.tensor else { return false }
    let size = right.elements.reduce(0) { max($0, abs($1)) }
    return number.agreement(with: right, among: size) == .exact
  }

  /// The check again, with one answer moved by half a unit of its last digit.
  private func moved(
    _ name: String, _ number: Explanation.Answer, _ sign: Double, _ place: Int, _ exercise: Int
  ) -> KeyRun.Check? {
    let key = "\(name) \(sign)"
    if let known = moves.runs[key] { return check(place, in: exercise, of: known) }
    var tensor = number.values
    for index in tensor.elements.indices {
      tensor.elements[index] += sign * number.tolerances[index]
    }
    var values = values
    values[name] = .traced(Node.parameter(tensor, name: name))
    let run = Self.run(grader, form, values)
    moves.runs[key] = run
    return check(place, in: exercise, of: run)
  }

  /// The answers that a check uses and that are not right.
  private func wrongEarlier(than name: String, _ check: KeyRun.Check) -> [String] {
    (grader.key.checks[check.place]?.uses ?? []).filter { other in
      guard other != name, let number = submission.answers[other]?.number,
        let right = form.solution(of: other)?.tensor
      else { return false }
      return agreement(number, right, other, false) == nil
    }
  }

  // MARK: Why it is wrong

  private func diagnosis(
    _ number: Explanation.Answer, _ name: String, _ following: Value?, _ check: KeyRun.Check,
    _ exercise: Int
  ) -> Judgement {
    var judgement = Judgement()
    for mistake in mistakes(about: name, in: exercise, number) {
      judgement.reasons.append(mistake)
    }
    guard number.isFinite else { return judgement }
    if let found = form.diagnosis(of: number, to: name), explain(found.finding, name, &judgement) {
      return judgement
    }
    if check.usesOthers(than: name, in: grader.key), let subject = following.flatMap(run.subject),
      var series = try? Diagnosis.Series(subject, pairWork: Grader.pairWork),
      let found = try? series.diagnosis(of: number), explain(found.finding, name, &judgement)
    {
      return judgement
    }
    for (other, value) in form.right.solutions where other != name {
      guard let tensor = value.tensor, agreement(number, tensor, other, false) != nil else {
        continue
      }
      judgement.reasons.append("that is \(other)\(described(other))")
      return judgement
    }
    if judgement.reasons.isEmpty, let message = check.message {
      judgement.reasons.append("wrong: \(message)")
    }
    return judgement
  }

  private func described(_ name: String) -> String {
    grader.declarations[name]?.description.map { ", \($0)" } ?? ""
  }

  /// - Returns: whether the finding says something.
  private func explain(
    _ finding: Diagnosis.Finding, _ name: String, _ judgement: inout Judgement
  ) -> Bool {
    switch finding {
    case .misconceptions(let found):
      judgement.misconceptions = found.flatMap { $0.names }
      let ways = found.map { $0.description }.joined(separator: ", or if ")
      judgement.reasons.append("that is what comes out if \(ways)")
      return true
    case .partly(let wrong, let found):
      let places = wrong.map { "\($0 + 1)" }.joined(separator: ", ")
      let what = wrong.count == 1 ? "element \(places) is wrong" : "elements \(places) are wrong"
      judgement.misconceptions = found.flatMap { $0.names }
      let ways = found.map { $0.description }.joined(separator: ", or if ")
      judgement.reasons.append(ways.isEmpty ? what : "\(what): that comes out if \(ways)")
      return true
    case .right, .tooFewDigits, .unknown: return false
    }
  }

  /// The mistakes of the key that were made, in its own words.
  private func mistakes(
    about name: String, in exercise: Int, _ number: Explanation.Answer
  ) -> [String] {
    guard run.exercises.indices.contains(exercise) else { return [] }
    return run.exercises[exercise].mistakes.filter { mistake in
      guard let known = grader.key.checks[mistake.range.start] else { return false }
      guard known.solves == name, let sides = mistake.sides else {
        return mistake.holds && known.uses.contains(name)
      }
      guard let other = (known.answerIsLeft ? sides.right : sides.left).tensor else { return false }
      let size = other.elements.reduce(0) { max($0, abs($1)) }
      return mistake.holds || number.agreement(with: other, among: size) != nil
    }.map { $0.text }
  }

  // MARK: Conditions

  /// A check that compares more than one answer with a value.
  private func judgeCondition(
    _ check: KeyRun.Check, in exercise: Int, _ names: [String]
  ) -> Judgement {
    let uses = grader.key.checks[check.place]?.uses ?? []
    if holdsWithinRounding(check, in: exercise, uses) { return .right }
    // With the other answers as they should be.
    var others = values
    for (name, value) in form.solutions where !names.contains(name) && uses.contains(name) {
      others[name] = value
    }
    if others.count != values.count || uses.contains(where: { !names.contains($0) }),
      let again = self.check(
        check.place, in: exercise, of: Self.run(grader, form, others)),
      case .holds = again.outcome
    {
      return .right
    }
    var judgement = Judgement()
    if case .open = check.outcome { judgement.verdict = .missing }
    if case .stopped(let message) = check.outcome { judgement.reasons.append(message) }
    if case .fails = check.outcome, let message = check.message {
      judgement.reasons.append("wrong: \(message)")
    }
    return judgement
  }

  /// Whether both sides meet as the answers move by half a unit of their last digits.
  private func holdsWithinRounding(
    _ check: KeyRun.Check, in exercise: Int, _ uses: [String]
  ) -> Bool {
    guard let sides = check.sides, sides.operation == .close,
      let here = difference(sides)
    else { return false }
    var room = [Double](repeating: 0, count: here.count)
    for name in uses {
      guard let number = submission.answers[name]?.number,
        number.tolerances.contains(where: { $0 > 0 })
      else { continue }
      var most = [Double](repeating: 0, count: here.count)
      for sign in [-1.0, 1] {
        guard let moved = moved(name, number, sign, check.place, exercise),
          let there = moved.sides.flatMap(difference), there.count == here.count
        else { continue }
        for place in most.indices {
          most[place] = max(most[place], abs(there[place] - here[place]))
        }
      }
      for place in room.indices { room[place] += most[place] }
    }
    return here.indices.allSatisfy { abs(here[$0]) <= room[$0] * (1 + 1e-6) }
  }

  private func difference(_ sides: ComparedSides) -> [Double]? {
    guard let left = sides.left.tensor, let right = sides.right.tensor, left.shape == right.shape
    else { return nil }
    return zip(left.elements, right.elements).map { $0 - $1 }
  }
}

extension KeyRun.Check {
  /// Whether it compares an answer with what other answers are in.
  fileprivate func usesOthers(than name: String, in key: ExerciseKey) -> Bool {
    key.checks[place]?.uses.contains { $0 != name } ?? false
  }
}

extension Tensor {
  /// Whether rounding could be all that lies between them: what is a tenth off is another number.
  fileprivate func isNear(_ other: Tensor) -> Bool {
    zip(elements, other.elements).allSatisfy { abs($0 - $1) <= 0.1 * max(abs($0), abs($1)) }
  }
}
