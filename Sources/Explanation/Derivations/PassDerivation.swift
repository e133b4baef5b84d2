import Differentiation

extension DerivationGraph {
  /// The most steps that are written one by one.
  private static let mostSteps = 120

  /// Forward and backward pass, value by value: what each is, its local derivatives, and what
  /// flows back to it.
  /// - Parameter targets: what is derived by; every parameter where empty.
  /// - Throws: where a derivative is missing.
  package func passes(to targets: [Node]) throws(DifferentiationError) -> Derivation {
    let last = steps.count - 1
    let top = steps[last]
    guard top.value.number != nil else { throw .outputIsNotANumber(top.value.shape) }
    var result = Derivation(
      title: "forward and backward pass of \(top.symbol.text)", result: top.value)
    for step in steps { result.values[step.symbol] = step.value }
    var varying = Set(targets.compactMap { place(of: $0) })
    if varying.isEmpty { varying = Set(steps.indices.filter { steps[$0].node.isParameter }) }
    for (place, step) in steps.enumerated()
    where step.inputs.contains(where: { varying.contains($0) }) {
      varying.insert(place)
    }
    result.add(heading: "forward")
    var left = 0
    for (place, step) in steps.enumerated() {
      guard let formula = step.formula else { continue }
      if place >= Self.mostSteps {
        left += 1
      } else {
        result.add(step.symbol, formula, value: step.value)
      }
    }
    if left > 0 { result.add(note: "\(left) further values are left out") }
    try addBackward(last, varying, to: &result)
    return result
  }

  private func addBackward(
    _ last: Int, _ varying: Set<Int>, to result: inout Derivation
  ) throws(DifferentiationError) {
    let top = steps[last]
    result.add(heading: "backward")
    var adjoints: [Int: [(formula: Formula, value: Tensor)]] = [:]
    var notes: [String] = []
    var written = 0
    for place in steps.indices.reversed() where varying.contains(place) {
      let step = steps[place]
      let name = Symbol.derivative(of: top.symbol, by: step.symbol)
      var value = Tensor(1)
      if place != last {
        let parts = adjoints.removeValue(forKey: place) ?? []
        guard let first = parts.first else { continue }
        value = first.value
        for part in parts.dropFirst() {
          value.elements = zip(value.elements, part.value.elements).map { a, b in
            rounding.map { $0(a + b) } ?? a + b
          }
        }
        if written < Self.mostSteps {
          let further: [Formula] =
            parts.count > 1 && parts.allSatisfy({ $0.value.number != nil })
            ? [.sum(parts.map { .number($0.value.number ?? 0) })] : []
          result.add(name, .adding(parts.map { $0.formula }), value: value, further: further)
        }
        written += 1
      }
      result.values[name] = value
      let wanted = Set(step.inputs).intersection(varying)
      guard !wanted.isEmpty else { continue }
      if let upstream = value.number, step.value.number != nil {
        let locals = try localDerivatives(of: place, by: wanted)
        for (input, local) in locals {
          if let note = local.note, !notes.contains(note) { notes.append(note) }
          let part: (formula: Formula, value: Tensor)
          if place == last {
            part = (local.formula, local.value)
          } else {
            var product = local.value
            product.elements = product.elements.map { element in
              rounding.map { $0(upstream * element) } ?? upstream * element
            }
            part = (.chain([.symbol(name), local.formula]), product)
          }
          adjoints[input, default: []].append(part)
        }
      } else {
        let parts = try contributions(of: place, to: wanted, adjoint: (name, value))
        for (input, part) in parts { adjoints[input, default: []].append(part) }
      }
    }
    for note in notes { result.add(note: note) }
    if written > Self.mostSteps {
      result.add(note: "\(written - Self.mostSteps) further derivatives are left out")
    }
  }
}

extension DerivationGraph {
  /// What flows back along each edge of the graph: by step, then by its input.
  /// - Parameter targets: what is derived by.
  /// - Throws: where something has no derivative.
  package func edgeGradients(
    to targets: [Node]
  ) throws(DifferentiationError) -> [Int: [Int: Tensor]] {
    var varying = Set(targets.compactMap { place(of: $0) })
    for (place, step) in steps.enumerated()
    where step.inputs.contains(where: { varying.contains($0) }) {
      varying.insert(place)
    }
    var result: [Int: [Int: Tensor]] = [:]
    var adjoints: [Int: Tensor] = [steps.count - 1: Tensor(1)]
    for place in steps.indices.reversed() where varying.contains(place) {
      guard let adjoint = adjoints[place] else { continue }
      let wanted = Set(steps[place].inputs).intersection(varying)
      guard !wanted.isEmpty else { continue }
      let symbol = Symbol(name: "upstream")
      for (input, part) in try contributions(of: place, to: wanted, adjoint: (symbol, adjoint)) {
        result[place, default: [:]][input] = part.value
        var sum = adjoints[input] ?? Tensor(repeating: 0, shape: part.value.shape)
        sum.elements = zip(sum.elements, part.value.elements).map { a, b in
          rounding.map { $0(a + b) } ?? a + b
        }
        adjoints[input] = sum
      }
    }
    return result
  }
}
