/// Statements as other languages have them, and how they are written here.
extension Parser {
  private static let definitionWords: Set = ["def", "function", "func", "fn", "fun"]
  private static let declarationWords: Set = [
    "let", "var", "const", "local", "val", "int", "float", "double", "auto", "bool", "boolean",
    "char", "long", "static", "final", "mut", "my",
  ]
  static let elseIfWords: Set = ["elif", "elseif", "elsif"]
  private static let endWords: Set = [
    "end", "endif", "endfor", "endwhile", "endfunction", "fi", "done",
  ]

  /// Whether this only goes on with a block whose head had an error.
  var continuesForeignBlock: Bool {
    switch current.kind {
    case .else, .openBrace: true
    case .name:
      Self.elseIfWords.contains(text(current))
        || next.kind.endsStatement && Self.endWords.contains(text(current))
    default: false
    }
  }

  mutating func rejectForeignStatement() throws(Abandoned) {
    let word = current
    let spelling = text(word)
    guard spelling.utf8.count <= 11 else { return }
    if Self.definitionWords.contains(spelling), next.followsBlank, next.kind == .name {
      throw failForeignDefinition()
    }
    if Self.declarationWords.contains(spelling), next.followsBlank, next.kind == .name,
      tokens[min(position + 2, tokens.count - 1)].kind == .assign
    {
      let place = SourceRange(start: word.range.start, end: next.range.start)
      throw fail(
        "a name is assigned without \(spelling)", at: word.range,
        help: corrected(.init(place, "")))
    }
    if Self.elseIfWords.contains(spelling), next.followsBlank, next.kind.beginsOperand {
      throw failElseIf()
    }
    if spelling == "from", next.kind == .name, isImportBehind(position + 2) {
      throw failModule(at: word.range)
    }
    if Self.endWords.contains(spelling), next.kind.endsStatement, spelling != "done" {
      throw fail("a block ends with }", at: word.range, help: ["a block stands between { and }"])
    }
  }

  /// `from sklearn.datasets import …`, from behind the first name on.
  private func isImportBehind(_ first: Int) -> Bool {
    var place = first
    while place + 1 < tokens.count, tokens[place].kind == .dot { place += 2 }
    return place < tokens.count && tokens[place].kind == .import
  }

  /// `elif x > 1:`
  mutating func failElseIf() -> Abandoned {
    var rest = source.range(ofLine: source.line(at: current.range.start))
    rest.start = current.range.end
    var condition = Correction.trimmed(source.text(of: rest))
    if let brace = condition.firstIndex(of: "{") { condition = String(condition[..<brace]) }
    while let last = condition.last, last == ":" || last == "{" || last == " " {
      condition.removeLast()
    }
    return fail(
      "\(text(current)) is written else if", at: current.range,
      help: condition.utf8.count < 100 ? ["write } else if \(condition) {"] : [])
  }

  /// `in = 3`
  mutating func rejectReservedName() throws(Abandoned) {
    guard current.kind.isKeyword, Assignment.Operator(next.kind) != nil else { return }
    throw fail(
      "\(text(current)) is a word of the language and names nothing else", at: current.range,
      help: ["choose another name"])
  }

  /// `def f(x):`, `function y = f(x)`
  private mutating func failForeignDefinition() -> Abandoned {
    var name = position + 1
    if tokens[name + 1].kind == .assign, name + 2 < tokens.count, tokens[name + 2].kind == .name {
      name += 2
    }
    var head = "\(text(tokens[name]))()"
    if tokens[name + 1].kind == .openParenthesis, let closing = tokens[name + 1].partner,
      !tokens[closing].isFault
    {
      head = source.text(of: tokens[name].range.union(tokens[closing].range))
    }
    return fail(
      "a function is defined without \(text(current))", at: current.range,
      help: ["write \(head) = { … }"])
  }

  /// `import numpy as np`
  mutating func rejectModuleName(_ path: Expression) throws(Abandoned) {
    switch path {
    case .call(let call) where call.form == .command: break
    default: return
    }
    throw failModule(at: path.range)
  }

  private mutating func failModule(at range: SourceRange) -> Abandoned {
    fail(
      "import takes the name of a file", at: range,
      help: ["functions such as exp and mean are there without", "write import \"lib.bp\""])
  }

  /// What is written here for a statement with a block that only other languages have.
  func helpForForeignBlock(_ word: String? = nil) -> [Advice] {
    switch word ?? text(tokens[statementStart]) {
    case "try": ["attempt (() -> f 3) goes on behind an error"]
    case "switch", "match", "case": ["write if x == 1 { … } else if x == 2 { … } else { … }"]
    case "do", "loop", "until", "forever":
      ["write while true { … }, with break where it ends, or repeat 10 { … }"]
    case "class", "struct", "object": ["a record holds what belongs together: [lr: 0.1, epochs: 3]"]
    case "with", "begin", "unless", "foreach":
      ["a block belongs to if, for, while, repeat or a function"]
    default: []
    }
  }

  /// `function(x) x^2`, `function(x) { x^2 }`
  mutating func failForeignFunction(_ call: CallExpression) -> Abandoned {
    let parameters = SourceRange(start: call.callee.range.end, end: call.range.end)
    let arrow = SourceRange(start: call.range.end, end: call.range.end)
    return fail(
      "a function is written with ->", at: call.callee.range,
      help: corrected(.init(call.callee.range, ""), .init(arrow, " ->"))
        + ["with a name: f\(source.text(of: parameters)) = …"])
  }

  /// `lambda x, y: x + y`
  mutating func rejectLambda() throws(Abandoned) {
    let word = current
    guard word.range.end - word.range.start == 6, next.kind == .name || next.kind == .colon,
      text(word) == "lambda"
    else { return }
    var colon = position + 1
    while [.name, .comma, .assign, .number].contains(tokens[colon].kind) { colon += 1 }
    guard tokens[colon].kind == .colon else { return }
    let names =
      colon > position + 1 ? source.text(of: range(of: position + 1, upTo: colon)) : ""
    let parameters = colon == position + 2 ? names : "(\(names))"
    throw fail(
      "a function is written with ->", at: word.range,
      help: corrected(.init(word.range.union(tokens[colon].range), "\(parameters) ->")))
  }

  /// `1 if c else 0`
  mutating func failTrailingCondition(_ value: Expression) -> Abandoned {
    let word = current.range
    var alternative: Int?
    var last = position + 1
    while !tokens[last].kind.endsStatement {
      if tokens[last].kind == .else { alternative = last }
      last = (tokens[last].partner.flatMap { $0 > last ? $0 : nil } ?? last) + 1
    }
    guard let alternative, alternative > position + 1, alternative + 1 < last else {
      let gap = SourceRange(start: previous.range.end, end: previous.range.end)
      return fail(
        "a new statement stands on a line of its own", at: word,
        help: corrected(.init(gap, ";"), lead: "or write"))
    }
    let condition = source.text(of: range(of: position + 1, upTo: alternative))
    let other = source.text(of: range(of: alternative + 1, upTo: last))
    let whole = SourceRange(start: value.range.start, end: tokens[last - 1].range.end)
    let first = source.text(of: value.range)
    return fail(
      "a choice begins with its if", at: word,
      help: corrected(.init(whole, "if \(condition) { \(first) } else { \(other) }")))
  }

  /// `[x^2 for x in xs]`
  mutating func failComprehension(in opening: Int) -> Abandoned {
    guard let closing = tokens[opening].partner, position + 3 < closing,
      tokens[position + 1].kind == .name, tokens[position + 2].kind == .in
    else { return fail("for is not expected here", at: current.range) }
    let result = source.text(of: range(of: opening + 1, upTo: position))
    let name = text(tokens[position + 1])
    var end = position + 3
    while end < closing, tokens[end].kind != .if {
      end = (tokens[end].partner.flatMap { $0 > end ? $0 : nil } ?? end) + 1
    }
    let sequence = source.text(of: range(of: position + 3, upTo: end))
    let list = end == position + 4 ? sequence : "(\(sequence))"
    let whole = tokens[opening].range.union(tokens[closing].range)
    return fail(
      "map makes a list of results", at: current.range,
      help: corrected(.init(whole, "map (\(name) -> \(result)) \(list)"))
        + (end < closing ? ["filter (x -> x > 1) xs keeps those for which it is true"] : []))
  }

  /// `x = 1:10`, `x = 0:0.1:1`, `x : int = 3`
  mutating func failColonBehindStatement(_ kind: StatementKind) -> Abandoned {
    let colon = current.range
    let place = position
    var second: Int?
    var last = position + 1
    while !tokens[last].kind.endsStatement {
      if tokens[last].kind == .colon { second = last }
      last = (tokens[last].partner.flatMap { $0 > last ? $0 : nil } ?? last) + 1
    }
    let help = helpForForeignBlock()
    if case .expression(.name(let name)) = kind, place + 2 < last,
      tokens[place + 1].kind == .name, tokens[place + 2].kind == .assign
    {
      let type = SourceRange(start: name.range.end, end: tokens[place + 1].range.end)
      return fail("a name has no type here", at: colon, help: corrected(.init(type, "")))
    }
    let isName = if case .expression(.name) = kind { true } else { false }
    guard help.isEmpty, !isName, next.kind.beginsOperand || next.kind == .minus, last > place + 1
    else {
      return fail(
        "a : means nothing here", at: colon,
        help: help.isEmpty
          ? ["a record is written [lr: 0.1], a range 1..3, a block { }"] : help)
    }
    var edit = Correction.Edit(colon, "..")
    if let second, second + 1 < last {
      let step = source.text(of: range(of: place + 1, upTo: second))
      let high = source.text(of: range(of: second + 1, upTo: last))
      edit = .init(
        SourceRange(start: colon.start, end: tokens[last - 1].range.end),
        "..\(high) by \(step)")
    }
    return fail(
      "a range is written with .. and includes both ends", at: colon, help: corrected(edit))
  }

  /// What is between two numbers of a decimal comma: `0,5`; nil where there is none.
  func decimalHelp() -> [Advice]? {
    guard isAt(.comma), previous.kind == .number, next.kind == .number, !next.followsBlank,
      !current.followsBlank
    else { return nil }
    let isGrouped = text(next).count == 3 && text(previous) != "0"
    return isGrouped
      ? corrected(.init(current.range, ""), lead: "for a thousand and more, write")
      : corrected(.init(current.range, "."), lead: "for a number with decimals, write")
  }
}
