/// One named value of a computation: what was computed, from what, and the value itself where
/// everything it comes from has one.
package final class Node {
  package enum Kind {
    /// A value that comes later: a batch of data.
    case input
    /// A value that derivatives are taken with respect to.
    case parameter
    case constant
    case operation(Primitive)
  }

  package let kind: Kind
  package private(set) var inputs: [Node]
  package let shape: Shape
  package var name: String?
  /// Absent for inputs of a net and what is computed from them.
  package var value: Tensor?
  /// What a condition looked at that chose this value: nothing that it varies with, and nothing that
  /// a value may keep alive.
  var passedOver: [WeakReference<Node>] = []
  /// What this node is the derivative of, so that a program may take both in one step.
  var derivativeOrigin: DerivativeOrigin?

  init(_ kind: Kind, inputs: [Node], shape: Shape, name: String?, value: Tensor?) {
    self.kind = kind
    self.inputs = inputs
    self.shape = shape
    self.name = name
    self.value = value
  }

  // A chain of a million nodes must not be released by a million nested calls.
  deinit {
    var waiting: [Node] = []
    swap(&waiting, &inputs)
    derivativeOrigin = nil
    while var node = waiting.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      waiting.append(contentsOf: node.inputs)
      node.inputs = []
      if let origin = node.derivativeOrigin {
        waiting.append(origin.output)
        node.derivativeOrigin = nil
      }
    }
  }

  /// A parameter in the shape of its first value.
  package static func parameter(_ value: Tensor, name: String?) -> Node {
    Node(.parameter, inputs: [], shape: value.shape, name: name, value: value)
  }

  /// A parameter whose value lies in a store only, so that nothing is computed from it beforehand.
  package static func parameter(_ shape: Shape, name: String?) -> Node {
    Node(.parameter, inputs: [], shape: shape, name: name, value: nil)
  }

  package static func input(_ shape: Shape, name: String?) -> Node {
    Node(.input, inputs: [], shape: shape, name: name, value: nil)
  }

  /// A value of any shape that nothing is derived by.
  package static func constant(_ value: Tensor, name: String? = nil) -> Node {
    Node(.constant, inputs: [], shape: value.shape, name: name, value: value)
  }

  /// The primitive's result as a node, with its value where all inputs have one.
  /// - Throws: where the shapes of the inputs do not go together.
  package static func apply(_ primitive: Primitive, to inputs: [Node], name: String? = nil)
    throws(ShapeError) -> Node
  {
    if primitive.isLogarithm, let exact = try logarithm(primitive, of: inputs[0]) {
      // What has its value keeps its computation, for whoever wants to see it.
      guard inputs[0].value != nil, let value = exact.value else {
        exact.name = name
        return exact
      }
      return Node(
        .operation(primitive), inputs: inputs, shape: value.shape, name: name, value: value)
    }
    var values: [Tensor] = []
    values.reserveCapacity(inputs.count)
    for input in inputs {
      guard let value = input.value else { break }
      values.append(value)
    }
    if values.count == inputs.count {
      let value = try primitive.evaluate(values)
      return Node(
        .operation(primitive), inputs: inputs, shape: value.shape, name: name, value: value)
    }
    let shape = try primitive.shape(of: inputs.map { $0.shape })
    return Node(.operation(primitive), inputs: inputs, shape: shape, name: name, value: nil)
  }

  package var primitive: Primitive? {
    if case .operation(let primitive) = kind { primitive } else { nil }
  }

  package var isParameter: Bool { if case .parameter = kind { true } else { false } }
  package var isConstant: Bool { if case .constant = kind { true } else { false } }

  /// A number known when the graph is built, without a name of its own.
  var literal: Double? { isConstant && name == nil ? value?.number : nil }
}

/// Says of a node that it is the derivative of `primitive` at an input with the given output.
struct DerivativeOrigin {
  let primitive: Primitive
  let output: Node
}

/// Every node the given ones are computed from, each after its inputs.
package func topologicalOrder(of outputs: [Node]) -> [Node] { NodeOrder(of: outputs).nodes }
