import Language
import Rendering
import Syntax

extension ScriptAnalysis {
  /// What is known of the name, word or sign at a byte of the text.
  package func hover(at offset: Int, display: Display = .plain) -> Inspection? {
    guard !isForeign else { return nil }
    if let use = use(at: offset), let text = text(on: use, display) {
      return Inspection(name: source.text(of: use.range), range: use.range, text: text)
    }
    guard let token = token(at: offset) else { return nil }
    switch token.colour {
    case .keyword, .operator, .constant, .placeholder:
      let word = source.text(of: token.range)
      guard
        let page = Help.text(
          ofKnown: word, session: interpreter.session, runtime: interpreter.runtime)
      else { return nil }
      return Inspection(name: word, range: token.range, text: page(display))
    default: return nil
    }
  }

  private func text(on use: NameUse, _ display: Display) -> String? {
    switch use.meaning {
    case .symbol(let symbol, _): return text(on: symbol, at: use.range)
    case .function(let function): return Help.text(of: function, display)
    case .choice(let choice): return Help.text(of: choice, display)
    case .option(let parameter, let owner):
      return Help.text(ofOption: parameter, of: owner, display)
    case .constant(let constant):
      return Help.text(
        ofKnown: constant.name, session: interpreter.session, runtime: interpreter.runtime)?(
          display)
    case .file(let file): return file.path
    case .word, .field, .unknown: return nil
    }
  }

  func text(on symbol: ScriptSymbol, at place: SourceRange) -> String {
    let definitions = definitions(of: symbol, seenFrom: place.start)
    if let form = symbol.form {
      return [form.signature, symbol.help].compactMap { $0 }.joined(separator: "\n")
    }
    var lines: [String] = []
    if definitions.count == 1, let known = values.byPlace[definitions[0].range.start] {
      lines.append(known.text ?? symbol.name)
      lines.append(known.kind)
    } else {
      lines.append(symbol.name)
      switch symbol.kind {
      case .parameter: lines.append("a parameter")
      case .function: lines.append("a function")
      case .variable: lines.append("a variable")
      }
    }
    if let file = definitions.first?.file { lines.append("from \(file.path)") }
    return lines.joined(separator: "\n")
  }
}
