import Differentiation
import Learning

/// One pass of the perceptron's rule w⁺ = w + η·(t − y)·x over the rows, each with the weights that
/// the row before it left.
package struct PerceptronDerivation {
  private let network: Network
  private let data: DataSet
  private let notation: Notation
  private static let mostRows = 6
  private static let mostUnits = 8
  private static let mostInputs = 12

  /// - Parameter network: as it is before the pass.
  package init(_ network: Network, _ data: DataSet, notation: Notation) {
    self.network = network
    self.data = data
    self.notation = notation
  }

  /// - Throws: where data and net do not fit.
  package func derivation(rate: Double, frozen: [String] = []) throws(LearningError) -> Derivation {
    let targets = try network.perceptronTargets(of: data)
    let learner = network.copy()
    var result = Derivation(title: "one pass of the perceptron's rule", result: Tensor(0))
    let symbols = NetSymbols(notation, sizes: network.sizes)
    result.values[symbols.rate] = Tensor(rate)
    result.add(
      note: "\(symbols.rate.text) = \(Int(exactly: rate).map(String.init) ?? "\(rate)"); "
        + "weights move by \(symbols.rate.text) times the error times the input")
    var wrong = 0
    for row in 0..<data.count {
      if row < Self.mostRows {
        let pass = try SamplePass(learner, data, sample: row + 1)
        if data.count > 1 { result.add(heading: "row \(row + 1)") }
        var formulas = NetFormulas(pass, notation)
        formulas.sharesBiases = false
        addRow(formulas, rate, frozen, to: &result)
      }
      wrong += learner.learnOnce(
        data.x, targets: targets, order: [row], rate: rate, frozen: frozen)
    }
    if data.count > Self.mostRows {
      result.add(note: "\(data.count - Self.mostRows) further rows in the same way")
    }
    result.result = Tensor(Double(wrong))
    return result
  }

  private func addRow(
    _ formulas: NetFormulas, _ rate: Double, _ frozen: [String], to result: inout Derivation
  ) {
    let (pass, symbols) = (formulas.pass, formulas.symbols)
    formulas.define(in: &result)
    let units = pass.z[0].count
    for unit in 1...min(units, Self.mostUnits) {
      formulas.addNet(1, unit, to: &result)
      formulas.addOut(1, unit, to: &result)
      let (target, out) = (symbols.target(unit), symbols.out(1, unit))
      let error = pass.target[unit - 1] - pass.a[1][unit - 1]
      guard error != 0 else {
        result.add(note: "\(out.text) is \(target.text): nothing changes")
        continue
      }
      let difference = Formula.sum([.symbol(target), .negated(.symbol(out))])
      func add(_ parameter: Symbol, _ before: Double, input: Formula?, _ x: Double) {
        result.values[parameter] = Tensor(before)
        let factors = [.symbol(symbols.rate), difference] + (input.map { [$0] } ?? [])
        result.add(
          parameter.next, .sum([.symbol(parameter), .chain(factors)]),
          value: Tensor(before + rate * error * x))
      }
      let isFixed = pass.network.parameters.map { $0.isFrozen(by: frozen) }
      let inputs = pass.a[0].count
      if !isFixed[0] {
        for source in 1...min(inputs, Self.mostInputs) {
          let (input, x) = (symbols.out(0, source), pass.a[0][source - 1])
          result.values[input] = Tensor(x)
          add(
            symbols.weight(1, to: unit, from: source), pass.weight(1, to: unit, from: source),
            input: .symbol(input), x)
        }
        if inputs > Self.mostInputs {
          result.add(note: "\(inputs - Self.mostInputs) further weights in the same way")
        }
      }
      if let bias = pass.bias(1, unit), !isFixed[1] {
        add(symbols.bias(1, unit), bias, input: notation.biasIsWeight ? .number(1) : nil, 1)
      }
    }
    if units > Self.mostUnits {
      result.add(note: "\(units - Self.mostUnits) of \(units) units are left out")
    }
  }
}
