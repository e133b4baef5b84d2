import Differentiation
import Interchange
import Language
import Learning
import Syntax

extension Catalog {
  static let predictingFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "predict_file", .nets,
      "What a net answers to every row of a table in a file, written as a table: a row it cannot use keeps its place with an empty answer.",
      parameters: [
        network.parameter, file.parameter, output.parameter, keep.parameter,
        probabilities.parameter, form.parameter, strict.parameter, missing.parameter,
      ] + formParameters + [quiet.parameter],
      examples: [
        .init(
          "write_csv [[1, 2], [3, 4]] \"c.csv\" names=[\"x1\", \"x2\"]; net = mlp [2,1] linear init=constant(1); predict_file net \"c.csv\"",
          prints: "t\n3\n7")
      ]
    ) { arguments throws(Failure) in
      try predictFile(arguments)
      return written(try arguments(output))
    }
  ]

  private static let network = Key.network()
  private static let output = Key.string(
    "to", .string("-"), "The file of the answers; \"-\" is standard output.")
  private static let keep = Key.any(
    "keep", .either([.string, .list]), .absent, "Columns that stand before the answers, as an id.")
  private static let probabilities = Key.truth(
    "probabilities", .truth(false), "Whether a column for each class says how probable it is.")
  private static let form = Key.word(
    "as", of: ["csv", "jsonl"], .word("csv"), "Comma-separated values, or a JSON object a line.")
  private static let strict = Key.truth(
    "strict", .truth(false), "Whether a row that cannot be used is an error, when all is written.")

  private static let missing = Key.any(
    "missing", .either([.string, .list]), .absent, "Further spellings of a missing value.")
  private static let quiet = Key.truth(
    "quiet", .truth(false),
    "Whether only rows that cannot be used are named, and nothing is said of how the table is read."
  )

  /// More rows at once need more memory and are no faster.
  private static let rowsAtOnce = 1 << 14
  /// Rows that cannot be used and are named.
  private static let mostNamed = 1_000

  private static func predictFile(_ arguments: Arguments) throws(Failure) {
    let network = try arguments(network)
    let wantsProbabilities = try arguments(probabilities)
    if wantsProbabilities, !network.tellsClasses {
      throw Failure(
        "this net answers numbers, which have no probabilities",
        at: arguments.range(of: probabilities))
    }
    let session = arguments.session
    let title = fileTitle(try arguments(file))
    let table = try csvTable(try options(for: network, arguments), arguments, file)
    if !(try arguments(quiet)) {
      for note in table.decisions { session.note("\(title): \(note)") }
    }
    var faults = table.faults
    let outputs = try answers(of: network, to: table, title, &faults, arguments)
    faults.sort { $0.row < $1.row }
    let result = try arguments.mappingErrors(
      in: file,
      try answerTable(
        network, outputs, table, faults: faults, wantsProbabilities: wantsProbabilities))
    let isJSON = try arguments(form) == "jsonl"
    let bytes = try arguments.mappingErrors(in: file) { () throws(FormatError) in
      isJSON ? try result.jsonLines() : try CSVWriter.bytes(result)
    }
    try arguments.write(bytes, to: output)
    for fault in faults.prefix(mostNamed) {
      let place = fault.line > 0 ? ":\(fault.line)" : ": row \(fault.row + 1)"
      session.note("\(title)\(place): \(fault.message): no answer")
    }
    guard !faults.isEmpty else { return }
    let count = "\(faults.count) of \(counted(table.rows, "row")) cannot be used"
    guard try arguments(strict) else {
      return session.note(
        "\(title): \(count): \(faults.count == 1 ? "its answer is" : "their answers are") empty")
    }
    throw Failure("\(title): \(count)", at: arguments.range(of: file))
  }

  /// How the file must be read to be what the net takes.
  private static func options(
    for network: Network, _ arguments: Arguments
  ) throws(Failure) -> CSVOptions {
    var options = CSVOptions()
    options.kept = try arguments.texts(keep)
    options.missingSpellings = try arguments.texts(missing)
    try readForm(arguments, into: &options)
    options.keepsFaultyRows = true
    let steps = network.pipeline?.steps ?? []
    options.gapsAreFaults = !steps.contains { if case .impute = $0 { true } else { false } }
    let width = network.pipeline?.featureNames.count ?? network.inputCount
    var names = network.featureNames
    if names.count != width { names = (1...width).map { "x\($0)" } }
    options.features = names
    for (feature, name) in names.enumerated() {
      options.known[name] =
        network.pipeline?.categories[feature].map { .categories($0) } ?? .numbers
    }
    return options
  }

  /// The outputs for every row, gaps where a row cannot be used.
  /// - Parameter faults: grows by rows that have no finite answer.
  private static func answers(
    of network: Network, to table: CSVTable, _ title: String, _ faults: inout [CSVTable.Fault],
    _ arguments: Arguments
  ) throws(Failure) -> Tensor {
    let width = network.outputCount
    try arguments.runtime.charge(
      rows: table.rows, columns: width, at: arguments.range(of: file))
    var outputs = [Double](repeating: .nan, count: table.rows * width)
    let unusable = Set(faults.map { $0.row })
    let usable = (0..<table.rows).filter { !unusable.contains($0) }
    let data = try arguments.data(of: table, titled: title, file)
    var start = 0
    while start < usable.count {
      if arguments.runtime.isStopped() { throw .interrupted }
      let rows = Array(usable[start..<min(start + rowsAtOnce, usable.count)])
      start += rows.count
      let part = try arguments.mappingErrors { () throws(LearningError) in
        try network.prepared(try data.rows(rows))
      }
      let value = try arguments.runtime.output(
        of: network, for: .data(part), isPrepared: true, at: arguments.range(of: file))
      guard let tensor = value.tensor, tensor.elements.count == rows.count * width else { continue }
      for (place, row) in rows.enumerated() {
        let answer = tensor.elements[place * width..<(place + 1) * width]
        guard answer.allSatisfy({ $0.isFinite }) else {
          faults.append(
            CSVTable.Fault(row: row, line: 0, message: "the answer is no number"))
          continue
        }
        outputs.replaceSubrange(row * width..<(row + 1) * width, with: answer)
      }
    }
    return Tensor(.matrix(table.rows, width), outputs)
  }

  /// The columns that are kept, the answer, and the probabilities of the classes.
  private static func answerTable(
    _ network: Network, _ outputs: Tensor, _ table: CSVTable, faults: [CSVTable.Fault],
    wantsProbabilities: Bool
  ) throws(FormatError) -> TextTable {
    var names = table.kept.map { $0.name }
    var columns = table.kept.map { TextTable.Column.texts($0.texts.map { $0 }) }
    let width = network.outputCount
    func column(_ place: Int) -> [Double] {
      stride(from: place, to: outputs.elements.count, by: width).map { outputs.elements[$0] }
    }
    let unusable = Set(faults.map { $0.row })
    let own = network.targetNames
    guard network.tellsClasses else {
      let targets = own.count == width ? own : DataSet.standardTargetNames(width)
      for (place, name) in targets.enumerated() {
        names.append(name)
        columns.append(.numbers(column(place)))
      }
      return try TextTable(names: names, columns: columns)
    }
    let (code, classes) = network.answerClasses(on: nil)
    var answers: [String?]
    if code.isMultiple {
      answers = (0..<table.rows).map { row in
        classes.indices.filter { outputs.elements[row * width + $0] >= code.threshold }
          .map { classes[$0] }.joined(separator: ";")
      }
    } else {
      answers = code.classes(of: outputs).map { classes[$0 - 1] }
    }
    for row in unusable { answers[row] = nil }
    names.append(own.count == 1 ? own[0] : "class")
    columns.append(.texts(answers))
    if wantsProbabilities {
      names += classes.map { "p_\($0)" }
      if case .two(let low, let high) = code {
        let share = column(0).map { $0.isNaN ? $0 : min(max(($0 - low) / (high - low), 0), 1) }
        columns += [.numbers(share.map { 1 - $0 }), .numbers(share)]
      } else {
        columns += (0..<width).map { .numbers(column($0)) }
      }
    }
    return try TextTable(names: names, columns: columns)
  }
}
