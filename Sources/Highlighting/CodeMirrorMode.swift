/// A mode for CodeMirror: of version 6 through StreamLanguage, of version 5 through defineMode.
struct CodeMirrorMode {
  private let patterns: RegularExpressions

  init(_ words: GrammarWords) { patterns = .unicode(words) }

  private func literal(_ pattern: String) -> String {
    "/\(pattern.replacing("\\/", with: "/").replacing("/", with: "\\/"))/uy"
  }

  var text: String {
    let words = patterns.words
    let start = #"(?<=^[ \t]*|[;{][ \t]*)"#
    let rules: [(String, String)] = [
      (#"#.*"#, "comment"), (patterns.number, "number"), (patterns.reservedName, "variable"),
      (start + patterns.statementWord, "keyword"), (patterns.placeholder, "invalid"),
      (patterns.words(words.keywords), "keyword"),
      (patterns.words(words.operatorWords), "operator"),
      (patterns.words(words.constantWords), "atom"), (patterns.functions, "builtin"),
      (patterns.names, "atom2"), (patterns.name, "variable"), (patterns.prime, "operator"),
      (patterns.operators, "operator"), (#"[()\[\]{},;:.]"#, "punctuation"),
    ]
    let list = rules.map { pattern, style in
      "  [\(literal(pattern)), \"\(style == "atom2" ? "variableName.standard" : style)\"],"
    }.joined(separator: "\n")
    return #"""
      // Made by `bp colours --as codemirror`.
      // CodeMirror 6: StreamLanguage.define(bplang); CodeMirror 5: defineMode("bplang", () => bplang).
      const rules = [
      \#(list)
      ];
      const escape = \#(literal(RegularExpressions.escape));
      const rawQuotes = \#(literal("\(patterns.noPartBefore)r(?:\"\"\"|\")"));
      const format = \#(literal(RegularExpressions.format));

      // What is open: a string, a block string, a value in one, a bracket in that.
      function inText(stream, state, isBlock) {
        const close = isBlock ? '"""' : '"';
        if (take(stream, escape)) return "string-2";
        if (stream.match(close)) {
          state.open.pop();
          return "string";
        }
        if (stream.match("{")) {
          state.open.push("value");
          return "meta";
        }
        stream.next();
        while (!stream.eol() && !/["\\{]/.test(stream.peek())) stream.next();
        return "string";
      }

      function inRawText(stream, state, kind) {
        const close = kind === "raw" ? '"' : '"""';
        const end = stream.string.indexOf(close, stream.pos);
        if (end >= 0) state.open.pop();
        stream.pos = end < 0 ? stream.string.length : end + close.length;
        return "string";
      }

      function take(stream, rule) {
        rule.lastIndex = stream.pos;
        const found = rule.exec(stream.string);
        if (!found || !found[0]) return null;
        stream.pos += found[0].length;
        return found[0];
      }

      export const bplang = {
        name: "bplang",
        startState: () => ({ open: [] }),
        copyState: (state) => ({ open: state.open.slice() }),
        token(stream, state) {
          if (stream.sol()) {
            // A string of one line ends with it.
            const line = state.open.findIndex((kind) => kind === "string" || kind === "raw");
            if (line >= 0) state.open.length = line;
          }
          const top = state.open[state.open.length - 1];
          if (top === "string" || top === "block") return inText(stream, state, top === "block");
          if (top === "raw" || top === "raw block") return inRawText(stream, state, top);
          if (stream.eatSpace()) return null;
          if (top === "value") {
            if (stream.match("}")) {
              state.open.pop();
              return "meta";
            }
            if (take(stream, format)) return "meta";
          }
          const raw = take(stream, rawQuotes);
          if (raw) {
            state.open.push(raw.length > 2 ? "raw block" : "raw");
            return "string";
          }
          if (stream.match('"""')) {
            state.open.push("block");
            return "string";
          }
          if (stream.match('"')) {
            state.open.push("string");
            return "string";
          }
          for (const [rule, style] of rules) {
            const text = take(stream, rule);
            if (!text) continue;
            if (top !== undefined) {
              if (text === "(" || text === "[" || text === "{") state.open.push("bracket");
              if (top === "bracket" && (text === ")" || text === "]" || text === "}")) {
                state.open.pop();
              }
            }
            return style;
          }
          stream.next();
          return null;
        },
        languageData: {
          commentTokens: { line: "#" },
          closeBrackets: { brackets: ["(", "[", "{", '"'] },
        },
      };

      """#
  }
}
