import Differentiation

/// The named values on the way from some nodes to an output, each computed from others in one
/// formula: what a lecturer writes down of a computation.
///
/// Nodes without a name are folded into the formulas of those that have one. Where that would
/// make a formula too long, or the same part is used twice, it gets a name (`v1`).
package struct DerivationGraph {
  /// A named value.
  package struct Step {
    package let node: Node
    package let symbol: Symbol
    /// Nil for what is given: parameters and constants.
    package let formula: Formula?
    package internal(set) var value: Tensor
    /// Earlier steps of the formula, each once.
    package let inputs: [Int]
    /// Whether a parameter or named value, not a constant.
    package let isConstant: Bool
  }

  package enum Detail: Sendable {
    case named
    /// Every operation by itself.
    case everyOperation
  }

  /// Each after its inputs; the output is the last.
  package private(set) var steps: [Step] = []
  private var places: [ObjectIdentifier: Int] = [:]
  /// How a value is rounded before it is used further; nil for not at all.
  package let rounding: ((Double) -> Double)?

  /// The most operations that one formula holds.
  private static let longestFormula = 24

  /// - Parameters:
  ///   - output: the value to be explained.
  ///   - name: what it is called where it has no name.
  ///   - targets: nodes that are steps in any case.
  /// - Throws: where a value cannot be computed again.
  package init(
    of output: Node, name: String, targets: [Node] = [], detail: Detail = .named,
    rounding: ((Double) -> Double)? = nil
  ) throws(DifferentiationError) {
    self.rounding = rounding
    let order = topologicalOrder(of: [output])
    let kept = Self.stepNodes(order, output, targets, detail)
    var names = Set(order.compactMap { $0.name })
    names.insert(name)
    var used: [String: Int] = [:]
    var nextNumber = 1
    var constants: [String: [(value: Tensor, place: Int)]] = [:]
    for node in order where kept.contains(ObjectIdentifier(node)) {
      var text: String
      // The same constant used twice is one.
      if node.isConstant, let name = node.name, let value = node.value {
        if let same = constants[name]?.first(where: { $0.value == value }) {
          places[ObjectIdentifier(node)] = same.place
          continue
        }
        constants[name, default: []].append((value, steps.count))
      }
      if let own = node.name {
        used[own, default: 0] += 1
        text = own
        if let count = used[own], count > 1 {
          var number = count
          repeat {
            text = "\(own)_\(number)"
            number += 1
          } while names.contains(text)
          names.insert(text)
        }
      } else if node === output {
        text = name
      } else {
        repeat {
          text = "v\(nextNumber)"
          nextNumber += 1
        } while names.contains(text)
      }
      do { try append(node, Symbol(name: text)) } catch { throw .shape(error) }
    }
  }

  private mutating func append(_ node: Node, _ symbol: Symbol) throws(ShapeError) {
    var inputs: [Int] = []
    var formula: Formula?
    var value = node.value ?? Tensor(.nan)
    if node.primitive != nil {
      let earlier = self
      let reader = FormulaReader { earlier.place(of: $0).map { earlier.steps[$0].symbol } }
      formula = reader.computation(of: node)
      inputs = interior(of: node).inputs
      if rounding != nil {
        let local = try LocalComputation(of: node, stepInputs: inputs, in: self)
        value = local.output.value ?? value
      }
    } else if let rounding {
      // What is not computed is used as it is written.
      value.elements = value.elements.map(rounding)
    }
    // What is given counts as it is written, too: slides go on with the number they show.
    if let rounding { value.elements = value.elements.map(rounding) }
    places[ObjectIdentifier(node)] = steps.count
    steps.append(
      Step(
        node: node, symbol: symbol, formula: formula, value: value, inputs: inputs,
        isConstant: node.isConstant))
  }

  package func place(of node: Node) -> Int? { places[ObjectIdentifier(node)] }

  /// The nodes of a step's own computation, each after its inputs, and the steps it uses.
  func interior(of node: Node) -> (nodes: [Node], inputs: [Int]) {
    var nodes: [Node] = []
    var inputs: [Int] = []
    var seen: Set<ObjectIdentifier> = []
    // Bounded by the longest formula.
    func visit(_ part: Node) {
      guard seen.insert(ObjectIdentifier(part)).inserted else { return }
      if part !== node, let place = place(of: part) {
        if !inputs.contains(place) { inputs.append(place) }
        return
      }
      for input in part.inputs { visit(input) }
      nodes.append(part)
    }
    visit(node)
    return (nodes, inputs)
  }

  private static func stepNodes(
    _ order: [Node], _ output: Node, _ targets: [Node], _ detail: Detail
  ) -> Set<ObjectIdentifier> {
    var uses: [ObjectIdentifier: Int] = [:]
    for node in order {
      for input in node.inputs { uses[ObjectIdentifier(input), default: 0] += 1 }
    }
    var kept = Set(targets.map { ObjectIdentifier($0) })
    kept.insert(ObjectIdentifier(output))
    var sizes: [ObjectIdentifier: Int] = [:]
    for node in order {
      let id = ObjectIdentifier(node)
      let size = node.inputs.reduce(1) { sum, input in
        kept.contains(ObjectIdentifier(input)) ? sum : sum + (sizes[ObjectIdentifier(input)] ?? 0)
      }
      sizes[id] = node.primitive == nil ? 0 : size
      let isNamed = node.name != nil && !(node.name ?? "").contains("/")
      if isNamed { kept.insert(id) }
      guard let primitive = node.primitive else { continue }
      let isSilent = ["reshape", "broadcast", "linear"].contains(primitive.name)
      switch detail {
      case .everyOperation: if !isSilent { kept.insert(id) }
      case .named: break
      }
      if size > longestFormula || ((uses[id] ?? 0) > 1 && !isSilent) { kept.insert(id) }
    }
    return kept
  }
}

/// One step's computation by itself, from new nodes in place of the steps that it uses: the
/// derivatives of this alone are the factors of a chain rule.
struct LocalComputation {
  let output: Node
  /// New nodes by the place of the step they stand for.
  let inputs: [Int: Node]

  init(of node: Node, stepInputs: [Int], in graph: DerivationGraph) throws(ShapeError) {
    var made: [ObjectIdentifier: Node] = [:]
    var inputs: [Int: Node] = [:]
    for place in stepInputs {
      let step = graph.steps[place]
      let new = Node.parameter(step.value, name: step.symbol.text)
      made[ObjectIdentifier(step.node)] = new
      inputs[place] = new
    }
    var result = node
    func operand(for input: Node) -> Node {
      if let own = made[ObjectIdentifier(input)] { return own }
      return graph.place(of: input).flatMap { inputs[$0] } ?? input
    }
    for part in graph.interior(of: node).nodes {
      guard let primitive = part.primitive else { continue }
      result = try Node.apply(primitive, to: part.inputs.map(operand))
      made[ObjectIdentifier(part)] = result
    }
    output = result
    self.inputs = inputs
  }
}
