import Differentiation
import Learning

/// Which known misconception makes a wrong number: found by making each misconception.
package struct Diagnosis {
  package enum Finding {
    case right
    /// Exactly one misconception, or one pair of misconceptions, gives the number.
    case misconception(kinds: [Misconception.Kind], description: String)
    /// Several different ones give it.
    case ambiguous
    case unknown
  }

  package let finding: Finding

  /// - Parameters:
  ///   - given: the number to be explained.
  ///   - truth: what it should be.
  ///   - misconceptions: one by one, then two at a time.
  ///   - value: what a misconception makes of the number; nil where it does not apply.
  init(
    _ given: Double, truth: Double, misconceptions: [Misconception], pairs: Bool,
    value: (Misconception) throws(LearningError) -> Double?
  ) throws(LearningError) {
    guard given.isFinite else {
      finding = .unknown
      return
    }
    let tolerance = Self.tolerance(of: given)
    func matches(_ candidate: Double) -> Bool { abs(candidate - given) <= tolerance }
    if matches(truth) {
      finding = .right
      return
    }
    func found(
      _ candidates: [(kinds: [Misconception.Kind], misconception: Misconception)]
    ) throws(LearningError) -> Finding? {
      var first: (kinds: [Misconception.Kind], description: String)?
      for candidate in candidates {
        guard let number = try value(candidate.misconception), matches(number) else { continue }
        if let first, first.kinds != candidate.kinds { return .ambiguous }
        if first == nil { first = (candidate.kinds, candidate.misconception.description) }
      }
      return first.map { .misconception(kinds: $0.kinds, description: $0.description) }
    }
    if let single = try found(misconceptions.map { ([$0.kind], $0) }) {
      finding = single
      return
    }
    guard pairs else {
      finding = .unknown
      return
    }
    var both: [(kinds: [Misconception.Kind], misconception: Misconception)] = []
    for (index, misconception) in misconceptions.enumerated() {
      for other in misconceptions[(index + 1)...] where other.kind != misconception.kind {
        both.append(([misconception.kind, other.kind], misconception.combined(with: other)))
      }
    }
    finding = try found(both) ?? .unknown
  }

  /// Half a unit of the last digit that was written, and what rounding of the computation needs.
  private static func tolerance(of given: Double) -> Double {
    let text = "\(given)"
    var digits = text.prefix { $0 != "e" }
    var exponent = 0
    if let mark = text.firstIndex(of: "e") { exponent = Int(text[text.index(after: mark)...]) ?? 0 }
    digits = digits.drop { $0 != "." }.dropFirst()
    var places = digits.count - exponent
    if digits == "0" { places = -exponent }
    var unit = 1.0
    for _ in 0..<min(abs(places), 300) { unit = places > 0 ? unit / 10 : unit * 10 }
    // With few digits too much would match by chance.
    return max(min(unit * 0.501, abs(given) * 1e-3), abs(given) * 1e-9)
  }

  // MARK: Expressions

  /// What may be behind a wrong derivative of an expression.
  /// - Parameters:
  ///   - rates: learning rates that may have been used.
  /// - Throws: where the question has no answer: no derivative, no such weight, or a training that
  ///   diverges.
  package init(
    _ given: Double, derivativeOf output: Node, by target: Node, rates: [Double]
  ) throws(LearningError) {
    let parameters = topologicalOrder(of: [output]).filter { $0.isParameter }
    guard let truth = try Self.derivative(of: output, by: target, nil) else {
      throw LearningError("only a derivative that is one number can be looked into")
    }
    let search = MisconceptionSearch(output: output, parameters: parameters, rates: rates)
    try self.init(given, truth: truth, misconceptions: search.misconceptions(), pairs: true) {
      misconception throws(LearningError) in
      guard let value = try Self.derivative(of: output, by: target, misconception),
        Self.differs(value, truth)
      else { return nil }
      return value
    }
  }

  private static func derivative(
    of output: Node, by target: Node, _ misconception: Misconception?
  ) throws(LearningError) -> Double? {
    let nodes = try deriving(gradients(of: output, by: [target], revision: misconception?.revision))
    return nodes.first?.value?.number.map { $0 * (misconception?.scale ?? 1) }
  }

  /// A misconception that makes no difference here explains nothing.
  private static func differs(_ value: Double, _ truth: Double) -> Bool {
    abs(value - truth) > 1e-12 * max(abs(truth), 1e-300)
  }

  // MARK: Nets

  /// What is asked about a net.
  package struct Question {
    package var network: Network
    package var data: DataSet
    /// Nil for the loss.
    package var place: WeightDerivation.Place?
    /// Steps of gradient descent before.
    package var steps = 0
    package var rate = 0.1
    /// Whether the rate was given, so that no other is tried.
    package var hasRate = false
    package var frozen: [String] = []
    package var loss: Loss?
    package var reduction: Reduction?

    package init(_ network: Network, _ data: DataSet) {
      self.network = network
      self.data = data
    }
  }

  /// Learning rates that are tried where none is given.
  package static let commonRates = [0.5, 0.1, 1, 0.01, 0.001, 0.2, 0.05]

  /// More multiplications than this are not made for pairs of misconceptions.
  private static let pairBudget = 2e9

  /// - Throws: where the question has no answer: no derivative, no such weight, or a training that
  ///   diverges.
  package init(_ given: Double, _ question: Question) throws(LearningError) {
    let run = try MisconceptionRun(question)
    guard let truth = try run.value(nil) else {
      throw LearningError("this cannot be computed here, so there is nothing to compare with")
    }
    let misconceptions = run.misconceptions()
    let work =
      Double(question.network.count) * Double(question.data.count)
      * Double(question.steps + 1) * Double(misconceptions.count * misconceptions.count) * 3
    try self.init(
      given, truth: truth, misconceptions: misconceptions, pairs: work <= Self.pairBudget
    ) { misconception throws(LearningError) in
      guard let value = try run.value(misconception), Self.differs(value, truth) else { return nil }
      return value
    }
  }
}
