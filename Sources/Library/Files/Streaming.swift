import Differentiation
import Interchange
import Language
import Learning
import Syntax

extension Catalog {
  static let streamFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "stream", .data,
      "The rows of a file without holding them in memory, so that train reads each batch where it lies: of a table as csv takes it, of a .npy with its target columns or the file of its targets, or of images and labels as idx takes them.",
      parameters: [file.parameter, targetFile.parameter, streamTarget.parameter]
        + tableParameters.filter { !["file", "target"].contains($0.name) },
      examples: [
        .init(
          "write_csv [[1, 2], [3, 4]] \"s.csv\" names=[\"x\", \"t\"]; s = stream \"s.csv\" target=\"t\" quiet=true; print s",
          prints: "s.csv: 2 rows × 2 columns, streamed from s.csv: 1 feature, 1 target"),
        .init(
          "save [[0, 1, 1], [1, 1, 0]] \"r.npy\"; s = stream \"r.npy\" target=3; print s.features, s.n",
          prints: "[\"x1\", \"x2\"] 2"),
      ]
    ) { arguments throws(Failure) in
      let opened = try openFile(file, arguments)
      let source: RowSource
      switch try arguments.mappingErrors(ArrayStream.kind(of: opened)) {
      case .packed: throw isPacked(file, arguments)
      case .npy, .idx: source = try rows(ofArray: opened, arguments)
      case .other: source = try rows(ofTable: opened, arguments)
      }
      // The order of the rows is drawn anew for each epoch, and a split is drawn once.
      try arguments.runtime.charge(scratch: 3 * source.count, at: arguments.range(of: file))
      return .stream(try arguments.mappingErrors(RowStream(source)))
    }
  ]

  private static let targetFile = Key.string(
    "targets", .absent, "The file of the targets of an array, or of the labels of images.")
  private static let streamTarget = Key.any(
    "target", .either([.string, .wholeNumber(1...Int.max), .vector, .list]), .absent,
    "The column of the targets, or a list of them: by name, of an array by number.")

  private static func openFile(
    _ key: Key<String>, _ arguments: Arguments
  ) throws(Failure) -> OpenFile {
    switch arguments.session.host.files.open(try arguments.path(key)) {
    case .success(let file): return file
    case .failure(let problem): throw arguments.unreadable(key, problem)
    }
  }

  private static func isPacked(_ key: Key<String>, _ arguments: Arguments) -> Failure {
    let path = (try? arguments(key)) ?? ""
    return Failure(
      "\(visible(path, limit: 200)) is packed, and no row of a packed file can be read by itself",
      at: arguments.range(of: key), label: "packed with gzip",
      help: ["gzip -dk FILE unpacks it", "csv and idx read packed files into memory"])
  }

  // MARK: Arrays

  private static func rows(
    ofArray opened: OpenFile, _ arguments: Arguments
  ) throws(Failure) -> RowSource {
    let told = tableParameters.filter { !["file", "target", "quiet"].contains($0.name) }
    for option in told {
      guard let argument = arguments.given(Key<Value>(option) { $0 }) else { continue }
      throw Failure(
        "\(option.name)= is for tables of text, and \(visible(opened.title)) is an array",
        at: argument.range, label: "not for arrays",
        help: ["an array takes target= or the file of its targets"])
    }
    let samples = try arguments.mappingErrors(in: file, ArrayStream(opened))
    guard arguments.given(targetFile) != nil else {
      return samples.source(targets: try targetColumns(of: samples, arguments))
    }
    if let argument = arguments.given(streamTarget) {
      throw Failure(
        "the targets stand in a file of their own", at: argument.range,
        label: "not with the file of the targets")
    }
    let other = try openFile(targetFile, arguments)
    let targets = try arguments.mappingErrors(in: targetFile) { () throws(FormatError) in
      try ArrayStream(other)
    }
    guard samples.isIDX == targets.isIDX else {
      throw Failure(
        "samples and targets are in files of one format: two .npy, or images and labels of MNIST",
        at: arguments.range(of: targetFile), label: targets.isIDX ? "as MNIST has it" : ".npy")
    }
    return try arguments.mappingErrors(in: targetFile, samples.source(targets: targets))
  }

  /// The columns that are targets, from 0.
  private static func targetColumns(
    of samples: ArrayStream, _ arguments: Arguments
  ) throws(Failure) -> [Int] {
    let range = arguments.range(of: streamTarget)
    let numbers: [Double]
    switch try arguments.optional(streamTarget) {
    case .number(let number)?: numbers = [number]
    case .tensor(let tensor)?: numbers = tensor.elements
    case nil:
      throw Failure(
        samples.isIDX
          ? "images need the file of their labels" : "an array needs to be told its targets",
        at: arguments.range(of: file), label: "no targets",
        help: samples.isIDX
          ? ["stream \"train-images-idx3-ubyte\" \"train-labels-idx1-ubyte\""]
          : [
            "stream \"x.npy\" \"t.npy\" takes those of another file",
            "stream \"x.npy\" target=\(samples.width) takes the last column",
          ])
    default:
      throw Failure(
        "the columns of an array have numbers, no names", at: range, label: "not a number",
        help: ["target=\(samples.width) is the last column"])
    }
    let columns = numbers.compactMap { Int(exactly: $0) }.filter {
      (1...samples.width).contains($0)
    }
    guard columns.count == numbers.count, Set(columns).count == columns.count, !columns.isEmpty
    else {
      throw Failure(
        "the columns of the array are 1 to \(samples.width)", at: range, label: "no such columns")
    }
    guard columns.count < samples.width else {
      throw Failure("no column is left for the features", at: range)
    }
    return columns.map { $0 - 1 }
  }

  // MARK: Tables

  private static func rows(
    ofTable opened: OpenFile, _ arguments: Arguments
  ) throws(Failure) -> RowSource {
    if let argument = arguments.given(targetFile) {
      throw Failure(
        "the targets of a table are columns of it", at: argument.range, label: "a second file",
        help: ["stream \"big.csv\" target=\"name\""])
    }
    if let argument = arguments.given(tableKeep) {
      throw Failure(
        "keep= holds a text of every row in memory, which a stream does not", at: argument.range,
        label: "not for a stream", help: ["leave keep out, or read the file with csv"])
    }
    if let argument = arguments.given(streamTarget), argument.value.isNumeric {
      throw Failure(
        "the columns of a table have names", at: argument.range, label: argument.value.kind,
        help: ["target=\"name\"; without a line of names they are x1, x2, …"])
    }
    var options = try tableOptions(arguments, targets: try arguments.texts(streamTarget))
    options.fileName = try arguments(file)
    let scratchFile: OpenFile
    switch arguments.session.host.files.scratch() {
    case .success(let file): scratchFile = file
    case .failure(let problem):
      throw Failure(
        "\(visible(options.fileName, limit: 200)) cannot be streamed",
        at: arguments.range(of: file),
        label: problem.words, help: ["csv reads it into memory"])
    }
    let scratch = RowScratch(scratchFile)
    let title = fileTitle(options.fileName)
    let table = try parsed(opened, title, options, scratch, arguments)
    let source = try arguments.mappingErrors(scratch.source(table, title: title))
    if !(try arguments(tableQuiet)) {
      for note in table.notes { arguments.session.note("\(title): \(note)") }
      arguments.session.note(
        "\(title): its numbers are in a scratch file of \(megabytes(scratchFile.size))")
    }
    return source
  }

  private static func megabytes(_ bytes: Int) -> String {
    bytes < 1 << 20 ? "\((bytes + 1023) >> 10) KB" : "\((bytes + (1 << 20) - 1) >> 20) MB"
  }

  /// Reads a table once, from its first byte to its last.
  private static func parsed(
    _ opened: OpenFile, _ title: String, _ options: CSVOptions, _ scratch: RowScratch,
    _ arguments: Arguments
  ) throws(Failure) -> CSVTable {
    let progress = WorkProgress(arguments.session)
    defer { progress.end() }
    let reader = CSVReader(options, budget: NumberBudget(.max), scratch: scratch)
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    for start in stride(from: 0, to: opened.size, by: bytes.count) {
      if arguments.runtime.isStopped() { throw .interrupted }
      let count = min(bytes.count, opened.size - start)
      try arguments.mappingErrors { () throws(LearningError) in
        try opened.read(start, into: &bytes, at: 0..<count)
      }
      try arguments.mappingErrors(in: file) { () throws(FormatError) in
        try reader.read(bytes[..<count])
      }
      progress.show(title, bytes: start + count, of: opened.size)
    }
    try arguments.mappingErrors(opened.checkIsUnchanged())
    return try arguments.mappingErrors(in: file) { () throws(FormatError) in try reader.finish() }
  }
}
