/// Statements of exercise files. Their words are names everywhere else.
extension Parser {
  mutating func parseExercise() throws(Abandoned) -> StatementKind {
    let word = advance()
    guard isAt(.stringStart) else {
      throw fail(
        "an exercise has a title", at: isAtStatementEnd ? word.range : current.range,
        help: ["write exercise \"Forward pass\" points=2 {"])
    }
    let title = try parseString()
    var highest = height
    let options = try parseCommandArguments(highest: &highest)
    if let option = options.first(where: { $0.name == nil }) {
      throw fail(
        "only options stand behind the title", at: option.range,
        help: ["write exercise \"Forward pass\" points=2 {"])
    }
    exercises += 1
    defer { exercises -= 1 }
    let body = try parseBlock(after: word)
    try rise(to: max(height, highest) + 1, at: word.range)
    return .exercise(title: title, options: options, body: body)
  }

  /// `hint`, `mistake`, `variant`, `tests`, and inside an exercise `task`, `answer` and
  /// `public check`.
  mutating func parseExerciseStatementIfPresent() throws(Abandoned) -> StatementKind? {
    let word = current
    switch text(word) {
    case "hint" where startsWholeExpression(next):
      advance()
      return .hint(try parseWholeExpression())
    case "mistake" where startsWholeExpression(next):
      advance()
      let (condition, message) = try parseConditionAndMessage(after: word)
      guard let message else {
        throw fail(
          "a mistake needs the words for the student", at: range(from: position - 1),
          help: ["write mistake out ≈ 0.3775, \"You did not squash the net input.\""])
      }
      return .mistake(condition, message: message)
    case "variant" where next.kind == .name && next.followsBlank && isAssignment(position + 1):
      advance()
      return .variants(try parseFields(after: word))
    case "tests" where next.kind == .openBrace:
      advance()
      let body = try parseBlock(after: word)
      try rise(to: height + 1, at: word.range)
      return .tests(body)
    case "task" where exercises > 0 && startsWholeExpression(next):
      advance()
      return .task(try parseWholeExpression())
    case "answer" where exercises > 0 && next.kind == .name && next.followsBlank:
      return try parseAnswer()
    case "public" where exercises > 0 && next.kind == .check:
      advance()
      let keyword = advance()
      var check = try parseCheck(after: keyword)
      check.isPublic = true
      return .check(check)
    default:
      return nil
    }
  }

  /// What follows `check`: a condition, what is said when it does not hold, and options.
  mutating func parseCheck(after word: Token) throws(Abandoned) -> CheckStatement {
    let (condition, message) = try parseConditionAndMessage(after: word)
    var highest = height
    let options = message == nil ? [] : try parseCommandArguments(highest: &highest)
    if let option = options.first(where: { $0.name == nil }) {
      throw fail(
        "only options stand behind what a check says", at: option.range,
        help: ["write check z ≈ w*x, \"the net input\" points=2"])
    }
    try rise(to: max(height, highest + 1), at: word.range)
    return CheckStatement(condition, message: message, options: options)
  }

  private mutating func parseAnswer() throws(Abandoned) -> StatementKind {
    let word = advance()
    let name = parseName()
    var description: Expression?
    if isAt(.stringStart) { description = try parseString() }
    var highest = height
    let options = try parseCommandArguments(highest: &highest)
    if let option = options.first(where: { $0.name == nil }) {
      throw fail(
        "an answer takes a name, its description and options", at: option.range,
        help: ["write answer z \"the net input\" points=1 digits=4"])
    }
    try rise(to: highest + 1, at: word.range)
    return .answer(name, description: description, options: options)
  }

  private mutating func parseWholeExpression() throws(Abandoned) -> Expression {
    let expression = try parseExpression()
    height += 1
    return expression
  }

  /// Whether a name at `index` is assigned to.
  private func isAssignment(_ index: Int) -> Bool {
    index + 1 < tokens.count && tokens[index + 1].kind == .assign
  }
}
