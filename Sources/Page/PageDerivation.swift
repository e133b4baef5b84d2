import Differentiation
import Explanation
import Interchange
import Rendering

/// A derivation row by row: what each is about, what it is made of, and how it is set.
struct PageDerivation {
  private let derivation: Derivation
  private let names: QuantityNames?
  private let number: (Double) -> String

  init(_ derivation: Derivation, _ names: QuantityNames?, number: @escaping (Double) -> String) {
    (self.derivation, self.names, self.number) = (derivation, names, number)
  }

  private static let width = 45.0

  var json: JSON {
    let rows = derivation.rows(number: number)
    // A title stands before the parts.
    var parts: [Derivation.Part?] = derivation.parts.map { Optional.some($0) }
    while parts.count < rows.count { parts.insert(nil, at: 0) }
    return .record([
      ("rows", .list(zip(rows, parts).map { json($0, $1) })),
      ("value", derivation.result.number.map { .text(number($0)) } ?? .null),
    ])
  }

  private func json(_ row: Derivation.Row, _ part: Derivation.Part?) -> JSON {
    func object(_ kind: String, _ html: String, _ more: [(String, JSON)] = []) -> JSON {
      .record([("kind", .text(kind)), ("html", .text(html))] + more)
    }
    switch row {
    case .title(let spans): return object("title", MathMLWriter.text(spans))
    case .heading(let spans): return object("heading", MathMLWriter.text(spans))
    case .note(let spans): return object("note", MathMLWriter.text(spans))
    case .table(let titles, let rows): return object("table", MathMLWriter.table(titles, rows))
    case .equation(let set):
      var about: String?
      var uses: [String] = []
      if case .equation(let equation)? = part, let names {
        about = names.name(of: equation.left)
        for name in equation.steps.flatMap(names.names(in:)) where !uses.contains(name) {
          uses.append(name)
        }
      }
      return object(
        "equation", MathMLWriter.element(set, width: Self.width),
        [
          ("text", .text(set.alternative)), ("about", about.map { .text($0) } ?? .null),
          ("uses", .list(uses.map { .text($0) })),
        ])
    }
  }
}
