import Learning
import Rendering
import Syntax

/// Running the statements of a source: scripts, imports and entries of the prompt.
extension Runtime {
  /// Runs a text as a source of its own.
  /// - Parameters:
  ///   - name: what diagnostics call the source.
  ///   - echoes: whether values are shown as at the prompt.
  /// - Throws: its first syntax error, or what the first statement that fails throws.
  package func run(_ text: String, name: String, echoes: Bool = false) throws(Failure) {
    let source = SourceText(name: name, text: text)
    let parsed = Parser.parse(source, limits: parserLimits)
    let id = session.add(source)
    if var first = parsed.diagnostics.first {
      first.source = id
      throw Failure(first)
    }
    try run(parsed.statements, of: source, id, echoes: echoes)
  }

  /// Runs another script, its path relative to the one that imports it.
  /// - Throws: where it cannot be read, imports itself, or fails.
  package func importScript(_ path: String, at range: SourceRange) throws(Failure) {
    let resolved = session.resolvedPath(path)
    if session.importsUnderWay.contains(resolved) {
      throw Failure(
        "\(path) is being imported already", at: range, label: "comes back to itself",
        help: [(session.importsUnderWay + [resolved]).joined(separator: " imports ")])
    }
    let text = try session.readText(resolved, at: range)
    session.importsUnderWay.append(resolved)
    session.namesOfImports.append([])
    defer {
      session.importsUnderWay.removeLast()
      session.namesOfImports.removeLast()
    }
    do throws(Failure) {
      try run(text, name: resolved)
    } catch {
      throw error.inside(call: path, at: range)
    }
  }

  func run(
    _ statements: [Statement], of source: SourceText, _ id: SourceID, echoes: Bool
  ) throws(Failure) {
    let outer = session.source
    session.source = id
    defer { session.source = outer }
    for statement in statements {
      _ = try runAlone(statement, of: id) { () throws(Failure) -> Flow in
        try run(statement, of: source, id, echoes: echoes)
        if echoes, !traits(of: statement).contains(.leavesNoTrace) {
          session.log.add(source.text(of: statement.range))
        }
        return .next
      }
    }
  }

  private func run(
    _ statement: Statement, of source: SourceText, _ id: SourceID, echoes: Bool
  ) throws(Failure) {
    try checkInterrupt(at: statement.range)
    session.statementCount += 1
    var resolver = Resolver(runtime: self, source: id, text: source)
    let code = try resolver.code(for: statement, keepsValue: true)
    result = .nothing
    _ = try code.execute(top, self)
    let value = takeResult()
    try show(value, of: statement, echoes: echoes)
  }

  /// What the checks of an exercise call is the exercise's and bp's own, not that of a file which it
  /// imports: a submission.
  /// - Throws: where such a file gives a value to a name that has one already.
  func refuseForeignChange(of name: Name) throws(Failure) {
    guard session.isChecking, let own = session.namesOfImports.last, !own.contains(name.text) else {
      return
    }
    let builtin = session.catalog.description(ofValueNamed: name.text)
    guard let kept = builtin ?? (global(name.text).map { _ in "\(name.text) of the exercise" })
    else {
      session.namesOfImports[session.namesOfImports.count - 1].insert(name.text)
      return
    }
    throw Failure(
      "a file that an exercise imports cannot change \(kept)", at: name.range,
      label: builtin == nil ? "has a value already" : "built in",
      help: ["give it another name while it is checked"])
  }

  /// The traits of the catalog's function that a statement calls.
  func traits(of statement: Statement) -> BuiltinFunction.Traits {
    statement.head.flatMap { session.catalog.function($0)?.traits } ?? []
  }

  /// A report writes itself; at the prompt other values and assignments are echoed.
  private func show(
    _ value: Value, of statement: Statement, echoes: Bool
  ) throws(Failure) {
    switch statement.kind {
    case .expression(let expression):
      if case .report(let report) = value {
        if !statement.isSilent, echoes || !report.isEcho {
          try session.write(report, at: statement.range)
        }
        return
      }
      if case .function(let function) = value, case .builtin(let builtin) = function.body,
        case .name = expression, builtin.isCallableAlone
      {
        let result = try call(function, [], at: statement.range)
        if case .report(let report) = result, echoes || !report.isEcho {
          try session.write(report, at: statement.range)
        }
        return
      }
      guard echoes || session.writesValues, !statement.isSilent else { return }
      switch value {
      case .nothing: return
      case .run where expression.isCall: return
      default:
        if echoes { setGlobal("ans", to: value) }
        try session.echo(value, nil, at: statement.range)
      }
    case .assignment, .parameters, .definition:
      guard echoes, !statement.isSilent else { return }
      for name in statement.assignedNames {
        guard let value = global(name) else { continue }
        // A training has written its summary.
        if case .run = value, case .assignment(let assignment) = statement.kind,
          assignment.value.isCall
        {
          continue
        }
        try session.echo(value, name, at: statement.range)
      }
    case .check:
      if echoes { session.note(session.lastCheckHeld ? "holds" : "does not hold") }
    default: return
    }
  }
}

extension Statement {
  /// The name that a statement which is a call, or a name alone, begins with.
  package var head: String? {
    guard case .expression(let expression) = kind else { return nil }
    let head: Expression = if case .call(let call) = expression { call.callee } else { expression }
    if case .name(let name) = head { return name.text }
    return nil
  }
}

extension Expression {
  fileprivate var isCall: Bool { if case .call = self { true } else { false } }
}

extension Statement {
  /// The plain names that the statement gives a value to.
  package var assignedNames: [String] {
    switch kind {
    case .assignment(let assignment):
      assignment.targets.compactMap { $0.rootName }
    case .definition(let definition): [definition.name.text]
    case .parameters(let fields): fields.map { $0.name.text }
    default: []
    }
  }
}

extension Expression {
  /// The name that `x[1].a` starts from.
  fileprivate var rootName: String? {
    switch self {
    case .name(let name): name.text
    case .index(let index): index.base.rootName
    case .field(let field): field.base.rootName
    default: nil
    }
  }
}
