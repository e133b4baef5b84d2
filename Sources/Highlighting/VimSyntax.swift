/// A syntax file of Vim and Neovim.
struct VimSyntax {
  private let words: GrammarWords

  init(_ words: GrammarWords) { self.words = words }

  /// Words that mean something to `syntax keyword` itself.
  private static let arguments: Set<String> = [
    "cchar", "conceal", "concealends", "contained", "containedin", "contains", "display", "extend",
    "fold", "nextgroup", "oneline", "skipempty", "skipnl", "skipwhite", "transparent",
  ]

  /// Where another match may come first, as for a field of that name.
  private func matches(_ group: String, _ list: [String]) -> String {
    #"syntax match \#(group) /\v<(\#(list.joined(separator: "|")))>/"#
  }

  /// Lines of `syntax keyword`, each of a length that can be read.
  private func keywords(_ group: String, _ list: [String]) -> String {
    let taken = Self.arguments.union(words.statementWords + [words.blockWord])
    var lines = list.filter { taken.contains($0) }.map {
      "syntax match \(group) /\\<\($0)\\>/"
    }
    var line = "syntax keyword \(group)"
    for word in list where !taken.contains(word) {
      if line.count + word.count > 98 {
        lines.append(line)
        line = "syntax keyword \(group)"
      }
      line += " \(word)"
    }
    return (lines + [line]).joined(separator: "\n")
  }

  var text: String {
    let statements = words.statementWords.joined(separator: "|")
    let joining = words.joiningWords.joined(separator: "|")
    let reserved = words.reserved.joined(separator: "|")
    let signs = words.operators.filter { $0 != "'" }
      .map { sign in
        sign.map { #"/\.*^~[]$"#.contains($0) ? "\\\($0)" : String($0) }.joined()
      }
      .joined(separator: #"\|"#)
    return #"""
      " Made by `bp colours --as vim`.
      if exists("b:current_syntax")
        finish
      endif
      let s:cpo_save = &cpo
      set cpo&vim
      syntax case match
      syntax sync minlines=200

      \#(keywords("bplangFunction", words.functions))
      \#(keywords("bplangName", words.names))
      \#(matches("bplangKeyword", words.keywords))
      \#(matches("bplangOperatorWord", words.operatorWords))
      \#(matches("bplangConstant", words.constantWords))

      syntax match bplangOperator /\#(signs)/
      syntax match bplangOperator /[^ \t(\[{,;:=+\-*\/%@^<>#"&|!?~]\@1<='/
      " A field or an option may have the name of a reserved word.
      syntax match bplangVariable /\v[^.]\.\zs<(\#(reserved))>/
      syntax match bplangVariable /\v<(\#(reserved))>\ze(:|\=[^=])/
      syntax match bplangStatement /\v(^|[;{])\s*\zs<(\#(statements))>\ze\s+((\#(joining))>)@!(\k|["(\[]|\.\d)/
      syntax match bplangStatement /\v(^|[;{])\s*\zs<\#(words.blockWord)>\ze\s*\{/
      syntax match bplangNumber /\v<\d[0-9_]*(\.\d[0-9_]*|\.(\.|[*\/^']|\k)@!)?([eE][+-]?\d[0-9_]*)?/
      syntax match bplangNumber /\v(\k|[.)\]}"'])@1<!\.\d[0-9_]*([eE][+-]?\d[0-9_]*)?/
      syntax match bplangBlank /\v<_{3,}>/

      syntax match bplangEscape /\v\\(u\{[^}]*\}?|.)/ contained
      syntax cluster bplangCode contains=bplangFunction,bplangName,bplangKeyword,bplangOperatorWord
      syntax cluster bplangCode add=bplangConstant,bplangOperator,bplangVariable,bplangStatement
      syntax cluster bplangCode add=bplangNumber,bplangBlank,bplangString,bplangComment
      syntax region bplangBrackets start=/[(\[{]/ end=/[)\]}]/ contained transparent contains=@bplangCode,bplangBrackets
      syntax match bplangFormat /:[^}"]*\ze}/ contained
      syntax region bplangValue matchgroup=bplangBrace start=/{/ end=/}\|$/ contained contains=@bplangCode,bplangFormat,bplangBrackets
      syntax region bplangString start=/"/ end=/"\|$/ contains=bplangEscape,bplangValue
      syntax region bplangString start=/"""/ end=/"""/ contains=bplangEscape,bplangValue
      syntax region bplangString start=/\<r"/ end=/"\|$/
      syntax region bplangString start=/\<r"""/ end=/"""/
      syntax match bplangComment /#.*$/ contains=@Spell

      highlight default link bplangComment Comment
      highlight default link bplangKeyword Statement
      highlight default link bplangStatement Statement
      highlight default link bplangOperatorWord Operator
      highlight default link bplangOperator Operator
      highlight default link bplangConstant Constant
      highlight default link bplangFunction Function
      highlight default link bplangName Type
      highlight default link bplangNumber Number
      highlight default link bplangString String
      highlight default link bplangEscape SpecialChar
      highlight default link bplangBrace Special
      highlight default link bplangFormat Special
      highlight default link bplangBlank Todo

      let b:current_syntax = "bplang"
      let &cpo = s:cpo_save
      unlet s:cpo_save

      """#
  }
}
