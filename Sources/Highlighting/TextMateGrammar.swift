import Interchange
import Syntax

/// A grammar of TextMate, as VS Code and Sublime Text read it.
struct TextMateGrammar {
  private let patterns: RegularExpressions
  private let suffix = ".bplang"

  init(_ words: GrammarWords) { patterns = .unicode(words) }

  func text() throws(FormatError) -> String {
    let code = ["comment", "strings", "code"].map { include($0) }
    let grammar = record([
      ("information_for_contributors", .text("Made by `bp colours --as textmate`.")),
      ("name", .text("bplang")), ("scopeName", .text("source.bplang")),
      ("fileTypes", .list([.text("bplang"), .text("bp")])),
      ("patterns", .list(code)),
      (
        "repository",
        record([
          ("comment", match("#.*$", "comment.line.number-sign")),
          ("strings", record([("patterns", .list(rawStrings + [blockString, string]))])),
          ("inString", record([("patterns", .list([escape, interpolation]))])),
          ("code", record([("patterns", .list(rules))])),
          ("brackets", brackets("innerBrackets")), ("innerBrackets", brackets("brackets")),
        ])
      ),
    ])
    return String(decoding: try grammar.bytes(indent: 2), as: UTF8.self) + "\n"
  }

  private var rules: [JSON] {
    let words = patterns.words
    return [
      match(patterns.number, "constant.numeric"),
      match(patterns.reservedName, "variable.other"),
      captured(#"^[ \t]*(\#(patterns.statementWord))"#, "keyword.control"),
      captured(#"(?<=[;{])[ \t]*(\#(patterns.statementWord))"#, "keyword.control"),
      match(patterns.placeholder, "invalid.illegal.placeholder"),
      match(patterns.words(words.keywords), "keyword.control"),
      match(patterns.words(words.operatorWords), "keyword.operator.word"),
      match(patterns.words(words.constantWords), "constant.language"),
      match(patterns.functions, "support.function"),
      match(patterns.names, "support.constant"),
      match("\(patterns.name)(?=\\()", "entity.name.function"),
      match("\(patterns.name)(?==[^= ])", "variable.parameter"),
      match(patterns.name, "variable.other"),
      match(patterns.prime, "keyword.operator"),
      match(patterns.operators, "keyword.operator"),
      match(#"[()\[\]{},;:.]"#, "punctuation"),
    ]
  }

  private var string: JSON {
    record([
      ("name", scope("string.quoted.double")), ("begin", .text("\"")), ("end", .text("\"|$")),
      ("patterns", .list([include("inString")])),
    ])
  }

  private var blockString: JSON {
    record([
      ("name", scope("string.quoted.triple")), ("begin", .text("\"\"\"")),
      ("end", .text("\"\"\"")), ("patterns", .list([include("inString")])),
    ])
  }

  private var rawStrings: [JSON] {
    [("string.quoted.triple", "\"\"\""), ("string.quoted.double", "\"")].map { name, quotes in
      record([
        ("name", scope(name)), ("begin", .text("\(patterns.noPartBefore)r\(quotes)")),
        ("end", .text(quotes.count == 1 ? "\"|$" : quotes)),
      ])
    }
  }

  private var escape: JSON { match(RegularExpressions.escape, "constant.character.escape") }

  private var interpolation: JSON {
    let brace = record([("0", record([("name", scope("punctuation.section.embedded"))]))])
    return record([
      ("name", scope("meta.embedded")), ("begin", .text(#"\{"#)), ("end", .text(#"\}|$"#)),
      ("beginCaptures", brace), ("endCaptures", brace),
      (
        "patterns",
        .list([
          match(RegularExpressions.format, "constant.other.format"), include("strings"),
          include("brackets"), include("code"),
        ])
      ),
    ])
  }

  /// In a string a colon in brackets begins no format. Two rules stand in each other in turn:
  /// textmate-grammar-python passes a character over behind a rule within itself.
  private func brackets(_ inner: String) -> JSON {
    let sign = record([("0", record([("name", scope("punctuation"))]))])
    return record([
      ("begin", .text(#"[(\[{]"#)), ("end", .text(#"[)\]}]"#)), ("beginCaptures", sign),
      ("endCaptures", sign),
      ("patterns", .list([include("strings"), include(inner), include("code")])),
    ])
  }

  // MARK: JSON

  private func record(_ members: [(String, JSON)]) -> JSON {
    .object(members.map { JSON.Member($0.0, $0.1) })
  }

  private func scope(_ name: String) -> JSON { .text(name + suffix) }

  private func include(_ name: String) -> JSON { record([("include", .text("#\(name)"))]) }

  private func match(_ pattern: String, _ name: String) -> JSON {
    record([("name", scope(name)), ("match", .text(pattern))])
  }

  private func captured(_ pattern: String, _ name: String) -> JSON {
    record([
      ("match", .text(pattern)),
      ("captures", record([("1", record([("name", scope(name))]))])),
    ])
  }
}
