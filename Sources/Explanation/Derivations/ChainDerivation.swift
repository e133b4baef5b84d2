import Differentiation
import Learning

/// The derivative of a net's loss by one weight or bias in other forms than the δ of its units: as a
/// chain of local derivatives, or in the matrices of its layer.
package struct ChainDerivation {
  private let formulas: NetFormulas
  private let place: WeightDerivation.Place

  /// More chains than these are not written one by one.
  private static let mostChains = 9

  /// - Parameter pass: of the sample that is derived.
  package init(_ pass: SamplePass, _ place: WeightDerivation.Place, _ notation: Notation) {
    var formulas = NetFormulas(pass, notation)
    formulas.sharesBiases = place.source != nil
    self.formulas = formulas
    self.place = place
  }

  private var pass: SamplePass { formulas.pass }
  private var symbols: NetSymbols { formulas.symbols }
  private var depth: Int { pass.z.count }

  private struct Factor {
    let symbol: Symbol
    let value: Double
    /// What it is computed by; nil where the symbol says it.
    let formula: Formula?
  }

  private var parameter: Symbol {
    place.source.map { symbols.weight(place.layer, to: place.unit, from: $0) }
      ?? symbols.bias(place.layer, place.unit)
  }

  private var name: Symbol { .derivative(of: formulas.loss, by: parameter) }

  // MARK: Chains

  /// The chain rule from the loss to the parameter.
  /// - Parameter isWhole: whether every factor from the loss on is written, path by path, or the
  ///   derivative by the unit's output is one factor.
  /// - Throws: where the loss has no derivative by the outputs of the net.
  package func chain(isWhole: Bool) throws(LearningError) -> Derivation {
    var result = Derivation(title: "\(name.text), the chain rule", result: Tensor(0))
    formulas.define(in: &result)
    if let note = formulas.zeroNote(place.layer, place.unit, from: place.source) {
      result.add(note: note)
    }
    let last = inputFactor
    let chains = try chains(to: place.layer, place.unit).map { $0 + [last] }
    // Of very many chains not all are made: what they come to is known from the way back.
    let value = pass.deltas[place.layer - 1][place.unit - 1] * last.value
    result.result = Tensor(value)
    if isWhole, chains.count <= Self.mostChains {
      add(chains, named: name, value, to: &result)
      result.factors = chains.count == 1 ? chains[0].map { $0.value } : []
      result.paths = chains.count == 1 ? [] : chains.map { $0.reduce(1) { $0 * $1.value } }
      addFactors(chains.flatMap { $0 }, to: &result)
      return result
    }
    let slope = try slopeFactor(place.layer, place.unit)
    guard let slope else {
      // The outputs of the layer share one function: its net input is where the paths meet.
      let byNet = Symbol.derivative(of: formulas.loss, by: symbols.net(place.layer, place.unit))
      let delta = pass.deltas[place.layer - 1][place.unit - 1]
      result.values[byNet] = Tensor(delta)
      add(
        [[Factor(symbol: byNet, value: delta, formula: nil), last]], named: name, value, to: &result
      )
      result.factors = [delta, last.value]
      let inner = try self.chains(to: place.layer, place.unit)
      result.add(heading: "the factors")
      add(inner, named: byNet, delta, to: &result)
      addFactors(inner.flatMap { $0 } + [last], to: &result, underHeading: false)
      return result
    }
    let out = symbols.out(place.layer, place.unit)
    let byOut = Symbol.derivative(of: formulas.loss, by: out)
    let above = place.layer == depth ? nil : receivers(place.layer, place.unit)
    let own = place.layer == depth ? try outputFactor(place.unit) : nil
    let total = above?.reduce(0) { $0 + $1[0].value * $1[1].value } ?? own?.value ?? .nan
    let first = Factor(
      symbol: byOut, value: total,
      formula: own?.formula)
    add([[first, slope, last]], named: name, value, to: &result)
    result.factors = [total, slope.value, last.value]
    result.add(heading: "the factors")
    if let above {
      add(above, named: byOut, total, to: &result)
      result.paths = above.map { $0[0].value * $0[1].value }
    }
    addFactors(
      (above?.flatMap { $0 } ?? []) + [first, slope, last], to: &result, underHeading: false)
    return result
  }

  /// ∂net/∂w: what the weight is multiplied with.
  private var inputFactor: Factor {
    let net = symbols.net(place.layer, place.unit)
    let input = place.source.map { symbols.out(place.layer - 1, $0) }
    return Factor(
      symbol: .derivative(of: net, by: parameter),
      value: place.source.map { pass.a[place.layer - 1][$0 - 1] } ?? 1,
      formula: input.map { .symbol($0) } ?? .number(1))
  }

  /// ∂out/∂net of a unit; nil where the outputs of its layer share one function.
  private func slopeFactor(_ layer: Int, _ unit: Int) throws(LearningError) -> Factor? {
    guard !pass.network.layers[layer - 1].activation.isJoint else { return nil }
    guard let slope = formulas.activationDerivative(layer, unit) else {
      throw LearningError("the activation of layer \(layer) has no derivative here")
    }
    return Factor(
      symbol: .derivative(of: symbols.out(layer, unit), by: symbols.net(layer, unit)),
      value: slope.value, formula: slope.formula)
  }

  /// ∂E/∂out of an output.
  private func outputFactor(_ unit: Int) throws(LearningError) -> Factor {
    guard let (formula, value) = formulas.outputDerivative(unit) else {
      throw LearningError(
        "the loss \(pass.loss.title) is not taken from each output by itself",
        help: ["form=delta derives it from the net inputs"])
    }
    return Factor(
      symbol: .derivative(of: formulas.loss, by: symbols.out(depth, unit)), value: value,
      formula: formula)
  }

  /// ∂E/∂net of each unit above and the weight that leads to it.
  private func receivers(_ layer: Int, _ unit: Int) -> [[Factor]] {
    pass.deltas[layer].enumerated().map { index, delta in
      let net = symbols.net(layer + 1, index + 1)
      return [
        Factor(symbol: .derivative(of: formulas.loss, by: net), value: delta, formula: nil),
        weightFactor(layer, unit, to: index + 1),
      ]
    }
  }

  /// ∂net/∂out between two layers: the weight.
  private func weightFactor(_ layer: Int, _ unit: Int, to receiver: Int) -> Factor {
    Factor(
      symbol: .derivative(
        of: symbols.net(layer + 1, receiver), by: symbols.out(layer, unit)),
      value: pass.weight(layer + 1, to: receiver, from: unit),
      formula: .symbol(symbols.weight(layer + 1, to: receiver, from: unit)))
  }

  /// Every path from the loss down to the net input of a unit.
  private func chains(to layer: Int, _ unit: Int) throws(LearningError) -> [[Factor]] {
    if layer == depth {
      if let slope = try slopeFactor(layer, unit) { return [[try outputFactor(unit), slope]] }
      var result: [[Factor]] = []
      for other in 1...pass.a[depth].count {
        result.append([try outputFactor(other), shareFactor(other, by: unit)])
      }
      return result
    }
    guard let slope = try slopeFactor(layer, unit) else {
      throw LearningError("the outputs of layer \(layer) share one function")
    }
    var result: [[Factor]] = []
    for receiver in 1...pass.z[layer].count {
      for chain in try chains(to: layer + 1, receiver) {
        result.append(chain + [weightFactor(layer, unit, to: receiver), slope])
        if result.count > 4 * Self.mostChains { return result }
      }
    }
    return result
  }

  /// ∂y_j/∂net_k of softmax: y(1 − y), or −y_j y_k.
  private func shareFactor(_ output: Int, by unit: Int) -> Factor {
    let (y, other) = (symbols.out(depth, output), symbols.out(depth, unit))
    let (a, b) = (pass.a[depth][output - 1], pass.a[depth][unit - 1])
    let formula: Formula =
      output == unit
      ? .product([.symbol(y), .sum([.number(1), .negated(.symbol(y))])])
      : .negated(.product([.symbol(y), .symbol(other)]))
    return Factor(
      symbol: .derivative(of: y, by: symbols.net(depth, unit)),
      value: output == unit ? a * (1 - a) : -a * b, formula: formula)
  }

  private func add(
    _ chains: [[Factor]], named name: Symbol, _ value: Double, to result: inout Derivation
  ) {
    for factor in chains.joined() { result.values[factor.symbol] = Tensor(factor.value) }
    let terms = chains.map { Formula.chain($0.map { .symbol($0.symbol) }) }
    let products = chains.map { Formula.number($0.reduce(1) { $0 * $1.value }) }
    result.add(
      name, terms.count == 1 ? terms[0] : .sum(terms), value: Tensor(value),
      further: terms.count == 1 ? [] : [.sum(products)])
  }

  private func addFactors(
    _ factors: [Factor], to result: inout Derivation, underHeading: Bool = true
  ) {
    if underHeading { result.add(heading: "the factors") }
    for (index, output) in pass.a[depth].enumerated() {
      result.values[symbols.out(depth, index + 1)] = Tensor(output)
    }
    for layer in 1...depth {
      for (index, output) in pass.a[layer].enumerated() {
        result.values[symbols.out(layer, index + 1)] = Tensor(output)
        result.values[symbols.net(layer, index + 1)] = Tensor(pass.z[layer - 1][index])
      }
    }
    for (index, input) in pass.a[0].enumerated() {
      result.values[symbols.out(0, index + 1)] = Tensor(input)
    }
    var written: Set<Symbol> = []
    for factor in factors where written.insert(factor.symbol).inserted {
      guard let formula = factor.formula else { continue }
      for symbol in formula.symbols where result.values[symbol] == nil {
        if case .symbol = formula { result.values[symbol] = Tensor(factor.value) }
      }
      result.add(factor.symbol, formula, value: Tensor(factor.value))
    }
  }

  // MARK: Matrices

  /// The δ of whole layers from the last one down to the parameter's, and the derivative by all of its
  /// weights at once.
  package func matrices() -> Derivation {
    var result = Derivation(title: "", result: Tensor(0))
    formulas.define(in: &result)
    let isRows = symbols.notation.orientation == .rowsFirst
    result.title =
      "\(Symbol.derivative(of: formulas.loss, by: symbols.weights(place.layer)).text), in matrices"
      + (isRows ? ", samples as rows" : "")
    func tensor(_ elements: [Double]) -> Tensor {
      isRows ? Tensor(.matrix(1, elements.count), elements) : Tensor(vector: elements)
    }
    for layer in (place.layer...depth).reversed() {
      let delta = symbols.deltas(layer)
      let values = pass.deltas[layer - 1].map { formulas.sign * $0 }
      if layer == depth {
        result.parts.append(
          .equation(.init(delta, [.tensor(tensor(values))], value: tensor(values))))
        result.values[delta] = tensor(values)
        continue
      }
      let slopes = (1...values.count).map {
        formulas.activationDerivative(layer, $0)?.value ?? .nan
      }
      let slope = Symbol.derivative(of: symbols.outs(layer), by: symbols.nets(layer))
      let weights = symbols.weights(layer + 1)
      result.values[slope] = tensor(slopes)
      result.values[weights] =
        isRows ? pass.weights[layer].transposed : pass.weights[layer]
      let above = Formula.symbol(symbols.deltas(layer + 1))
      let back: Formula =
        isRows
        ? .matrixProduct(above, .transposed(.symbol(weights)))
        : .matrixProduct(.transposed(.symbol(weights)), above)
      result.add(delta, .product([back, .symbol(slope)]), value: tensor(values))
    }
    let (delta, input) = (symbols.deltas(place.layer), symbols.outs(place.layer - 1))
    result.values[input] = tensor(pass.a[place.layer - 1])
    let product: Formula =
      isRows
      ? .matrixProduct(.transposed(.symbol(input)), .symbol(delta))
      : .matrixProduct(.symbol(delta), .transposed(.symbol(input)))
    let deltas = pass.deltas[place.layer - 1]
    let inputs = pass.a[place.layer - 1]
    let gradient =
      isRows
      ? Tensor(.matrix(inputs.count, deltas.count), inputs.flatMap { a in deltas.map { a * $0 } })
      : Tensor(.matrix(deltas.count, inputs.count), deltas.flatMap { d in inputs.map { d * $0 } })
    result.result = gradient
    result.add(
      .derivative(of: formulas.loss, by: symbols.weights(place.layer)),
      formulas.sign < 0 ? .negated(product) : product, value: gradient)
    let rows = gradient.shape.rows
    result.add(
      note: "\(symbols.weights(place.layer).text) and its derivative are \(rows)×"
        + "\(gradient.shape.columns), \(delta.text) has \(deltas.count) and \(input.text) "
        + "\(inputs.count) element\(inputs.count == 1 ? "" : "s")")
    return result
  }
}
