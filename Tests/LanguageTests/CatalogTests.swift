import Foundation
import Interchange
import Library
import TestSupport
import Testing

@testable import Language

@Suite struct CatalogTests {
  /// The lines that a script writes; errors too, so that an example that fails shows why.
  static func lines(of code: String) -> [String] {
    onDeepStack {
      let session = TestSession()
      session.run(code, echoes: true)
      return session.outputLines.map { String($0.reversed().drop { $0 == " " }.reversed()) }
        + session.reports.filter { !$0.hasPrefix("note") }
    }
  }

  @Test("Every function has an example")
  func examples() {
    // What these need, no script can make: pictures in files, another script, an editor, a
    // prompt.
    let exempt = ["idx", "run", "edit", "start", "history", "clc"]
    let missing = Catalog.standard.functions.filter(\.examples.isEmpty).map(\.name)
    #expect(missing.filter { !exempt.contains($0) } == [])
  }

  @Test("Every example prints what it says", arguments: Catalog.standard.functions.indices)
  func example(place: Int) {
    for example in Catalog.standard.functions[place].examples {
      let expected = example.output.split(separator: "\n").map { String($0) }
      #expect(Self.lines(of: example.code).filter { !$0.isEmpty } == expected, "\(example.code)")
    }
  }

  @Test("Names are unique within a kind, and every name finds its own function")
  func uniqueNames() {
    for functions in [
      Catalog.standard.functions.filter { $0.topic == .data },
      Catalog.standard.functions.filter { $0.topic != .data },
    ] {
      let names = functions.map(\.name)
      #expect(Set(names).count == names.count)
    }
    for function in Catalog.standard.functions {
      #expect(Catalog.standard.function(function.name)?.name == function.name)
      #expect(Catalog.standard.constant(function.name) == nil)
    }
    for kind in Choice.Kind.allCases {
      let names = kind.names
      #expect(Set(names).count == names.count, "\(kind)")
      for name in names { #expect(Choice.named(name, kind: kind)?.name == name) }
    }
  }

  @Test("Help on save and load names every extension of a file format")
  func fileFormats() throws {
    let save = try #require(Catalog.standard.function("save"))
    for name in FileFormat.writtenExtensions { #expect(save.summary.contains(" .\(name)")) }
    let load = try #require(Catalog.standard.function("load"))
    for name in FileFormat.readExtensions { #expect(load.summary.contains(" .\(name)")) }
  }

  @Test("A summary is one sentence")
  func summaries() {
    var summaries = Catalog.standard.functions.map { ($0.name, $0.summary) }
    for function in Catalog.standard.functions {
      for parameter in function.parameters + [function.rest].compactMap({ $0 }) {
        summaries.append(("\(function.name) \(parameter.name)", parameter.summary))
      }
    }
    for constant in Catalog.standard.constants {
      summaries.append((constant.name, constant.summary))
    }
    for kind in Choice.Kind.allCases {
      summaries += kind.choices.map { ("\(kind) \($0.name)", $0.summary) }
    }
    for (name, summary) in summaries {
      #expect(summary.hasSuffix("."), "\(name): \(summary)")
      #expect(!summary.dropLast().contains(". "), "\(name): \(summary)")
      if !name.contains(" ") {
        #expect(
          summary.first?.isUppercase == true || summary.first?.isLetter == false,
          "\(name): \(summary)")
      }
    }
  }

  @Test("A default is a value of its parameter's own kind")
  func defaults() {
    for function in Catalog.standard.functions {
      for parameter in function.parameters {
        let value: Value? =
          switch parameter.standard {
          case .required, .absent: nil
          case .number(let number): .number(number)
          case .truth(let truth): .truth(truth)
          case .string(let text): .string(text)
          case .word(let word): .string(word)
          }
        guard let value else { continue }
        if case .word(let word) = parameter.standard, case .choice(let kind) = parameter.kind {
          #expect(Choice.named(word, kind: kind) != nil, "\(function.name) \(parameter.name)")
        } else {
          #expect(parameter.kind.converted(value) != nil, "\(function.name) \(parameter.name)")
        }
      }
    }
  }

  @Test("Required parameters come before those with a default")
  func order() {
    for function in Catalog.standard.functions {
      let required = function.parameters.map(\.isRequired)
      #expect(!zip(required, required.dropFirst()).contains { !$0 && $1 }, "\(function.name)")
    }
  }

  @Test("Option names and their aliases are unique within a function")
  func options() {
    for function in Catalog.standard.functions {
      let names = function.parameters.flatMap { [$0.name] + $0.aliases }
      #expect(Set(names).count == names.count, "\(function.name)")
    }
  }

  @Test("Completion offers every name and every option")
  func completion() {
    let interpreter = TestSession().interpreter
    func offers(_ text: String) -> [String] {
      interpreter.completion(of: text, cursor: text.utf8.count).candidates.map(\.text)
    }
    for function in Catalog.standard.functions {
      #expect(offers(function.name).contains(function.name), "\(function.name)")
      for parameter in function.parameters where !parameter.isRequired {
        #expect(
          offers("\(function.name) \(parameter.name)").contains { $0.hasPrefix(parameter.name) },
          "\(function.name) \(parameter.name)")
      }
    }
    for name in Choice.Kind.optimizer.names {
      #expect(offers("train net circles optimizer=\(name)").contains(name))
    }
  }

  @Test("help explains every name", arguments: Catalog.standard.functions.map(\.name))
  func help(name: String) throws {
    let function = try #require(Catalog.standard.function(name))
    let text = Self.lines(of: "help \(name)").joined(separator: "\n")
    #expect(text.hasPrefix(name))
    #expect(text.contains(function.summary.prefix(20)))
    for alias in function.aliases { #expect(text.contains(alias), "\(alias)") }
  }

  @Test("help explains every choice, topic and statement")
  func helpOnChoices() {
    let names =
      Choice.Kind.allCases.flatMap { $0.names + ["\($0.rawValue)s"] }
      + Topic.allCases.map(\.rawValue) + StatementHelp.all.flatMap(\.words)
      + Catalog.standard.constants.map(\.name)
    for name in names {
      let session = TestSession()
      session.run("help \(name)")
      #expect(session.reports.isEmpty, "\(name)")
      #expect(!session.output.isEmpty, "\(name)")
    }
  }
}
