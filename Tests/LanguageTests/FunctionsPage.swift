import Foundation
import Library

@testable import Language
@testable import Learning

/// The page of all functions, written from the catalog.
enum FunctionsPage {
  static var text: String {
    var lines = [
      "# Functions", "",
      "Every function of the catalog, by topic. Each can be called with parentheses and commas,",
      "`solve(A, b)`, or as a word with blanks, `solve A b`; a parameter with a default is an option,",
      "`epochs=10`.", "",
      "This page is written from the catalog by `scripts/record ReferenceTests`.",
    ]
    for topic in Topic.allCases {
      let functions = Catalog.standard.functions.filter { $0.topic == topic }
      guard !functions.isEmpty else { continue }
      lines += ["", "## \(capitalized(topic.rawValue))"]
      for function in functions { lines += section(on: function) }
    }
    for kind in [Choice.Kind.optimizer, .initializer, .schedule] {
      lines += ["", "## \(capitalized(kind.rawValue))s"]
      for choice in kind.choices { lines += section(on: choice) }
    }
    lines += ["", "## Constants", ""]
    lines += Catalog.standard.constants.map { constant in
      let names = ([constant.name] + constant.aliases).map { "`\($0)`" }
      return "- \(names.joined(separator: ", ")): \(constant.summary)"
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func section(on function: BuiltinFunction) -> [String] {
    var lines = ["", "### \(function.name)", "", "`\(function.signature)`", "", function.summary]
    let parameters = function.parameters + (function.rest.map { [$0] } ?? [])
    if !parameters.isEmpty { lines.append("") }
    for parameter in parameters {
      // `<i>` would be taken for a tag.
      var words = parameter.summary.replacing("<", with: "\\<")
      if !parameter.kind.expectation.isEmpty, !isSaid(parameter.kind.expectation, in: words) {
        words += " \(capitalized(parameter.kind.expectation))."
      }
      if !parameter.aliases.isEmpty {
        words += " Also \(parameter.aliases.map { "`\($0)`" }.joined(separator: ", "))."
      }
      lines.append("- `\(parameter.signature)`: \(words)")
    }
    lines += formula(of: function)
    for example in function.examples {
      lines += ["", "```bp", printing(example.code)]
      lines += example.output.split(separator: "\n", omittingEmptySubsequences: false)
        .map { "# → \($0)" }
      lines.append("```")
    }
    if !function.aliases.isEmpty {
      let names = function.aliases.map { "`\($0)`" }.joined(separator: ", ")
      lines += ["", "Also called \(names)."]
    }
    return lines
  }

  /// The example with its last value printed, where it does not write itself.
  private static func printing(_ code: String) -> String {
    if code.contains("print ") { return code }
    guard let end = code.range(of: "; ", options: .backwards) else { return "print \(code)" }
    return "\(code[..<end.upperBound])print \(code[end.upperBound...])"
  }

  /// Of an activation or a loss.
  private static func formula(of function: BuiltinFunction) -> [String] {
    let kinds: [Choice.Kind] = [.activation, .loss]
    guard function.topic == .activations || function.topic == .losses,
      let choice = kinds.lazy.compactMap({ Choice.named(function.name, kind: $0) }).first,
      !choice.formula.isEmpty
    else { return [] }
    return ["", "Formula: `\(choice.formula)`"]
  }

  private static func section(on choice: Choice) -> [String] {
    var lines = ["", "### \(choice.name)", "", "`\(choice.signature)`", "", choice.summary]
    if !choice.formula.isEmpty { lines += ["", "Formula: `\(choice.formula)`"] }
    if !choice.settings.isEmpty { lines.append("") }
    lines += choice.settings.map { setting in
      "- `\(setting.name)=\(setting.standardValue)`: \(setting.summary) "
        + "\(capitalized(setting.kind.expectation))."
    }
    return lines
  }

  /// `A net.` need not be said behind `The net.`
  private static func isSaid(_ expectation: String, in summary: String) -> Bool {
    let noun = expectation.split(separator: " ").dropFirst().joined(separator: " ")
    return !noun.isEmpty && summary.lowercased().contains(noun.lowercased())
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
