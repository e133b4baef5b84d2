import Differentiation
import Learning

extension NetFormulas {
  /// More outputs than these are not written one by one.
  private static let mostOutputs = 4

  /// Adds the loss of the sample from its outputs and targets, or its definition where it cannot be
  /// written out.
  func addLoss(to derivation: inout Derivation) {
    guard let (formula, value) = lossFormula(), abs(value - pass.value) <= 1e-9 * max(1, abs(value))
    else {
      derivation.add(note: "\(loss.text): \(lossDefinition)")
      return
    }
    let depth = pass.a.count - 1
    for (index, output) in pass.a[depth].enumerated() {
      derivation.values[symbols.out(depth, index + 1)] = Tensor(output)
      derivation.values[symbols.target(index + 1)] = Tensor(pass.target[index])
    }
    derivation.add(loss, formula, value: Tensor(pass.value))
  }

  /// The loss written out over the outputs, and what it comes to; nil where it is another one, or
  /// the outputs are many.
  private func lossFormula() -> (formula: Formula, value: Double)? {
    let depth = pass.a.count - 1
    let outputs = pass.a[depth]
    guard outputs.count <= Self.mostOutputs, pass.factor == 1, pass.target.count == outputs.count
    else { return nil }
    let pairs = zip(outputs, pass.target).enumerated().map { index, pair in
      (
        y: Formula.symbol(symbols.out(depth, index + 1)),
        t: Formula.symbol(symbols.target(index + 1)), output: pair.0, target: pair.1
      )
    }
    func sum(_ terms: [Formula]) -> Formula { terms.count == 1 ? terms[0] : .sum(terms) }
    let squares = pairs.map { pair in
      Formula.power(.sum([pair.t, .negated(pair.y)]), .number(2))
    }
    let square = pairs.reduce(0) { $0 + ($1.target - $1.output) * ($1.target - $1.output) }
    let count = Double(outputs.count)
    switch pass.loss.name {
    case "half_sse":
      return (sum(squares.map { .product([.number(0.5), $0]) }), square / 2)
    case "sse": return (sum(squares), square)
    case "mse":
      return outputs.count == 1
        ? (sum(squares), square) : (.quotient(sum(squares), .number(count)), square / count)
    case "ce":
      let logs = pairs.map { Formula.product([$0.t, .call("log", [$0.y])]) }
      return (.negated(sum(logs)), pairs.reduce(0) { $0 - $1.target * logarithm($1.output) })
    case "bce", "bce_sum":
      let logs = pairs.map { pair in
        Formula.sum([
          .product([pair.t, .call("log", [pair.y])]),
          .product([
            .sum([.number(1), .negated(pair.t)]),
            .call("log", [.sum([.number(1), .negated(pair.y)])]),
          ]),
        ])
      }
      let value = pairs.reduce(0) { sum, pair in
        sum - pair.target * logarithm(pair.output)
          - (1 - pair.target) * logarithm(1 - pair.output)
      }
      let whole = Formula.negated(logs.count == 1 ? logs[0] : .sum(logs))
      return pass.loss.name == "bce" && count > 1
        ? (.quotient(whole, .number(count)), value / count) : (whole, value)
    default: return nil
    }
  }

  /// The natural logarithm, from what the engine computes with.
  private func logarithm(_ x: Double) -> Double {
    (try? Node.constant(Tensor(x)).applying(.log))?.value?.number ?? .nan
  }

  /// ∂L/∂out of one output, also where the loss that trains is taken from the net inputs; nil where
  /// the loss is not one of each output by itself.
  func outputDerivative(_ unit: Int) -> (formula: Formula?, value: Double)? {
    if let gradients = pass.outputGradients {
      return (lossDerivative(unit, fused: false)?.formula, gradients[unit - 1])
    }
    let outputs = pass.a[pass.z.count].indices.map { derivativeAlone($0 + 1) }
    let values = outputs.map { $0?.value ?? .nan }
    let count = Double(values.count)
    let isDistribution = pass.network.output.activation.isDistribution
    /// What comes back to a net input, if so much of each derivative counts.
    func agrees(_ share: Double) -> Bool {
      pass.deltas[pass.z.count - 1].indices.allSatisfy { index in
        let y = pass.a[pass.z.count]
        let back =
          isDistribution
          ? y.indices.reduce(0) { sum, other in
            sum + values[other]
              * (other == index ? y[other] * (1 - y[other]) : -y[other] * y[index])
          } : values[index] * (activationDerivative(pass.z.count, index + 1)?.value ?? .nan)
        return abs(back * share * pass.factor - pass.deltas[pass.z.count - 1][index])
          <= 1e-9 * max(1, abs(pass.deltas[pass.z.count - 1][index]))
      }
    }
    guard let own = outputs[unit - 1] else { return nil }
    if agrees(1) { return (counted(own.formula), own.value * pass.factor) }
    if agrees(1 / count) {
      return (counted(.quotient(own.formula, .number(count))), own.value * pass.factor / count)
    }
    return nil
  }

  /// ∂L/∂out of one output as if it were the only one.
  private func derivativeAlone(_ unit: Int) -> (formula: Formula, value: Double)? {
    let (y, t) = (pass.a[pass.z.count][unit - 1], pass.target[unit - 1])
    let output = Node.parameter(Tensor(.matrix(1, 1), [y]), name: nil)
    let target = Node.constant(Tensor(.matrix(1, 1), [t]))
    guard let losses = try? pass.loss.samples(y: output, t: target, z: nil, activation: nil),
      let total = try? losses.applying(.sum()),
      let sweep = try? ReverseSweep(of: total, by: [output]),
      let adjoint = sweep.adjoint(of: output), let value = adjoint.value?.elements.first,
      value.isFinite
    else { return nil }
    let (symbol, wanted) = (symbols.out(pass.z.count, unit), symbols.target(unit))
    // As courses write them, without the guards against 0.
    let share = Formula.quotient(.symbol(wanted), .symbol(symbol))
    if pass.loss.name == "ce", y > 0 { return (.negated(share), value) }
    if pass.loss.name.hasPrefix("bce"), y > 0, y < 1 {
      let rest = Formula.quotient(
        .sum([.number(1), .negated(.symbol(wanted))]),
        .sum([.number(1), .negated(.symbol(symbol))]))
      return (.sum([rest, .negated(share)]), value)
    }
    let reader = FormulaReader { node in
      node === output ? symbol : node === target ? wanted : nil
    }
    return (reader.formula(adjoint), value)
  }
}
