import Differentiation

/// The chain rule for the derivative of one number by one named value: a product along the
/// stretch that all paths share, and a sum over paths where they part.
package struct ChainRule {
  private let graph: DerivationGraph
  private let target: Int
  private let output: Int
  /// Places on a path from the target to the output, in order.
  private let path: [Int]
  private let consumers: [Int: [Int]]
  private var locals: [Edge: LocalDerivative] = [:]

  private struct Edge: Hashable {
    let top: Int
    let bottom: Int
  }

  /// More paths than this are not written one by one.
  private static let mostPaths = 6
  private static let mostValues = 40
  private static let mostFactors = 60

  /// - Throws: where the output does not depend on the target or a derivative is missing.
  package init(_ graph: DerivationGraph, by target: Int) throws(DifferentiationError) {
    self.graph = graph
    self.target = target
    output = graph.steps.count - 1
    var depends: Set<Int> = [target]
    for (place, step) in graph.steps.enumerated()
    where place > target && step.inputs.contains(where: { depends.contains($0) }) {
      depends.insert(place)
    }
    var needed: Set<Int> = [output]
    var consumers: [Int: [Int]] = [:]
    for place in graph.steps.indices.reversed() where needed.contains(place) && place != target {
      guard depends.contains(place) else { continue }
      for input in graph.steps[place].inputs where depends.contains(input) {
        needed.insert(input)
        consumers[input, default: []].insert(place, at: 0)
      }
    }
    path = needed.intersection(depends).sorted()
    self.consumers = consumers
    guard isScalar else { return }
    for place in path where place != target {
      let wanted = Set(graph.steps[place].inputs).intersection(path)
      for (input, local) in try graph.localDerivatives(of: place, by: wanted) {
        var local = local
        if hasDetour(from: input, to: place) { local.symbol = .direct(local.symbol) }
        locals[Edge(top: place, bottom: input)] = local
      }
    }
  }

  /// Whether a value acts on another one also by way of others: then the derivative by it and the
  /// local derivative are two things.
  private func hasDetour(from bottom: Int, to top: Int) -> Bool {
    let others = (consumers[bottom] ?? []).filter { $0 < top }
    var open = others
    var seen = Set(others)
    while let place = open.popLast() {
      for consumer in consumers[place] ?? [] where consumer <= top {
        if consumer == top { return true }
        if seen.insert(consumer).inserted { open.append(consumer) }
      }
    }
    return false
  }

  private func localSymbol(_ top: Int, _ bottom: Int) -> Symbol {
    locals[Edge(top: top, bottom: bottom)]?.symbol
      ?? .derivative(of: symbol(top), by: symbol(bottom))
  }

  /// Whether all values on the way are numbers, so that factors can be multiplied one by one.
  package var isScalar: Bool {
    path.allSatisfy { graph.steps[$0].value.number != nil }
  }

  private func symbol(_ place: Int) -> Symbol { graph.steps[place].symbol }

  private func local(_ top: Int, _ bottom: Int) -> Double {
    locals[Edge(top: top, bottom: bottom)]?.value.number ?? 0
  }

  private func rounded(_ value: Double) -> Double { graph.rounding.map { $0(value) } ?? value }

  /// The product, rounded after every factor where steps are rounded.
  private func product(_ factors: [Double]) -> Double {
    guard let first = factors.first else { return 1 }
    return factors.dropFirst().reduce(first) { rounded($0 * $1) }
  }

  // MARK: The derivation

  /// - Parameter skippingOnes: whether a factor that is always 1, as that of a sum, is taken together
  ///   with the one below it.
  package func derivation(skippingOnes: Bool = false) -> Derivation {
    let name = Symbol.derivative(of: symbol(output), by: symbol(target))
    var result = Derivation(title: "", result: Tensor(0))
    for step in graph.steps { result.values[step.symbol] = step.value }
    for (_, local) in locals { result.values[local.symbol] = local.value }
    let turns = turningPoints
    var factors: [(symbol: Symbol, value: Double)] = []
    var forks: [(upper: Int, lower: Int)] = []
    for (lower, upper) in zip(turns, turns.dropFirst()).reversed() {
      let symbol = Symbol.derivative(of: self.symbol(upper), by: self.symbol(lower))
      let isDirect = (consumers[lower] ?? []) == [upper]
      if !isDirect { forks.append((upper, lower)) }
      let value = isDirect ? local(upper, lower) : derivative(of: upper, by: lower)
      factors.append((symbol, value))
    }
    var renamed: [(symbol: Symbol, old: Symbol, value: Double)] = []
    if skippingOnes {
      let points = Array(turns.reversed())
      var index = 0
      var top = 0
      while index + 1 < factors.count {
        let isOne = locals[Edge(top: points[top], bottom: points[top + 1])]?.formula == .number(1)
        guard isOne else {
          index += 1
          top += 1
          continue
        }
        let old = factors[index + 1]
        let symbol = Symbol.derivative(
          of: self.symbol(points[top]), by: self.symbol(points[top + 2]))
        renamed.append((symbol, old.symbol, old.value))
        factors[index + 1] = (symbol, old.value)
        factors.remove(at: index)
        index += 1
        top += 2
      }
    }
    let value = product(factors.map { $0.value })
    result.result = Tensor(value)
    result.factors = factors.map { $0.value }
    for factor in factors { result.values[factor.symbol] = Tensor(factor.value) }
    result.title =
      "\(name.text), the chain rule from \(symbol(output).text) back to \(symbol(target).text)"
    if turns.count > 2 {
      result.add(name, .chain(factors.map { .symbol($0.symbol) }), value: Tensor(value))
    }
    for (symbol, old, value) in renamed {
      result.values[old] = Tensor(value)
      result.add(symbol, .symbol(old), value: Tensor(value))
    }
    for fork in forks { addFork(fork.upper, fork.lower, to: &result) }
    addFactors(to: &result, isAlone: turns.count == 2 && forks.isEmpty)
    addValues(to: &result)
    return result
  }

  /// The places that every path passes, from the target to the output: those that no earlier place
  /// reaches beyond.
  private var turningPoints: [Int] {
    var result: [Int] = []
    var reach = target
    for place in path {
      if place == reach || place == target { result.append(place) }
      for consumer in consumers[place] ?? [] { reach = max(reach, consumer) }
    }
    return result
  }

  /// ∂upper/∂lower over all paths between them.
  private func derivative(of upper: Int, by lower: Int) -> Double {
    let paths = paths(from: lower, to: upper, most: Self.mostPaths)
    if let paths {
      return paths.map { product(factors(along: $0)) }.reduce(0) { rounded($0 + $1) }
    }
    return derivatives(of: upper, downTo: lower)[lower] ?? 0
  }

  private func derivatives(of upper: Int, downTo lower: Int) -> [Int: Double] {
    var derivatives: [Int: Double] = [upper: 1]
    for place in path.reversed() where place < upper && place >= lower {
      derivatives[place] = (consumers[place] ?? []).filter { $0 <= upper }.reduce(0) {
        sum, consumer in
        rounded(sum + rounded((derivatives[consumer] ?? 0) * local(consumer, place)))
      }
    }
    return derivatives
  }

  /// All paths, each from above to below; nil where there are more than can be written.
  private func paths(from lower: Int, to upper: Int, most: Int) -> [[Int]]? {
    var complete: [[Int]] = []
    var open: [[Int]] = [[lower]]
    while let path = open.popLast() {
      guard let last = path.last else { continue }
      if last == upper {
        complete.append(path.reversed())
        if complete.count > most { return nil }
        continue
      }
      for consumer in (consumers[last] ?? []).reversed() where consumer <= upper {
        open.append(path + [consumer])
      }
      if open.count > 64 { return nil }
    }
    return complete
  }

  private func factors(along path: [Int]) -> [Double] {
    zip(path, path.dropFirst()).map { local($0, $1) }
  }

  private func addFork(_ upper: Int, _ lower: Int, to result: inout Derivation) {
    let name = Symbol.derivative(of: symbol(upper), by: symbol(lower))
    guard let paths = paths(from: lower, to: upper, most: Self.mostPaths) else {
      return addManyPaths(upper, lower, to: &result)
    }
    result.add(
      heading: "\(symbol(lower).text) acts on \(symbol(upper).text) along \(paths.count) paths")
    let chains = paths.map { path -> Formula in
      .chain(
        zip(path, path.dropFirst()).map {
          .symbol(localSymbol($0, $1))
        })
    }
    let parts = paths.map { product(factors(along: $0)) }
    if result.paths.isEmpty { result.paths = parts }
    let value = parts.reduce(0) { rounded($0 + $1) }
    result.add(
      name, .sum(chains), value: Tensor(value), further: [.sum(parts.map { .number($0) })])
  }

  /// Too many paths to write one by one: what each value passes back is used again.
  private func addManyPaths(_ upper: Int, _ lower: Int, to result: inout Derivation) {
    result.add(
      heading:
        "\(symbol(lower).text) acts on \(symbol(upper).text) along many paths: backwards, each derivative from those above it"
    )
    let derivatives = derivatives(of: upper, downTo: lower)
    let places = path.reversed().filter { $0 < upper && $0 >= lower }
    let half = Self.mostValues / 2
    let left = places.count - 2 * half
    for (index, place) in places.enumerated() where index < half || index >= places.count - half {
      if index == places.count - half, left > 0 {
        result.add(note: "\(left) values between are left out")
      }
      let terms = (consumers[place] ?? []).filter { $0 <= upper }.map { consumer -> Formula in
        let inner = Formula.symbol(localSymbol(consumer, place))
        if consumer == upper { return inner }
        return .chain([.symbol(.derivative(of: symbol(upper), by: symbol(consumer))), inner])
      }
      let isLocal = (consumers[place] ?? []) == [upper]
      if isLocal { continue }
      result.add(
        .derivative(of: symbol(upper), by: symbol(place)), .adding(terms),
        value: Tensor(derivatives[place] ?? 0))
    }
  }

  private func addFactors(to result: inout Derivation, isAlone: Bool) {
    if !isAlone { result.add(heading: "the factors") }
    var notes: [String] = []
    let edges = edgesInOrder
    for edge in edges.prefix(Self.mostFactors) {
      guard let local = locals[edge] else { continue }
      result.add(local.symbol, local.formula, value: local.value)
      if let note = local.note, !notes.contains(note) { notes.append(note) }
    }
    if edges.count > Self.mostFactors {
      result.add(note: "\(edges.count - Self.mostFactors) further factors are left out")
    }
    for note in notes { result.add(note: note) }
  }

  /// Every factor once, in the order in which they are read.
  private var edgesInOrder: [Edge] {
    var edges: [Edge] = []
    var seen: Set<Edge> = []
    func include(_ edge: Edge) { if seen.insert(edge).inserted { edges.append(edge) } }
    let turns = turningPoints
    for (lower, upper) in zip(turns, turns.dropFirst()).reversed() {
      if let paths = paths(from: lower, to: upper, most: Self.mostPaths) {
        for path in paths {
          for (top, bottom) in zip(path, path.dropFirst()) {
            include(Edge(top: top, bottom: bottom))
          }
        }
      } else {
        for bottom in path.reversed() where bottom < upper && bottom >= lower {
          for top in consumers[bottom] ?? [] where top <= upper {
            include(Edge(top: top, bottom: bottom))
          }
        }
      }
    }
    return edges
  }

  private func addValues(to result: inout Derivation) {
    result.add(heading: "the values")
    let computed = graph.steps.indices.filter { graph.steps[$0].formula != nil }
    let onPath = Set(path)
    let shown = computed.count <= Self.mostValues ? computed : computed.filter(onPath.contains)
    for place in shown.prefix(Self.mostValues) {
      let step = graph.steps[place]
      if let formula = step.formula {
        result.add(step.symbol, formula, value: step.value)
      }
    }
    let left = computed.count - min(shown.count, Self.mostValues)
    if left > 0 { result.add(note: "\(left) further values are left out") }
  }
}
