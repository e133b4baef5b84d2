import Syntax

/// Trees as text without places: two sources mean the same exactly if their descriptions agree.
///
/// An operator is written `(+ a b)`, a call `f(a, k=v)`, a block `{a; b}`; every other form as in
/// the language itself. A `;` that silences is written `!`.
extension [Statement] {
  var described: String { map(\.described).joined(separator: "; ") }
}

extension Statement {
  var described: String { kind.described + (isSilent ? "!" : "") }
}

extension Block {
  var described: String { "{\(statements.described)}" }
}

extension FunctionBody {
  var described: String {
    switch self {
    case .expression(let expression): expression.described
    case .block(let block): block.described
    }
  }
}

extension FunctionParameter {
  var described: String { name.text + (defaultValue.map { "=" + $0.described } ?? "") }
}

extension Argument {
  var described: String { (name.map { $0.text + "=" } ?? "") + value.described }
}

extension ConditionalExpression {
  var described: String {
    let rest =
      switch alternative {
      case .none: ""
      case .block(let block): " else \(block.described)"
      case .conditional(let conditional): " else \(conditional.described)"
      }
    return "if \(condition.described) \(consequence.described)\(rest)"
  }
}

func list<Element>(_ elements: [Element], _ describe: (Element) -> String) -> String {
  elements.map(describe).joined(separator: ", ")
}

extension StatementKind {
  var described: String {
    switch self {
    case .expression(let expression): return expression.described
    case .assignment(let assignment):
      let targets = list(assignment.targets) { $0.described }
      return "\(targets) \(assignment.operation.rawValue) \(assignment.value.described)"
    case .definition(let definition):
      let help = definition.help.map { "##\($0)## " } ?? ""
      let parameters = list(definition.parameters) { $0.described }
      return "\(help)\(definition.name.text)(\(parameters)) := \(definition.body.described)"
    case .parameters(let fields):
      return "param " + list(fields) { "\($0.name.text) = \($0.value.described)" }
    case .print(let values): return "print " + list(values) { $0.described }
    case .check(let check):
      let options = check.options.isEmpty ? "" : " (\(list(check.options) { $0.described }))"
      return (check.isPublic ? "public " : "") + "check \(check.condition.described)"
        + (check.message.map { ", " + $0.described } ?? "") + options
    case .task(let text): return "task \(text.described)"
    case .answer(let name, let description, let options):
      return "answer \(name.text) \(description?.described ?? "-") "
        + "(\(list(options) { $0.described }))"
    case .variants(let fields):
      return "variant " + list(fields) { "\($0.name.text) = \($0.value.described)" }
    case .tests(let body): return "tests \(body.described)"
    case .forEach(let variable, let sequence, let body):
      return "for \(variable.text) in \(sequence.described) \(body.described)"
    case .whileLoop(let condition, let body):
      return "while \(condition.described) \(body.described)"
    case .repeatLoop(let count, let body): return "repeat \(count.described) \(body.described)"
    case .breakLoop: return "break"
    case .continueLoop: return "continue"
    case .returnValue(let value): return "return" + (value.map { " " + $0.described } ?? "")
    case .importFile(let path): return "import \(path.described)"
    case .time(let statement): return "time \(statement.described)"
    case .exercise(let title, let options, let body):
      return "exercise \(title.described) (\(list(options) { $0.described })) \(body.described)"
    case .hint(let text): return "hint \(text.described)"
    case .mistake(let condition, let message):
      return "mistake \(condition.described), \(message.described)"
    }
  }
}

extension Expression {
  var described: String {
    switch self {
    case .number(let literal): return literal.text
    case .string(let literal):
      return "\"" + literal.segments.map(\.described).joined() + "\""
    case .truth(let value, _): return value ? "true" : "false"
    case .nothing: return "nothing"
    case .name(let name): return name.text
    case .blank: return "___"
    case .bracket(let elements, _): return "[\(list(elements) { $0.described })]"
    case .rows(let rows, _):
      return "[" + rows.map { row in list(row) { $0.described } }.joined(separator: "; ") + "]"
    case .record(let fields, _):
      return fields.isEmpty
        ? "[:]" : "[" + list(fields) { "\($0.name.text): \($0.value.described)" } + "]"
    case .group(let inner, _): return "<\(inner.described)>"
    case .unary(let unary): return "(\(unary.operation.rawValue) \(unary.operand.described))"
    case .binary(let binary):
      return "(\(binary.operation.rawValue) \(binary.left.described) \(binary.right.described))"
    case .comparison(let comparison):
      let links = comparison.links.map { " \($0.operation.rawValue) \($0.right.described)" }
      let tolerance = comparison.tolerance.map { " within " + $0.described } ?? ""
      return "(\(comparison.first.described)\(links.joined())\(tolerance))"
    case .range(let range):
      let step = range.step.map { " by " + $0.described } ?? ""
      return "(\(range.low.described)..\(range.high.described)\(step))"
    case .call(let call):
      let arguments = list(call.arguments) { $0.described }
      let mark = call.form == .command ? "`" : ""
      return "\(call.callee.described)\(mark)(\(arguments))"
    case .index(let index):
      let items = list(index.items) { item in
        switch item {
        case .all: ":"
        case .expression(let expression): expression.described
        }
      }
      return "\(index.base.described)[\(items)]"
    case .field(let field): return "\(field.base.described).\(field.name.text)"
    case .transpose(let base, _): return "\(base.described)'"
    case .function(let function):
      let parameters = list(function.parameters) { $0.described }
      return "(\(parameters)) -> \(function.body.described)"
    case .conditional(let conditional): return conditional.described
    }
  }
}

extension StringLiteral.Segment {
  var described: String {
    switch self {
    case .text(let text): return text
    case .interpolation(let expression, let format):
      guard let format else { return "{\(expression.described)}" }
      let width = format.width.map { "\($0)" } ?? ""
      let decimals = format.decimals.map { ".\($0)" } ?? ""
      let digits = format.significantDigits.map { ".\($0)g" } ?? ""
      return "{\(expression.described):\(width)\(decimals)\(digits)}"
    }
  }
}

func parse(_ text: String, limits: ParserLimits = .standard) -> ParseResult {
  Parser.parse(SourceText(name: "lesson.bp", text: text), limits: limits)
}

/// The tree of a source without errors, or its errors.
func tree(_ text: String) -> String {
  let result = parse(text)
  guard result.diagnostics.isEmpty else {
    return "ERROR " + result.diagnostics.map(\.message).joined(separator: " | ")
  }
  return result.statements.described
}
