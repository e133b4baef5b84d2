import Differentiation
import Language
import Learning
import Rendering
import Syntax

/// What the variables of a script hold, as far as small assignments at its top tell: they are tried
/// within a budget, without files and outputs; nothing is trained. Whatever depends on more is not
/// known.
package struct KnownValues {
  /// What a variable holds behind one of its assignments.
  package struct Known {
    /// `a vector of 3`
    package let kind: String
    /// On a line; nil for what is large.
    package let text: String?
    /// What an editor shows beside the name, where that is worth it: `3×2 matrix`.
    package let hint: String?
  }

  /// Elements that one value may have, and steps that one statement may take.
  static var limits: Runtime.Limits {
    var limits = Runtime.Limits()
    limits.elements = 1 << 12
    limits.steps = 200
    limits.callDepth = 50
    limits.stringBytes = 1 << 14
    limits.nesting = 20
    return limits
  }
  /// Statements that are tried of one script.
  private static let mostTrials = 1_500

  private let interpreter: Interpreter
  private let text: SourceText
  private let source: SourceID
  /// Whether the script gives a name a value outside of functions.
  private let isOfScript: (String) -> Bool
  private var trials = 0
  /// Whether something was left out that may have changed nets, or the numbers that are drawn.
  private var hasLeftOut = false
  /// Names whose values may be others in a real run.
  private var doubtful: Set<String> = []
  /// By the place of the name that is given the value.
  package private(set) var byPlace: [Int: Known] = [:]

  init(
    _ interpreter: Interpreter, _ text: SourceText, _ source: SourceID,
    isOfScript: @escaping (String) -> Bool
  ) {
    self.isOfScript = isOfScript
    self.interpreter = interpreter
    self.text = text
    self.source = source
  }

  mutating func look(at statements: [Statement]) {
    for statement in statements {
      let names = statement.givenNames
      var isKnown = false
      if !names.isEmpty, statement.isAssignment, trials < Self.mostTrials, isCheap(statement) {
        trials += 1
        isKnown = interpreter.tries(statement, in: text, source)
      }
      guard isKnown else {
        for name in names { interpreter.runtime.setGlobal(name.text, to: .unassigned) }
        if statement.hasCall { hasLeftOut = true }
        continue
      }
      let isDoubtful = isDoubtful(statement)
      for name in names {
        if isDoubtful { doubtful.insert(name.text) } else { doubtful.remove(name.text) }
        guard let value = interpreter.runtime.global(name.text) else { continue }
        byPlace[name.range.start] = known(value, named: name.text, isDoubtful, statement)
      }
    }
  }

  /// Whether nothing in it takes long by its nature, and all that it is computed from is known.
  private func isCheap(_ statement: Statement) -> Bool {
    var isCheap = true
    statement.forEachReadName { name in
      if isOfScript(name.text) {
        if interpreter.runtime.global(name.text) == nil {
          isCheap = isCheap && statement.isDefinition
        }
      } else if let topic = interpreter.session.catalog.function(name.text)?.topic {
        isCheap = isCheap && Self.topics.contains(topic)
      }
    }
    return isCheap
  }

  /// Of functions that compute a value and do nothing else.
  private static let topics: Set<Topic> = [
    .mathematics, .arrays, .lists, .strings, .random, .nets, .data, .losses, .activations,
  ]

  /// Whether what was left out may change its value.
  private func isDoubtful(_ statement: Statement) -> Bool {
    var isDoubtful = false
    statement.forEachReadName { name in
      if doubtful.contains(name.text) { isDoubtful = true }
      guard hasLeftOut else { return }
      switch interpreter.runtime.global(name.text) {
      case .network, .function, .run: isDoubtful = true
      case nil:
        if interpreter.session.catalog.function(name.text)?.topic == .random { isDoubtful = true }
      default: break
      }
    }
    return isDoubtful
  }

  private func known(
    _ value: Value, named name: String, _ isDoubtful: Bool, _ statement: Statement
  ) -> Known {
    if isDoubtful {
      return Known(kind: value.shape == nil ? value.kind : "a value", text: nil, hint: nil)
    }
    let line = interpreter.session.inlineText(of: value, limit: 8)
    let isShort = TextWidth.columns(of: line) <= 60
    return Known(
      kind: kind(of: value), text: isShort && !value.isFunction ? "\(name) = \(line)" : nil,
      hint: statement.isWrittenOut ? nil : hint(of: value))
  }

  private func kind(of value: Value) -> String {
    switch value {
    case .network(let network): "a net with the sizes \(sizes(of: network))"
    case .data(let data): interpreter.session.summary(of: data)
    case .stream(let stream): interpreter.session.summary(of: stream)
    default: value.kind
    }
  }

  private func hint(of value: Value) -> String? {
    switch value {
    case .tensor(let tensor): tensor.shape.rank > 0 ? Self.shape(tensor.shape) : nil
    case .traced(let node): node.shape == .scalar ? nil : Self.shape(node.shape)
    case .network(let network): sizes(of: network)
    case .data(let data): "\(data.count)×\(data.featureCount)"
    case .stream(let stream): "\(stream.count)×\(stream.featureCount)"
    default: nil
    }
  }

  private static func shape(_ shape: Shape) -> String? {
    switch shape {
    case .scalar: nil
    case .vector(let count): "\(count)"
    case .matrix(let rows, let columns): "\(rows)×\(columns)"
    }
  }

  private func sizes(of network: Network) -> String {
    network.sizes.map { "\($0)" }.joined(separator: "-")
  }
}

extension Statement {
  /// The names that it gives a value, with those in its blocks.
  fileprivate var givenNames: [Name] {
    var names: [Name] = []
    func add(_ part: SyntaxPart) {
      switch part {
      case .assigned(let name): names.append(name)
      case .changed(let target): if let name = target.root { names.append(name) }
      case .expression(let expression): for part in expression.parts { add(part) }
      case .statement(let statement): for part in statement.parts { add(part) }
      case .block(let block), .loop(let block):
        for statement in block.statements { for part in statement.parts { add(part) } }
      case .function: break
      }
    }
    for part in parts { add(part) }
    return names
  }

  /// Hands over the names that its values are computed from.
  fileprivate func forEachReadName(_ visit: (Name) -> Void) {
    for part in parts {
      switch part {
      case .expression(let expression), .changed(let expression): expression.forEachName(visit)
      case .function(_, let body): body.forEachName(visit)
      case .statement(let statement): statement.forEachName(visit)
      case .block(let block), .loop(let block): block.forEachName(visit)
      case .assigned: break
      }
    }
  }

  fileprivate var isAssignment: Bool {
    switch kind {
    case .assignment, .definition, .parameters, .variants: true
    default: false
    }
  }

  fileprivate var isDefinition: Bool { if case .definition = kind { true } else { false } }

  fileprivate var hasCall: Bool {
    var found = false
    func look(_ part: SyntaxPart) {
      guard !found else { return }
      switch part {
      case .expression(let expression):
        if case .call = expression {
          found = true
        } else {
          for part in expression.parts { look(part) }
        }
      case .statement(let statement): for part in statement.parts { look(part) }
      case .block(let block), .loop(let block):
        for statement in block.statements { for part in statement.parts { look(part) } }
      case .assigned, .changed, .function: break
      }
    }
    for part in parts { look(part) }
    return found
  }

  /// Whether the shape of what is assigned is seen without a word: `[1, 2, 3]`.
  fileprivate var isWrittenOut: Bool {
    switch kind {
    case .assignment(let assignment):
      switch assignment.value {
      case .bracket, .rows, .name: true
      default: false
      }
    case .parameters, .variants: true
    default: false
    }
  }
}
