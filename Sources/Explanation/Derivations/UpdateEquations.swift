import Differentiation
import Learning

/// The equations of an optimizer's first step, read from the graph that trains.
struct UpdateEquations {
  let optimizer: Optimizer
  let rate: Double
  let symbols: NetSymbols

  /// What stands above the equations.
  func addHeading(to result: inout Derivation) {
    let name = optimizer.isPlainDescent ? "" : " by \(optimizer.title)"
    result.add(heading: "update\(name), \(symbols.rate.text) = \(decimal(rate))")
    for start in Set(optimizer.states.map { $0.start }).sorted() {
      let names = optimizer.states.filter { $0.start == start }.map { $0.name }
      result.add(
        note: "\(names.joined(separator: " and ")) begin\(names.count == 1 ? "s" : "") at "
          + decimal(start))
    }
    if let graph = try? optimizer.graph(for: .scalar),
      topologicalOrder(of: [graph.w] + graph.states).contains(where: { $0 === graph.operands.step })
    {
      result.add(note: "\(Self.stepNumber.text) is the number of the step: 1")
    }
  }

  /// Whether the step of every number of a parameter is one by itself.
  func isElementwise(_ before: Tensor, gradient: Tensor) throws(LearningError) -> Bool {
    try optimizer.firstStep(w: before, g: gradient, rate: rate).isElementwise
  }

  /// Adds the next values of the states and of the parameter.
  /// - Parameters:
  ///   - derivative: the symbol of the gradient.
  ///   - after: the parameter as it is kept, where its precision rounds it.
  /// - Throws: what a user's function throws.
  func add(
    _ parameter: Symbol, _ derivative: Symbol, before: Tensor, gradient: Tensor,
    after: Tensor? = nil, to result: inout Derivation
  ) throws(LearningError) {
    let graph = try optimizer.firstStep(w: before, g: gradient, rate: rate)
    let operands = graph.operands
    var known: [ObjectIdentifier: Symbol] = [:]
    func define(_ node: Node, _ symbol: Symbol) {
      known[ObjectIdentifier(node)] = symbol
      result.values[symbol] = node.value
    }
    define(operands.w, parameter)
    define(operands.g, derivative)
    define(operands.lr, symbols.rate)
    for (name, node) in operands.states { define(node, parameter.owning(name)) }
    var outputs: [(node: Node, symbol: Symbol)] = [(graph.w, parameter.next)]
    for (state, node) in zip(operands.states, graph.states) {
      outputs.append((node, parameter.owning("\(state.name)⁺")))
    }
    let order = topologicalOrder(of: outputs.map { $0.node })
    if order.contains(where: { $0 === operands.step }) { define(operands.step, Self.stepNumber) }
    for (name, node) in operands.settings where order.contains(where: { $0 === node }) {
      define(node, symbols.setting(name))
    }
    let parts = Self.sharedParts(order, besides: outputs.map { $0.node })
    var written = Set<Symbol>()
    func write(_ node: Node, _ symbol: Symbol, _ formula: Formula) {
      let value = (symbol == outputs[0].symbol ? after : nil) ?? node.value ?? Tensor(.nan)
      result.add(symbol, Self.dotted(formula), value: value)
      written.insert(symbol)
    }
    func reader() -> FormulaReader {
      let known = known
      return FormulaReader { known[ObjectIdentifier($0)] }
    }
    for node in order where node.primitive != nil {
      let id = ObjectIdentifier(node)
      guard
        let symbol = outputs.first(where: { $0.node === node })?.symbol
          ?? parts[id].map({ parameter.owning($0) })
      else { continue }
      write(node, symbol, reader().computation(of: node))
      known[id] = symbol
    }
    // What is taken over as it is, or is another output as well.
    for (node, symbol) in outputs where !written.contains(symbol) {
      write(node, symbol, reader().formula(node))
    }
  }

  /// Names for what is used more than once.
  private static func sharedParts(
    _ order: [Node], besides outputs: [Node]
  ) -> [ObjectIdentifier: String] {
    var uses: [ObjectIdentifier: Int] = [:]
    for node in order {
      for input in node.inputs { uses[ObjectIdentifier(input), default: 0] += 1 }
    }
    var names: [ObjectIdentifier: String] = [:]
    var taken = Set(order.compactMap { $0.name })
    var number = 1
    for node in order where node.primitive != nil && !outputs.contains(where: { $0 === node }) {
      let id = ObjectIdentifier(node)
      if let name = node.name {
        names[id] = name
      } else if (uses[id] ?? 0) > 1 {
        while taken.contains("u\(number)") { number += 1 }
        taken.insert("u\(number)")
        names[id] = "u\(number)"
      }
    }
    return names
  }

  private static let stepNumber = Symbol(name: "k")

  /// With dots between factors, as in a chain rule.
  private static func dotted(_ formula: Formula) -> Formula {
    switch formula {
    case .number, .tensor, .symbol, .omitted: formula
    case .sum(let terms): .sum(terms.map(dotted))
    case .product(let factors), .chain(let factors): .chain(factors.map(dotted))
    case .quotient(let a, let b): .quotient(dotted(a), dotted(b))
    case .power(let a, let b): .power(dotted(a), dotted(b))
    case .negated(let a): .negated(dotted(a))
    case .matrixProduct(let a, let b): .matrixProduct(dotted(a), dotted(b))
    case .transposed(let a): .transposed(dotted(a))
    case .comparison(let sign, let a, let b): .comparison(sign, dotted(a), dotted(b))
    case .call(let name, let arguments): .call(name, arguments.map(dotted))
    }
  }

  private func decimal(_ number: Double) -> String {
    Int64(exactly: number).map { String($0) } ?? "\(number)"
  }
}
