import Differentiation
import Interchange
import Language
import Learning

extension Catalog {
  static let stringFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "string", .strings, "Any value as print writes it.", parameters: [anything.parameter],
      examples: [.init("print string 0.5", prints: "0.5")]
    ) { arguments throws(Failure) in
      .string(arguments.session.text(of: try arguments(anything)))
    },
    BuiltinFunction(
      "json", .strings, "A value as JSON on one line, in full; nan is null.",
      parameters: [anything.parameter],
      examples: [
        .init("print json [w: [0.5, 1], name: \"a\"]", prints: "{\"w\":[0.5,1],\"name\":\"a\"}")
      ]
    ) { arguments throws(Failure) in
      let value = try arguments(anything)
      guard let document = FileContent.document(of: value) else {
        throw Failure(
          "JSON holds numbers, texts, lists, records and data sets",
          at: arguments.range(of: anything),
          label: value.kind)
      }
      do throws(FormatError) {
        return .string(String(decoding: try document.bytes(), as: UTF8.self))
      } catch {
        throw Failure(error.message, at: arguments.range(of: anything), help: error.help)
      }
    },
    BuiltinFunction(
      "number", .strings, "The number that a string writes.", parameters: [text.parameter],
      examples: [.init("number \"2.5\"", prints: "2.5")]
    ) { arguments throws(Failure) in
      let text = try arguments(text)
      guard let number = Double(trimmed(text)) else {
        throw Failure("this writes no number", at: arguments.range(of: Self.text), label: text)
      }
      return .number(number)
    },
    changing("upper", "The string in capital letters.", "print upper \"ab\"", "AB") {
      $0.uppercased()
    },
    changing("lower", "The string in small letters.", "print lower \"AB\"", "ab") {
      $0.lowercased()
    },
    changing("trim", "The string without blanks at its ends.", "print trim \" ab \"", "ab") {
      trimmed($0)
    },
    BuiltinFunction(
      "join", .strings, "The elements as one string, with a separator between.",
      parameters: [list.parameter, separator.parameter],
      examples: [.init("print join [1, 2, 3] \"-\"", prints: "1-2-3")]
    ) { arguments throws(Failure) in
      let parts = try elements(of: try arguments(list), at: arguments.range(of: list))
      var texts: [String] = []
      for part in parts {
        try arguments.runtime.checkInterrupt(at: arguments.range)
        texts.append(arguments.session.text(of: part))
      }
      return .string(texts.joined(separator: try arguments(separator)))
    },
    BuiltinFunction(
      "cut", .strings, "The parts of a string between separators, as a list.",
      parameters: [text.parameter, cutter.parameter],
      examples: [.init("cut \"a,b\" \",\"", prints: "[\"a\", \"b\"]")]
    ) { arguments throws(Failure) in
      let separator = try arguments(cutter)
      guard !separator.isEmpty else {
        throw Failure("the separator is empty", at: arguments.range(of: cutter))
      }
      return .list(parts(of: try arguments(text), at: separator).map { .string($0) })
    },
    BuiltinFunction(
      "replace", .strings, "The string with every occurrence of a part replaced.",
      parameters: [text.parameter, part.parameter, replacement.parameter],
      examples: [.init("print replace \"aba\" \"a\" \"x\"", prints: "xbx")]
    ) { arguments throws(Failure) in
      let part = try arguments(part)
      guard !part.isEmpty else {
        throw Failure("the part to replace is empty", at: arguments.range(of: Self.part))
      }
      return .string(
        parts(of: try arguments(text), at: part).joined(separator: try arguments(replacement)))
    },
    BuiltinFunction(
      "pad", .strings, "The value as text, filled with blanks to a width.",
      parameters: [anything.parameter, width.parameter, right.parameter],
      examples: [.init("print pad \"ab\" 4 + \"|\"", prints: "ab  |")]
    ) { arguments throws(Failure) in
      let text = arguments.session.text(of: try arguments(anything))
      let missing = try arguments(width) - text.count
      let blanks = String(repeating: " ", count: max(0, missing))
      return .string(try arguments(right) ? blanks + text : text + blanks)
    },
  ]

  private static let anything = Key.any("x", "Any value.")
  private static let text = Key.string("text", "The string.")
  private static let list = Key.any("xs", "A list or vector.")
  private static let separator = Key.string("separator", .string(", "), "What stands between.")
  private static let cutter = Key.string("separator", .string(","), "Where to cut.")
  private static let part = Key.string("part", "The part to look for.")
  private static let replacement = Key.string("by", "What takes its place.")
  private static let width = Key.wholeNumber("width", in: 0...10_000, "Characters to fill.")
  private static let right = Key.truth("right", .truth(false), "Whether to set it to the right.")

  private static func changing(
    _ name: String, _ summary: String, _ code: String, _ output: String,
    _ change: @escaping @Sendable (String) -> String
  ) -> BuiltinFunction {
    BuiltinFunction(
      name, .strings, summary, parameters: [text.parameter],
      examples: [.init(code, prints: output)]
    ) { arguments throws(Failure) in .string(change(try arguments(text))) }
  }

  private static func trimmed(_ text: String) -> String {
    var rest = Substring(text)
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }

  /// Up to where nobody waits any more.
  private static func parts(of text: String, at separator: String) -> [String] {
    var parts: [String] = []
    var current = ""
    var rest = Substring(text)
    var seen = 0
    while let first = rest.first {
      seen += 1
      if seen & 0xFFF == 0, Interruption.cutsShort() { break }
      if rest.hasPrefix(separator) {
        parts.append(current)
        current = ""
        rest = rest.dropFirst(separator.count)
      } else {
        current.append(first)
        rest.removeFirst()
      }
    }
    return parts + [current]
  }
}
