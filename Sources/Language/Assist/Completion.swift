import Learning
import Syntax

/// What may stand at the cursor, by position and signature.
package struct Completion: Sendable {
  package enum Kind: String, Hashable, Sendable {
    case keyword, function, constant, variable, option, choice, field, file, letter, topic
  }

  package struct Candidate: Hashable, Sendable {
    package let text: String
    /// How a list shows it: `lr=  a number of at least 0`.
    package let display: String
    /// What follows the only candidate: a blank, or nothing behind `epochs=`.
    package let suffix: String
    package let kind: Kind
  }

  /// Where the typed part begins, in bytes from the beginning of the text.
  package let start: Int
  package let candidates: [Candidate]
}

extension Interpreter {
  private var catalog: Catalog { session.catalog }

  /// Whether a field of a value is typed at the end of a text, so that the value must be known.
  package func completesField(_ text: String) -> Bool {
    if case .field = CompletionPosition(text, catalog).kind { true } else { false }
  }

  /// The candidates for the word that ends at `cursor`, a byte offset in `text`.
  /// - Parameter known: names besides those that have a value here, with a note each.
  package func completion(
    of text: String, cursor: Int, knowing known: [(name: String, note: String)] = []
  ) -> Completion {
    let bytes = Array(text.utf8.prefix(max(0, cursor)))
    let typed = String(decoding: bytes, as: UTF8.self)
    let position = CompletionPosition(typed, catalog)
    var candidates: [(candidate: Completion.Candidate, rank: Int)] = []
    var offered: Set<String> = []
    /// What belongs to the position is named before what may stand anywhere.
    var rank = 0
    func add(
      _ text: String, _ kind: Completion.Kind, _ note: String = "", suffix: String = " "
    ) {
      guard text.utf8.starts(with: position.word.utf8), offered.insert(text).inserted else {
        return
      }
      let display = note.isEmpty ? text : "\(text)  \(note)"
      candidates.append(
        (.init(text: text, display: display, suffix: suffix, kind: kind), rank))
    }
    func addVariables() {
      for (name, note) in known {
        add(name, .variable, runtime.global(name)?.kind ?? note)
      }
      for name in variableNames { add(name, .variable, runtime.global(name)?.kind ?? "") }
    }
    func addNames() {
      addVariables()
      for function in catalog.functions { add(function.name, .function) }
      for constant in catalog.constants { add(constant.name, .constant) }
    }
    switch position.kind {
    case .text: break
    case .file(let head, let folder):
      let files = head.flatMap { catalog.function($0) }?.files ?? .any
      for name in session.host.files.list(folder)
      where (!name.hasPrefix(".") || position.word.hasPrefix(".")) && files.include(name) {
        add(name, .file, suffix: name.hasSuffix("/") ? "" : "\"")
      }
      for name in files.newNames(beginning: position.word) { add(name, .file, suffix: "\"") }
    case .symbol:
      for (name, symbol) in GreekLetter.all where name.hasPrefix(position.word) {
        candidates.append(
          (
            .init(text: symbol, display: "\\\(name)  \(symbol)", suffix: "", kind: .letter),
            rank
          ))
      }
    case .field(let base):
      for name in fieldNames(at: base) { add(name, .field, suffix: "") }
    case .optionValue(let head, let option):
      if let parameter = parameter(option, of: head) {
        for choice in parameter.kind.choices { add(choice, .choice) }
      }
      rank = 1
      addVariables()
    case .argument(let head):
      let function = catalog.function(head)
      for parameter in function?.parameters ?? [] where !parameter.isRequired {
        add("\(parameter.name)=", .option, parameter.kind.expectation, suffix: "")
      }
      let kinds = function.map {
        $0.parameters.filter { $0.isRequired } + ($0.rest.map { [$0] } ?? [])
      }
      for kind in kinds ?? [] { for choice in kind.kind.choices { add(choice, .choice) } }
      if function?.traits.contains(.explainsNames) == true {
        for kind in Choice.Kind.allCases {
          for choice in kind.names { add(choice, .choice, suffix: "") }
        }
        for term in Help.terms where !term.contains(" ") { add(term, .topic, suffix: "") }
      }
      rank = 1
      if position.word.isEmpty, !candidates.isEmpty {
        // Every function there is would only hide the options.
        addVariables()
      } else {
        addNames()
      }
    case .statement:
      for statement in StatementHelp.all { for word in statement.words { add(word, .keyword) } }
      addNames()
    }
    return Completion(
      start: bytes.count - position.word.utf8.count - (position.kind.isSymbol ? 1 : 0),
      candidates: candidates.sorted {
        ($0.rank, $0.candidate.text) < ($1.rank, $1.candidate.text)
      }.map { $0.candidate })
  }

  private var variableNames: [String] {
    runtime.globalNames.filter { runtime.global($0) != nil }
  }

  private func parameter(_ name: String, of head: String) -> Parameter? {
    catalog.function(head)?.parameters.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// The fields of the value that a path of names leads to: `net.parameters`.
  private func fieldNames(at path: [String]) -> [String] {
    var value = path.first.flatMap { runtime.global($0) }
    for name in path.dropFirst() {
      switch value {
      case .record(let record)?: value = record[name]
      case .report(let report)?: value = report.fields[name]
      case .network(let network)? where name == "parameters":
        value = .record(Record(network.parameterNames.map { ($0, .nothing) }))
      case .run(let run)? where name == "net": value = .network(run.network)
      default: return []
      }
    }
    return value.flatMap { Language.fieldNames(of: $0) } ?? []
  }
}

extension BuiltinFunction.Files {
  /// Whether a file that is there may be meant; folders lead to files.
  fileprivate func include(_ name: String) -> Bool {
    switch self {
    case .any: return true
    case .read(let extensions), .written(let extensions):
      return name.hasSuffix("/") || extensions.contains { name.lowercased().hasSuffix(".\($0)") }
    }
  }

  /// Names of files that are not there yet, once the point of the extension is typed.
  fileprivate func newNames(beginning word: String) -> [String] {
    guard case .written(let extensions) = self, let point = word.lastIndex(of: "."),
      point != word.startIndex
    else { return [] }
    return extensions.map { word[...point] + $0 }
  }
}

/// Where the cursor stands in what was typed so far.
private struct CompletionPosition {
  enum Kind {
    case statement
    case argument(head: String)
    case optionValue(head: String, option: String)
    case field(base: [String])
    /// Behind a backslash: `\delta`.
    case symbol
    /// Inside a string among the arguments of a command, behind the folder that is typed so far.
    case file(head: String?, folder: String)
    /// Inside a comment.
    case text

    var isSymbol: Bool { if case .symbol = self { true } else { false } }
  }

  let kind: Kind
  /// What is typed of the word at the cursor.
  let word: String

  init(_ typed: String, _ catalog: Catalog) {
    let line = Substring(typed).split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    switch Self.place(in: line) {
    case .code: break
    case .comment:
      (kind, word) = (.text, "")
      return
    case .string(let path):
      let slash = path.lastIndex(of: "/")
      word = String(slash.map { path[path.index(after: $0)...] } ?? path)
      let before = line[..<path.startIndex].dropLast()
      kind = .file(
        head: Self.head(of: before, catalog), folder: slash.map { String(path[...$0]) } ?? "")
      return
    }
    let word = Self.trailingWord(of: line)
    self.word = String(word)
    let before = line.dropLast(word.count)
    if before.last == "\\" {
      kind = .symbol
    } else if before.last == "." {
      kind = .field(base: Self.trailingPath(of: before.dropLast()))
    } else if before.last == "=", let head = Self.head(of: before.dropLast(), catalog),
      case let option = Self.trailingWord(of: before.dropLast()), !option.isEmpty, option != head
    {
      kind = .optionValue(head: head, option: String(option))
    } else if let head = Self.head(of: before, catalog), before.last?.isWhitespace == true {
      kind = .argument(head: head)
    } else {
      kind = .statement
    }
  }

  private enum Place {
    case code, comment
    /// What the string holds up to the cursor.
    case string(Substring)
  }

  private static func place(in line: Substring) -> Place {
    var start: Substring.Index?
    var isEscaped = false
    for place in line.indices {
      let character = line[place]
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = start != nil
      } else if character == "\"" {
        start = start == nil ? line.index(after: place) : nil
      } else if character == "#", start == nil {
        return .comment
      }
    }
    return start.map { .string(line[$0...]) } ?? .code
  }

  private static func trailingWord(of text: Substring) -> Substring {
    let word = text.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return text.suffix(word.count)
  }

  /// The names with points between them before the last point.
  private static func trailingPath(of text: Substring) -> [String] {
    let path = text.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    return text.suffix(path.count).split(separator: ".").map(String.init)
  }

  /// The word whose arguments are being typed: the first of the innermost command.
  private static func head(of text: Substring, _ catalog: Catalog) -> String? {
    var depth = 0
    var start = text.startIndex
    for place in text.indices.reversed() {
      let character = text[place]
      if ")]}".contains(character) { depth += 1 }
      if "([{".contains(character) {
        if depth == 0 {
          start = text.index(after: place)
          break
        }
        depth -= 1
      }
      let isOption =
        character == "=" && place > text.startIndex
        && !text[text.index(before: place)].isWhitespace
        && text.index(after: place) < text.endIndex
        && !text[text.index(after: place)].isWhitespace
      if depth == 0, ";,+-*/<>".contains(character) || character == "=" && !isOption {
        start = text.index(after: place)
        break
      }
    }
    var words = text[start...].split(separator: " ").map(String.init)
    if let first = words.first,
      StatementHelp.all.contains(where: { $0.takesExpression && $0.words.contains(first) })
    {
      words.removeFirst()
    }
    guard let first = words.first, catalog.function(first) != nil else { return nil }
    return first
  }
}

/// The letters of formulas, by their LaTeX names.
package enum GreekLetter {
  package static let all: [(name: String, symbol: String)] = [
    ("alpha", "α"), ("beta", "β"), ("gamma", "γ"), ("delta", "δ"), ("Delta", "Δ"),
    ("epsilon", "ε"), ("eta", "η"), ("theta", "θ"), ("lambda", "λ"), ("mu", "μ"), ("xi", "ξ"),
    ("pi", "π"), ("rho", "ρ"), ("sigma", "σ"), ("tau", "τ"), ("phi", "φ"), ("omega", "ω"),
    ("partial", "∂"), ("nabla", "∇"), ("approx", "≈"), ("infty", "∞"),
  ]
}
