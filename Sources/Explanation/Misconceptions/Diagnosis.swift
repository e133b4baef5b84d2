import Differentiation
import Learning

/// Which known misconception makes a wrong number: found by making each misconception.
package struct Diagnosis {
  /// One misconception, or a pair made together, that gives the number.
  package struct Explanation {
    /// The names of the misconceptions.
    package let names: [String]
    /// Where it can have been made; empty for a pair.
    package let places: [String]
    /// What was done, as it follows `if`.
    package let description: String
  }

  package enum Finding {
    /// - Parameter digits: to how many significant digits, where it was rounded.
    case right(digits: Int?)
    /// Every misconception that gives the number; several where they cannot be told apart.
    case misconceptions([Explanation])
    /// Some elements of a vector or matrix are right and others not.
    /// - Parameters:
    ///   - wrong: their positions, counted from 0 row by row.
    ///   - explanations: what gives all of the wrong ones.
    case partly(wrong: [Int], explanations: [Explanation])
    /// It agrees, but nothing is written that could differ, as in 0.00.
    case tooFewDigits
    case unknown
  }

  package let finding: Finding

  /// Fewer significant digits than these agree with something or other by chance.
  private static let digitsForOne = 2
  private static let digitsForTwo = 4
  /// What agrees to six digits agrees, however many are written.
  private static let roundingOnTheWay = 5e-7
  /// Derivations that are made for pairs, in multiplications: some hundredths of a second.
  package static let pairBudget = 5e6

  struct Candidate {
    let misconception: Misconception
    let change: Change
    /// What the derivation gives, and what is given in the end.
    let result: Tensor
    let value: Tensor
  }

  /// What is known of a question, whatever the answer.
  struct Known<Asked: Trial> {
    let trial: Asked
    /// Work for pairs of misconceptions.
    private(set) var pairBudget = Diagnosis.pairBudget
    let right: Tensor
    let truth: Tensor
    /// The largest number of the right way.
    let size: Double
    private var found: [Candidate]?

    /// - Throws: where the question has no answer.
    init(_ trial: Asked) throws(LearningError) {
      guard let right = try trial.result(nil), let truth = trial.answer(right, nil) else {
        throw LearningError("this cannot be computed here, so there is nothing to compare with")
      }
      (self.trial, self.right, self.truth) = (trial, right, truth)
      size = right.elements.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    }

    init(_ trial: Asked, _ pairBudget: Double) throws(LearningError) {
      try self.init(trial)
      self.pairBudget = pairBudget
    }

    /// What each misconception gives, made once.
    /// - Parameter isEnough: is told each that is made; those after one it accepts are not.
    mutating func candidates(
      until isEnough: (Candidate) -> Bool = { _ in false }
    ) throws(LearningError) -> [Candidate] {
      if let found {
        return found.firstIndex(where: isEnough).map { Array(found[...$0]) } ?? found
      }
      var isComplete = true
      let made = try Diagnosis.candidates(trial, right, truth) { candidate in
        isComplete = !isEnough(candidate)
        return !isComplete
      }
      if isComplete { found = made }
      return made
    }
  }

  init(_ answer: Answer, _ known: inout Known<some Trial>) throws(LearningError) {
    guard answer.isFinite else {
      finding = .unknown
      return
    }
    let (truth, size) = (known.truth, known.size)
    let agreement = answer.agreement(with: truth, among: size)
    if agreement == .exact {
      finding = .right(digits: nil)
      return
    }
    // What was typed is right as far as it goes; what was computed may be short and meant exactly.
    if !answer.isComputed, let verdict = Self.verdict(agreement) {
      finding = verdict
      return
    }
    let candidates = try known.candidates()
    let exact = candidates.filter { answer.agreement(with: $0.value, among: size) == .exact }
    if !exact.isEmpty {
      finding = .misconceptions(Self.explanations(exact))
      return
    }
    if let verdict = Self.verdict(agreement) {
      finding = verdict
      return
    }
    let rounded = candidates.filter {
      Self.isEnough(answer.agreement(with: $0.value, among: size), Self.digitsForOne)
    }
    if !rounded.isEmpty {
      finding = .misconceptions(Self.explanations(rounded))
      return
    }
    // A last digit that was cut off, or rounded once too often.
    if case .written(let fewest, _)? = answer.agreement(
      with: truth, among: size, slack: 2), fewest > 2
    {
      finding = .right(digits: fewest - 1)
      return
    }
    // Many digits, and rounding on the way to them.
    if case .written(let fewest, _)? = answer.agreement(
      with: truth, among: size, loosely: Self.roundingOnTheWay)
    {
      finding = .right(digits: min(fewest - 1, 6))
      return
    }
    let rough = candidates.filter {
      Self.isEnough(
        answer.agreement(with: $0.value, among: size, loosely: Self.roundingOnTheWay),
        Self.digitsForOne)
    }
    if !rough.isEmpty {
      finding = .misconceptions(Self.explanations(rough))
      return
    }
    let pairs = try Self.pairs(candidates, known.trial, truth, known.pairBudget) { value in
      Self.isEnough(answer.agreement(with: value, among: size), Self.digitsForTwo)
    }
    if !pairs.isEmpty {
      finding = .misconceptions(pairs)
      return
    }
    finding = Self.part(answer, truth, size, candidates) ?? .unknown
  }

  /// What agreeing with the right value means.
  private static func verdict(_ agreement: Answer.Agreement?) -> Finding? {
    switch agreement {
    case nil: nil
    case .exact: .right(digits: nil)
    case .written(let fewest, let all): all == 0 ? .tooFewDigits : .right(digits: max(fewest, 1))
    }
  }

  private static func isEnough(_ agreement: Answer.Agreement?, _ digits: Int) -> Bool {
    switch agreement {
    case nil: false
    case .exact: true
    case .written(_, let all): all >= digits
    }
  }

  /// A misconception that makes no difference here explains nothing.
  private static func differs(_ value: Tensor, _ truth: Tensor) -> Bool {
    guard value.shape == truth.shape else { return true }
    return zip(value.elements, truth.elements).contains {
      abs($0 - $1) > 1e-12 * max(abs($1), 1e-300)
    }
  }

  /// - Parameters:
  ///   - name: of the one misconception that is made; nil for all.
  ///   - isEnough: those after one that it accepts are not made.
  static func candidates(
    _ trial: some Trial, _ right: Tensor, _ truth: Tensor, named name: String? = nil,
    until isEnough: (Candidate) -> Bool = { _ in false }
  ) throws(LearningError) -> [Candidate] {
    var result: [Candidate] = []
    for misconception in Misconception.all where name == nil || misconception.name == name {
      let computation = trial.computation
      for change in try building(misconception.changes(computation)) {
        let isOwn = change.isStructural || trial.dependsOnScale
        guard let whole = isOwn ? try trial.result(change) : right,
          let value = trial.answer(whole, change), differs(value, truth)
        else { continue }
        let candidate = Candidate(
          misconception: misconception, change: change, result: whole, value: value)
        result.append(candidate)
        if isEnough(candidate) { return result }
      }
    }
    return result
  }

  /// Misconceptions of one name at several places make one explanation.
  static func explanations(_ found: [Candidate]) -> [Explanation] {
    var names: [String] = []
    var places: [String: [String]] = [:]
    var words: [String: String] = [:]
    for candidate in found {
      let name = candidate.misconception.name
      if words[name] == nil { names.append(name) }
      words[name] = candidate.misconception.words
      if places[name, default: []].contains(candidate.change.place) { continue }
      places[name, default: []].append(candidate.change.place)
    }
    return names.map { name in
      Explanation(
        names: [name], places: places[name] ?? [],
        description: filled(words[name] ?? name, (places[name] ?? []).joined(separator: " or ")))
    }
  }

  static func filled(_ words: String, _ place: String) -> String {
    var parts: [Substring] = []
    var rest = words[...]
    while let open = rest.firstIndex(of: "{"), let close = rest.firstIndex(of: "}"), open < close {
      parts += [rest[..<open], place[...]]
      rest = rest[rest.index(after: close)...]
    }
    return (parts + [rest]).joined()
  }

  private static func pairs(
    _ candidates: [Candidate], _ trial: some Trial, _ truth: Tensor, _ budget: Double,
    _ matches: (Tensor) -> Bool
  ) throws(LearningError) -> [Explanation] {
    var left = budget
    var result: [Explanation] = []
    for (index, one) in candidates.enumerated() {
      for other in candidates[(index + 1)...]
      where other.misconception.name != one.misconception.name {
        guard let change = one.change.combined(with: other.change) else { continue }
        let whole: Tensor?
        if trial.dependsOnScale || one.change.isStructural && other.change.isStructural {
          left -= trial.work
          if left < 0 { continue }
          whole = try trial.result(change)
        } else {
          whole = one.change.isStructural ? one.result : other.result
        }
        guard let whole, let value = trial.answer(whole, change), differs(value, truth),
          matches(value)
        else { continue }
        let description = [one, other].map { filled($0.misconception.words, $0.change.place) }
          .joined(separator: ", and ")
        if result.contains(where: { $0.description == description }) { continue }
        result.append(
          Explanation(
            names: [one.misconception.name, other.misconception.name], places: [],
            description: description))
      }
    }
    return result
  }

  /// What is to be said where some elements are right.
  private static func part(
    _ answer: Answer, _ truth: Tensor, _ size: Double, _ candidates: [Candidate]
  ) -> Finding? {
    guard answer.values.shape == truth.shape else { return nil }
    let wrong = answer.differences(from: truth, among: size)
    guard wrong.count < truth.elements.count else { return nil }
    let asked = answer.part(wrong)
    let found = candidates.filter { candidate in
      guard candidate.value.shape == truth.shape else { return false }
      let part = Tensor(vector: wrong.map { candidate.value.elements[$0] })
      return isEnough(asked.agreement(with: part, among: size), digitsForOne)
    }
    return .partly(wrong: wrong, explanations: explanations(found))
  }

  // MARK: Questions

  /// Learning rates that are tried where none is given.
  package static let commonRates = [0.5, 0.1, 1, 0.01, 0.001, 0.2, 0.05]

  /// What may be behind a wrong derivative of an expression.
  /// - Parameter rate: the learning rate, where it was said.
  /// - Throws: where there is no derivative.
  package init(
    _ answer: Answer, derivativeOf output: Node, by target: Node, rate: Double? = nil
  ) throws(LearningError) {
    let rates = rate.map { [$0] } ?? Self.commonRates
    var known = try Known(
      ExpressionTrial(of: output, by: target, rates: rates, isRateGiven: rate != nil))
    try self.init(answer, &known)
  }

  /// What is asked about a net.
  package struct Question {
    /// A matrix or vector of the net, or one number of it.
    package enum Part {
      case whole(String)
      case element(WeightDerivation.Place, in: Network)

      package var parameter: String {
        switch self {
        case .whole(let name): name
        case .element(let place, _): place.parameter
        }
      }

      /// The part of all that belongs to the parameter.
      func taken(from whole: Tensor) -> Tensor? {
        guard case .element(let place, let network) = self else { return whole }
        let index =
          place.source.map { (place.unit - 1) * network.sizes[place.layer - 1] + $0 - 1 }
          ?? place.unit - 1
        return index < whole.elements.count ? Tensor(whole.elements[index]) : nil
      }
    }

    package var network: Network
    package var data: DataSet
    /// Nil for the loss.
    package var part: Part?
    /// Whether it is the weight itself, after the steps, and not its derivative.
    package var asksForWeight = false
    /// Steps of gradient descent before.
    package var steps = 0
    /// Nil where it is not said, which is for no steps only.
    package var rate: Double?
    package var frozen: [String] = []
    /// Loss, penalties and weights; the net's own where they are not set.
    package var objective = Objective()

    package init(_ network: Network, _ data: DataSet) {
      self.network = network
      self.data = data
    }
  }

  /// - Throws: where the question has no answer: no derivative, no such weight, or a training that
  ///   diverges.
  package init(_ answer: Answer, _ question: Question) throws(LearningError) {
    var known = try Known(NetworkTrial(question))
    try self.init(answer, &known)
  }

  /// Several answers to one question.
  /// - Throws: as for one.
  package static func diagnoses(
    of answers: [Answer], _ question: Question
  ) throws(LearningError) -> [Diagnosis] {
    var known = try Known(NetworkTrial(question))
    var result: [Diagnosis] = []
    for answer in answers { result.append(try Diagnosis(answer, &known)) }
    return result
  }
}
