import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let sessionFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "help", .session,
      "Explains a function, an option's choices or a topic; alone, lists all.",
      traits: [.leavesNoTrace, .explainsNames],
      parameters: [topic.parameter],
      examples: [
        .init("help pi", prints: "pi = 3.14159265\nHalf the turn of a unit circle.")
      ]
    ) { arguments throws(Failure) in
      let name = try arguments.optional(topic)
      guard let text = Help.text(for: name, session: arguments.session, runtime: arguments.runtime)
      else {
        var help = ["help lists what there is"]
        if let name {
          // Of several words some may be known.
          let known = name.split(separator: " ").map { String($0) }.filter {
            Help.text(for: $0, session: arguments.session, runtime: arguments.runtime) != nil
          }
          if !known.isEmpty {
            help.insert(known.map { "help \($0)" }.joined(separator: ", "), at: 0)
          } else if let near = Spelling.nearest(
            to: name,
            in: arguments.session.catalog.names + Choice.Kind.allCases.flatMap { $0.names }
              + Topic.allCases.map { $0.rawValue } + Help.terms)
          {
            help.insert("did you mean \(near)?", at: 0)
          }
        }
        throw Failure(
          "there is no help for \(name ?? "")", at: arguments.range(of: topic), help: help)
      }
      return .report(Report(title: "help", isPage: true, text: { text($0) }))
    },
    BuiltinFunction(
      "vars", .session, "Lists the variables with their kinds and values.", traits: .leavesNoTrace,
      examples: [
        .init(
          "x = 3; print vars()",
          prints: "name  kind      value\n═════════════════════\nx     a number  3")
      ]
    ) {
      arguments throws(Failure) in
      let runtime = arguments.runtime
      let rows = runtime.globalNames.sorted().compactMap { name -> [String]? in
        guard let value = runtime.global(name) else { return nil }
        // The arguments of a script, of which a prompt has none.
        if name == "args", case .list(let list) = value, list.isEmpty { return nil }
        return [name, value.kind, arguments.session.brief(value)]
      }
      return .report(
        .ofTables(title: "variables") { _ in
          rows.isEmpty
            ? TextBlocks([.lines("no variables yet")])
            : TextBlocks(Table([.init("name"), .init("kind"), .init("value")], rows: rows))
        })
    },
    BuiltinFunction(
      "what", .session, "The kind of a value: its shape, its parameters, how it was made.",
      traits: .leavesNoTrace,
      parameters: [anything.parameter],
      examples: [.init("print what [1, 2]", prints: "a vector of 2")]
    ) { arguments throws(Failure) in
      let value = try arguments(anything)
      let text =
        switch value {
        case .network(let network): "a net: \(network.title), \(network.count) parameters"
        case .data(let data): "a data set: \(arguments.session.summary(of: data))"
        case .stream(let stream): "a stream of rows: \(arguments.session.summary(of: stream))"
        case .function(let function): "a function: \(function.signature)"
        default: value.kind
        }
      let fields = Record([("kind", .string(value.kind))])
      return .report(Report(title: "what", fields: fields) { _ in text })
    },
    BuiltinFunction(
      "clear", .session,
      "Forgets the variables named; clear all forgets all, clear alone says how many there are.",
      rest: Parameter("name", .bareWord, "A variable, or all."),
      examples: [.init("pi = 3; clear pi; print pi", prints: "3.14159265")]
    ) { arguments throws(Failure) in
      let runtime = arguments.runtime
      let all = runtime.globalNames.filter { runtime.global($0) != nil && $0 != "args" }.sorted()
      let given = arguments.rest.compactMap { argument -> (name: String, range: SourceRange)? in
        guard case .string(let name) = argument.value else { return nil }
        return (name, argument.range)
      }
      guard !given.isEmpty else { return .report(clearing(all)) }
      if given.map({ $0.name }) == ["all"] {
        for name in runtime.globalNames { runtime.setGlobal(name, to: .unassigned) }
        return .nothing
      }
      for (name, range) in given where runtime.global(name) == nil {
        throw Failure("\(name) has no value", at: range, label: "unknown name")
      }
      for (name, _) in given { runtime.setGlobal(name, to: .unassigned) }
      return .nothing
    },
    BuiltinFunction(
      "digits", .session, "Writes numbers with n significant digits from now on.",
      parameters: [digits.parameter],
      examples: [.init("digits 3; print 2/3", prints: "0.667")]
    ) { arguments throws(Failure) in
      arguments.session.style = .significantDigits(try arguments(digits))
      return .nothing
    },
    BuiltinFunction(
      "decimals", .session, "Writes numbers with n places after the point from now on.",
      parameters: [places.parameter], examples: [.init("decimals 2; print 2/3", prints: "0.67")]
    ) { arguments throws(Failure) in
      arguments.session.style = .decimals(try arguments(places))
      return .nothing
    },
    BuiltinFunction(
      "exit", aliases: ["quit"], .session, "Leaves bp.", traits: .leavesNoTrace,
      parameters: [status.parameter],
      examples: [.init("print 1; exit; print 2", prints: "1")]
    ) { arguments throws(Failure) in throw .exit(Int32(try arguments(status))) },
    BuiltinFunction(
      "clock", .session, "Seconds from some moment on, to measure with.",
      examples: [.init("t = clock(); print clock() - t >= 0", prints: "true")]
    ) {
      arguments throws(Failure) in .number(arguments.session.host.clock())
    },
  ]

  /// What `clear` alone says: nothing is forgotten by accident.
  private static func clearing(_ names: [String]) -> Report {
    Report(title: "clear") { display in
      guard let first = names.first else { return "there are no variables to forget" }
      let count = names.count == 1 ? "1 variable" : "\(names.count) variables"
      return TextWidth.hanging(
        "",
        "clear would forget \(count): \(names.joined(separator: " ")); clear all does it, "
          + "clear \(first) forgets one, clc clears the screen", width: display.columns
      ).joined(separator: "\n")
    }
  }

  private static let topic = Key.bareWord(
    "name", .absent, "A function, a choice or a topic.")
  private static let status = Key.wholeNumber(
    "status", .number(0), in: 0...255, "The exit status.")
  private static let anything = Key.any("x", "Any value.")
  private static let digits = Key.wholeNumber("n", .number(9), in: 1...17, "Significant digits.")
  private static let places = Key.wholeNumber("n", .number(9), in: 0...17, "Decimal places.")
}
