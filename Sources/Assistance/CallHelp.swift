import Language
import Learning
import Syntax

/// How the function is called whose arguments are being typed.
package struct CallHelp {
  package struct Parameter {
    /// Its characters in the signature.
    package let range: Range<String.Index>
    /// What it is; empty for those of the script's functions.
    package let summary: String
  }

  package private(set) var signature: String
  package let summary: String
  package private(set) var parameters: [Parameter] = []
  /// The parameter that is being typed.
  package private(set) var active: Int?

  private mutating func add(_ text: String, _ summary: String, separator: String) {
    signature += separator
    let start = signature.endIndex
    signature += text
    parameters.append(Parameter(range: start..<signature.endIndex, summary: summary))
  }

  init(_ form: FunctionForm, help: String?, _ place: CallPlace) {
    signature = form.name + "("
    summary = help ?? ""
    for (number, parameter) in form.parameters.enumerated() {
      let text = parameter.defaultText.map { "\(parameter.name)=\($0)" } ?? parameter.name
      add(text, "", separator: number == 0 ? "" : ", ")
    }
    signature += ")"
    if let option = place.option {
      active = form.parameters.firstIndex { $0.name == option }
    } else if place.position < form.parameters.count {
      active = place.position
    }
  }

  init(_ function: BuiltinFunction, _ place: CallPlace) {
    signature = function.name
    summary = function.summary
    let required = function.parameters.filter { $0.isRequired }
    let optional = function.parameters.filter { !$0.isRequired }
    for parameter in required {
      add(parameter.signature, parameter.summary, separator: " ")
    }
    if let rest = function.rest { add("\(rest.name)…", rest.summary, separator: " ") }
    for parameter in optional {
      add(parameter.signature, parameter.summary, separator: " ")
    }
    if let option = place.option {
      let index = optional.firstIndex { $0.name == option || $0.aliases.contains(option) }
      active = index.map { parameters.count - optional.count + $0 }
    } else if place.position < parameters.count, function.rest == nil {
      active = place.position
    } else if function.rest != nil {
      active = min(place.position, required.count)
    }
  }
}

extension ScriptAnalysis {
  /// The call around a byte of the text.
  package func callHelp(at offset: Int) -> CallHelp? {
    guard !isForeign, let place = CallPlace(in: source, at: offset) else { return nil }
    let symbol = visibleSymbols(at: offset).first { $0.name == place.name.text }
    if let form = symbol?.form { return CallHelp(form, help: symbol?.help, place) }
    if let symbol, symbol.kind != .variable { return nil }
    return interpreter.session.catalog.function(place.name.text).map { CallHelp($0, place) }
  }
}
