import Differentiation
import Learning

/// Goes through a graph once and finds the net it computes: constants are computed, what is done to
/// each unit alone is kept as a function of its net input, and a product with weights begins the
/// next layer.
struct ONNXInterpreter {
  typealias Operation = ONNXModel.Operation
  typealias Rule =
    @Sendable (inout ONNXInterpreter, Operation) throws(FormatError) -> ONNXValue

  var values: [String: ONNXValue] = [:]
  var layers: [ONNXLayer] = []
  /// How the inputs are prepared before the first layer, the last of these first.
  var scaling: Affine?
  /// What the inputs of the first layer are.
  var firstInputs: [Int] = []
  /// What the features may become, by the places of units of layer 0.
  var columns: [ONNXColumn]
  /// The categories of features, by their numbers.
  var categories: [Int: [String]] = [:]
  /// What stands for missing features.
  var fills: [Int: Double] = [:]
  /// What whoever loads the model should know.
  var notes: [String] = []
  /// Of the features: the names of the inputs where there are several.
  let featureNames: [String]
  let hasSeveralInputs: Bool
  var budget: NumberBudget
  /// What the nodes of functions stand for.
  private(set) var leaves: [(node: Node, affine: Affine)] = []
  private var leafOfValue: [String: Node] = [:]
  private(set) var typesOfNodes: [ObjectIdentifier: String] = [:]
  private(set) var learnedNodes: Set<ObjectIdentifier> = []
  private(set) var textFeatures: Set<Int> = []

  /// - Throws: where the graph is no net.
  init(_ model: ONNXModel, budget: NumberBudget) throws(FormatError) {
    self.budget = budget
    guard !model.inputs.isEmpty else { throw FormatError("the model has no input") }
    values = model.constants.mapValues { .constant($0) }
    let readsColumns = Self.readsColumns(model)
    var count = 0
    for input in model.inputs {
      let axes = try Self.axes(of: input, in: model, readsColumns: readsColumns)
      let width = axes.reduce(1 as Int?) { product, size in
        let (next, overflows) = (product ?? 0).multipliedReportingOverflow(by: size ?? 1)
        return product == nil || overflows ? nil : next
      }
      guard let width, width > 0, width <= budget.limit else {
        throw FormatError("the input \(visible(input.name)) is too large")
      }
      try self.budget.charge(width, at: .offset(0))
      if model.inputs.count > 1, width != 1 {
        throw FormatError(
          "the model has \(model.inputs.count) inputs, a net has one",
          help: ["inputs of one column each are read as its features"])
      }
      let places = Array(count..<count + width)
      if input.holdsTexts { textFeatures.formUnion(places) }
      values[input.name] = .units(ONNXUnits(layer: 0, places: places, axes: axes))
      count += width
    }
    columns = (0..<count).map { .feature($0) }
    hasSeveralInputs = model.inputs.count > 1
    featureNames =
      model.inputs.count > 1
      ? model.inputs.map { visible($0.name) } : (0..<count).map { "x\($0 + 1)" }
    for operation in try Self.needed(model) { try run(operation) }
  }

  /// The operations that the outputs depend on, in the order of the file.
  private static func needed(_ model: ONNXModel) throws(FormatError) -> [Operation] {
    var wanted = Set(model.outputs)
    var operations: [Operation] = []
    for operation in model.operations.reversed()
    where operation.outputs.contains(where: { wanted.contains($0) }) {
      operations.append(operation)
      wanted.formUnion(operation.inputs)
    }
    return operations.reversed()
  }

  /// Whether samples are columns: weights stand to the left of what they are multiplied with.
  private static func readsColumns(_ model: ONNXModel) -> Bool {
    var constants = Set(model.constants.keys)
    for operation in model.operations {
      if operation.type == "MatMul", let first = operation.inputs.first {
        return constants.contains(first)
      }
      if operation.inputs.allSatisfy({ constants.contains($0) }) {
        constants.formUnion(operation.outputs)
      }
    }
    return false
  }

  /// The axes of an input: the first is that of the samples unless they are columns.
  private static func axes(
    of input: ONNXModel.Input, in model: ONNXModel, readsColumns: Bool
  ) throws(FormatError) -> [Int?] {
    guard var axes = input.axes, axes.dropFirst().allSatisfy({ $0 != nil }) || readsColumns else {
      // The file does not say: as many features as the first weights take.
      for operation in model.operations where ["MatMul", "Gemm"].contains(operation.type) {
        guard operation.inputs.count > 1,
          let weights = model.constants[operation.inputs[1]], weights.shape.count == 2
        else { continue }
        let isTransposed = operation.type == "Gemm" && operation.attributes.number("transB") == 1
        return [nil, weights.shape[isTransposed ? 1 : 0]]
      }
      throw FormatError("the model does not say how many inputs it has")
    }
    if readsColumns {
      if axes.count > 1, axes.last == 1 { axes[axes.count - 1] = nil }
    } else if axes.count > 1 {
      axes[0] = nil
    }
    return axes
  }

  /// - Throws: where the operation is none of those that nets consist of.
  private mutating func run(_ operation: Operation) throws(FormatError) {
    guard let output = operation.outputs.first else {
      throw operation.error("an operation without output")
    }
    values[output] = try result(of: operation)
  }

  private mutating func result(of operation: Operation) throws(FormatError) -> ONNXValue {
    let operands = operation.inputs.filter { !$0.isEmpty }
    if let missing = operands.first(where: { values[$0] == nil }) {
      throw operation.error("the value \(visible(missing)) is not computed before it")
    }
    let areConstants = operands.allSatisfy {
      if case .constant = values[$0] { true } else { false }
    }
    if areConstants, let value = try constant(operation) { return .constant(value) }
    if let rule = Self.rules[operation.type] ?? Self.answerRules[operation.type] {
      return try rule(&self, operation)
    }
    if let rule = ONNXElementwise.rule(of: operation.type) {
      return .units(try applied(rule, operation))
    }
    throw operation.error(
      "this operation is not read here",
      help: [
        "nets of layers one after the other are: products with weights, biases, activations, scaling",
        "export the net without it, or write its weights to a .npz file and set them",
      ])
  }

  static let chainHelp = "a net here is a chain: a layer takes the outputs of the one before"

  // MARK: Operands

  /// The units that an operand is.
  func units(_ place: Int, _ operation: Operation) throws(FormatError) -> ONNXUnits {
    guard operation.inputs.indices.contains(place) else {
      throw operation.error("operand \(place + 1) is missing")
    }
    switch values[operation.inputs[place]] {
    case .units(let units): return units
    case .whole: throw operation.error("it takes features without their fractions")
    case .answer, .part, .total, .isZero:
      throw operation.error("it takes the answer of the net further")
    default: throw operation.error("operand \(place + 1) does not come from the input")
    }
  }

  /// The constant that an operand is; nil where it is left out.
  func constant(_ place: Int, _ operation: Operation) throws(FormatError) -> ONNXConstant? {
    guard operation.inputs.indices.contains(place), !operation.inputs[place].isEmpty else {
      return nil
    }
    guard case .constant(let constant) = values[operation.inputs[place]] else {
      throw operation.error(
        "operand \(place + 1) depends on the input",
        help: [Self.chainHelp])
    }
    return constant
  }

  func isConstant(_ name: String) -> Bool {
    if case .constant = values[name] { true } else { false }
  }

  /// The numbers that a constant is to each unit.
  mutating func coefficients(
    _ constant: ONNXConstant, for units: ONNXUnits, _ operation: Operation
  ) throws(FormatError) -> (Coefficients, axes: [Int?]) {
    let rank = max(constant.shape.count, units.axes.count)
    let axes = Array(repeating: 1 as Int?, count: rank - units.axes.count) + units.axes
    guard constant.texts == nil, !constant.numbers.isEmpty else {
      throw operation.error("it takes numbers")
    }
    if constant.numbers.count == 1 { return (Coefficients(constant.numbers[0]), axes) }
    let shape = Array(repeating: 1, count: rank - constant.shape.count) + constant.shape
    for (size, width) in zip(axes, shape) where width != 1 && width != size {
      throw operation.error("an array of the shape \(listed(constant.shape)) does not fit")
    }
    try budget.charge(units.count, at: operation.place)
    if constant.numbers.count == units.count { return (Coefficients(constant.numbers), axes) }
    // Repeated along the axes where it has one number only.
    var places = [0]
    for (size, width) in zip(axes, shape) {
      places = places.flatMap { place in
        (0..<(size ?? 1)).map { width == 1 ? place : place * width + $0 }
      }
    }
    return (Coefficients(places.map { constant.numbers[$0] }), axes)
  }

  // MARK: Functions of units

  /// The operation on units and numbers, as one function of the net inputs of a layer.
  mutating func applied(
    _ rule: ONNXElementwise.Rule, _ operation: Operation
  ) throws(FormatError) -> ONNXUnits {
    let values = operation.inputs.enumerated().filter { !$1.isEmpty && !isConstant($1) }
    // A layer may have to be put in for one of them, before they are compared.
    for (place, name) in values {
      _ = try node(of: try units(place, operation), named: name, operation)
    }
    guard let first = values.first else { throw operation.error("it has no operand") }
    var result = try units(first.offset, operation)
    for (place, _) in values {
      let other = try units(place, operation)
      guard other.layer == result.layer, other.count == result.count,
        other.places == result.places
      else {
        throw operation.error(
          "it joins the values of two layers", help: [Self.chainHelp])
      }
    }
    var operands: [Node] = []
    for (place, name) in operation.inputs.enumerated() {
      if name.isEmpty {
        // A bound of Clip that is left out.
        operands.append(Node(number: place == 1 ? -.infinity : .infinity))
      } else if let constant = isConstant(name) ? try constant(place, operation) : nil {
        let (numbers, axes) = try coefficients(constant, for: result, operation)
        guard let number = numbers.uniform else {
          throw operation.error("it takes a number of its own for each unit")
        }
        result.axes = axes
        operands.append(Node(number: number))
      } else {
        operands.append(try node(of: try units(place, operation), named: name, operation))
      }
    }
    let node: Node
    do throws(ShapeError) { node = try rule(operands, operation.attributes) } catch {
      throw operation.error(error.message)
    }
    typesOfNodes[ObjectIdentifier(node)] = operation.type
    if ONNXElementwise.learns(operation.type) { learnedNodes.insert(ObjectIdentifier(node)) }
    result.form = .function(node)
    result.post = .identity
    return result
  }

  /// What stands for units in a function; a layer of their own is put in where no function can take
  /// them otherwise.
  private mutating func node(
    of units: ONNXUnits, named name: String, _ operation: Operation
  ) throws(FormatError) -> Node {
    if let node = leafOfValue[name] { return node }
    switch units.form {
    case .netInputs:
      let node = Node.input(.scalar, name: nil)
      leaves.append((node, units.post))
      leafOfValue[name] = node
      return node
    case .function(let node):
      if units.post.isIdentity { return node }
      guard let scale = units.post.scale.uniform, let shift = units.post.shift.uniform else {
        break
      }
      do throws(ShapeError) {
        let moved = try node * Node(number: scale) + Node(number: shift)
        leafOfValue[name] = moved
        return moved
      } catch { throw operation.error(error.message) }
    case .together: break
    }
    let next = try passedOn(units, operation)
    values[name] = .units(next)
    return try self.node(of: next, named: name, operation)
  }
}
