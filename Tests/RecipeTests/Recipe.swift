import Language
import TestSupport

/// What every recipe needs.
enum Recipe {
  static let page = "Sources/Language/Language.docc/Contributing.md"

  /// The standard catalog with more functions, as if they stood in one of its lists.
  static func catalog(with functions: [BuiltinFunction]) -> Catalog {
    Catalog(
      functions: Catalog.standard.functions + functions, constants: Catalog.standard.constants)
  }
}

extension TestSession {
  /// What TAB offers behind a text.
  func offers(_ text: String) -> [String] {
    interpreter.completion(of: text, cursor: text.utf8.count).candidates.map { $0.text }
  }
}
