import Differentiation

/// ∂step/∂input of one step by one of those it is computed from.
struct LocalDerivative {
  var symbol: Symbol
  let formula: Formula
  let value: Tensor
  /// Set where the true derivative is not used: why another is taken.
  let note: String?
}

extension DerivationGraph {
  /// The local derivatives of a step that is a number, by the places of its inputs.
  func localDerivatives(of place: Int, by wanted: Set<Int>) throws(DifferentiationError)
    -> [Int: LocalDerivative]
  {
    let step = steps[place]
    let local = try computation(of: step)
    let targets = local.inputs.filter { wanted.contains($0.key) }
    let sweep = try ReverseSweep(of: local.output, by: Array(targets.values))
    let reader = reader(of: local, output: step.symbol)
    var result: [Int: LocalDerivative] = [:]
    for (input, node) in targets {
      var value = Tensor(repeating: 0, shape: node.shape)
      var formula = Formula.number(0)
      if let adjoint = sweep.adjoint(of: node) {
        value = adjoint.value ?? value
        formula = reader.formula(adjoint)
      }
      if let rounding { value.elements = value.elements.map(rounding) }
      result[input] = LocalDerivative(
        symbol: .derivative(of: step.symbol, by: steps[input].symbol), formula: formula,
        value: value, note: note(on: step))
    }
    return result
  }

  /// What flows back to each input of a step, from what flows back to the step itself.
  func contributions(
    of place: Int, to wanted: Set<Int>, adjoint: (symbol: Symbol, value: Tensor)
  ) throws(DifferentiationError) -> [Int: (formula: Formula, value: Tensor)] {
    let step = steps[place]
    let local = try computation(of: step)
    let upstream = Node.parameter(adjoint.value, name: nil)
    let targets = local.inputs.filter { wanted.contains($0.key) }
    let total: Node
    do throws(ShapeError) {
      total = try (local.output * upstream).applying(.sum())
    } catch {
      throw .shape(error)
    }
    let sweep = try ReverseSweep(of: total, by: Array(targets.values))
    var symbols = [ObjectIdentifier(upstream): adjoint.symbol]
    symbols[ObjectIdentifier(local.output)] = step.symbol
    for (input, node) in local.inputs { symbols[ObjectIdentifier(node)] = steps[input].symbol }
    let reader = FormulaReader { symbols[ObjectIdentifier($0)] }
    var result: [Int: (formula: Formula, value: Tensor)] = [:]
    for (input, node) in targets {
      guard let part = sweep.adjoint(of: node), var value = part.value else { continue }
      if let rounding { value.elements = value.elements.map(rounding) }
      result[input] = (reader.formula(part), value)
    }
    return result
  }

  private func computation(
    of step: Step
  ) throws(DifferentiationError) -> LocalComputation {
    do throws(ShapeError) {
      return try LocalComputation(of: step.node, stepInputs: step.inputs, in: self)
    } catch { throw .shape(error) }
  }

  private func reader(of local: LocalComputation, output: Symbol) -> FormulaReader {
    var symbols: [ObjectIdentifier: Symbol] = [:]
    // A sum of one term is its term: then the output is no name for it.
    symbols[ObjectIdentifier(local.output)] = output
    for (input, node) in local.inputs { symbols[ObjectIdentifier(node)] = steps[input].symbol }
    return FormulaReader { symbols[ObjectIdentifier($0)] }
  }

  private func note(on step: Step) -> String? {
    for node in interior(of: step.node).nodes {
      guard let primitive = node.primitive else { continue }
      if case .taken(_, let because) = primitive.derivative { return because }
      if let note = Self.kinkNote(on: node, primitive) { return note }
    }
    return nil
  }

  /// Which slope is taken where a function has none of its own; nil away from its kinks.
  static func kinkNote(on node: Node, _ primitive: Primitive) -> String? {
    let operands = node.inputs.compactMap { $0.value }
    guard let first = operands.first else { return nil }
    if primitive === Primitive.maximum || primitive === Primitive.minimum, operands.count == 2,
      operands.allSatisfy({ $0.number == first.number }), first.number != nil
    {
      let name = primitive === Primitive.maximum ? "max" : "min"
      return "\(name) of two equal numbers has a kink here: the derivative of the first counts"
    }
    guard !primitive.name.hasSuffix("'"),
      let kink = first.elements.first(where: { primitive.kinks.contains($0) })
    else { return nil }
    let x = Node.parameter(Tensor(kink), name: nil)
    guard let y = try? Node.apply(primitive, to: [x] + node.inputs.dropFirst()),
      let slope = try? elementwiseDerivative(of: y, by: x).value?.number
    else { return nil }
    let text = Int(exactly: slope).map { "\($0)" } ?? "\(slope)"
    return "\(primitive.name) has a kink where it is taken here: its slope there counts as \(text)"
  }
}
