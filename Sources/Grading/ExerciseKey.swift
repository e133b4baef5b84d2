import Language
import Syntax

/// An exercise file as its author wrote it: what is drawn for each student, asked and checked.
package struct ExerciseKey {
  /// Why a file is no key, with the places.
  package struct Failure: Error {
    package let diagnostics: [Diagnostic]
    private let source: SourceText

    init(_ diagnostics: [Diagnostic], in source: SourceText) {
      (self.diagnostics, self.source) = (diagnostics, source)
    }

    init(_ message: String, at range: SourceRange, help: [Advice] = [], in source: SourceText) {
      self.init([Diagnostic(.runtime, message, at: range, help: help)], in: source)
    }

    package func text(_ style: DiagnosticStyle) -> String {
      let renderer = DiagnosticRenderer(style: style) { [source] _ in source }
      return diagnostics.map { renderer.render($0) }.joined(separator: "\n") + "\n"
    }
  }

  /// What is known of a `check` without running it.
  struct Check {
    /// The answer that it describes: z in `check z ≈ w*x + b`.
    var solves: String?
    /// Whether that answer is the left side.
    var answerIsLeft: Bool
    /// The answers in its condition.
    var uses: [String]
  }

  /// What a `tests` block gives students to test.
  struct Tests {
    /// Where its exercise begins.
    var exercise: Int
    var definitions: [Statement] = []
    /// Calls of the functions: a misconception that changes none of their values is not made.
    var calls: [Statement] = []
    /// The functions, as the calls name them.
    var functions: [Name] = []
  }

  package let text: String
  package let source: SourceText
  /// Where it was read from: paths in it are relative to that.
  package let path: String?
  let parsed: ParseResult
  var statements: [Statement] { parsed.statements }
  /// What students give values to, in the order of the file.
  package let answers: [String]
  /// The names that `variant` draws for.
  package let drawnNames: [String]
  /// By the start of the condition; those of `mistake` too.
  let checks: [Int: Check]

  /// In the order of the file.
  let tests: [Tests]

  package var hasVariants: Bool { !drawnNames.isEmpty }

  /// - Parameters:
  ///   - name: what reports call the key.
  ///   - catalog: what has a name before the key gives one.
  /// - Throws: where the text is not in the language, or asks for nothing.
  package init(
    _ text: String, name: String, path: String?, catalog: Catalog
  ) throws(Failure) {
    let source = SourceText(name: name, text: text)
    let parsed = Parser.parse(source, limits: .standard)
    guard parsed.diagnostics.isEmpty else { throw Failure(parsed.diagnostics, in: source) }
    let names = KeyNames(parsed.statements, catalog)
    if let function = names.openFunctions.first {
      throw Failure(
        "\(function.text) is a function: an answer that is graded is a value", at: function.range,
        help: ["ask for a value of it, or let bp check judge this file"], in: source)
    }
    if let twice = names.definedAnswer {
      throw Failure(
        "\(twice.text) is an answer, and the key gives it a value", at: twice.range,
        help: ["write check \(twice.text) ≈ … with the right value inside the exercise"], in: source
      )
    }
    let tests = try Self.tests(in: parsed.statements, source)
    guard !names.answers.isEmpty || !tests.isEmpty else {
      throw Failure(
        "the key asks for nothing", at: SourceRange(start: 0, end: 0),
        help: ["write answer z \"the net input\" inside an exercise"], in: source)
    }
    self.text = text
    self.source = source
    self.path = path
    self.tests = tests
    self.parsed = parsed
    answers = names.answers
    drawnNames = names.drawn
    checks = names.checks
  }

  /// - Throws: where a block calls nothing, or holds what only students write.
  private static func tests(
    in statements: [Statement], _ source: SourceText
  ) throws(Failure) -> [Tests] {
    var result: [Tests] = []
    for exercise in statements {
      guard case .exercise(_, _, let body) = exercise.kind else { continue }
      for case (let range, .tests(let block)) in body.statements.map({ ($0.range, $0.kind) }) {
        var tests = Tests(exercise: exercise.range.start)
        for statement in block.statements {
          switch statement.kind {
          case .definition, .assignment, .parameters: tests.definitions.append(statement)
          case .expression(.call(let call)) where call.calledName != nil:
            guard let name = call.calledName else { continue }
            tests.calls.append(statement)
            if !tests.functions.contains(where: { $0.text == name.text }) {
              tests.functions.append(name)
            }
          default:
            throw Failure(
              "the tests block of a key defines functions and calls them", at: statement.range,
              help: ["checks in it are what students write"], in: source)
          }
        }
        guard !tests.calls.isEmpty else {
          throw Failure(
            "the tests block calls no function", at: range,
            help: ["end it with a call whose value misconceptions change, as unit(0.5, -1)"],
            in: source)
        }
        result.append(tests)
      }
    }
    return result
  }
}

/// The names of a key by what they are for.
private struct KeyNames {
  private(set) var answers: [String] = []
  private(set) var drawn: [String] = []
  private(set) var checks: [Int: ExerciseKey.Check] = [:]
  /// Functions whose body is to be filled in.
  private(set) var openFunctions: [Name] = []
  /// An answer that the key itself gives a value to.
  private(set) var definedAnswer: Name?

  private let catalog: Catalog
  private var defined: [String: Name] = [:]
  private var hasBlank: Set<String> = []

  init(_ statements: [Statement], _ catalog: Catalog) {
    self.catalog = catalog
    for statement in statements { define(statement) }
    for statement in statements {
      if case .exercise(_, _, let body) = statement.kind { ask(body) }
    }
    let known = Set(answers)
    for statement in statements { gather(statement, known) }
    definedAnswer = answers.lazy.compactMap { [defined] in defined[$0] }.first
  }

  private mutating func define(_ statement: Statement) {
    switch statement.kind {
    case .assignment(let assignment):
      let isOpen = assignment.value.hasBlank
      for case .name(let name) in assignment.targets {
        if isOpen { hasBlank.insert(name.text) } else { defined[name.text] = name }
      }
    case .definition(let definition):
      if definition.hasBlank {
        openFunctions.append(definition.name)
      } else {
        defined[definition.name.text] = definition.name
      }
    case .parameters(let fields):
      for field in fields { defined[field.name.text] = field.name }
    case .variants(let fields):
      for field in fields {
        defined[field.name.text] = field.name
        drawn.append(field.name.text)
      }
    case .forEach(let variable, _, let body):
      defined[variable.text] = variable
      define(body)
    case .exercise(_, _, let body), .whileLoop(_, let body), .repeatLoop(_, let body),
      .tests(let body):
      define(body)
    case .expression(.conditional(let conditional)):
      define(conditional.consequence)
      if case .block(let block)? = conditional.alternative { define(block) }
    default: break
    }
  }

  private mutating func define(_ block: Block) {
    for statement in block.statements { define(statement) }
  }

  /// The answers of an exercise: those it declares, else what its checks use and nobody defines.
  private mutating func ask(_ body: Block) {
    var declared: [String] = []
    for statement in body.statements {
      if case .answer(let name, _, _) = statement.kind { declared.append(name.text) }
    }
    if declared.isEmpty {
      for statement in body.statements {
        guard case .check(let check) = statement.kind else { continue }
        check.condition.forEachName { name in
          if defined[name.text] == nil, !declared.contains(name.text),
            hasBlank.contains(name.text) || catalog.description(ofValueNamed: name.text) == nil
          {
            declared.append(name.text)
          }
        }
      }
    }
    for name in declared where !answers.contains(name) { answers.append(name) }
  }

  private mutating func gather(_ statement: Statement, _ known: Set<String>) {
    switch statement.kind {
    case .check(let check): gather(check, known)
    case .mistake(let condition, _):
      gather(CheckStatement(condition, message: nil), known)
    case .exercise(_, _, let body), .whileLoop(_, let body), .repeatLoop(_, let body),
      .tests(let body), .forEach(_, _, let body):
      for statement in body.statements { gather(statement, known) }
    default: break
    }
  }

  private mutating func gather(_ check: CheckStatement, _ known: Set<String>) {
    var uses: [String] = []
    check.condition.forEachName { name in
      if known.contains(name.text), !uses.contains(name.text) { uses.append(name.text) }
    }
    var solved = check.solution?.name
    if let name = solved, !known.contains(name.text) { solved = nil }
    checks[check.condition.range.start] = ExerciseKey.Check(
      solves: solved?.text, answerIsLeft: solved?.range.start == check.condition.range.start,
      uses: uses)
  }
}

extension CallExpression {
  fileprivate var calledName: Name? { if case .name(let name) = callee { name } else { nil } }
}

extension Definition {
  fileprivate var hasBlank: Bool {
    switch body {
    case .expression(let expression): expression.hasBlank
    case .block(let block):
      block.statements.contains { statement in
        if case .assignment(let assignment) = statement.kind { return assignment.value.hasBlank }
        if case .expression(let expression) = statement.kind { return expression.hasBlank }
        return false
      }
    }
  }
}

extension Expression {
  /// Whether a `___` stands in it.
  fileprivate var hasBlank: Bool {
    if case .blank = self { return true }
    return children.contains { $0.hasBlank }
  }
}
