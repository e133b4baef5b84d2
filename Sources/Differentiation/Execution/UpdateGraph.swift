internal import CKernels

/// What a step of an optimizer is computed from, for one parameter.
package struct UpdateOperands {
  /// The parameter, of any shape.
  package let w: Node
  /// Its gradient, of the same shape.
  package let g: Node
  /// The learning rate, a number.
  package let lr: Node
  /// The number of the step, counted from 1.
  package let step: Node
  /// The arrays that are kept beside the parameter, of its shape.
  package let states: [(name: String, node: Node)]
  /// Numbers that stay the same.
  package let settings: [String: Node]

  package init(
    w: Node, g: Node, lr: Node, step: Node, states: [(name: String, node: Node)],
    settings: [String: Node]
  ) {
    self.w = w
    self.g = g
    self.lr = lr
    self.step = step
    self.states = states
    self.settings = settings
  }

  /// Without values yet, for a parameter of some shape.
  package init(shape: Shape, states: [String], settings: [String: Node]) {
    self.init(
      w: .input(shape, name: "w"), g: .input(shape, name: "g"), lr: .input(.scalar, name: "lr"),
      step: .input(.scalar, name: "step"),
      states: states.map { ($0, Node.input(shape, name: $0)) }, settings: settings)
  }

  /// A state or setting by its name; not a number where there is none of that name.
  package subscript(name: String) -> Node {
    states.first { $0.name == name }?.node ?? settings[name] ?? Node(number: .nan)
  }
}

/// A step of an optimizer for one parameter: the nodes of its next value and of the next values of
/// the arrays kept beside it.
package struct UpdateGraph {
  package let operands: UpdateOperands
  /// The next value of the parameter, of its shape.
  package let w: Node
  /// The next values of the operands' states, in their order and of the parameter's shape.
  package let states: [Node]

  /// - Parameter states: a number stands for an array of it.
  /// - Throws: where the next values have other shapes than the parameter.
  package init(_ operands: UpdateOperands, w: Node, states: [Node]) throws(ShapeError) {
    let shape = operands.w.shape
    guard w.shape == shape else {
      throw ShapeError("the next w is \(w.shape), and w is \(shape)")
    }
    self.operands = operands
    self.w = w
    var next: [Node] = []
    for ((name, _), state) in zip(operands.states, states) {
      guard state.shape == shape || state.shape == .scalar else {
        throw ShapeError("the next \(name) is \(state.shape), and w is \(shape)")
      }
      next.append(try state.broadcast(to: shape))
    }
    self.states = next
  }

  var outputs: [Node] { [w] + states }

  /// The same graph from operands with values, so that every node has its number.
  /// - Parameter values: in the shapes of this graph's operands; its settings stay as they are.
  /// - Throws: where an operation cannot be repeated.
  package func evaluated(at values: UpdateOperands) throws(ShapeError) -> UpdateGraph {
    var made = [
      ObjectIdentifier(operands.w): values.w, ObjectIdentifier(operands.g): values.g,
      ObjectIdentifier(operands.lr): values.lr, ObjectIdentifier(operands.step): values.step,
    ]
    for (old, new) in zip(operands.states, values.states) {
      made[ObjectIdentifier(old.node)] = new.node
    }
    func operand(_ node: Node) -> Node { made[ObjectIdentifier(node)] ?? node }
    for node in topologicalOrder(of: outputs) {
      guard let primitive = node.primitive else { continue }
      made[ObjectIdentifier(node)] = try Node.apply(
        primitive, to: node.inputs.map(operand), name: node.name)
    }
    return try UpdateGraph(
      UpdateOperands(
        w: values.w, g: values.g, lr: values.lr, step: values.step, states: values.states,
        settings: operands.settings), w: operand(w), states: states.map(operand))
  }

  private var varying: Set<ObjectIdentifier> {
    var found = Set(([operands.w, operands.g] + operands.states.map { $0.node }).map(identity))
    for node in topologicalOrder(of: outputs)
    where node.inputs.contains(where: { found.contains(ObjectIdentifier($0)) }) {
      found.insert(ObjectIdentifier(node))
    }
    return found
  }

  private func identity(_ node: Node) -> ObjectIdentifier { ObjectIdentifier(node) }

  /// Whether every number of the next values comes from the numbers at the same place alone, so
  /// that parameters may be updated in blocks of any size.
  package var isElementwise: Bool {
    let varying = varying
    return topologicalOrder(of: outputs).allSatisfy { node in
      guard varying.contains(ObjectIdentifier(node)) || node.shape != .scalar else { return true }
      guard node.shape == operands.w.shape else { return false }
      switch node.primitive?.kernel {
      case .map, .zip, .choose: return true
      case .broadcast: return node.inputs[0].shape == .scalar
      case nil: return !node.isConstant
      default: return false
      }
    }
  }

  /// The same computation for a parameter of another shape, in a form that a program runs: numbers
  /// that only the learning rate and the step decide are taken out, since they need binary64
  /// whatever the precision of the parameters is.
  struct Compiled {
    let operands: UpdateOperands
    let outputs: [Node]
    /// What the numbers taken out are computed from.
    let lr: Node
    let step: Node
    /// The numbers taken out, and the inputs that stand for them.
    let scalars: [(node: Node, input: Node)]
  }

  /// - Parameter shape: another one than the parameter's only for an element-wise step.
  func compiled(for shape: Shape) throws(ShapeError) -> Compiled {
    let varying = varying
    let new = UpdateOperands(
      shape: shape, states: operands.states.map { $0.name }, settings: operands.settings)
    var made: [ObjectIdentifier: Node] = [
      ObjectIdentifier(operands.w): new.w, ObjectIdentifier(operands.g): new.g,
    ]
    for (old, new) in zip(operands.states, new.states) {
      made[ObjectIdentifier(old.node)] = new.node
    }
    let timed = timed
    var scalars: [(node: Node, input: Node)] = []
    func operand(_ node: Node) -> Node {
      let id = ObjectIdentifier(node)
      if let own = made[id] { return own }
      guard timed.contains(id) else { return node }
      let input = Node.input(.scalar, name: node.name)
      scalars.append((node, input))
      made[id] = input
      return input
    }
    for node in topologicalOrder(of: outputs) {
      guard let primitive = node.primitive,
        varying.contains(ObjectIdentifier(node)) || node.shape != .scalar
      else { continue }
      let inputs = node.inputs.map(operand)
      if case .broadcast = primitive.kernel, node.shape == operands.w.shape {
        made[ObjectIdentifier(node)] = try inputs[0].broadcast(to: shape)
      } else {
        made[ObjectIdentifier(node)] = try Node.apply(primitive, to: inputs)
      }
    }
    let results = outputs.map(operand)
    return Compiled(
      operands: new, outputs: results, lr: operands.lr, step: operands.step, scalars: scalars)
  }

  /// The numbers that the learning rate and the step decide, with these two.
  private var timed: Set<ObjectIdentifier> {
    var found = Set([operands.lr, operands.step].map(identity))
    for node in topologicalOrder(of: outputs)
    where node.shape == .scalar && !node.inputs.isEmpty
      && node.inputs.contains(where: { found.contains(ObjectIdentifier($0)) })
      && node.inputs.allSatisfy({ $0.shape == .scalar })
    {
      found.insert(ObjectIdentifier(node))
    }
    return found.subtracting(varying)
  }

  /// The computation in words that are the same for the same computation, whatever it was called
  /// and wherever it was written; for an element-wise step also whatever the parameter's shape is.
  package var signature: String {
    let leaves = [
      ("w", operands.w), ("g", operands.g), ("lr", operands.lr), ("step", operands.step),
    ]
    var numbers: [ObjectIdentifier: Int] = [:]
    var lines: [String] = []
    for node in topologicalOrder(of: outputs) {
      numbers[ObjectIdentifier(node)] = numbers.count
      var words: [String] = []
      if let leaf = leaves.first(where: { $0.1 === node }) {
        words = [leaf.0]
      } else if let place = operands.states.firstIndex(where: { $0.node === node }) {
        words = ["state", "\(place)"]
      } else if let primitive = node.primitive {
        words =
          primitive.kernel.words + node.inputs.map { "%\(numbers[ObjectIdentifier($0)] ?? 0)" }
      } else {
        words = (node.value?.elements ?? []).map { "\($0)" }
      }
      if node.shape != .scalar {
        words.append(node.shape == operands.w.shape ? "whole" : "\(node.shape)")
      }
      lines.append(words.joined(separator: " "))
    }
    let results = outputs.map { "%\(numbers[ObjectIdentifier($0)] ?? 0)" }
    return (lines + results + operands.states.map { $0.name }).joined(separator: "\n")
  }
}

extension Kernel {
  /// The kind with everything that decides what it computes.
  fileprivate var words: [String] {
    switch self {
    case .map(let function, let a, let b): ["map", "\(function.rawValue)", "\(a)", "\(b)"]
    case .zip(let function, let constant): ["zip", "\(function.rawValue)", "\(constant)"]
    case .choose: ["choose"]
    case .product: ["product"]
    case .outer: ["outer"]
    case .transpose: ["transpose"]
    case .reduce(let function, let axis, let mean, let factor):
      ["reduce", "\(function.rawValue)", "\(axis)", "\(mean)", "\(factor)"]
    case .row(let function): ["row", "\(function.rawValue)"]
    case .accumulate(let backward): ["accumulate", "\(backward)"]
    case .take(let indices): ["take"] + indices.map { "\($0)" }
    case .scatter(let indices): ["scatter"] + indices.map { "\($0)" }
    case .join: ["join"]
    case .view: ["view"]
    case .broadcast: ["broadcast"]
    case .collapse: ["collapse"]
    }
  }
}

/// How a training loop carries out the steps of an optimizer.
package enum UpdateRule {
  case kernel(UpdateKernel)
  /// One graph for each trainable parameter, and what the arrays kept beside them begin at.
  case graphs([UpdateGraph], starts: [Double])

  /// What the arrays kept beside each parameter begin at.
  var starts: [Double] {
    switch self {
    case .kernel(let kernel): Array(repeating: 0, count: kernel.stateCount)
    case .graphs(_, let starts): starts
    }
  }
}
