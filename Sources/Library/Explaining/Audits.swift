import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let auditFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "audit", .session,
      "Numbers as a slide prints them beside what is computed, with a verdict; each is a check.",
      rest: Parameter(
        "row", .any,
        "A name, the number as it is printed and the value, and behind them in words why they "
          + "differ, where they do."),
      examples: [
        .init(
          "a = audit(\"a third\", 0.33, 1/3); print a.agree, a.differ", prints: "1 0"),
        .init(
          "audit(\"two thirds\", 0.66, 2/3, \"it was cut, not rounded\")",
          prints: """
            quantity    slide says  bp computes  verdict
            ════════════════════════════════════════════
            two thirds  0.66        0.6667       differs
            two thirds: it was cut, not rounded
            """),
      ]
    ) { arguments throws(Failure) in
      let rows = try auditedRows(arguments)
      for row in rows where row.agrees == (row.reason != nil) {
        arguments.session.check(
          false,
          row.agrees
            ? "\(row.name) agrees, though a reason is given why it would not"
            : "\(row.name) is printed as \(row.printed) and computed as \(row.computed)",
          at: row.range)
      }
      for row in rows where row.agrees == (row.reason == nil) {
        arguments.session.check(true, "", at: row.range)
      }
      let agreeing = rows.count { $0.agrees }
      let fields = Record([
        ("agree", .number(Double(agreeing))),
        ("differ", .number(Double(rows.count - agreeing))),
        ("names", .list(rows.map { .string($0.name) })),
      ])
      return .report(
        Report(title: "audit", fields: fields, derivation: table(of: rows)) {
          text(of: rows, on: $0)
        })
    }
  ]

  /// A number on a slide and what is computed for it.
  private struct AuditedRow {
    let name: String
    let printed: String
    let computed: String
    /// Whether what is computed rounds to what is printed.
    let agrees: Bool
    /// Why they differ, in the words of the script.
    let reason: String?
    let range: SourceRange
  }

  private static let auditHelp = [
    "audit(\"net_h1\", 0.3775, net_h1)",
    "audit(\"w0\", 2.14, w0, \"a slip of the last digit\")",
  ]

  private static func auditedRows(_ arguments: Arguments) throws(Failure) -> [AuditedRow] {
    var rows: [AuditedRow] = []
    var rest = arguments.rest[...]
    guard !rest.isEmpty else {
      throw Failure("audit needs something to compare", at: arguments.range, help: auditHelp)
    }
    while let label = rest.popFirst() {
      guard case .string(let name) = label.value.plain else {
        throw Failure(
          "a row of an audit begins with its name", at: label.range, label: label.value.kind,
          help: auditHelp)
      }
      guard let printed = rest.popFirst(), let number = printed.value.plain.number,
        let text = printed.literals?.first
      else {
        throw Failure(
          "behind a name stands the number as it is printed", at: label.range,
          label: "\(name) has none", help: auditHelp)
      }
      guard let computed = rest.popFirst(), let value = computed.value.plain.number else {
        throw Failure(
          "behind what is printed stands what is computed, a number", at: printed.range,
          label: "\(text) has nothing to be compared with", help: auditHelp)
      }
      var reason: String?
      if case .string(let words)? = rest.first?.value.plain,
        rest.dropFirst().first.map({ $0.value.plain.number == nil }) ?? true
      {
        reason = words
        rest.removeFirst()
      }
      let digits = text.drop { !("1"..."9").contains($0) }.prefix { $0 != "e" }
        .count { $0.isNumber }
      rows.append(
        AuditedRow(
          name: name, printed: text,
          computed: NumberStyle.significantDigits(min(max(digits + 2, 4), 12)).text(value),
          agrees: abs(value - number) <= halfUnit(of: text) * (1 + 1e-9), reason: reason,
          range: computed.range))
    }
    return rows
  }

  /// Half a unit of the last digit that is written.
  private static func halfUnit(of text: String) -> Double {
    let mantissa = text.prefix { $0 != "e" && $0 != "E" }
    let places = mantissa.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first
    var unit = 0.5
    for _ in 0..<(places?.count ?? 0) { unit /= 10 }
    let exponent = text.dropFirst(mantissa.count + 1)
    guard let power = Int(exponent), abs(power) < 400 else { return unit }
    for _ in 0..<abs(power) { unit = power < 0 ? unit / 10 : unit * 10 }
    return unit
  }

  private static let auditTitles = ["quantity", "slide says", "bp computes", "verdict"]

  private static func cells(of row: AuditedRow) -> [String] {
    [row.name, row.printed, row.computed, row.agrees ? "agrees" : "differs"]
  }

  private static func notes(on rows: [AuditedRow]) -> [String] {
    rows.compactMap { row in row.reason.map { "\(row.name): \($0)" } }
  }

  /// For pages and slides, on which the names are formulas.
  private static func table(of rows: [AuditedRow]) -> Derivation {
    var derivation = Derivation(title: "", result: Tensor(0))
    derivation.parts = [.table(auditTitles, rows.map { cells(of: $0).map { .text($0) } })]
    for note in notes(on: rows) { derivation.add(note: note) }
    return derivation
  }

  private static func text(of rows: [AuditedRow], on display: Display) -> String {
    let table = Table(auditTitles.map { .init($0) }, rows: rows.map(cells))
    let notes = notes(on: rows)
    let text = ([table.text(display.isASCII ? .ascii : .unicode)] + notes).joined(separator: "\n")
    return display.isASCII ? PlainCharacters.ascii(text) : text
  }
}
