import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let notationFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "notation", .differentiation,
      "Chooses the symbols of every explanation of a net, or lists them; values never change.",
      parameters: [notation.parameter],
      examples: [
        .init(
          "notation ng; net = mlp [1,1] linear init=zeros; e = explain net (data [[2]] [[1]]) \"W1[1,1]\"; print e.value",
          prints: "-4")
      ]
    ) { arguments throws(Failure) in
      guard let choice = try arguments.optional(notation) else {
        return .report(table(arguments.session.notation))
      }
      if case .record(let record) = choice {
        arguments.session.notation = try userNotation(record, arguments)
      } else if case .string(let name) = choice, let table = Notation.named(name) {
        arguments.session.notation = table
      }
      return .nothing
    },
    BuiltinFunction(
      "symbols", .differentiation,
      "The weights of a layer as a matrix of symbols, or the derivatives by them, as the course lays "
        + "them out.",
      parameters: [symbolsNet.parameter, symbolsLayer.parameter, symbolsKind.parameter],
      examples: [
        .init(
          "notation vitay; symbols (mlp [2,2,1] tanh linear) 1", prints: "W₁₁¹  W₂₁¹\nW₁₂¹  W₂₂¹")
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(symbolsNet)
      let layer = try arguments(symbolsLayer)
      guard layer <= network.layers.count else {
        throw Failure(
          "the net has \(network.layers.count) layers", at: arguments.range(of: symbolsLayer))
      }
      let symbols = NetSymbols(arguments.session.notation, sizes: network.sizes)
      let isGradient = try arguments(symbolsKind) == "gradient"
      let isRows = symbols.notation.orientation == .rowsFirst
      let (units, sources) = (network.sizes[layer], network.sizes[layer - 1])
      let rows = (1...(isRows ? sources : units)).map { row in
        (1...(isRows ? units : sources)).map { column in
          let weight = symbols.weight(
            layer, to: isRows ? column : row, from: isRows ? row : column)
          return isGradient
            ? Symbol.derivative(of: symbols.loss, by: weight).text : weight.text
        }
      }
      return .report(
        Report(title: "symbols") { display in
          let text = Table(rows[0].map { _ in .init("") }, rows: rows).text()
          return display.isASCII ? PlainCharacters.ascii(text) : text
        })
    },
  ]

  private static let symbolsNet = Key<Network>.network()
  private static let symbolsLayer = Key.wholeNumber(
    "layer", in: 1...Int.max, "The layer, from 1.")
  private static let symbolsKind = Key.word(
    "of", of: ["weights", "gradient"], .word("weights"), "What stands in the matrix.")

  private static let notation = Key.any(
    "name", .either([.word(Notation.all.map { $0.name }), .record]), .absent,
    guide)

  private static func table(_ current: Notation) -> Report {
    let rows = ([current] + Notation.all.filter { $0.name != current.name }).map { table in
      let symbols = NetSymbols(table, sizes: [2, 2, 2])
      return [
        table.name, symbols.net(1, 1).text, symbols.out(1, 1).text,
        symbols.weight(2, to: 1, from: 2).text, symbols.bias(1, 1).text,
        (table.deltaSign < 0 ? "−" : "+") + symbols.delta(2, 1).text, symbols.target(1).text,
        symbols.loss.text,
        (table.orientation == .rowsFirst ? "x W" : "W x") + (table.halvesSquaredError ? ", ½" : ""),
      ]
    }
    return .ofTables(title: "notations") { display in
      let table = Table(
        [
          .init("notation"), .init("net"), .init("out"), .init("weight"), .init("bias"),
          .init("δ"), .init("target"), .init("loss"), .init("layer"),
        ], rows: rows,
        notes: [
          "the weight from h2 to o1; \(current.name) is in use: \(current.summary)"
        ])
      return TextBlocks(display.isASCII ? table.spelled : table)
    }
  }

  /// A table of the user's: one of the courses, with other symbols.
  private static func userNotation(
    _ record: Record, _ arguments: Arguments
  ) throws(Failure) -> Notation {
    let range = arguments.range(of: notation)
    var table = arguments.session.notation
    if let from = record["from"]?.plain {
      guard case .string(let name) = from else { throw unknown("from", range) }
      guard let base = Notation.named(name) else {
        throw Failure(
          "there is no notation \(name)", at: range,
          help: ["start from \(Notation.all.map { $0.name }.joined(separator: ", "))"])
      }
      table = base
    }
    table.name = "your own"
    for field in record where field.name != "from" {
      switch (field.name, field.value.plain) {
      case ("name", .string(let text)): table.name = text
      case ("summary", .string(let text)): table.summary = text
      case ("sign", .number(let sign)) where abs(sign) == 1: table.deltaSign = sign
      case ("bias_as_weight", .truth(let truth)): table.biasIsWeight = truth
      case ("half", .truth(let truth)): table.halvesSquaredError = truth
      case ("rows", .truth(let truth)): table.orientation = truth ? .rowsFirst : .weightsFirst
      case ("output_first", .truth(let truth)): table.outputComesFirst = truth
      case ("bias_times_one", .truth(let truth)): table.biasTimesOne = truth
      case ("definitions", .truth(let truth)): table.writesDefinitions = truth
      case ("units", .truth(let truth)): table.namesUnits = truth
      case ("first_layer", .number(let number)) where Int(exactly: number) != nil:
        table.firstLayer = Int(clamped: number)
      case ("update", .string(let word)) where Notation.UpdateForm(rawValue: word) != nil:
        table.update = Notation.UpdateForm(rawValue: word) ?? .next
      case (let name, .string(let text)):
        guard let key = Notation.Key(rawValue: name) else { throw unknown(name, range) }
        if let word = Notation.unknownPlaceholder(in: text, of: key) {
          throw unknown(placeholder: word, of: key, range)
        }
        table.templates[key] = text
      default: throw unknown(field.name, range)
      }
    }
    return table
  }

  private static func unknown(
    placeholder word: String, of key: Notation.Key, _ range: SourceRange
  ) -> Failure {
    let known = Notation.placeholders(of: key)
    let message =
      if word.hasPrefix("<") {
        "a placeholder of \(key.rawValue) is not closed: \(word)"
      } else if Notation.Placeholder(rawValue: word) != nil {
        "<\(word)> says nothing of \(key.rawValue)"
      } else {
        "a notation has no placeholder <\(word)>"
      }
    return Failure(
      message, at: range, label: "in \(key.rawValue)",
      help: [
        known.isEmpty
          ? "\(key.rawValue) has one symbol, without placeholders"
          : "\(key.rawValue) can have \(known.map { "<\($0.rawValue)>" }.joined(separator: " "))",
        "help notation says what they stand for",
      ])
  }

  /// What a notation of one's own may hold.
  private static var guide: String {
    let fields = Notation.Key.allCases.map { $0.rawValue }.joined(separator: ", ")
    let placeholders = Notation.Placeholder.allCases
      .map { "<\($0.rawValue)> \($0.meaning)" }.joined(separator: "; ")
    return
      "A course, or a record of symbols, [from: \"ng\", name: \"mine\", net: \"s_<unit>\"], of "
      + "\(fields), and besides from, name, summary, sign=1 or -1 (of δ), first_layer=1, "
      + "update=next, change or delta_rule, and true or false for bias_as_weight, bias_times_one, "
      + "half, rows, output_first (a − y), definitions (of activations) and units (called h1, o1); "
      + "a symbol with ^, \\\\ or \\{ is TeX, \"z_\\{<i>}^\\{(<l>)}\"; "
      + "placeholders are \(placeholders)."
  }

  private static func unknown(_ name: String, _ range: SourceRange) -> Failure {
    Failure(
      "a notation has no such entry: \(name)", at: range, label: "unknown, or of another kind",
      help: [
        "symbols, as strings: \(Notation.Key.allCases.map { $0.rawValue }.joined(separator: ", "))",
        "from, name, summary, sign=1 or -1, first_layer=1, update=next, change or delta_rule",
        "and true or false: bias_as_weight, bias_times_one, half, rows, output_first, definitions, units",
      ])
  }
}
