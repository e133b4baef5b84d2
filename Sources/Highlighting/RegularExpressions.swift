import Syntax

/// The patterns of tokens, for engines that write letters differently.
struct RegularExpressions {
  /// A character that a name begins with, one that it goes on with, and places where none stands.
  let first: String
  let part: String
  let noPartBefore: String
  let noPartBehind: String
  let words: GrammarWords

  /// Engines that know classes of Unicode: Oniguruma, JavaScript.
  static func unicode(_ words: GrammarWords) -> RegularExpressions {
    let part = #"\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_"#
    return RegularExpressions(
      first: #"[\p{L}\p{Nl}_]"#, part: "[\(part)]", noPartBefore: "(?<![\(part)])",
      noPartBehind: "(?![\(part)])", words: words)
  }

  /// Python's, whose letters include raised digits and fractions.
  static func python(_ words: GrammarWords) -> RegularExpressions {
    let others = "²³¹¼½¾"
    let marks = #"\u0300-\u036f"#
    return RegularExpressions(
      first: #"[^\W\d\#(others)]"#, part: #"(?:[^\W\#(others)]|[\#(marks)])"#,
      noPartBefore: #"(?<![\w\#(marks)])"#, noPartBehind: #"(?![\w\#(marks)])"#, words: words)
  }

  var name: String { first + part + "*" }

  func words(_ list: [String]) -> String {
    "\(noPartBefore)(?:\(list.joined(separator: "|")))\(noPartBehind)"
  }

  var number: String {
    let digits = "[0-9][0-9_]*"
    let exponent = "(?:[eE][+-]?\(digits))?"
    let behindPoint = #"(?![.*/^'A-Za-z0-9_]|[^\x00-\x7F])"#
    return
      #"(?:\#(digits)(?:\.(?:\#(digits)|\#(behindPoint)))?|\#(noPartBefore)(?<![.)\]}"'])\.\#(digits))"#
      + exponent
  }

  var placeholder: String { "\(noPartBefore)_{3,}\(noPartBehind)" }

  /// A reserved word that is the name of a field or an option.
  var reservedName: String {
    let list = words.reserved.joined(separator: "|")
    let behindPoint = #"(?<=[^.]\.)(?:\#(list))\#(noPartBehind)"#
    return "\(behindPoint)|\(noPartBefore)(?:\(list))(?=:|=(?!=))"
  }

  /// A word that begins a statement, where it does.
  var statementWord: String {
    let list = words.statementWords.joined(separator: "|")
    let joining = words.joiningWords.joined(separator: "|")
    let value = #"(?=[ \t]+(?!(?:\#(joining))\#(noPartBehind))(?:\#(first)|["0-9(\[]|\.[0-9]))"#
    return #"(?:(?:\#(list))\#(noPartBehind)\#(value)|\#(words.blockWord)(?=[ \t]*\{))"#
  }

  var functions: String { words(words.functions) }

  var names: String { words(words.names) }

  /// Without the prime, which stands right behind a value.
  var operators: String {
    words.operators.filter { $0 != "'" }.sorted { ($1.count, $0) < ($0.count, $1) }
      .map { Self.escaped($0) }.joined(separator: "|")
  }

  var prime: String { #"(?<=[^\s(\[{,;:=+\-*/%@^<>#"&|!?~])'"# }

  static let escape = #"\\(?:u\{[^}]*\}?|.)"#
  static let format = #":[^}"\n]*(?=\})"#

  static func escaped(_ sign: String) -> String {
    sign.map { #"+*/^.?|()[]{}$\"#.contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}
