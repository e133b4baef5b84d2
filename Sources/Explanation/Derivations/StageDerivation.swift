import Differentiation
import Learning

/// The stages of a learning step, each readable by itself: forward, error, backward, update.
package struct StageDerivation {
  private let formulas: NetFormulas
  private static let mostUnits = 8
  private static let mostParameters = 24

  package init(_ pass: SamplePass, _ notation: Notation) {
    formulas = NetFormulas(pass, notation)
  }

  private var pass: SamplePass { formulas.pass }
  private var symbols: NetSymbols { formulas.symbols }

  /// Every net input and output, layer by layer.
  /// - Parameter units: what the targets that the net learned were scaled by.
  package func forward(answersIn units: Scaling? = nil) -> Derivation {
    var result = Derivation(title: "forward pass", result: Tensor(vector: pass.a[pass.a.count - 1]))
    formulas.define(in: &result)
    addForward(to: &result)
    guard let units else { return result }
    let depth = pass.z.count
    result.add(heading: "in the units of the targets")
    for unit in 1...min(pass.a[depth].count, Self.mostUnits) {
      let out = pass.a[depth][unit - 1]
      let (scale, shift) = (units.scale[unit - 1], units.shift[unit - 1])
      result.add(
        Symbol(name: "answer_\(unit)"),
        .sum([.product([.symbol(symbols.out(depth, unit)), .number(scale)]), .number(shift)]),
        value: Tensor(out * scale + shift))
    }
    return result
  }

  /// Every δ, from the outputs back.
  package func deltas() -> Derivation {
    var result = Derivation(title: "backward pass", result: Tensor(vector: pass.deltas[0]))
    formulas.define(in: &result)
    for layer in 1...pass.z.count {
      for unit in 1...pass.z[layer - 1].count {
        result.values[symbols.net(layer, unit)] = Tensor(pass.z[layer - 1][unit - 1])
        result.values[symbols.out(layer, unit)] = Tensor(pass.a[layer][unit - 1])
      }
    }
    addBackward(to: &result)
    return result
  }

  /// Forward and backward.
  package func bothPasses() -> Derivation {
    var result = Derivation(title: "forward and backward pass", result: Tensor(pass.value))
    formulas.define(in: &result)
    addForward(to: &result)
    result.add(heading: "error")
    result.add(
      note: "\(symbols.loss.text): \(pass.loss.name)"
        + (pass.loss.formula.isEmpty ? "" : " = " + pass.loss.formula))
    addFactor(to: &result)
    result.parts.append(
      .equation(.init(symbols.loss, [.number(pass.value)], value: Tensor(pass.value))))
    addBackward(to: &result)
    return result
  }

  private func addFactor(to result: inout Derivation) {
    guard pass.factor != 1 else { return }
    let number =
      pass.factor == pass.factor.rounded() && abs(pass.factor) < 1e15
      ? "\(Int(pass.factor))" : "\(pass.factor)"
    result.add(note: "this sample counts \(number) times: class and sample weights together")
  }

  /// What each unit of the layer above sends back to one hidden unit.
  package func contributions(layer: Int, unit: Int) -> Derivation {
    let name = symbols.unitName(layer, unit)
    let terms = formulas.contributions(layer, unit)
    var result = Derivation(
      title: "what \(name) contributed to the error", result: Tensor(terms.reduce(0, +)))
    result.paths = terms
    let rows = terms.prefix(Self.mostUnits * 2).enumerated().map {
      index, term -> [Derivation.Cell] in
      [
        .text("by way of \(symbols.unitName(layer + 1, index + 1))"),
        .number(formulas.pass.weight(layer + 1, to: index + 1, from: unit)),
        .number(formulas.delta(layer + 1, index + 1)), .number(term),
      ]
    }
    result.parts.append(
      .table(["", "weight", symbols.deltas(layer + 1).text, "weight · δ"], rows))
    if terms.count > rows.count {
      result.add(note: "\(terms.count - rows.count) of \(terms.count) units are left out")
    }
    formulas.define(in: &result)
    result.add(heading: "together")
    formulas.addDelta(layer, unit, to: &result)
    result.add(
      note:
        "no one knows what \(name) should have answered: its error is estimated from those it feeds"
    )
    return result
  }

  /// What moves: the symbol and value of a parameter, its derivative and its next value.
  package struct Move {
    package let parameter: String
    package let before: Tensor
    package let gradient: Tensor
    package let after: Tensor

    package init(_ parameter: String, before: Tensor, gradient: Tensor, after: Tensor) {
      self.parameter = parameter
      self.before = before
      self.gradient = gradient
      self.after = after
    }
  }

  /// A whole step.
  /// - Parameters:
  ///   - optimizer: whose step it is, the first of a training.
  ///   - sample: the row that the stages show.
  ///   - samples: how many rows the step was made on.
  ///   - losses: before and after the step, penalties included.
  ///   - penalty: before the step.
  /// - Throws: what a user's function throws.
  package func step(
    _ moves: [Move], rate: Double, optimizer: Optimizer = .standard, sample: Int = 1, samples: Int,
    losses: (before: Double, after: Double), penalty: Double = 0
  ) throws(LearningError) -> Derivation {
    let name = optimizer.isPlainDescent ? "gradient descent" : optimizer.title
    var result = Derivation(title: "one step of \(name)", result: Tensor(losses.after))
    formulas.define(in: &result)
    if samples > 1 {
      result.add(note: "forward and backward are shown for sample \(sample) of \(samples)")
    }
    addForward(to: &result)
    result.add(heading: "error")
    result.add(
      note:
        "\(pass.loss.name)\(pass.loss.formula.isEmpty ? "" : " = " + pass.loss.formula)")
    addFactor(to: &result)
    let own = Formula.number(pass.value)
    if penalty != 0 { result.add(note: "with the penalty on weights, \(penalty)") }
    result.parts.append(
      .equation(
        .init(
          symbols.loss, [penalty == 0 ? own : .sum([own, .number(penalty)])],
          value: Tensor(losses.before))))
    addBackward(to: &result)
    try addUpdate(moves, rate, optimizer, to: &result)
    result.add(heading: "the loss")
    result.add(
      symbols.loss, .sum([.number(losses.before), .number(losses.after - losses.before)]),
      value: Tensor(losses.after))
    return result
  }

  private func addForward(to result: inout Derivation) {
    for layer in 1...pass.z.count {
      result.add(heading: "forward, layer \(layer)")
      let units = pass.z[layer - 1].count
      for unit in 1...min(units, Self.mostUnits) {
        formulas.addNet(layer, unit, to: &result)
        formulas.addOut(layer, unit, to: &result)
      }
      if units > Self.mostUnits {
        result.add(note: "\(units - Self.mostUnits) of \(units) units are left out")
      }
    }
  }

  private func addBackward(to result: inout Derivation) {
    for layer in (1...pass.z.count).reversed() {
      result.add(heading: "backward, layer \(layer)")
      let units = pass.z[layer - 1].count
      for unit in 1...min(units, Self.mostUnits) {
        formulas.addDelta(layer, unit, to: &result)
      }
      if units > Self.mostUnits {
        result.add(note: "\(units - Self.mostUnits) of \(units) units are left out")
      }
    }
    if formulas.sign < 0 {
      result.add(note: "in this notation δ is minus the derivative by the net input")
    }
  }

  private func addUpdate(
    _ moves: [Move], _ rate: Double, _ optimizer: Optimizer, to result: inout Derivation
  ) throws(LearningError) {
    let equations = UpdateEquations(optimizer: optimizer, rate: rate, symbols: symbols)
    equations.addHeading(to: &result)
    var written = 0
    var left = 0
    for move in moves {
      guard let parameter = pass.network.parameters.first(where: { $0.name == move.parameter })
      else { continue }
      guard try equations.isElementwise(move.before, gradient: move.gradient) else {
        let symbol = Symbol(name: move.parameter)
        try equations.add(
          symbol, .derivative(of: symbols.loss, by: symbol), before: move.before,
          gradient: move.gradient, after: move.after, to: &result)
        continue
      }
      for index in move.before.elements.indices {
        guard written < Self.mostParameters else {
          left += 1
          continue
        }
        written += 1
        let symbol = symbol(of: parameter, index)
        try equations.add(
          symbol, .derivative(of: symbols.loss, by: symbol),
          before: Tensor(move.before.elements[index]),
          gradient: Tensor(move.gradient.elements[index]),
          after: Tensor(move.after.elements[index]), to: &result)
      }
    }
    if left > 0 { result.add(note: "\(left) further parameters in the same way") }
  }

  private func symbol(of parameter: Network.Parameter, _ index: Int) -> Symbol {
    switch parameter.role {
    case .weights:
      let width = parameter.value.shape.columns
      return symbols.weight(parameter.layer, to: index / width + 1, from: index % width + 1)
    case .bias: return symbols.bias(parameter.layer, index + 1)
    case .slope: return Symbol(name: parameter.name)
    }
  }
}
