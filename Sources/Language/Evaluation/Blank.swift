import Differentiation
import Explanation
import Syntax

/// Something without a value because a student has yet to provide it.
package struct Blank: Hashable, Sendable {
  package enum Cause: Hashable, Sendable {
    /// A `___` stands there.
    case blank
    /// The statement there stopped with an error, while an exercise is checked.
    case error
  }

  package let range: SourceRange
  package internal(set) var source: SourceID?
  package let cause: Cause
}

/// What a grader decides about a key while it runs: what is drawn for a student, and the answers.
package struct KeyForm {
  /// The place, from 0, of the value that a name of a `variant` takes.
  package var choose: (_ name: String, _ count: Int) -> Int
  /// Told each right answer as it is found; the run ends where it is not accepted.
  package var accepts: (_ name: String) -> Bool = { _ in true }
  /// What students give values to.
  package let names: Set<String>
  /// What a student gave; nil while the key finds the right answers.
  private let answers: [String: Value]?
  /// The right answers found so far, traced back to what they were computed from.
  package private(set) var solutions: [(name: String, value: Value)] = []

  /// A form whose right answers the checks of the key give: z in `check z ≈ w*x + b`.
  package init(
    solving names: Set<String>, choose: @escaping (_ name: String, _ count: Int) -> Int
  ) {
    self.names = names
    self.choose = choose
    answers = nil
  }

  /// A form with the answers of a student; names without one are not filled in.
  package init(
    of names: Set<String>, answers: [String: Value],
    choose: @escaping (_ name: String, _ count: Int) -> Int
  ) {
    self.names = names
    self.choose = choose
    self.answers = answers
  }

  /// Whether the right answer of that name is looked for.
  func isOpen(_ name: String) -> Bool {
    answers == nil && names.contains(name) && !solutions.contains { $0.name == name }
  }

  /// What a student gave.
  func given(_ name: String) -> Value? { names.contains(name) ? answers?[name] : nil }

  mutating func found(_ name: String, _ value: Value) { solutions.append((name, value)) }
}

/// `answer z "the net input" points=1 digits=4`
package struct AnswerDeclaration: Hashable, Sendable {
  package let name: String
  /// What it is, in the words of the exercise.
  package let description: String?
  /// Nil where it was not said.
  package let points: Double?
  /// Significant digits that are asked for; nil where it was not said.
  package let digits: Int?

  package init(
    name: String, description: String? = nil, points: Double? = nil, digits: Int? = nil
  ) {
    (self.name, self.description, self.points, self.digits) = (name, description, points, digits)
  }
}

extension Runtime {
  /// Whether the number that a student typed for a name is right to the digits it has.
  func isRightAsWritten(_ name: String?, _ sides: ComparedSides?) -> Bool {
    guard let sides, sides.operation == .close, let name,
      let written = session.writtenNumbers[name], let given = global(name)?.tensor,
      given.elements == written.map({ $0.value })
    else { return false }
    let answer = Answer(given, texts: written.map { $0.text })
    return [sides.left, sides.right].compactMap { $0.tensor }.contains { other in
      (answer.digits(agreeingWith: other) ?? 0) >= Answer.standardDigits
    }
  }

  /// Runs the statements of a block, each alone.
  /// - Parameter prepare: is called before each.
  /// - Throws: as `runAlone` does.
  func runEach(
    of body: [(statement: Statement, code: Code)], _ source: SourceID, _ slots: Slots,
    prepare: () -> Void = {}
  ) throws(Failure) -> Flow {
    for (statement, code) in body {
      prepare()
      let flow = try runAlone(statement, of: source) { () throws(Failure) -> Flow in
        try code.execute(slots, self)
      }
      if flow != .next { return flow }
    }
    return .next
  }

  /// Runs one statement so that a blank stops nothing behind it; while an exercise is checked,
  /// nor does an error. What the statement would have given a value to is open then.
  /// - Throws: any other failure.
  func runAlone(
    _ statement: Statement, of source: SourceID, _ body: () throws(Failure) -> Flow
  ) throws(Failure) -> Flow {
    let failure: Failure
    do {
      return try body()
    } catch {
      failure = error.located(in: source)
    }
    switch failure.reason {
    case .blank(let blank):
      leaveOpen(statement, because: blank)
      session.reportBlank(blank)
    case .diagnostic(let diagnostic) where session.isChecking:
      leaveOpen(
        statement, because: Blank(range: statement.range, source: source, cause: .error))
      session.report(diagnostic)
    case .exit where session.isChecking:
      var diagnostic = Diagnostic(
        .runtime, "exit does not leave an exercise", at: statement.range)
      diagnostic.source = source
      session.report(diagnostic)
    default: throw failure
    }
    return .next
  }

  /// While checking, an older value must not stand in for the one that is missing.
  private func leaveOpen(_ statement: Statement, because blank: Blank) {
    var names = statement.namesGivenValues
    if session.isChecking { names += networks(changedBy: statement) }
    session.markOpen(names, because: blank)
    guard session.isChecking else { return }
    for name in names {
      if let given = session.key?.given(name) {
        setGlobal(name, to: given)
      } else if global(name) != nil {
        setGlobal(name, to: .unassigned)
      }
    }
  }

  /// The nets that the statement would perhaps have changed: those it hands to a function.
  private func networks(changedBy statement: Statement) -> [String] {
    if case .print = statement.kind { return [] }
    var names: [String] = []
    statement.forEachName { name in
      if case .network? = global(name.text) { names.append(name.text) }
    }
    return names
  }
}

extension Statement {
  /// The plain names that the statement gives a value to, in its blocks too.
  fileprivate var namesGivenValues: [String] {
    switch kind {
    case .expression(.conditional(let conditional)): conditional.namesGivenValues
    case .forEach(let variable, _, let body): [variable.text] + body.namesGivenValues
    case .whileLoop(_, let body), .repeatLoop(_, let body): body.namesGivenValues
    case .time(let inner): inner.namesGivenValues
    default: assignedNames
    }
  }
}

extension Block {
  fileprivate var namesGivenValues: [String] { statements.flatMap { $0.namesGivenValues } }
}

extension ConditionalExpression {
  fileprivate var namesGivenValues: [String] {
    let others: [String] =
      switch alternative {
      case .block(let block): block.namesGivenValues
      case .conditional(let inner): inner.namesGivenValues
      case nil: []
      }
    return consequence.namesGivenValues + others
  }
}
