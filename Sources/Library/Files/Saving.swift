import Differentiation
import Interchange
import Language
import Learning
import Syntax

extension Catalog {
  static let savingFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "save", .data,
      "Writes a value to a file: nets .safetensors .onnx, arrays .npy .npz .csv, anything .json, pictures .svg .png; save \"session.bp\" alone writes the statements that worked.",
      traits: .leavesNoTrace,
      parameters: [value.parameter, savedFile.parameter, precision.parameter],
      examples: [.init("save [1, 2, 3] \"v.npy\"; print load \"v.npy\"", prints: "[1, 2, 3]")]
    ) { arguments throws(Failure) in
      if arguments.given(savedFile) == nil {
        return written(try saveSession(arguments))
      }
      if case .report(let report) = try arguments(value), let picture = report.picture {
        let path = try arguments(file)
        let bytes = try picture.file(named: path, at: arguments.range(of: file))
        try arguments.write(bytes, to: file)
        return written(path)
      }
      let bytes = try bytes(of: try arguments(value), arguments)
      try arguments.write(bytes, to: file)
      return written(try arguments(file))
    },
    BuiltinFunction(
      "load", .data,
      "The net, array, data set or record of a file: .safetensors .onnx .npy .npz .csv .json.",
      parameters: [file.parameter],
      examples: [
        .init(
          "net = mlp [2,3,1] tanh sigmoid; save net \"n.safetensors\"; print (load \"n.safetensors\").W1 == net.W1",
          prints: "true")
      ]
    ) { arguments throws(Failure) in try content(arguments) },
    BuiltinFunction(
      "export", .nets,
      "Writes a program that rebuilds the net with its weights: pytorch, keras, numpy or c.",
      parameters: [network.parameter, file.parameter, target.parameter],
      examples: [
        .init(
          "export (mlp [2,1] sigmoid) \"model.py\" to=numpy; print \"written\"", prints: "written")
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let path = try arguments(file)
      let name = try arguments.optional(target) ?? language(of: path)
      guard let name, let program = ExportedProgram(rawValue: name) else {
        throw Failure(
          "to= says which language the program is for", at: arguments.range,
          help: ["export net \"model.py\" to=pytorch"])
      }
      let text = try arguments.interchanging(file, program.text(network))
      try arguments.write(Array(text.utf8), to: file)
      return written(path)
    },
    BuiltinFunction(
      "idx", .data, "Images and their labels from two files in the format of MNIST, packed or not.",
      parameters: [images.parameter, labels.parameter]
    ) { arguments throws(Failure) in
      let (first, second) = (try arguments.bytes(of: images), try arguments.bytes(of: labels))
      let pictures = try arguments.interchanging(images, IDX.array(first, budget: arguments.budget))
      let classes = try arguments.interchanging(labels, IDX.array(second, budget: arguments.budget))
      let title = fileTitle(try arguments(images))
      return .data(
        try arguments.interchanging(
          labels, IDX.data(images: pictures, labels: classes, title: title)))
    },
  ]

  private static let savedFile = Key.string(
    "file", .absent, "The path, relative to the script.")

  /// What a prompt says of a file; a script that writes one says nothing.
  private static func written(_ path: String) -> Value {
    .report(Report(title: "file", isEcho: true) { _ in "\(visible(path)) is written" })
  }

  /// Gives the path.
  private static func saveSession(_ arguments: Arguments) throws(Failure) -> String {
    guard case .string(let path) = try arguments(value), path.hasSuffix(".bp") else {
      throw Failure(
        "save needs a value and a file", at: arguments.range,
        help: ["save net \"net.safetensors\"", "save \"session.bp\" writes what you typed"])
    }
    let session = arguments.session
    guard !session.log.isEmpty else {
      throw Failure("nothing has worked yet that could be saved", at: arguments.range)
    }
    if session.log.isCut { session.note("the session was too long: its end is left out") }
    if case .failure(let failure) = session.host.files.write(
      session.resolvedPath(path), session.log.script)
    {
      throw Failure(
        "\(path) cannot be written", at: arguments.range(of: value), label: failure.words)
    }
    return path
  }

  private static let value = Key.any("value", "A net, array, data set, record or list.")
  private static let precision = Key.word(
    "dtype", of: ["float64", "float32"], .absent, "The numbers of .npy and .onnx files.")
  private static let network = Key.network()
  private static let target = Key.word(
    "to", of: ExportedProgram.allCases.map { $0.rawValue }, .absent, "The language of the program.")
  private static let images = Key.string("images", "The file of the images.")
  private static let labels = Key.string("labels", "The file of the labels.")

  private static func fileExtension(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    guard let point = name.lastIndex(of: "."), point != name.startIndex else { return "" }
    return name[name.index(after: point)...].lowercased()
  }

  private static func language(of path: String) -> String? {
    fileExtension(path) == "c" ? "c" : nil
  }

  // MARK: Saving

  private static func bytes(
    of value: Value, _ arguments: Arguments
  ) throws(Failure) -> [UInt8] {
    let kind = fileExtension(try arguments(file))
    let precision = try arguments.optional(precision).flatMap { Precision(rawValue: $0) }
    func unsuited() -> Failure {
      Failure(
        "\(value.kind) cannot be saved as .\(visible(kind))", at: arguments.range(of: file),
        help: ["nets: .safetensors .onnx; arrays: .npy .npz .csv; data: .csv .npz; records: .json"])
    }
    var network: Network?
    switch value {
    case .network(let net): network = net
    case .run(let run): network = run.network
    default: break
    }
    let names = ["safetensors", "onnx", "npy", "npz", "csv", "json"]
    guard names.contains(kind) else {
      throw Failure(
        kind.isEmpty ? "the file needs an extension" : "files .\(visible(kind)) are not written",
        at: arguments.range(of: file), help: ["one of .\(names.joined(separator: " ."))"])
    }
    if let network {
      if !network.isLossAutomatic, Loss.named(network.loss.name) == nil {
        arguments.session.note(
          "the loss \(network.loss.name) is a function of this script and is not saved")
      }
      if kind == "onnx", !ONNXWriter.isDescribed(network) {
        arguments.session.note(
          "an activation is a function of this script: others run the file, load cannot read it")
      }
      switch kind {
      case "safetensors":
        return try arguments.interchanging(file, NetworkFile.bytes(network))
      case "onnx":
        return try arguments.interchanging(file, ONNXWriter.bytes(network, precision: precision))
      default: throw unsuited()
      }
    }
    switch (kind, value) {
    case ("npy", _):
      guard let tensor = value.tensor else { throw unsuited() }
      return NPY.bytes(tensor, asFloat32: precision == .float32)
    case ("npz", _):
      let arrays = try arrays(of: value, unsuited())
      return try arguments.interchanging(file, NPZ.bytes(arrays))
    case ("csv", .data(let data)): return CSVWriter.bytes(data)
    case ("csv", _):
      guard let tensor = value.tensor else { throw unsuited() }
      return CSVWriter.bytes(tensor)
    case ("json", _):
      let json = try json(of: value, unsuited())
      return try arguments.interchanging(file, json.bytes(indent: 2) + [0x0A])
    default: throw unsuited()
    }
  }

  private static func arrays(
    of value: Value, _ unsuited: Failure
  ) throws(Failure) -> [(name: String, tensor: Tensor)] {
    switch value {
    case .data(let data): return [("x", data.x), ("t", data.t)]
    case .record(let record):
      return try record.map { field throws(Failure) in
        guard let tensor = field.value.tensor else { throw unsuited }
        return (field.name, tensor)
      }
    default:
      guard let tensor = value.tensor else { throw unsuited }
      return [("x", tensor)]
    }
  }

  private static func json(of value: Value, _ unsuited: Failure) throws(Failure) -> JSON {
    switch value.plain {
    case .nothing: return .null
    case .truth(let truth): return .truth(truth)
    case .string(let text): return .text(text)
    case .number(let number): return number.isNaN ? .null : .number(number)
    case .tensor(let tensor):
      func row(_ numbers: some Sequence<Double>) -> JSON {
        .list(numbers.map { $0.isNaN ? .null : .number($0) })
      }
      guard case .matrix(let rows, let columns) = tensor.shape else { return row(tensor.elements) }
      return .list(
        (0..<rows).map { row(tensor.elements[$0 * columns..<($0 + 1) * columns]) })
    case .list(let list):
      return .list(try list.map { item throws(Failure) in try json(of: item, unsuited) })
    case .record(let record):
      return .object(
        try record.map { field throws(Failure) in
          JSON.Member(field.name, try json(of: field.value, unsuited))
        })
    case .report(let report): return try json(of: .record(report.fields), unsuited)
    case .run(let run):
      func vector(_ numbers: [Double]) -> JSON { .list(numbers.map { .number($0) }) }
      return .object([
        JSON.Member("losses", vector(run.losses)), JSON.Member("metrics", vector(run.metrics)),
        JSON.Member("loss", .number(run.lastLoss)),
        JSON.Member(run.metricName, .number(run.metric)),
      ])
    default: throw unsuited
    }
  }

  // MARK: Loading

  private static func content(_ arguments: Arguments) throws(Failure) -> Value {
    let path = try arguments(file)
    let budget = arguments.budget
    switch fileExtension(path) {
    case "csv", "tsv":
      let table = try csvTable(CSVOptions(), arguments, file)
      for note in table.notes { arguments.session.note("\(fileTitle(path)): \(note)") }
      return .data(try arguments.data(of: table, titled: fileTitle(path), file))
    case "npy":
      let bytes = try arguments.bytes(of: file)
      return Value(
        try arguments.interchanging(file, NPY.array(bytes, budget: budget).tensor))
    case "npz":
      let bytes = try arguments.bytes(of: file)
      let arrays = try arguments.interchanging(file, NPZ.arrays(bytes, budget: budget))
      return .record(Record(arrays.map { ($0.name, Value($0.array.tensor)) }))
    case "safetensors":
      let bytes = try arguments.bytes(of: file)
      return try arguments.interchanging(file) { () throws(FormatError) in
        let content = try Safetensors(bytes, budget: budget)
        if let network = try NetworkFile.network(content) { return .network(network) }
        return .record(
          Record(
            content.arrays.map {
              ($0.name, Value(NumberArray(shape: $0.shape, numbers: $0.numbers).tensor))
            }))
      }
    case "onnx":
      let bytes = try arguments.bytes(of: file)
      return .network(
        try arguments.interchanging(file, ONNXReader.network(bytes, budget: budget)))
    case "json":
      let bytes = try arguments.bytes(of: file)
      return value(of: try arguments.interchanging(file, JSON.parse(bytes, budget: budget)))
    case let kind:
      throw Failure(
        kind.isEmpty ? "the file has no extension" : "files .\(visible(kind)) are not read",
        at: arguments.range(of: file),
        help: ["one of .safetensors .onnx .npy .npz .csv .json; idx reads the files of MNIST"])
    }
  }

  /// A list of numbers becomes a vector, one of equally long lists of numbers a matrix.
  private static func value(of json: JSON) -> Value {
    switch json {
    case .null: return .nothing
    case .truth(let truth): return .truth(truth)
    case .number(let number): return .number(number)
    case .text(let text): return .string(text)
    case .object(let members):
      return .record(Record(members.map { ($0.name, value(of: $0.value)) }))
    case .list(let list):
      let numbers = list.compactMap { $0.number }
      if numbers.count == list.count, !list.isEmpty { return .tensor(Tensor(vector: numbers)) }
      let rows = list.compactMap { row in
        row.list.flatMap { cells in
          let numbers = cells.compactMap { $0.number }
          return numbers.count == cells.count && !cells.isEmpty ? numbers : nil
        }
      }
      if rows.count == list.count, !list.isEmpty, let table = Tensor(rows: rows) {
        return .tensor(table)
      }
      return .list(list.map(value(of:)))
    }
  }
}
