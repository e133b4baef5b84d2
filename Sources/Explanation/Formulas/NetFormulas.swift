import Differentiation
import Learning

/// The equations of a net for one sample, in the symbols of a notation.
package struct NetFormulas {
  package let pass: SamplePass
  package let symbols: NetSymbols
  /// Terms of a sum and units of a layer that are written out.
  package var mostTerms = 6
  package var mostUnits = 4
  /// Whether the equal biases of a layer may be written as one: they stay as they are.
  package var sharesBiases = true

  package init(_ pass: SamplePass, _ notation: Notation) {
    self.pass = pass
    symbols = NetSymbols(notation, sizes: pass.network.sizes)
  }

  /// The loss that the pass is of: where there are several rows, that of its own row. A mean over
  /// the rows has other derivatives than one of them.
  var loss: Symbol { pass.sample.map { symbols.loss(ofSample: $0) } ?? symbols.loss }

  /// The loss in the letters of the notation, its settings put in: `sse = sum((t - y)^2)`; only
  /// its name where the user wrote it.
  var lossDefinition: String {
    guard !pass.loss.formula.isEmpty else { return pass.loss.title }
    let letters = symbols.lossLetters
    var words = ["y": letters.output, "t": letters.target]
    for setting in pass.loss.settings {
      words[setting.name] = "\(pass.loss.values.values[setting.name] ?? setting.standardValue)"
    }
    var result = ""
    var word = ""
    for character in pass.loss.formula + " " {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
        continue
      }
      result += (words[word] ?? word) + String(character)
      word = ""
    }
    return "\(pass.loss.title) = \(result.dropLast())"
  }

  var sign: Double { symbols.notation.deltaSign }
  private var depth: Int { pass.network.layers.count }

  /// δ in the sign of the notation.
  func delta(_ layer: Int, _ unit: Int) -> Double { sign * pass.deltas[layer - 1][unit - 1] }

  /// The values of all symbols that may occur in the equations of some units.
  func define(in derivation: inout Derivation) {
    defineMasks(in: &derivation)
    derivation.values[loss] = Tensor(pass.value)
    for (index, value) in pass.target.prefix(Self.mostDefined).enumerated() {
      derivation.values[symbols.target(index + 1)] = Tensor(value)
    }
  }

  static let mostDefined = 4096

  // MARK: Forward

  /// z = Σ w a + b of one unit.
  func addNet(_ layer: Int, _ unit: Int, to derivation: inout Derivation) {
    var terms: [Formula] = []
    let sources = pass.a[layer - 1].count
    let shown = sources <= mostTerms ? sources : mostTerms - 1
    let bias = pass.bias(layer, unit)
    if let bias, symbols.notation.biasIsWeight {
      terms.append(biasTerm(layer, unit, bias, &derivation))
    }
    for source in 1...shown {
      let weight = symbols.weight(layer, to: unit, from: source)
      let input = symbols.out(layer - 1, source)
      derivation.values[weight] = Tensor(pass.weight(layer, to: unit, from: source))
      derivation.values[input] = Tensor(pass.a[layer - 1][source - 1])
      let factors = [Formula.symbol(weight), .symbol(input)]
      terms.append(
        .product(symbols.notation.orientation == .rowsFirst ? factors.reversed() : factors))
    }
    if shown < sources {
      let rest = (shown + 1...sources).reduce(0) { sum, source in
        sum + pass.weight(layer, to: unit, from: source) * pass.a[layer - 1][source - 1]
      }
      terms.append(.omitted(sources - shown, rest))
    }
    if let bias, !symbols.notation.biasIsWeight {
      terms.append(biasTerm(layer, unit, bias, &derivation))
    }
    derivation.add(
      symbols.net(layer, unit), terms.count == 1 ? terms[0] : .sum(terms),
      value: Tensor(pass.z[layer - 1][unit - 1]))
  }

  /// A bias in a sum, by itself or times 1; the layer's own where all of it are equal.
  private func biasTerm(
    _ layer: Int, _ unit: Int, _ bias: Double, _ derivation: inout Derivation
  ) -> Formula {
    let units = pass.z[layer - 1].count
    let isShared = sharesBiases && (1...units).allSatisfy { pass.bias(layer, $0) == bias }
    let symbol =
      (isShared ? symbols.sharedBias(layer) : nil) ?? symbols.bias(layer, unit)
    derivation.values[symbol] = Tensor(bias)
    return symbols.notation.biasTimesOne
      ? .product([.symbol(symbol), .number(1)]) : .symbol(symbol)
  }

  /// The output of one unit from its net input.
  func addOut(_ layer: Int, _ unit: Int, to derivation: inout Derivation) {
    let activation = pass.network.layers[layer - 1].activation
    let out = Tensor(pass.a[layer][unit - 1])
    let net = symbols.net(layer, unit)
    derivation.values[net] = Tensor(pass.z[layer - 1][unit - 1])
    let formula: Formula
    if activation.isJoint {
      let units = pass.z[layer - 1].count
      let terms = (1...min(units, mostTerms)).map { other -> Formula in
        derivation.values[symbols.net(layer, other)] = Tensor(pass.z[layer - 1][other - 1])
        return .call("exp", [.symbol(symbols.net(layer, other))])
      }
      guard units <= mostTerms else {
        derivation.add(
          note: "\(activation.name): \(symbols.out(layer, unit).text) from all net inputs")
        derivation.values[symbols.out(layer, unit)] = out
        return
      }
      let share = Formula.quotient(.call("exp", [.symbol(net)]), .sum(terms))
      formula = activation.isDistribution ? share : .call("log", [share])
    } else if let computation = computation(layer, unit) {
      let reader = FormulaReader { node in node === computation.z ? net : nil }
      let written = reader.computation(of: computation.a)
      formula =
        computation.a === computation.z
        ? .symbol(net) : symbols.notation.writesDefinitions ? written.defined : written
    } else {
      formula = .call(activation.name, [.symbol(net)])
    }
    derivation.add(symbols.out(layer, unit), masked(layer, unit, formula), value: out)
  }

  /// The activation of one unit by itself.
  private func computation(_ layer: Int, _ unit: Int) -> (z: Node, a: Node)? {
    let z = Node.parameter(Tensor(.matrix(1, 1), [pass.z[layer - 1][unit - 1]]), name: nil)
    let slope = pass.network.parameters.first { $0.layer == layer && $0.role == .slope }
    let node = slope.map { Node.parameter($0.value, name: $0.name) }
    guard let a = try? pass.network.layers[layer - 1].activation.output(of: z, slope: node) else {
      return nil
    }
    return (z, a)
  }

  // MARK: Backward

  /// f'(z) of one unit, from the same rule that trains.
  func activationDerivative(_ layer: Int, _ unit: Int) -> (
    formula: Formula, value: Double, note: String?
  )? {
    guard pass.network.layers[layer - 1].activation.isJoint == false,
      let (z, a) = computation(layer, unit)
    else { return nil }
    let share = maskFactor(layer, unit)
    if z === a { return (masked(layer, unit, .number(1)), share, nil) }
    guard let total = try? a.applying(.sum()),
      let sweep = try? ReverseSweep(of: total, by: [z]), let adjoint = sweep.adjoint(of: z),
      let value = adjoint.value?.elements.first
    else { return nil }
    let (net, out) = (symbols.net(layer, unit), symbols.out(layer, unit))
    // What goes on from a unit under a mask is not what the slope is written with.
    let isMasked = pass.mask(layer, unit) != nil
    let reader = FormulaReader { node in
      node === a && !isMasked ? out : node === z ? net : nil
    }
    let note = share == 0 ? leftOutNote(layer, unit) : Self.note(on: sweep)
    return (masked(layer, unit, reader.formula(adjoint)), share * value, note)
  }

  /// Which slope was taken where there is none, or by convention; nil where all were true ones.
  private static func note(on sweep: ReverseSweep) -> String? {
    for node in sweep.path {
      guard let primitive = node.primitive, let flow = sweep.adjoint(of: node)?.value,
        flow.elements.contains(where: { $0 != 0 })
      else { continue }
      if case .taken(_, let because) = primitive.derivative { return because }
      if let note = DerivationGraph.kinkNote(on: node, primitive) { return note }
    }
    return nil
  }

  /// ∂L/∂out of one output, of this output alone.
  func lossDerivative(
    _ unit: Int, fused: Bool
  ) -> (formula: Formula, note: String?)? {
    let (y, t) = (pass.a[depth][unit - 1], pass.target[unit - 1])
    let z = Node.parameter(Tensor(.matrix(1, 1), [pass.z[depth - 1][unit - 1]]), name: nil)
    let output = Node.parameter(Tensor(.matrix(1, 1), [y]), name: nil)
    let target = Node.constant(Tensor(.matrix(1, 1), [t]))
    let activation = pass.network.output.activation.name
    let source = fused ? z : output
    guard
      let losses = try? pass.loss.samples(
        y: output, t: target, z: fused ? z : nil, activation: fused ? activation : nil),
      let total = try? losses.applying(.sum()),
      let sweep = try? ReverseSweep(of: total, by: [source]),
      let adjoint = sweep.adjoint(of: source), let value = adjoint.value?.elements.first
    else { return nil }
    let wanted = fused ? pass.deltas[depth - 1][unit - 1] : pass.outputGradients?[unit - 1] ?? .nan
    let symbol = symbols.out(depth, unit)
    let reader = FormulaReader { node in
      if node === output { return symbol }
      if node === z { return symbols.net(depth, unit) }
      return node === target ? symbols.target(unit) : nil
    }
    var formula = reader.formula(adjoint)
    // sigmoid(net) is the output.
    if case .sum(let terms) = formula {
      formula = .sum(
        terms.map {
          $0 == .call("sigmoid", [.symbol(symbols.net(depth, unit))]) ? .symbol(symbol) : $0
        })
    }
    let outputs = Double(pass.target.count)
    func agrees(_ value: Double) -> Bool {
      abs(pass.factor * value - wanted) <= 1e-9 * max(1, abs(wanted))
    }
    let note = Self.note(on: sweep)
    if symbols.notation.outputComesFirst {
      formula = formula.turning(.symbol(symbols.target(unit)), behind: .symbol(symbol))
    }
    if agrees(value) { return (counted(formula), note) }
    // A mean over the outputs.
    if agrees(value / outputs) { return (counted(.quotient(formula, .number(outputs))), note) }
    return nil
  }

  /// The derivative of a sample's loss as often as the sample counts.
  func counted(_ formula: Formula) -> Formula {
    pass.factor == 1 ? formula : .product([.number(pass.factor), formula])
  }

  /// What a unit's δ is made of: of an output from the loss, of a hidden unit from the layer above.
  func addDelta(_ layer: Int, _ unit: Int, to derivation: inout Derivation) {
    let name = symbols.delta(layer, unit)
    let value = Tensor(delta(layer, unit))
    // Where the loss is taken from the net inputs, the derivative of the activation cancels.
    let isFused = layer == depth && pass.outputGradients == nil
    let derivative = isFused ? nil : activationDerivative(layer, unit)
    let derivativeSymbol = Symbol.derivative(
      of: symbols.out(layer, unit), by: symbols.net(layer, unit))
    if let derivative { derivation.values[derivativeSymbol] = Tensor(derivative.value) }
    derivation.values[symbols.net(layer, unit)] = Tensor(pass.z[layer - 1][unit - 1])
    derivation.values[symbols.out(layer, unit)] = Tensor(pass.a[layer][unit - 1])
    if layer < depth {
      let (sum, number, terms) = received(layer, unit, &derivation)
      let further: [Formula]
      if let derivative {
        further = [
          .chain([.sum(terms.map { .number($0) }), .number(derivative.value)]),
          .chain([.number(number), .number(derivative.value)]),
        ]
        var factors = [sum]
        if case .product(let parts) = sum { factors = parts }
        derivation.add(
          name, .chain(factors + [.symbol(derivativeSymbol)]), value: value,
          further: terms.count > 1 ? further : [])
      } else {
        derivation.add(name, sum, value: value)
      }
    } else {
      addOutputDelta(unit, derivativeSymbol, derivative?.value, to: &derivation)
    }
    if let derivative {
      derivation.add(derivativeSymbol, derivative.formula, value: Tensor(derivative.value))
      if let note = derivative.note { derivation.add(note: note) }
    }
  }

  private func addOutputDelta(
    _ unit: Int, _ derivativeSymbol: Symbol, _ derivative: Double?, to derivation: inout Derivation
  ) {
    let name = symbols.delta(depth, unit)
    let value = Tensor(delta(depth, unit))
    let out = symbols.out(depth, unit)
    derivation.values[symbols.target(unit)] = Tensor(pass.target[unit - 1])
    if let gradient = pass.outputGradients, let derivative {
      let errorSymbol = Symbol.derivative(of: loss, by: out)
      derivation.values[errorSymbol] = Tensor(gradient[unit - 1])
      let product = Formula.chain([.symbol(errorSymbol), .symbol(derivativeSymbol)])
      let numbers = Formula.chain([.number(gradient[unit - 1]), .number(derivative)])
      derivation.parts.append(
        .equation(
          .init(
            name, sign < 0 ? [.negated(product), .negated(numbers)] : [product, numbers],
            value: value)))
      derivation.values[name] = value
      if let (formula, note) = lossDerivative(unit, fused: false) {
        derivation.add(errorSymbol, formula, value: Tensor(gradient[unit - 1]))
        if let note { derivation.add(note: note) }
      }
      return
    }
    let isSoftmax = pass.network.output.activation.isDistribution
    var formula = lossDerivative(unit, fused: true)?.formula
    if formula == nil, isSoftmax {
      let error = pass.a[depth][unit - 1] - pass.target[unit - 1]
      if abs(pass.factor * error - pass.deltas[depth - 1][unit - 1]) <= 1e-9 {
        formula = counted(.sum([.symbol(out), .negated(.symbol(symbols.target(unit)))]))
      }
    }
    guard var formula else {
      derivation.values[name] = value
      return
    }
    if sign < 0 {
      if case .sum(let terms) = formula, terms.count == 2, case .negated(let last) = terms[1] {
        formula = .sum([last, .negated(terms[0])])
      } else {
        formula = .negating(formula)
      }
    }
    derivation.add(name, formula, value: value)
    if unit == 1 {
      derivation.add(
        note: "with \(pass.loss.name) the slope of \(pass.network.output.activation.name) cancels"
      )
    }
  }

  /// w δ for every unit of the layer above.
  func contributions(_ layer: Int, _ unit: Int) -> [Double] {
    pass.deltas[layer].indices.map { receiver in
      pass.weight(layer + 1, to: receiver + 1, from: unit) * delta(layer + 1, receiver + 1)
    }
  }

  /// Σ w δ over the units of the layer above: the formula, its value and its terms.
  private func received(
    _ layer: Int, _ unit: Int, _ derivation: inout Derivation
  ) -> (formula: Formula, value: Double, terms: [Double]) {
    let receivers = pass.deltas[layer].count
    let shown = receivers <= mostTerms ? receivers : mostTerms - 1
    var formulas: [Formula] = []
    var terms: [Double] = []
    for receiver in 1...shown {
      let weight = symbols.weight(layer + 1, to: receiver, from: unit)
      let delta = symbols.delta(layer + 1, receiver)
      let (w, d) = (
        pass.weight(layer + 1, to: receiver, from: unit), self.delta(layer + 1, receiver)
      )
      derivation.values[weight] = Tensor(w)
      derivation.values[delta] = Tensor(d)
      let factors = [Formula.symbol(weight), .symbol(delta)]
      formulas.append(
        .product(symbols.notation.orientation == .rowsFirst ? factors.reversed() : factors))
      terms.append(w * d)
    }
    if shown < receivers {
      let rest = (shown + 1...receivers).reduce(0) { sum, receiver in
        sum + pass.weight(layer + 1, to: receiver, from: unit) * delta(layer + 1, receiver)
      }
      formulas.append(.omitted(receivers - shown, rest))
      terms.append(rest)
    }
    let formula: Formula = formulas.count == 1 ? formulas[0] : .sum(formulas)
    return (formula, terms.reduce(0, +), terms)
  }
}
