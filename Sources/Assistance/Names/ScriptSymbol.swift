import Language
import Learning
import Syntax

/// A name that a script gives a meaning: a variable, a parameter or a function.
package final class ScriptSymbol {
  package enum Kind: Hashable, Sendable {
    case variable, parameter, function
  }

  /// A place that gives the name a value.
  package struct Definition {
    package let range: SourceRange
    /// The statement around it, or the function of a parameter.
    package let whole: SourceRange
    /// The file it stands in, where that is another script, which is imported.
    package let file: ScriptFile?
    /// Whether it may be carried out again and again, or not at all.
    let isConditional: Bool
  }

  package let name: String
  package internal(set) var kind: Kind
  package internal(set) var definitions: [Definition] = []
  /// How it is called, where every call is one of this function.
  package internal(set) var form: FunctionForm?
  /// The `##` lines above its definition.
  package internal(set) var help: String?
  /// Where it is known: a function's text; nil for the whole script.
  package let scope: SourceRange?
  /// Whether some uses of the name may mean the function of bp that has it as well.
  package internal(set) var isAmbiguous = false

  init(_ name: String, _ kind: Kind, scope: SourceRange?) {
    self.name = name
    self.kind = kind
    self.scope = scope
  }

  func define(
    at range: SourceRange, whole: SourceRange, in file: ScriptFile? = nil, isConditional: Bool
  ) {
    definitions.append(
      Definition(range: range, whole: whole, file: file, isConditional: isConditional))
  }
}

/// Another script that is imported.
package final class ScriptFile {
  package let path: String
  package let source: SourceText

  package init(path: String, text: String) {
    self.path = path
    source = SourceText(name: path, text: text)
  }
}

/// A place of a script where a name stands.
package struct NameUse {
  package enum Meaning {
    /// A name of the script.
    case symbol(ScriptSymbol, isDefinition: Bool)
    case function(BuiltinFunction)
    case constant(Catalog.Constant)
    /// The activation, loss, optimizer … that an argument chooses.
    case choice(Choice)
    /// A bare word that an argument is.
    case word
    /// The name of an option, and who has it.
    case option(Parameter, of: String)
    /// The name of a field, a setting, or an option of an unknown function.
    case field
    /// The path of a script that is imported.
    case file(ScriptFile)
    case unknown
  }

  package let range: SourceRange
  package let meaning: Meaning
}

/// The names of one function, or of the script outside of functions.
final class NameScope {
  let parent: NameScope?
  /// The function's text; nil outside.
  let range: SourceRange?
  var symbols: [String: ScriptSymbol] = [:]

  init(parent: NameScope?, range: SourceRange?) {
    self.parent = parent
    self.range = range
  }

  var isGlobal: Bool { parent == nil }

  func find(_ name: String) -> ScriptSymbol? { symbols[name] ?? parent?.find(name) }

  func declare(_ name: String, _ kind: ScriptSymbol.Kind) -> ScriptSymbol {
    if let symbol = symbols[name] { return symbol }
    let symbol = ScriptSymbol(name, kind, scope: range)
    symbols[name] = symbol
    return symbol
  }
}
