import Differentiation
import Learning

/// The stages of a learning step, each readable by itself: forward, error, backward, update.
package struct StageDerivation {
  private var formulas: NetFormulas
  private static let mostUnits = 8
  private static let mostParameters = 24
  private static let mostSamples = 6

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
    addSample(to: &result)
    addForward(to: &result)
    addError(to: &result)
    addBackward(to: &result)
    return result
  }

  private func addFactor(to result: inout Derivation) {
    guard pass.factor != 1 else { return }
    let number =
      pass.factor == pass.factor.rounded() && abs(pass.factor) < 1e15
      ? "\(Int(clamped: pass.factor))" : "\(pass.factor)"
    result.add(note: "this sample counts \(number) times: class and sample weights together")
  }

  /// What each unit of the layer above sends back to one hidden unit.
  package func contributions(layer: Int, unit: Int) -> Derivation {
    let name = symbols.label(layer, unit)
    let terms = formulas.contributions(layer, unit)
    var result = Derivation(
      title: "what \(name) contributed to the error", result: Tensor(terms.reduce(0, +)))
    result.paths = terms
    addSample(to: &result)
    let rows = terms.prefix(Self.mostUnits * 2).enumerated().map {
      index, term -> [Derivation.Cell] in
      [
        .text("by way of \(symbols.label(layer + 1, index + 1))"),
        .number(formulas.pass.weight(layer + 1, to: index + 1, from: unit)),
        .number(formulas.delta(layer + 1, index + 1)), .number(term),
      ]
    }
    result.parts.append(
      .table(
        ["", "weight", symbols.deltas(layer + 1).text, "weight · \(symbols.deltaLetter)"], rows))
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

  /// Says which row is shown, and what its δ are the derivatives of.
  private func addSample(to result: inout Derivation) {
    guard let sample = pass.sample else { return }
    result.add(
      note: "sample \(sample) by itself: its loss is \(formulas.loss.text), and δ is "
        + "\(formulas.sign < 0 ? "−" : "")∂\(formulas.loss.text)/∂\(symbols.net(1, 1).text) and so on"
    )
  }

  /// The definition and value of the loss of the row that is shown.
  private func addError(to result: inout Derivation) {
    result.add(heading: "error")
    let before = result.equations.count
    formulas.addLoss(to: &result)
    addFactor(to: &result)
    guard result.equations.count == before else { return }
    result.parts.append(
      .equation(.init(formulas.loss, [.number(pass.value)], value: Tensor(pass.value))))
  }

  /// The loss of all rows from that of each.
  private func addTotal(_ losses: Losses, to result: inout Derivation) {
    let count = losses.samples.count
    guard count > 1 || losses.penalty != 0 else { return }
    if losses.penalty != 0 {
      result.add(note: "what is added to the losses of rows is the penalty on weights")
    }
    let shown = count <= Self.mostSamples ? count : Self.mostSamples - 1
    var terms: [Formula] = []
    for place in 0..<shown {
      let symbol = symbols.loss(ofSample: place + 1)
      result.values[symbol] = Tensor(losses.samples[place])
      terms.append(.symbol(symbol))
    }
    if shown < count {
      terms.append(.omitted(count - shown, losses.samples.dropFirst(shown).reduce(0, +)))
    }
    let sum: Formula = terms.count == 1 ? terms[0] : .sum(terms)
    let data = losses.isMean && count > 1 ? .quotient(sum, .number(Double(count))) : sum
    result.add(
      symbols.loss, losses.penalty == 0 ? data : .sum([data, .number(losses.penalty)]),
      value: Tensor(losses.before))
  }

  /// The losses of a step.
  package struct Losses {
    /// Of each row before the step, as often as it counts.
    package let samples: [Double]
    /// Whether the loss of all rows is their mean, or their sum.
    package let isMean: Bool
    /// The penalty on weights before the step.
    package let penalty: Double
    /// Of all rows after the step, with the penalty.
    package let after: Double

    package var before: Double {
      let sum = samples.reduce(0, +)
      return (isMean ? sum / Double(samples.count) : sum) + penalty
    }

    package init(samples: [Double], isMean: Bool, penalty: Double = 0, after: Double) {
      self.samples = samples
      self.isMean = isMean
      self.penalty = penalty
      self.after = after
    }
  }

  /// What moves: the symbol and value of a parameter, its derivative and its next value.
  package struct Move {
    package let parameter: String
    package let before: Tensor
    package let gradient: Tensor
    package let after: Tensor

    /// - Parameters:
    ///   - before: the values before the update, in the shape of the parameter as the others.
    ///   - gradient: ∂E/∂parameter at those values.
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
  ///   - losses: of the rows the step was made on, before it, and of all after it.
  /// - Throws: what a user's function throws.
  package func step(
    _ moves: [Move], rate: Double, optimizer: Optimizer = .standard, losses: Losses
  ) throws(LearningError) -> Derivation {
    let name = optimizer.isPlainDescent ? "gradient descent" : optimizer.title
    let biases = pass.network.parameters.filter { $0.role == .bias }.map { $0.name }
    if moves.contains(where: { biases.contains($0.parameter) }) {
      var free = self
      free.formulas.sharesBiases = false
      return try free.stages(moves, rate, optimizer, losses, name)
    }
    return try stages(moves, rate, optimizer, losses, name)
  }

  private func stages(
    _ moves: [Move], _ rate: Double, _ optimizer: Optimizer, _ losses: Losses, _ name: String
  ) throws(LearningError) -> Derivation {
    var result = Derivation(title: "one step of \(name)", result: Tensor(losses.after))
    formulas.define(in: &result)
    addSample(to: &result)
    addForward(to: &result)
    addError(to: &result)
    addTotal(losses, to: &result)
    addBackward(to: &result)
    try addUpdate(moves, rate, optimizer, losses, to: &result)
    result.add(heading: "the loss")
    let change = losses.after - losses.before
    result.values[symbols.loss] = Tensor(losses.before)
    result.add(
      symbols.loss.next,
      .sum([
        .symbol(symbols.loss), change < 0 ? .negated(.number(-change)) : .number(change),
      ]),
      value: Tensor(losses.after))
    return result
  }

  private func addForward(to result: inout Derivation) {
    for layer in 1...pass.z.count {
      result.add(heading: "forward, layer \(symbols.number(ofLayer: layer))")
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
      result.add(heading: "backward, layer \(symbols.number(ofLayer: layer))")
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
    _ moves: [Move], _ rate: Double, _ optimizer: Optimizer, _ losses: Losses,
    to result: inout Derivation
  ) throws(LearningError) {
    let equations = UpdateEquations(optimizer: optimizer, rate: rate, symbols: symbols)
    equations.addHeading(to: &result)
    if losses.samples.count > 1 {
      result.add(
        note: "its derivatives are the \(losses.isMean ? "mean" : "sum") of those of all "
          + "\(losses.samples.count) rows\(losses.penalty == 0 ? "" : ", and of the penalty")")
    } else if losses.penalty != 0 {
      result.add(note: "its derivatives are those of the row and of the penalty")
    }
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
