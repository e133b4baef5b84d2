import Differentiation
import Interchange
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let dataTableFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "head", .data, "The first rows of a data set or matrix as a table.",
      parameters: [subject.parameter, count.parameter],
      examples: [.init("head [[1, 2], [3, 4], [5, 6]] 2", prints: "1  2\n3  4")]
    ) { arguments throws(Failure) in
      let count = try arguments(count)
      let value = try arguments(subject)
      if let samples = value.samples {
        let first = try arguments.mappingErrors(samples.first(count))
        return .report(rows(of: first, count, outOf: samples.count))
      }
      guard let tensor = value.tensor else { return value }
      guard case .matrix(let rows, let columns) = tensor.shape else {
        return .tensor(Tensor(vector: Array(tensor.elements.prefix(count))))
      }
      let kept = min(rows, count)
      return .tensor(
        Tensor(.matrix(kept, columns), Array(tensor.elements.prefix(kept * columns))))
    },
    BuiltinFunction(
      "describe", .data, "Counts, means, deviations and quartiles of every column.",
      parameters: [subject.parameter],
      examples: [
        .init(
          "describe [[1], [2], [3]]",
          prints: """
            column  count  missing  mean      sd  min  25%  median  75%  max
            ════════════════════════════════════════════════════════════════
            x1          3              2  0.8165    1  1.5       2  2.5    3
            """)
      ]
    ) { arguments throws(Failure) in
      let value = try arguments(subject)
      let data: DataSet
      if case .data(let given) = value {
        data = given
      } else if case .stream = value {
        throw Failure(
          "describe sorts every column, and the rows of a stream are not in memory",
          at: arguments.range(of: subject), label: "a stream of rows",
          help: ["describe s[1..10000] looks at some of the rows"])
      } else {
        guard let tensor = value.tensor, tensor.shape.count > 0 else {
          throw Failure("there is nothing to describe", at: arguments.range)
        }
        let table =
          tensor.shape.rank == 2 ? tensor : tensor.reshaped(.matrix(tensor.shape.count, 1))
        data = try arguments.mappingErrors(
          DataSet(x: table, target: .values(Tensor(.matrix(table.shape.rows, 0), []))))
      }
      return .report(description(of: data))
    },
    BuiltinFunction(
      "report", .training,
      "How good a net is: precision, recall and f1 by class, or errors where it gives numbers; to=\"report.html\" makes a page with curves and pictures.",
      parameters: [
        network.parameter, data.parameter, pageFile.parameter, PictureOption.theme.parameter,
        preparedOption.parameter,
      ],
      examples: [
        .init(
          "net = mlp [1,1] step init=constant(1) bias=false; report net (data [[-1],[1],[2]] [0,1,0])",
          prints: """
            on data: 3 rows
            class     precision  recall     f1  rows
            ════════════════════════════════════════
            0                 1   0.500  0.667     2
            1             0.500       1  0.667     1
            ────────────────────────────────────────
            mean          0.750   0.750  0.667     3
            accuracy                     0.667

            true ╲ predicted      0      1  recall
            ══════════════════════════════════════
            0                     1      1   0.500
            1                     0      1   1.000
            ──────────────────────────────────────
            precision         1.000  0.500
            """)
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      if let name = try arguments.optional(pageFile) {
        let data = try arguments.data(network, arguments.given(data))
        return try writeReport(of: network, on: data, to: name, arguments)
      }
      let data = try arguments.samples(network, arguments.given(data))
      let metric = try arguments.mappingErrors(network.metric(for: data))
      if metric == .accuracy {
        return .report(
          classReport(
            try arguments.mappingErrors(network.scores(on: data)),
            on: arguments.session.rows(of: data, for: network)))
      }
      let fields = Record([
        ("mse", .number(try arguments.mappingErrors(network.meanSquaredError(on: data)))),
        ("r2", .number(try arguments.mappingErrors(network.rSquared(on: data)))),
        ("n", .number(Double(data.count))),
      ])
      let rows = arguments.session.rows(of: data, for: network)
      return .report(
        Report(title: "report", fields: fields) { _ in
          "\(rows)\n"
            + fields.map { "\($0.name): \(arguments.session.text(of: $0.value))" }
            .joined(separator: "\n")
        })
    },
  ]

  private static let subject = Key.any(
    "data", .either([.samples, .numeric]), "A data set or a matrix.")
  private static let count = Key.wholeNumber("n", .number(5), in: 1...Int.max, "How many rows.")
  private static let network = Key.network()
  private static let data = Key<Samples>.lastSamples()

  private static func rows(of data: DataSet, _ count: Int, outOf all: Int) -> Report {
    .ofTables(title: "first rows") { _ in
      var table = Table(
        (data.rowNames.isEmpty ? [] : [.init("")])
          + (data.featureNames + data.targetNames).map { .init(visible($0), .right) })
      let width = data.featureCount
      for row in 0..<min(count, data.count) {
        var cells = data.rowNames.isEmpty ? [] : [visible(data.rowNames[row])]
        cells += (0..<width).map { feature in
          let number = data.x.elements[row * width + feature]
          if number.isNaN { return "missing" }
          if let names = data.categories[feature], let code = Int(exactly: number),
            names.indices.contains(code - 1)
          {
            return visible(names[code - 1])
          }
          return NumberStyle.matrixElement.text(number)
        }
        switch data.target {
        case .classes(let numbers, let names): cells.append(visible(names[numbers[row] - 1]))
        case .values(let values):
          for column in 0..<data.targetNames.count {
            cells.append(
              NumberStyle.matrixElement.text(
                values.elements[row * data.targetNames.count + column]))
          }
        }
        table.append(cells)
      }
      let rest = all - min(count, data.count)
      if rest > 0 { table.notes.append("and \(rest) more rows") }
      return TextBlocks(table)
    }
  }

  /// The deviation divides by n, as `std` and `standardize` do.
  static func description(of data: DataSet) -> Report {
    var columns: [(name: String, numbers: [Double], names: [String]?)] = []
    for feature in 0..<data.featureCount {
      columns.append((data.featureNames[feature], data.column(feature), data.categories[feature]))
    }
    switch data.target {
    case .classes(let numbers, let names):
      columns.append((data.targetNames[0], numbers.map(Double.init), names))
    case .values(let values):
      for (place, name) in data.targetNames.enumerated() {
        let numbers = stride(from: place, to: values.elements.count, by: data.targetNames.count)
        columns.append((name, numbers.map { values.elements[$0] }, nil))
      }
    }
    var fields = Record()
    var rows: [[String]] = []
    var notes: [String] = []
    let style = NumberStyle.significantDigits(4)
    for column in columns {
      let present = sorted(column.numbers.filter { !$0.isNaN })
      let missing = column.numbers.count - present.count
      let gaps = missing == 0 ? "" : "\(missing)"
      if let names = column.names {
        var counts = Array(repeating: 0, count: names.count)
        for number in present {
          if let code = Int(exactly: number), counts.indices.contains(code - 1) {
            counts[code - 1] += 1
          }
        }
        let shown = zip(names, counts).prefix(4).map { "\(visible($0, limit: 20)) \($1)" }
        fields[column.name] = .record(
          Record(zip(names, counts).map { ($0, .number(Double($1))) }))
        rows.append([visible(column.name), "\(present.count)", gaps])
        notes.append(
          "\(visible(column.name)): \(shown.joined(separator: ", "))"
            + (names.count > 4 ? ", …" : ""))
        continue
      }
      let mean = present.reduce(0, +) / Double(present.count)
      let squares = present.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let sd = present.isEmpty ? .nan : (squares / Double(present.count)).squareRoot()
      let numbers =
        [mean, sd] + [0, 0.25, 0.5, 0.75, 1].map { quantile($0, of: present) }
      fields[column.name] = .record(
        Record(
          zip(["mean", "sd", "min", "q1", "median", "q3", "max"], numbers).map {
            ($0, .number($1))
          } + [("count", .number(Double(present.count))), ("missing", .number(Double(missing)))]))
      rows.append(
        [visible(column.name), "\(present.count)", gaps] + numbers.map { style.text($0) })
    }
    return .ofTables(title: "description", fields: fields) { _ in
      TextBlocks(
        Table(
          [.init("column"), .init("count", .right), .init("missing", .right)]
            + ["mean", "sd", "min", "25%", "median", "75%", "max"].map { .init($0, .right) },
          rows: rows, notes: notes))
    }
  }

  private static func classReport(_ result: Classification, on rows: String) -> Report {
    let numbers = result.classes.indices.map { $0 + 1 }
    var fields = Record([
      ("accuracy", .number(result.accuracy)), ("precision", .number(result.precision)),
      ("recall", .number(result.recall)), ("f1", .number(result.f1)),
      ("n", .number(Double(result.rows))),
    ])
    if result.isByLabel {
      fields["labels"] = .record(
        Record(numbers.map { (result.classes[$0 - 1], .number(result.f1(of: $0))) }))
    } else {
      fields["confusion"] = .tensor(
        Tensor(
          .matrix(result.classes.count, result.classes.count),
          result.confusion.joined().map { Double($0) }))
    }
    let all = fields
    return .ofTables(title: "report", fields: all) { display in
      let style = NumberStyle.decimals(3)
      var table = Table(
        [
          .init(result.isByLabel ? "label" : "class"), .init("precision", .right),
          .init("recall", .right), .init("f1", .right),
          .init("rows", .right),
        ])
      for number in numbers {
        table.append([
          visible(result.classes[number - 1]), style.text(result.precision(of: number)),
          style.text(result.recall(of: number)), style.text(result.f1(of: number)),
          "\(result.rows(of: number))",
        ])
      }
      table.appendRule()
      func mean(_ score: (Int) -> Double) -> String {
        style.text(numbers.reduce(0) { $0 + score($1) } / Double(numbers.count))
      }
      table.append([
        "mean", mean(result.precision(of:)), mean(result.recall(of:)), mean(result.f1(of:)),
        "\(result.rows)",
      ])
      table.append([
        result.isByLabel ? "exact match" : "accuracy", "", "", style.text(result.accuracy), "",
      ])
      var text = TextBlocks([.lines(rows), .table(table)])
      if result.isByLabel { return text }
      guard result.classes.count <= mostConfusedClasses else {
        text.blocks.append(
          .lines("\nconfusion gives the table of all \(result.classes.count) classes"))
        return text
      }
      let confusion = ConfusionTable(
        classes: result.classes.map { visible($0) }, counts: result.confusion)
      text.blocks += [.lines(""), .table(confusion.table(on: display))]
      return text
    }
  }

  /// More columns fit no page.
  private static let mostConfusedClasses = 12
}
