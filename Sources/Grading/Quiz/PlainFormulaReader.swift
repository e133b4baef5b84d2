import Differentiation
import Syntax

/// Writes the elements of a computed value as formulas of what students enter.
struct PlainFormulaReader {
  private let inputs: [ObjectIdentifier: [String]]
  private var known: [ObjectIdentifier: [PlainFormula]] = [:]
  /// Linear primitives are read off by their values at so many unit vectors at most.
  private static let mostElements = 64

  /// - Parameter inputs: the names of the elements of what is entered.
  init(_ inputs: [ObjectIdentifier: [String]]) { self.inputs = inputs }

  /// One formula for every element, row by row; nil where one has none.
  mutating func read(_ node: Node) -> [PlainFormula]? {
    let order = topologicalOrder(of: [node])
    var depends: Set<ObjectIdentifier> = []
    for node in order {
      let id = ObjectIdentifier(node)
      if let names = inputs[id] {
        depends.insert(id)
        known[id] = names.map { PlainFormula(.part($0)) }
      } else if node.inputs.contains(where: { depends.contains(ObjectIdentifier($0)) }) {
        depends.insert(id)
        guard let elements = elements(of: node) else { return nil }
        known[id] = elements
      } else {
        guard let value = node.value else { return nil }
        let isLiteral = node.isConstant && node.name == nil && value.shape == .scalar
        known[id] = value.elements.map { PlainFormula(isLiteral ? .literal($0) : .number($0)) }
      }
    }
    return known[ObjectIdentifier(node)]
  }

  private func elements(of node: Node) -> [PlainFormula]? {
    guard let primitive = node.primitive, node.shape.count <= Self.mostElements else { return nil }
    let operands = node.inputs.compactMap { known[ObjectIdentifier($0)] }
    guard operands.count == node.inputs.count else { return nil }
    switch primitive.name {
    case "slice", "reshape", "broadcast", "transpose", "join", "linear":
      return moved(primitive, node, operands)
    case "sum", "mean", "collapse", "cumsum": return linear(primitive, node, operands[0])
    case "matmul", "outer": return product(primitive, node, operands)
    case "softmax": return softmax(node, operands[0])
    case "square": return operands[0].map { Self.operation("^", $0, Self.literal(2)) }
    default: return elementwise(primitive, node, operands)
    }
  }

  private static func literal(_ number: Double) -> PlainFormula { PlainFormula(.literal(number)) }

  private static func operation(
    _ sign: String, _ a: PlainFormula, _ b: PlainFormula
  ) -> PlainFormula {
    PlainFormula(.operation(sign, a, b))
  }

  private static func sum(_ terms: [PlainFormula]) -> PlainFormula {
    guard let first = terms.first else { return literal(0) }
    return terms.dropFirst().reduce(first) { operation("+", $0, $1) }
  }

  // MARK: Elements in other places

  /// What only moves elements is read off by moving their positions.
  private func moved(
    _ primitive: Primitive, _ node: Node, _ operands: [[PlainFormula]]
  ) -> [PlainFormula]? {
    var start = 0
    let positions = node.inputs.map { input in
      defer { start += input.shape.count }
      return Tensor(input.shape, (0..<input.shape.count).map { Double(start + $0) })
    }
    let all = operands.flatMap { $0 }
    guard let result = try? primitive.evaluate(positions) else { return nil }
    let places = result.elements.compactMap { Int(exactly: $0) }
    guard places.count == node.shape.count, places.allSatisfy(all.indices.contains) else {
      return nil
    }
    return places.map { all[$0] }
  }

  /// The elements of an operand at the places of the result.
  private func spread(
    _ operand: [PlainFormula], _ from: Shape, to shape: Shape
  ) -> [PlainFormula]? {
    let positions = Tensor(from, operand.indices.map { Double($0) })
    let zeros = Tensor(repeating: 0, shape: shape)
    guard let sum = try? Primitive.add.evaluate([positions, zeros]), sum.shape == shape else {
      return nil
    }
    return sum.elements.compactMap { Int(exactly: $0) }.map { operand[$0] }
  }

  // MARK: Sums and products

  private func linear(
    _ primitive: Primitive, _ node: Node, _ operand: [PlainFormula]
  ) -> [PlainFormula]? {
    guard operand.count <= Self.mostElements else { return nil }
    var terms = [[PlainFormula]](repeating: [], count: node.shape.count)
    for place in operand.indices {
      var unit = Tensor(repeating: 0, shape: node.inputs[0].shape)
      unit.elements[place] = 1
      guard let weights = try? primitive.evaluate([unit]).elements else { return nil }
      add(operand[place], weights, to: &terms)
    }
    return terms.map(Self.sum)
  }

  private func product(
    _ primitive: Primitive, _ node: Node, _ operands: [[PlainFormula]]
  ) -> [PlainFormula]? {
    let (left, right) = (operands[0], operands[1])
    guard left.count <= Self.mostElements, right.count <= Self.mostElements else { return nil }
    var terms = [[PlainFormula]](repeating: [], count: node.shape.count)
    for i in left.indices {
      for j in right.indices {
        var units = node.inputs.map { Tensor(repeating: 0, shape: $0.shape) }
        units[0].elements[i] = 1
        units[1].elements[j] = 1
        guard let weights = try? primitive.evaluate(units).elements else { return nil }
        guard weights.contains(where: { $0 != 0 }) else { continue }
        add(Self.operation("*", left[i], right[j]), weights, to: &terms)
      }
    }
    return terms.map(Self.sum)
  }

  private func add(
    _ formula: PlainFormula, _ weights: [Double], to terms: inout [[PlainFormula]]
  ) {
    for (place, weight) in weights.enumerated() where weight != 0 {
      terms[place].append(
        weight == 1 ? formula : Self.operation("*", Self.literal(weight), formula))
    }
  }

  private func softmax(_ node: Node, _ operand: [PlainFormula]) -> [PlainFormula] {
    let powers = operand.map { PlainFormula(.call("exp", [$0])) }
    let columns = max(node.shape.columns, 1)
    return powers.indices.map { place in
      let start = place / columns * columns
      let row = powers[start..<min(start + columns, powers.count)]
      return Self.operation("/", powers[place], Self.sum(Array(row)))
    }
  }

  // MARK: Element by element

  /// By the formula of the primitive, which is an expression of the language.
  private func elementwise(
    _ primitive: Primitive, _ node: Node, _ operands: [[PlainFormula]]
  ) -> [PlainFormula]? {
    guard primitive.scalar != nil || primitive.name == "where", !primitive.formula.isEmpty,
      let expression = Self.expression(primitive.formula)
    else { return nil }
    let spread = zip(node.inputs, operands).compactMap {
      self.spread($1, $0.shape, to: node.shape)
    }
    guard spread.count == operands.count else { return nil }
    var result: [PlainFormula] = []
    for place in 0..<node.shape.count {
      var names: [String: PlainFormula] = ["pi": Self.literal(.pi)]
      for (name, operand) in zip(primitive.operandNames, spread) { names[name] = operand[place] }
      for (name, constant) in zip(primitive.constantNames, primitive.constants) {
        names[name] = Self.literal(constant)
      }
      guard let element = FormulaExpression(names).formula(expression) else { return nil }
      result.append(element)
    }
    return result
  }

  private static func expression(_ formula: String) -> Expression? {
    let parsed = Parser.parse(SourceText(name: "formula", text: formula), limits: .standard)
    guard parsed.diagnostics.isEmpty, parsed.statements.count == 1,
      case .expression(let expression) = parsed.statements[0].kind
    else { return nil }
    return expression
  }
}

/// Reads an expression in which names stand for formulas.
private struct FormulaExpression {
  private let names: [String: PlainFormula]

  init(_ names: [String: PlainFormula]) { self.names = names }

  /// Functions that algebra systems call so too.
  private static let functions: Set<String> = [
    "exp", "log", "sqrt", "abs", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh",
    "tanh", "erf", "floor", "min", "max",
  ]

  func formula(_ expression: Expression) -> PlainFormula? {
    switch expression {
    case .number(let literal): return PlainFormula(.literal(literal.value))
    case .name(let name): return names[name.text]
    case .group(let inner, _): return formula(inner)
    case .unary(let unary) where unary.operation == .negate:
      return formula(unary.operand).map { PlainFormula(.negated($0)) }
    case .binary(let binary): return operation(binary)
    case .call(let call): return self.call(call)
    default: return nil
    }
  }

  private func operation(_ binary: BinaryExpression) -> PlainFormula? {
    let signs: Set<BinaryOperator> = [.add, .subtract, .multiply, .divide, .power]
    guard signs.contains(binary.operation), let left = formula(binary.left),
      let right = formula(binary.right)
    else { return nil }
    return PlainFormula(.operation(binary.operation.rawValue, left, right))
  }

  private func call(_ call: CallExpression) -> PlainFormula? {
    guard case .name(let name) = call.callee else { return nil }
    if name.text == "where" { return choice(call) }
    let operands = call.arguments.compactMap { $0.name == nil ? formula($0.value) : nil }
    guard operands.count == call.arguments.count, !operands.isEmpty else { return nil }
    if name.text == "log2" || name.text == "log10" {
      let base = PlainFormula(.literal(name.text == "log2" ? 2 : 10))
      return PlainFormula(
        .operation(
          "/", PlainFormula(.call("log", operands)), PlainFormula(.call("log", [base]))))
    }
    return Self.functions.contains(name.text) ? PlainFormula(.call(name.text, operands)) : nil
  }

  private func choice(_ call: CallExpression) -> PlainFormula? {
    guard call.arguments.count == 3, let first = formula(call.arguments[1].value),
      let second = formula(call.arguments[2].value)
    else { return nil }
    if case .comparison(let comparison) = call.arguments[0].value,
      comparison.links.count == 1, let left = formula(comparison.first),
      let right = formula(comparison.links[0].right)
    {
      let signs: Set<ComparisonOperator> = [.less, .lessOrEqual, .greater, .greaterOrEqual]
      let operation = comparison.links[0].operation
      guard signs.contains(operation) else { return nil }
      return PlainFormula(
        .choice(sign: operation.rawValue, left, right, first, otherwise: second))
    }
    guard let condition = formula(call.arguments[0].value) else { return nil }
    let zero = PlainFormula(.literal(0))
    return PlainFormula(.choice(sign: "=", condition, zero, second, otherwise: first))
  }
}
