import GoldenNumbers
import Learning
import TestSupport
import Testing

@testable import Differentiation
@testable import Language

/// What help says of a function is what the function computes: formulas are run as they are
/// printed, and derived by the language itself.
@Suite struct FormulaTests {
  // MARK: - Primitives

  static let primitives = Primitive.all.filter { !$0.formula.isEmpty }

  /// Numbers of the domain, away from where a derivative jumps.
  private func operands(_ primitive: Primitive, _ shapes: [Shape]) -> [Tensor] {
    var random = SplitMix(5)
    return shapes.enumerated().map { place, shape in
      let domain = primitive.domain[min(place, primitive.domain.count - 1)]
      var tensor = random.tensor(shape, in: domain)
      tensor.elements = tensor.elements.map { number in
        if primitive === Primitive.choose, place == 0 { return number > 0 ? 1 : 0 }
        return primitive.kinks.contains { abs($0 - number) < 0.05 } ? number + 0.1 : number
      }
      return tensor
    }
  }

  /// A session in which the names of a primitive's formula stand for these operands.
  private func session(_ primitive: Primitive, _ operands: [Tensor]) throws -> TestSession {
    let session = TestSession()
    for (name, value) in zip(primitive.operandNames, operands) {
      session.interpreter.runtime.setGlobal(name, to: Value(value))
    }
    for (name, value) in zip(primitive.constantNames, primitive.constants) {
      session.interpreter.runtime.setGlobal(name, to: .number(value))
    }
    return session
  }

  @Test("The formulas of a primitive hold", arguments: primitives.indices)
  func primitive(_ place: Int) throws {
    let primitive = Self.primitives[place]
    for shapes in primitive.samples {
      // The formula of what is computed row by row is that of one row.
      if case .row = primitive.kernel, shapes[0].rank == 2 { continue }
      let operands = operands(primitive, shapes)
      let session = try session(primitive, operands)
      let what = "\(primitive.name) of \(shapes): \(primitive.formula)"
      let output = try primitive.evaluate(operands)
      expectClose(try session.numbers(primitive.formula), output.elements, absolute: 1e-14, what)

      switch primitive.derivative {
      case .none: continue
      case .taken(let number, _):
        #expect(primitive.derivativeFormula.map { Double($0) } == number, "\(what)")
        continue
      case .local, .rule: break
      }
      let nodes = operands.map { Node.parameter($0, name: nil) }
      let outputNode = try Node.apply(primitive, to: nodes)
      var random = SplitMix(6)
      let weights = random.tensor(output.shape)
      let derivatives = try gradients(
        of: try (outputNode * .constant(weights)).applying(.sum()), by: nodes)
      session.interpreter.runtime.setGlobal("weights", to: Value(weights))
      for (name, derivative) in zip(primitive.operandNames, derivatives) {
        expectClose(
          try session.numbers("grad (\(name) -> sum(weights*(\(primitive.formula)))) \(name)"),
          try #require(derivative.value).elements, relative: 1e-11, absolute: 1e-13,
          "\(what) by \(name)")
      }
      guard let formula = primitive.derivativeFormula else { continue }
      session.interpreter.runtime.setGlobal("y", to: Value(output))
      // A matrix is the Jacobian of a vector; else the operation is element by element.
      let product =
        primitive === Primitive.softmax ? "(\(formula)) @ weights" : "weights*(\(formula))"
      expectClose(
        try session.numbers(product), try #require(derivatives[0].value).elements, relative: 1e-11,
        absolute: 1e-13, "\(what), derivative \(formula)")
    }
  }

  @Test(
    "Where its slope jumps, a primitive's formulas have the slope that is taken",
    arguments: primitives.indices.filter { place in !primitives[place].kinks.isEmpty })
  func primitiveAtItsKinks(_ place: Int) throws {
    let primitive = Self.primitives[place]
    for kink in primitive.kinks {
      let operands = [Tensor(kink), Tensor(0.3), Tensor(-0.7)].prefix(primitive.arity)
      try expectSlopes(primitive, Array(operands))
    }
  }

  @Test("Of two equal numbers the first is the larger and the smaller one")
  func ties() throws {
    for primitive in [Primitive.maximum, .minimum] {
      try expectSlopes(primitive, [Tensor(1.5), Tensor(1.5)])
      try expectSlopes(primitive, [Tensor(0), Tensor(0)])
    }
  }

  /// The formula, the language's derivative of it and the derivative's own formula at one point.
  private func expectSlopes(_ primitive: Primitive, _ operands: [Tensor]) throws {
    let session = try session(primitive, operands)
    let what = "\(primitive.name) at \(operands.map { $0.elements[0] }): \(primitive.formula)"
    let nodes = operands.map { Node.parameter($0, name: nil) }
    let output = try Node.apply(primitive, to: nodes)
    let value = try #require(output.value)
    expectClose(try session.numbers(primitive.formula), value.elements, absolute: 1e-15, what)
    let slopes = try gradients(of: output, by: nodes).map { try #require($0.value).elements }
    session.interpreter.runtime.setGlobal("y", to: Value(value))
    if let formula = primitive.derivativeFormula {
      expectClose(
        try session.numbers(formula), slopes[0], absolute: 1e-15, "\(what), derivative \(formula)")
    }
    if case .taken = primitive.derivative { return }
    for (name, slope) in zip(primitive.operandNames, slopes) {
      expectClose(
        try session.numbers("grad (\(name) -> \(primitive.formula)) \(name)"), slope,
        absolute: 1e-15, "\(what) by \(name)")
    }
  }

  // MARK: - Entries of the catalog

  /// The formulas that the page of help on a name prints.
  private func formulas(of name: String) throws -> (value: String?, derivative: String?) {
    let page = try TestSession().perform("help \(name)")
    func formula(_ label: String) -> String? {
      let line = page.split(separator: "\n").first { $0.hasPrefix("  \(label):") }
      return line.map { line in
        let text = line.drop { $0 != ":" }.dropFirst()
        return text.replacing(", with y the value", with: "").drop { $0 == " " }.description
      }
    }
    return (formula("value") ?? formula("loss"), formula("derivative"))
  }

  /// The standard settings, and others.
  private func variants<Entry: CatalogEntry>(_ entry: Entry) throws -> [Entry] {
    guard !entry.settings.isEmpty else { return [entry] }
    return [
      entry,
      try entry.configured(
        named: entry.settings.map { ($0.name, .number(entry.values.number($0.name) * 0.75 + 0.05)) }
      ),
    ]
  }

  private func setSettings<Entry: CatalogEntry>(of entry: Entry, in session: TestSession) {
    for setting in entry.settings {
      session.interpreter.runtime.setGlobal(
        setting.name, to: .number(entry.values.number(setting.name)))
    }
  }

  @Test("The formulas of an activation hold", arguments: Activation.all.map { $0.name })
  func activation(_ name: String) throws {
    let help = try formulas(of: name)
    for activation in try variants(try Activation.required(name, as: .activation(0))) {
      // Where the slopes of some of them jump, too: at 0 and at the bounds.
      let points =
        [-2.3, -0.7, 0.4, 0.62, 1.8, 0]
        + activation.settings.map {
          activation.values.number($0.name)
        }
      let x = Tensor(.matrix(1, points.count), points)
      let session = TestSession()
      session.interpreter.runtime.setGlobal("x", to: Value(Tensor(vector: x.elements)))
      setSettings(of: activation, in: session)
      let node = Node.parameter(x, name: nil)
      let output = try activation.output(of: node)
      let numbers = try #require(output.value).elements
      expectClose(
        try session.numbers(activation.formula), numbers, absolute: 1e-15,
        "\(activation.title): \(activation.formula)")
      if let value = help.value { #expect(value == activation.formula) }

      let weights = Tensor(
        .matrix(1, points.count),
        Array([0.3, -1.1, 0.7, 1.3, -0.4, 0.9, -0.8, 0.6].prefix(points.count)))
      session.interpreter.runtime.setGlobal(
        "weights", to: Value(Tensor(vector: weights.elements)))
      let expected = try #require(
        try gradients(of: try (output * .constant(weights)).applying(.sum()), by: [node])[0].value
      ).elements
      if !activation.traits.contains(.surrogateDerivative) {
        expectClose(
          try session.numbers("grad (x -> sum(weights*(\(activation.formula)))) x"), expected,
          relative: 1e-12, absolute: 1e-14, "\(activation.title): grad of \(activation.formula)")
      }
      guard let derivative = help.derivative else { continue }
      session.interpreter.runtime.setGlobal("y", to: Value(Tensor(vector: numbers)))
      expectClose(
        try session.numbers(
          activation.isDistribution ? "(\(derivative)) @ weights" : "weights*(\(derivative))"),
        expected, relative: 1e-12, absolute: 1e-14, "\(activation.title): derivative \(derivative)")
    }
  }

  @Test("Help gives the derivative of every activation that is a primitive")
  func derivativesAreTold() throws {
    for name in Primitive.activationNames {
      #expect(try formulas(of: name).derivative != nil || name == "linear", "\(name)")
    }
  }

  @Test("The formula of a loss holds", arguments: Loss.all.map { $0.name })
  func loss(_ name: String) throws {
    for loss in try variants(try Loss.required(name, as: .option("loss"))) {
      let y = Tensor(.matrix(1, 4), [0.1, 0.25, 0.6, 0.05])
      let t = Tensor(
        .matrix(1, 4),
        loss.outputRequirement == .signedScores ? [1, -1, 1, -1] : [0, 0.3, 0.7, 0.95])
      let session = TestSession()
      for (name, value) in [("y", y), ("t", t)] {
        session.interpreter.runtime.setGlobal(name, to: Value(Tensor(vector: value.elements)))
      }
      setSettings(of: loss, in: session)
      let output = Node.parameter(y, name: nil)
      let sample = try loss.samples(y: output, t: .constant(t)).applying(.sum())
      let what = "\(loss.title): \(loss.formula)"
      expectClose(
        try session.numbers(loss.formula), [try #require(sample.value?.number)], absolute: 1e-15,
        what)
      expectClose(
        try session.numbers("grad (y -> \(loss.formula)) y"),
        try #require(try gradients(of: sample, by: [output])[0].value).elements, relative: 1e-12,
        absolute: 1e-14, what)
      #expect(try formulas(of: name).value == loss.formula)
    }
  }

  @Test("Where its slope jumps, the formula of a loss has the slope that is taken")
  func lossAtItsKinks() throws {
    let kinks: [(loss: String, y: [Double], t: [Double], slopes: [Double])] = [
      ("mae", [0.5, 2, -1], [0.5, 1, 1], [0, 1.0 / 3, -1.0 / 3]),
      ("huber", [0.5, 2, -1], [0.5, 1, 0], [0, 1.0 / 3, -1.0 / 3]),
      // At the margin the unit still counts, as relu does at 0.
      ("hinge", [1, -1, 2], [1, -1, 1], [-1.0 / 3, 1.0 / 3, 0]),
    ]
    for (name, y, t, slopes) in kinks {
      let loss = try Loss.required(name, as: .option("loss"))
      let session = TestSession()
      session.interpreter.runtime.setGlobal("y", to: Value(Tensor(vector: y)))
      session.interpreter.runtime.setGlobal("t", to: Value(Tensor(vector: t)))
      setSettings(of: loss, in: session)
      let output = Node.parameter(Tensor(.matrix(1, y.count), y), name: nil)
      let sample = try loss.samples(y: output, t: .constant(Tensor(.matrix(1, t.count), t)))
        .applying(.sum())
      expectClose(
        try #require(try gradients(of: sample, by: [output])[0].value).elements, slopes,
        absolute: 1e-15, name)
      for formula in [loss.formula, "\(name)(y, t)"] {
        expectClose(
          try session.numbers("grad (y -> \(formula)) y"), slopes, absolute: 1e-15,
          "\(name): \(formula)")
      }
    }
  }

  @Test("The formula of a schedule holds", arguments: Schedule.all.map { $0.name })
  func schedule(_ name: String) throws {
    let schedule = try Schedule.required(name, as: .option("schedule"))
    for epoch in [0, 3, 30, 77] {
      let session = TestSession()
      session.interpreter.runtime.setGlobal("epoch", to: .number(Double(epoch)))
      session.interpreter.runtime.setGlobal("epochs", to: .number(100))
      setSettings(of: schedule, in: session)
      expectClose(
        try session.numbers(schedule.formula), [schedule.factor(epoch: epoch, of: 100)],
        "\(name) in epoch \(epoch): \(schedule.formula)")
    }
  }
}
