import Language
import Syntax

/// A part of a script with a name: a function, a variable, an exercise, a slide.
package struct OutlineItem {
  package enum Kind: Hashable, Sendable {
    case function, variable, exercise, part
  }

  package let name: String
  package let detail: String
  package let kind: Kind
  package internal(set) var range: SourceRange
  /// The name itself.
  package let selection: SourceRange
  package internal(set) var children: [OutlineItem] = []
}

extension ScriptAnalysis {
  /// The parts of the script, each name where it is given a value first.
  package var outline: [OutlineItem] {
    guard !isForeign else { return [] }
    var seen: Set<String> = []
    return outline(of: parsed.statements, end: source.bytes.count, &seen)
  }

  private func outline(
    of statements: [Statement], end: Int, _ seen: inout Set<String>
  ) -> [OutlineItem] {
    var items: [OutlineItem] = []
    var part: OutlineItem?
    func add(_ item: OutlineItem) {
      if part != nil { part?.children.append(item) } else { items.append(item) }
    }
    func endPart(at place: Int) {
      guard var whole = part else { return }
      whole.range.end = max(whole.range.end, place)
      items.append(whole)
      part = nil
    }
    for statement in statements {
      if let title = partTitle(of: statement) {
        endPart(at: lineEnd(before: statement.range.start))
        part = OutlineItem(
          name: title.text.isEmpty ? "slide" : title.text, detail: "", kind: .part,
          range: statement.range, selection: title.range)
        continue
      }
      for item in self.items(of: statement, &seen) { add(item) }
    }
    endPart(at: end)
    return items
  }

  private func lineEnd(before offset: Int) -> Int {
    let line = source.line(at: offset)
    return line > 1 ? source.range(ofLine: line - 1).end : offset
  }

  /// `slide "The error"`
  private func partTitle(of statement: Statement) -> Name? {
    guard case .expression(.call(let call)) = statement.kind, case .name(let head) = call.callee,
      interpreter.session.catalog.function(head.text)?.traits.contains(.beginsPart) == true,
      let title = call.arguments.first?.value
    else { return nil }
    return Name(title.plainText ?? source.text(of: title.range), at: title.range)
  }

  private func items(of statement: Statement, _ seen: inout Set<String>) -> [OutlineItem] {
    switch statement.kind {
    case .definition(let definition):
      guard seen.insert(definition.name.text).inserted else { return [] }
      return [
        OutlineItem(
          name: definition.name.text, detail: FunctionForm(definition, in: source).signature,
          kind: .function, range: statement.range, selection: definition.name.range)
      ]
    case .exercise(let title, _, let body):
      var item = OutlineItem(
        name: title.plainText ?? "exercise", detail: "", kind: .exercise, range: statement.range,
        selection: title.range)
      if item.name.isEmpty { return [] }
      item.children = outline(of: body.statements, end: body.range.end, &seen)
      return [item]
    case .assignment, .parameters, .variants:
      var names: [Name] = []
      for case .assigned(let name) in statement.parts where seen.insert(name.text).inserted {
        names.append(name)
      }
      return names.map { name in
        OutlineItem(
          name: name.text, detail: values.byPlace[name.range.start]?.kind ?? "", kind: .variable,
          range: statement.range, selection: name.range)
      }
    default: return []
    }
  }

  /// What an editor can fold: blocks, brackets, comments, texts and slides.
  package var folds: [Folding.Fold] {
    guard !isForeign else { return [] }
    let parts = outline.filter { $0.kind == .part }.map {
      Folding.Fold(range: $0.range, kind: .block)
    }
    return Folding.folds(of: source) + parts
  }
}
