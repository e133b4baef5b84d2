import Differentiation

/// How a primitive is written into an ONNX graph.
struct ONNXForm: Sendable {
  /// An operation whose operands have names already.
  struct Step {
    let primitive: Primitive
    let inputs: [String]
    /// The columns of the result.
    let columns: Int
  }

  /// Whether common runtimes have no kernel for float64.
  let isFloat32Only: Bool
  /// The one operation that the primitive is, without attributes: others' models have it too.
  var operation: String?
  /// Adds nodes to a graph and gives the name of the result.
  let write: @Sendable (inout ONNXGraph, Step) -> String

  static func node(
    _ operation: String, _ attributes: [ONNXGraph.Attribute] = []
  ) -> ONNXForm {
    ONNXForm(isFloat32Only: false, operation: attributes.isEmpty ? operation : nil) {
      $0.node(operation, $1.inputs, attributes)
    }
  }

  /// - Parameter constant: the attribute that is the primitive's first constant.
  static func float32(_ operation: String, constant: String? = nil) -> ONNXForm {
    ONNXForm(isFloat32Only: true, operation: constant == nil ? operation : nil) { graph, step in
      graph.node(
        operation, step.inputs, constant.map { [.float($0, step.primitive.constants[0])] } ?? [])
    }
  }

  static let softmax = node("Softmax", [.number("axis", -1)])

  static func reduction(_ operation: String) -> ONNXForm {
    node(operation, [.numbers("axes", [1])])
  }

  /// Its axes became an operand before those of the other reductions.
  static let sum = ONNXForm(isFloat32Only: false) { graph, step in
    let axes = graph.indices([1], name: "axis1")
    return graph.node("ReduceSum", step.inputs + [axes])
  }

  /// With the sign of the divisor, where the operation of ONNX has that of the dividend.
  static let remainder = ONNXForm(isFloat32Only: false) { graph, step in
    let rest = graph.node("Mod", step.inputs, [.number("fmod", 1)])
    let product = graph.node("Mul", [rest, step.inputs[1]])
    let isOther = graph.node("Less", [product, graph.number(0)])
    return graph.node("Where", [isOther, graph.node("Add", [rest, step.inputs[1]]), rest])
  }

  static let slice = ONNXForm(isFloat32Only: false) { graph, step in
    let positions = graph.indices(step.primitive.selection ?? [])
    return graph.node("Gather", step.inputs + [positions], [.number("axis", 1)])
  }

  static let broadcast = ONNXForm(isFloat32Only: false) { graph, step in
    graph.node("Expand", step.inputs + [graph.indices([1, step.columns])])
  }
}

extension ONNXGraph {
  /// Adds the nodes of an activation.
  /// - Parameter names: of the graph's leaves.
  /// - Returns: the name of the result.
  /// - Throws: where a primitive has no counterpart.
  mutating func write(_ traced: TracedGraph) throws(FormatError) -> String {
    let isFloat32 = isFloat32
    let graph = try traced.expanded(for: "ONNX") {
      $0.onnx.map { isFloat32 || !$0.isFloat32Only } ?? false
    }
    var names: [ObjectIdentifier: String] = [:]
    var truths: [ObjectIdentifier: String] = [:]
    for leaf in graph.leaves { names[ObjectIdentifier(leaf.node)] = leaf.name }
    let order = topologicalOrder(of: [graph.result])
    let numbers = Self.usedAsNumbers(order, graph.result)
    for node in order where names[ObjectIdentifier(node)] == nil {
      let id = ObjectIdentifier(node)
      if let value = node.value {
        let isNumber = value.elements.count == 1 && value.shape.rank < 2
        names[id] = isNumber ? number(value.elements[0]) : constant(value)
        continue
      }
      guard let primitive = node.primitive, let row = PrimitiveRow.row(of: primitive) else {
        continue
      }
      var inputs = node.inputs.map { names[ObjectIdentifier($0)] ?? "" }
      guard row.kind != .unchanged, let form = row.onnx else {
        names[id] = inputs[0]
        continue
      }
      if row.kind == .choice {
        let truth = truths[ObjectIdentifier(node.inputs[0])]
        inputs[0] = truth ?? self.node("Cast", [inputs[0]], [.number("to", 9)])
      }
      let step = ONNXForm.Step(
        primitive: primitive, inputs: inputs, columns: node.shape.columns)
      let name = form.write(&self, step)
      if row.kind == .comparison {
        truths[id] = name
        if numbers.contains(id) { names[id] = cast(name) }
      } else {
        names[id] = name
      }
    }
    return names[ObjectIdentifier(graph.result)] ?? ""
  }

  /// The nodes that are used other than as the truth of a choice.
  private static func usedAsNumbers(_ order: [Node], _ result: Node) -> Set<ObjectIdentifier> {
    var numbers: Set = [ObjectIdentifier(result)]
    for node in order {
      let isChoice = node.primitive.flatMap(PrimitiveRow.row(of:))?.kind == .choice
      for input in node.inputs.dropFirst(isChoice ? 1 : 0) {
        numbers.insert(ObjectIdentifier(input))
      }
    }
    return numbers
  }
}
