import Differentiation
import Learning

/// Which known slip makes a wrong number: found by making each slip.
package struct Diagnosis {
  package enum Finding {
    case right
    /// Exactly one slip, or one pair of slips, gives the number.
    case slip(kinds: [Slip.Kind], deed: String)
    /// Several different ones give it.
    case ambiguous
    case unknown
  }

  package let finding: Finding

  /// - Parameters:
  ///   - given: the number to be explained.
  ///   - truth: what it should be.
  ///   - slips: one by one, then two at a time.
  ///   - value: what a slip makes of the number; nil where it does not apply.
  init(
    _ given: Double, truth: Double, slips: [Slip], pairs: Bool,
    value: (Slip) throws -> Double?
  ) throws {
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
    func found(_ candidates: [(kinds: [Slip.Kind], slip: Slip)]) throws -> Finding? {
      var first: (kinds: [Slip.Kind], deed: String)?
      for candidate in candidates {
        guard let number = try value(candidate.slip), matches(number) else { continue }
        if let first, first.kinds != candidate.kinds { return .ambiguous }
        if first == nil { first = (candidate.kinds, candidate.slip.deed) }
      }
      return first.map { .slip(kinds: $0.kinds, deed: $0.deed) }
    }
    if let single = try found(slips.map { ([$0.kind], $0) }) {
      finding = single
      return
    }
    guard pairs else {
      finding = .unknown
      return
    }
    var both: [(kinds: [Slip.Kind], slip: Slip)] = []
    for (index, slip) in slips.enumerated() {
      for other in slips[(index + 1)...] where other.kind != slip.kind {
        both.append(([slip.kind, other.kind], slip.combined(with: other)))
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
  package init(
    _ given: Double, derivativeOf output: Node, by target: Node, rates: [Double]
  ) throws {
    let parameters = topologicalOrder(of: [output]).filter(\.isParameter)
    guard let truth = try Self.derivative(of: output, by: target, nil) else {
      throw LearningError("only a derivative that is one number can be looked into")
    }
    let search = SlipSearch(output: output, parameters: parameters, rates: rates)
    try self.init(given, truth: truth, slips: search.slips(), pairs: true) { slip in
      guard let value = try Self.derivative(of: output, by: target, slip),
        Self.differs(value, truth)
      else { return nil }
      return value
    }
  }

  private static func derivative(of output: Node, by target: Node, _ slip: Slip?) throws -> Double?
  {
    let nodes = try gradients(of: output, by: [target], revision: slip?.revision)
    return nodes.first?.value?.number.map { $0 * (slip?.scale ?? 1) }
  }

  /// A slip that makes no difference here explains nothing.
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

  /// More multiplications than this are not made for pairs of slips.
  private static let pairBudget = 2e9

  package init(_ given: Double, _ question: Question) throws {
    let run = try SlipRun(question)
    guard let truth = try run.value(nil) else {
      throw LearningError("this cannot be computed here, so there is nothing to compare with")
    }
    let slips = run.slips()
    let work =
      Double(question.network.count) * Double(question.data.count)
      * Double(question.steps + 1) * Double(slips.count * slips.count) * 3
    try self.init(given, truth: truth, slips: slips, pairs: work <= Self.pairBudget) { slip in
      guard let value = try run.value(slip), Self.differs(value, truth) else { return nil }
      return value
    }
  }
}
