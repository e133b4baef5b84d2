import Language
import Syntax

/// What a stretch of a script is to a reader who knows what its names stand for.
package struct MeaningfulToken: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case comment, keyword, string, number, `operator`, variable, parameter, function, property
    case enumMember
  }

  package var range: SourceRange
  package var kind: Kind
  package var isDefinition = false
  /// Whether bp has the name, not the script.
  package var isBuiltin = false
}

extension ScriptAnalysis {
  /// In the order of the text; punctuation and what is not known are left out.
  package var meaningfulTokens: [MeaningfulToken] {
    guard !isForeign else { return [] }
    var meanings = uses[...]
    return colours.compactMap { token in
      while let first = meanings.first, first.range.start < token.range.start {
        meanings.removeFirst()
      }
      switch token.colour {
      case .comment: return MeaningfulToken(range: token.range, kind: .comment)
      case .keyword: return MeaningfulToken(range: token.range, kind: .keyword)
      case .constant: return MeaningfulToken(range: token.range, kind: .keyword)
      case .placeholder: return MeaningfulToken(range: token.range, kind: .keyword)
      case .number: return MeaningfulToken(range: token.range, kind: .number)
      case .string: return MeaningfulToken(range: token.range, kind: .string)
      case .operator, .escape, .interpolation:
        return MeaningfulToken(range: token.range, kind: .operator)
      case .name:
        guard let use = meanings.first, use.range == token.range else { return nil }
        return self.token(use)
      case .punctuation, .invalid: return nil
      }
    }
  }

  private func token(_ use: NameUse) -> MeaningfulToken? {
    switch use.meaning {
    case .symbol(let symbol, let isDefinition):
      let kind: MeaningfulToken.Kind =
        switch symbol.kind {
        case .variable: .variable
        case .parameter: .parameter
        case .function: .function
        }
      return MeaningfulToken(range: use.range, kind: kind, isDefinition: isDefinition)
    case .function: return MeaningfulToken(range: use.range, kind: .function, isBuiltin: true)
    case .constant: return MeaningfulToken(range: use.range, kind: .variable, isBuiltin: true)
    case .choice, .word:
      return MeaningfulToken(range: use.range, kind: .enumMember, isBuiltin: true)
    case .option, .field: return MeaningfulToken(range: use.range, kind: .property)
    case .file, .unknown: return nil
    }
  }
}
