import Differentiation

/// The graph of an activation or a loss as statements of a language: parts that are used more than
/// once get names, the others stand in the expressions that use them.
struct GraphText {
  /// What comes before the result, in order.
  private(set) var statements: [String] = []
  /// The result; in C one element of it, in terms of its column `i`.
  private(set) var expression = ""
  /// The columns of the result.
  let width: Int

  private let dialect: Dialect
  private let graph: TracedGraph
  private var texts: [ObjectIdentifier: String] = [:]
  /// What stands for a whole array, where that differs from `texts`.
  private var names: [ObjectIdentifier: String] = [:]
  private var truths: Set<ObjectIdentifier> = []
  /// How often each node is written in the templates of those that use it.
  private var mentions: [ObjectIdentifier: Int] = [:]
  private var needsName: Set<ObjectIdentifier> = []
  private var count = 0

  /// An expression that is longer gets a name.
  private static let longest = 60

  /// - Throws: where a primitive has no form in the language.
  init(_ traced: TracedGraph, in dialect: Dialect) throws(FormatError) {
    self.dialect = dialect
    graph = try traced.expanded(for: dialect.rawValue) { dialect.template($0) != nil }
    let result = Self.source(graph.result)
    width = result.shape.columns
    for leaf in graph.leaves {
      names[ObjectIdentifier(leaf.node)] = leaf.name
      texts[ObjectIdentifier(leaf.node)] =
        dialect.element(of: leaf.name, width: leaf.node.shape.columns)
    }
    let order = topologicalOrder(of: [result]).filter { $0.value == nil && $0.primitive != nil }
    for node in order { countMentions(in: node) }
    for node in order { write(node, isResult: node === result) }
    if expression.isEmpty { expression = text(of: result) }
  }

  /// The node whose value this is, where it is handed on unchanged.
  private static func source(_ node: Node) -> Node {
    var node = node
    while let primitive = node.primitive, node.value == nil,
      PrimitiveRow.row(of: primitive)?.kind == .unchanged
    {
      node = node.inputs[0]
    }
    return node
  }

  private func form(of node: Node) -> (row: PrimitiveRow, template: String)? {
    guard let row = node.primitive.flatMap(PrimitiveRow.row(of:)), row.kind != .unchanged,
      let template = dialect.template(row)
    else { return nil }
    return (row, template)
  }

  private static let operands = ["x", "y", "z"]

  private mutating func countMentions(in node: Node) {
    guard let (row, template) = form(of: node) else { return }
    let words = TemplatePiece.pieces(of: template).filter { $0.isWord }
    for (operand, input) in zip(Self.operands, node.inputs) {
      let input = Self.source(input)
      let id = ObjectIdentifier(input)
      mentions[id, default: 0] += words.count { $0.text == operand }
      let isWhole = row.kind == .wholeArrays && dialect == .c
      if isWhole || input.shape.columns != node.shape.columns { needsName.insert(id) }
    }
  }

  private mutating func write(_ node: Node, isResult: Bool) {
    guard let (row, template) = form(of: node) else { return }
    let id = ObjectIdentifier(node)
    let isWhole = row.kind == .wholeArrays
    var words: [Substring: String] = [
      "n": "\(node.inputs[0].shape.columns)", "m": "\(node.shape.columns)",
    ]
    for (place, input) in node.inputs.enumerated() {
      let input = Self.source(input)
      words[Self.operands[place][...]] =
        if isWhole {
          array(input)
        } else if row.kind == .choice, place == 0 {
          condition(input)
        } else {
          text(of: input)
        }
    }
    for (word, constant) in zip(["a", "b"], node.primitive?.constants ?? []) {
      words[word[...]] = dialect.number(constant)
    }
    if let selection = node.primitive?.selection {
      let (text, statement) = dialect.positions(
        selection, name: dialect == .c ? nextName("k") : "")
      if let statement { statements.append(statement) }
      words["k"] = text
    }
    var text = TemplatePiece.filled(template) { words[$0] }
    let isShort = mentions[id] == 1 && !needsName.contains(id) && text.utf8.count <= Self.longest
    if row.kind == .comparison {
      if !isResult, isShort {
        truths.insert(id)
        texts[id] = text
        return
      }
      text = TemplatePiece.filled(dialect.truth) { $0 == "x" ? text : nil }
    }
    if isResult {
      expression = text
    } else if isShort {
      texts[id] = text
    } else {
      name(node, text)
    }
  }

  private mutating func name(_ node: Node, _ text: String) {
    let name = nextName("v")
    statements += dialect.assignment(name, text, width: node.shape.columns)
    names[ObjectIdentifier(node)] = name
    texts[ObjectIdentifier(node)] = dialect.element(of: name, width: node.shape.columns)
  }

  private mutating func nextName(_ letter: String) -> String {
    count += 1
    return "\(letter)\(count)"
  }

  // MARK: Operands

  /// A number, or one element of an array in C.
  private mutating func text(of node: Node) -> String {
    if let value = node.value, value.elements.count == 1 {
      return dialect.number(value.elements[0])
    }
    if node.value != nil {
      return dialect.element(of: array(node), width: node.shape.columns)
    }
    let text = texts[ObjectIdentifier(node)] ?? ""
    return truths.contains(ObjectIdentifier(node))
      ? TemplatePiece.filled(dialect.truth) { $0 == "x" ? text : nil } : text
  }

  private mutating func condition(_ node: Node) -> String {
    let id = ObjectIdentifier(node)
    if truths.contains(id), let text = texts[id] { return text }
    return TemplatePiece.filled("x != 0") { $0 == "x" ? text(of: node) : nil }
  }

  /// What stands for a node as a whole.
  private mutating func array(_ node: Node) -> String {
    let id = ObjectIdentifier(node)
    guard names[id] == nil, let value = node.value else { return names[id] ?? text(of: node) }
    let name = nextName("c")
    statements.append(dialect.definition(name, value))
    names[id] = name
    return name
  }
}
