import Differentiation
import Learning

/// The derivation of a net's loss by one weight or bias, in δ notation.
package struct WeightDerivation {
  /// One number of a net's parameters: `W1[1,2]`, `b2[1]`.
  package struct Place: Hashable, Sendable {
    package let parameter: String
    package let layer: Int
    /// The unit, from 1.
    package let unit: Int
    /// The unit of the layer before; nil for a bias.
    package let source: Int?

    /// - Parameter indexes: from 1.
    /// - Throws: where the net has no such number.
    package init(_ network: Network, _ name: String, _ indexes: [Int]) throws(LearningError) {
      guard let parameter = network.parameters.first(where: { $0.name == name }) else {
        throw LearningError(
          "the net has no parameter \(name)", (.parameter(name), "unknown"),
          help: ["it has \(network.parameterNames.joined(separator: ", "))"])
      }
      let shape = parameter.value.shape
      let form: String
      switch parameter.role {
      case .weights: form = "\(name)[unit,input], up to \(name)[\(shape.rows),\(shape.columns)]"
      case .bias: form = "\(name)[unit], up to \(name)[\(shape.columns)]"
      case .slope:
        throw LearningError(
          "\(name) is a learned slope: grad gives its derivative, there is no δ for it",
          (.parameter(name), "a slope"))
      }
      let limits = parameter.role == .weights ? [shape.rows, shape.columns] : [shape.columns]
      guard indexes.count == limits.count,
        zip(indexes, limits).allSatisfy({ $0 >= 1 && $0 <= $1 })
      else {
        throw LearningError(
          "\(name) has no element [\(indexes.map(String.init).joined(separator: ","))]",
          (.parameter(name), "\(shape)"), help: ["write \(form)"])
      }
      self.parameter = name
      layer = parameter.layer
      unit = indexes[0]
      source = parameter.role == .weights ? indexes[1] : nil
    }

    package var text: String {
      source.map { "\(parameter)[\(unit),\($0)]" } ?? "\(parameter)[\(unit)]"
    }
  }

  private let network: Network
  private let place: Place
  private var formulas: NetFormulas
  /// What every sample contributes, as `[δ, input]`; empty for a single sample.
  private let contributions: [(delta: Double, input: Double)]
  private let sample: Int
  private let isMean: Bool
  private let gradient: Tensor
  private let derivative: Double
  private let objective: Objective

  private static let mostSamples = 6
  private static let mostUnits = 8

  /// - Parameters:
  ///   - sample: the one that is derived in detail, from 1.
  /// - Throws: where data and net do not fit, or a derivative is missing.
  package init(
    _ network: Network, _ data: DataSet, _ place: Place, notation: Notation, sample: Int = 1,
    _ objective: Objective = Objective()
  ) throws(LearningError) {
    self.network = network
    self.place = place
    self.sample = sample
    self.objective = objective
    isMean = (objective.reduction ?? network.reduction) == .mean
    let pass = try SamplePass(network, data, sample: sample, objective)
    formulas = NetFormulas(pass, notation)
    formulas.sharesBiases = place.source != nil
    let index = place.source.map { (place.unit - 1) * network.sizes[place.layer - 1] + $0 - 1 }
    let graph = try network.lossGraph(data, objective)
    let position = network.parameterNames.firstIndex(of: place.parameter) ?? 0
    let layerNet = graph.z[place.layer - 1]
    let sweep = try deriving(
      ReverseSweep(of: graph.loss, by: [graph.parameters[position], layerNet]))
    let shape = graph.parameters[position].shape
    gradient =
      sweep.adjoint(of: graph.parameters[position])?.value ?? Tensor(repeating: 0, shape: shape)
    derivative = gradient.elements[index ?? place.unit - 1]
    guard data.count > 1 else {
      contributions = []
      return
    }
    let below = place.layer == 1 ? data.x : graph.a[place.layer - 2].value ?? Tensor(0)
    let deltas = sweep.adjoint(of: layerNet)?.value
    contributions = (0..<data.count).map { row in
      let delta = deltas.map { $0[row, place.unit - 1] } ?? 0
      return (delta, place.source.map { below[row, $0 - 1] } ?? 1)
    }
  }

  private var symbols: NetSymbols { formulas.symbols }
  private var pass: SamplePass { formulas.pass }
  private var depth: Int { network.layers.count }

  private var parameterSymbol: Symbol {
    place.source.map { symbols.weight(place.layer, to: place.unit, from: $0) }
      ?? symbols.bias(place.layer, place.unit)
  }

  package func derivation() -> Derivation {
    let name = Symbol.derivative(of: symbols.loss, by: parameterSymbol)
    let unit = symbols.label(place.layer, place.unit)
    let from = place.source.map { "from \(symbols.label(place.layer - 1, $0)) to \(unit)" }
    var result = Derivation(
      title: "\(name.text): \(parameterSymbol.text) is \(place.text), "
        + (from.map { "the weight \($0)" } ?? "the bias of \(unit)"),
      result: Tensor(derivative))
    formulas.define(in: &result)
    if !contributions.isEmpty {
      addSamples(name, to: &result)
    } else if !penaltyTerms.isEmpty {
      addPenalties(name, to: &result)
    }
    let isWhole = contributions.isEmpty && penaltyTerms.isEmpty
    addSample(isWhole ? name : sampleDerivative, to: &result)
    addBackward(to: &result)
    addForward(to: &result)
    addLayers(to: &result)
    addMatrices(to: &result)
    addRemarks(name, to: &result)
    return result
  }

  /// The same, and what the first step of an optimizer makes of the parameter.
  /// - Throws: what a user's function throws.
  package func derivation(followedBy optimizer: Optimizer, rate: Double) throws(LearningError)
    -> Derivation
  {
    var result = derivation()
    let equations = UpdateEquations(optimizer: optimizer, rate: rate, symbols: symbols)
    equations.addHeading(to: &result)
    guard let whole = network.parameters.first(where: { $0.name == place.parameter })?.value
    else { return result }
    guard try equations.isElementwise(whole, gradient: gradient) else {
      let symbol = Symbol(name: place.parameter)
      try equations.add(
        symbol, .derivative(of: symbols.loss, by: symbol), before: whole, gradient: gradient,
        to: &result)
      return result
    }
    let value =
      place.source.map { pass.weight(place.layer, to: place.unit, from: $0) }
      ?? pass.bias(place.layer, place.unit) ?? .nan
    try equations.add(
      parameterSymbol, .derivative(of: symbols.loss, by: parameterSymbol), before: Tensor(value),
      gradient: Tensor(derivative), to: &result)
    return result
  }

  private var sampleDerivative: Symbol {
    .derivative(of: formulas.loss, by: parameterSymbol)
  }

  /// What the penalties on weights add to the derivative: l2·w and ±l1.
  private var penaltyTerms: [Formula] {
    guard let source = place.source else { return [] }
    let weight = pass.weight(place.layer, to: place.unit, from: source)
    var terms: [Formula] = []
    if objective.l2 > 0 {
      terms.append(.product([.number(objective.l2), .symbol(parameterSymbol)]))
    }
    if objective.l1 > 0 {
      terms.append(.number(weight > 0 ? objective.l1 : weight < 0 ? -objective.l1 : 0))
    }
    return terms
  }

  private func addPenalties(_ name: Symbol, to result: inout Derivation) {
    let own = pass.deltas[place.layer - 1][place.unit - 1]
    let input = place.source.map { pass.a[place.layer - 1][$0 - 1] } ?? 1
    result.add(heading: "with the penalty on weights")
    defineWeight(in: &result)
    result.add(name, .sum([.number(own * input)] + penaltyTerms), value: Tensor(derivative))
    result.add(heading: "the sample by itself")
  }

  private func defineWeight(in result: inout Derivation) {
    guard let source = place.source else { return }
    result.values[parameterSymbol] = Tensor(
      pass.weight(place.layer, to: place.unit, from: source))
  }

  /// Σ over the samples.
  private func addSamples(_ name: Symbol, to result: inout Derivation) {
    let count = contributions.count
    let parts = contributions.map { $0.delta * $0.input * (isMean ? Double(count) : 1) }
    var terms = parts.prefix(Self.mostSamples).map { Formula.number($0) }
    if count > Self.mostSamples {
      terms.append(
        .omitted(count - Self.mostSamples, parts.dropFirst(Self.mostSamples).reduce(0, +)))
    }
    let sum = Formula.sum(terms)
    let penalty = penaltyTerms.isEmpty ? "" : ", and the penalty on weights"
    result.add(heading: "over \(count) samples, \(isMean ? "the mean" : "the sum")\(penalty)")
    let data = isMean ? Formula.quotient(sum, .number(Double(count))) : sum
    defineWeight(in: &result)
    result.add(
      name, penaltyTerms.isEmpty ? data : .sum([data] + penaltyTerms), value: Tensor(derivative))
    result.add(heading: "sample \(sample) by itself")
  }

  private func addSample(_ name: Symbol, to result: inout Derivation) {
    let delta = symbols.delta(place.layer, place.unit)
    let deltaValue = formulas.delta(place.layer, place.unit)
    result.values[delta] = Tensor(deltaValue)
    var factors: [Formula] = [.symbol(delta)]
    var value = pass.deltas[place.layer - 1][place.unit - 1]
    if let source = place.source {
      let input = symbols.out(place.layer - 1, source)
      let number = pass.a[place.layer - 1][source - 1]
      result.values[input] = Tensor(number)
      factors.append(.symbol(input))
      value *= number
    } else if symbols.notation.biasTimesOne {
      factors.append(.number(1))
    }
    let product: Formula = factors.count == 1 ? factors[0] : .chain(factors)
    result.add(name, formulas.sign < 0 ? .negated(product) : product, value: Tensor(value))
    if let note = formulas.zeroNote(place.layer, place.unit, from: place.source) {
      result.add(note: note)
    }
    result.factors = [deltaValue] + (place.source.map { [pass.a[place.layer - 1][$0 - 1]] } ?? [])
  }

  private func addBackward(to result: inout Derivation) {
    let meaning = formulas.sign < 0 ? "−∂\(formulas.loss.text)/∂" : "∂\(formulas.loss.text)/∂"
    let net = symbols.net(place.layer, place.unit).text
    let delta = symbols.delta(place.layer, place.unit).text
    result.add(
      heading: delta == meaning + net
        ? "backward: \(delta)" : "backward: \(delta) = \(meaning)\(net)")
    formulas.addDelta(place.layer, place.unit, to: &result)
    guard place.layer < depth else { return }
    for layer in (place.layer + 1)...depth {
      let units = pass.deltas[layer - 1].count
      for unit in 1...min(units, formulas.mostUnits) {
        formulas.addDelta(layer, unit, to: &result)
      }
      if units > formulas.mostUnits {
        result.add(
          note: "the other \(units - formulas.mostUnits) units of layer "
            + "\(symbols.number(ofLayer: layer)) in the same way")
      }
    }
  }

  private func addForward(to result: inout Derivation) {
    result.add(heading: "forward")
    if let source = place.source, place.layer > 1 {
      formulas.addNet(place.layer - 1, source, to: &result)
      formulas.addOut(place.layer - 1, source, to: &result)
    }
    for layer in place.layer...depth {
      let units = layer == place.layer ? [place.unit] : Array(1...pass.z[layer - 1].count)
      for unit in units.prefix(formulas.mostUnits) {
        formulas.addNet(layer, unit, to: &result)
        formulas.addOut(layer, unit, to: &result)
      }
    }
    formulas.addLoss(to: &result)
  }

  private func addLayers(to result: inout Derivation) {
    result.add(heading: "by layer")
    for layer in 1...depth {
      let units = pass.z[layer - 1].count
      let rows = (1...min(units, Self.mostUnits)).map { unit -> [Derivation.Cell] in
        [
          .text(symbols.label(layer, unit)), .number(pass.z[layer - 1][unit - 1]),
          .number(pass.a[layer][unit - 1]), .number(formulas.delta(layer, unit)),
        ]
      }
      let titles = [
        "layer \(symbols.number(ofLayer: layer))", symbols.nets(layer).text,
        symbols.outs(layer).text,
        symbols.deltas(layer).text,
      ]
      result.parts.append(.table(titles, rows))
      if units > Self.mostUnits {
        result.add(note: "\(units - Self.mostUnits) of \(units) units are left out")
      }
    }
  }

  /// The whole matrix at once, in the layout of the notation.
  private func addMatrices(to result: inout Derivation) {
    guard place.source != nil, contributions.isEmpty, penaltyTerms.isEmpty,
      gradient.elements.count <= 12
    else { return }
    let weights = symbols.weights(place.layer)
    let (delta, input) = (symbols.deltas(place.layer), symbols.outs(place.layer - 1))
    let isRows = symbols.notation.orientation == .rowsFirst
    result.add(heading: isRows ? "in matrices, samples as rows" : "in matrices")
    let product: Formula =
      isRows
      ? .matrixProduct(.transposed(.symbol(input)), .symbol(delta))
      : .matrixProduct(.symbol(delta), .transposed(.symbol(input)))
    let shown = isRows ? gradient.transposed : gradient
    result.parts.append(
      .equation(
        .init(
          .derivative(of: symbols.loss, by: weights),
          [formulas.sign < 0 ? .negated(product) : product], value: shown)))
  }

  private func addRemarks(_ name: Symbol, to result: inout Derivation) {
    let notation = symbols.notation
    let rate = symbols.rate.text
    result.add(heading: "the step")
    let parameter = parameterSymbol.text
    switch notation.update {
    case .next: result.add(note: "\(parameter)⁺ = \(parameter) - \(rate)·\(name.text)")
    case .change:
      result.add(
        note: "Δ\(parameter) = -\(rate)·\(name.text); with momentum Δ\(parameter)"
          + " ← \(symbols.momentum.text)·Δ\(parameter) - \(rate)·\(name.text)")
    case .deltaRule:
      let delta = symbols.delta(place.layer, place.unit).text
      let input = place.source.map { "·\(symbols.out(place.layer - 1, $0).text)" } ?? ""
      let sign = formulas.sign < 0 ? "" : "-"
      result.add(
        note: contributions.isEmpty && penaltyTerms.isEmpty
          ? "Δ\(parameter) = \(sign)\(rate)·\(delta)\(input)"
          : "Δ\(parameter) = -\(rate)·\(name.text)")
    }
    if network.rule == .perceptron {
      result.add(
        note: "a perceptron does not follow this: its own rule is descend's, "
          + "Δ\(parameterSymbol.text) = \(rate)·(\(symbols.target(place.unit).text) - "
          + "\(symbols.out(1, place.unit).text))"
          + (place.source.map { "·\(symbols.out(0, $0).text)" } ?? ""))
    }
    if notation.deltaSign < 0 {
      result.add(note: "in this notation δ is minus the derivative, so weights move along +δ")
    }
    if let error = pass.loss.squaredError,
      (error == .halved) != notation.halvesSquaredError
    {
      result.add(
        note: notation.halvesSquaredError
          ? "\(notation.name) writes the squared error with ½; this net's loss is \(pass.loss.name), so a factor 2 stays"
          : "\(notation.name) writes the squared error without ½; this net's loss is \(pass.loss.name), so the 2 is gone"
      )
    }
    if place.layer < depth,
      pass.z.contains(where: { $0.count > formulas.mostTerms })
        || pass.a[place.layer - 1].count > formulas.mostTerms
    {
      result.add(note: "long sums show their first terms and what the others come to")
    }
  }
}
