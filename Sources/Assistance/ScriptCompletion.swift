import Language
import Rendering
import Syntax

extension ScriptAnalysis {
  /// The candidates for the word that ends at a byte of the text, and the byte it begins with; nil
  /// where none is wanted.
  package func completion(
    at offset: Int
  ) -> (start: Int, candidates: [Completion.Candidate])? {
    guard !isForeign, !isInText(offset) else { return nil }
    let line = source.range(ofLine: source.line(at: offset))
    let text = source.text(of: SourceRange(start: line.start, end: offset))
    // Fields are those of what a variable holds, which takes long to find out.
    if interpreter.completesField(text) { _ = values }
    let found = interpreter.completion(
      of: text, cursor: text.utf8.count, knowing: names(visibleAt: offset))
    return (line.start + found.start, found.candidates)
  }

  /// Whether the place is in a comment or between the lines of a string.
  private func isInText(_ offset: Int) -> Bool {
    guard let token = token(at: offset), token.range.start < offset else { return false }
    switch token.colour {
    case .comment: return true
    case .string:
      return source.line(at: token.range.start) != source.line(at: token.range.end)
    default: return false
    }
  }

  private func names(visibleAt offset: Int) -> [(name: String, note: String)] {
    var names = visibleSymbols(at: offset).map { symbol in
      (name: symbol.name, note: symbol.form?.signature ?? "")
    }
    // Of what is not in the language yet, the names.
    for place in unreadNames where !(place.start <= offset && offset <= place.end) {
      names.append((source.text(of: place), ""))
    }
    return names
  }

  /// The help on a candidate; nil where its list says all there is.
  package func documentation(
    of name: String, _ kind: Completion.Kind, at offset: Int, display: Display = .plain
  ) -> String? {
    switch kind {
    case .variable:
      guard let symbol = visibleSymbols(at: offset).first(where: { $0.name == name }) else {
        return nil
      }
      return text(on: symbol, at: SourceRange(start: offset, end: offset))
    case .function, .constant, .keyword, .choice, .topic, .option:
      if kind == .function, let function = interpreter.session.catalog.function(name) {
        return Help.text(of: function, display)
      }
      let word = kind == .option && name.hasSuffix("=") ? String(name.dropLast()) : name
      return Help.text(
        ofKnown: word, session: interpreter.session, runtime: interpreter.runtime)?(display)
    case .field, .file, .letter: return nil
    }
  }
}
