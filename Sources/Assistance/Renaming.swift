import Language
import Syntax

/// Why a name cannot be renamed, as a sentence without a full stop.
package struct RenamingError: Error, Hashable {
  package let message: String
}

extension ScriptAnalysis {
  /// The name at a byte of the text, where it can be renamed.
  /// - Throws: where it is not the script's, or a place of it may mean something else.
  package func renamable(
    at offset: Int
  ) throws(RenamingError) -> (symbol: ScriptSymbol, range: SourceRange) {
    guard let use = use(at: offset), case .symbol(let symbol, _) = use.meaning else {
      throw RenamingError(message: "only a variable, a function or a parameter can be renamed")
    }
    if let file = symbol.definitions.first(where: { $0.file != nil })?.file {
      throw RenamingError(message: "\(symbol.name) is given a value in \(file.path)")
    }
    if symbol.isAmbiguous {
      throw RenamingError(
        message: "some places of \(symbol.name) mean the function \(symbol.name) of bp")
    }
    guard parsed.diagnostics.isEmpty else {
      throw RenamingError(message: "the script has syntax errors, so not every place is known")
    }
    return (symbol, use.range)
  }

  /// Every place of the name at a byte of the text, which the new one replaces.
  /// - Throws: where it cannot be renamed, or the new name means something already.
  package func renaming(
    at offset: Int, to name: String
  ) throws(RenamingError) -> [SourceRange] {
    let symbol = try renamable(at: offset).symbol
    let tokens = Colouring.tokens(of: SourceText(name: "", text: name))
    guard tokens.count == 1, tokens[0].colour == .name,
      tokens[0].range == SourceRange(start: 0, end: name.utf8.count)
    else { throw RenamingError(message: "\(name) is no name") }
    if name != symbol.name {
      if interpreter.session.catalog.function(name) != nil
        || interpreter.session.catalog.constant(name) != nil
      {
        throw RenamingError(message: "bp has something of the name \(name)")
      }
      let isTaken = uses.contains { use in
        if case .field = use.meaning { return false }
        if case .option = use.meaning { return false }
        return source.text(of: use.range) == name
      }
      if isTaken { throw RenamingError(message: "\(name) means something in this script already") }
    }
    return uses(of: symbol).map { $0.range }
  }
}
