import Differentiation
import Explanation
import Interchange
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let savingFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "save", .data,
      "Writes a value to a file: \(savedFormats), pictures .svg .png .tex, texts .txt .md .tex .html; \"-\" is standard output, with as=csv or as=json; save \"session.bp\" alone writes the statements that worked.",
      traits: .leavesNoTrace, files: .written(FileFormat.writtenExtensions + textExtensions),
      parameters: [value.parameter, savedFile.parameter, precision.parameter, form.parameter],
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
      if let text = try text(arguments) {
        try arguments.write(Array(text.utf8), to: file)
        return written(try arguments(file))
      }
      let bytes = try bytes(of: try arguments(value), arguments)
      try arguments.write(bytes, to: file)
      return written(try arguments(file))
    },
    BuiltinFunction(
      "load", .data,
      "The net, array, data set or record of a file: \(FileFormat.list(FileFormat.readExtensions)).",
      files: .read(FileFormat.readExtensions),
      parameters: [file.parameter, quiet.parameter],
      examples: [
        .init(
          "net = mlp [2,3,1] tanh sigmoid; save net \"n.safetensors\"; print (load \"n.safetensors\").W1 == net.W1",
          prints: "true")
      ]
    ) { arguments throws(Failure) in Value(try content(arguments)) },
    BuiltinFunction(
      "export", .nets,
      "A program that rebuilds the net with its weights and trains it as it was trained: pytorch, keras, numpy or c; into a file, or as a text.",
      files: .written(["py", "c"]),
      parameters: [network.parameter, program.parameter, target.parameter],
      examples: [
        .init(
          "net = mlp [2,1] sigmoid; train net circles epochs=1 optimizer=adam lr=0.01 quiet=true; for line in cut (export net to=keras) \"\\n\" { if contains line \"optimizer=\" and contains line \"Adam\" { print trim line } }",
          prints:
            "optimizer=keras.optimizers.Adam(learning_rate=0.01, beta_1=0.9, beta_2=0.999, epsilon=1e-08),"
        ),
        .init(
          "export (mlp [2,1] sigmoid) \"model.py\" to=numpy; print \"written\"", prints: "written"),
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let path = try arguments.optional(program)
      let name = try arguments.optional(target) ?? path.flatMap(language)
      guard let name, let language = ExportedProgram(rawValue: name) else {
        throw Failure(
          "to= says which language the program is for", at: arguments.range,
          help: ["export net \"model.py\" to=pytorch"])
      }
      let run = arguments.session.nets.run(of: network)
      let progress = WorkProgress(arguments.session)
      defer { progress.end() }
      func makeText() throws(FormatError) -> String {
        try language.text(network, trainedBy: run) { done in
          progress.show("parameter", done, of: network.count)
        }
      }
      guard let path else {
        do throws(FormatError) {
          return .string(try makeText())
        } catch {
          throw Failure(error.message, at: arguments.range, help: error.help)
        }
      }
      let text = try arguments.mappingErrors(in: program, makeText())
      try arguments.write(Array(text.utf8), to: program)
      return written(path)
    },
    BuiltinFunction(
      "idx", .data, "Images and their labels from two files in the format of MNIST, packed or not.",
      parameters: [images.parameter, labels.parameter]
    ) { arguments throws(Failure) in
      let (first, second) = (try arguments.bytes(of: images), try arguments.bytes(of: labels))
      let pictures = try arguments.mappingErrors(
        in: images, IDX.array(first, budget: arguments.budget))
      let classes = try arguments.mappingErrors(
        in: labels, IDX.array(second, budget: arguments.budget))
      let title = fileTitle(try arguments(images))
      return .data(
        try arguments.mappingErrors(
          in:
            labels, IDX.data(images: pictures, labels: classes, title: title)))
    },
  ]

  private static let textExtensions = ["txt", "md", "tex", "html"]

  /// What goes into a file of text: a text as it is, an explanation in the form of the file, and into
  /// .txt any value as `print` writes it; nil where the file or the value is another one.
  private static func text(_ arguments: Arguments) throws(Failure) -> String? {
    let ending = fileExtension(try arguments(file))
    guard textExtensions.contains(ending) else { return nil }
    let number = arguments.session.numberText
    let value = try arguments(value).plain
    var text: String?
    switch value {
    case .string(let own): text = own
    case .report(let report):
      switch ending {
      case "tex": text = report.derivation()?.latex(number: number)
      case "md": text = report.derivation()?.markdown(number: number)
      case "html": text = report.derivation()?.html(number: number)
      default: text = report.text(.plain)
      }
    default: text = ending == "txt" ? arguments.session.text(of: value) : nil
    }
    return text.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }
  }

  private static let program = Key.string(
    "file", .absent,
    "The path, relative to the script; the program is given as a text where left out.")
  private static let savedFile = Key.string(
    "file", .absent, "The path, relative to the script.")

  /// What a prompt says of a file; a script that writes one says nothing.
  static func written(_ path: String) -> Value {
    .report(
      Report(title: "file", isEcho: true) { _ in path == "-" ? "" : "\(visible(path)) is written" })
  }

  /// Gives the path.
  private static func saveSession(_ arguments: Arguments) throws(Failure) -> String {
    guard case .string(let path) = try arguments(value),
      path.hasSuffix(".bp") || path.hasSuffix(".bplang")
    else {
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
    "dtype", of: ["float64", "float32"], .absent,
    "The numbers of \(FileFormat.precisionExtensions.map { ".\($0)" }.joined(separator: " and ")) files."
  )
  private static let form = Key.word(
    "as",
    of: FileFormat.all.filter { !$0.writers.isEmpty && !$0.extensions.isEmpty }.map { $0.name },
    .absent, "The format, where the name of the file does not say it.")
  private static let network = Key.network()
  private static let target = Key.word(
    "to", of: ExportedProgram.allCases.map { $0.rawValue }, .absent, "The language of the program.")
  private static let quiet = Key.truth("quiet", .truth(false), "Whether to say nothing.")
  private static let images = Key.string("images", "The file of the images.")
  private static let labels = Key.string("labels", "The file of the labels.")

  /// Behind the last point of the name, in small letters; empty where there is none.
  static func fileExtension(_ path: String) -> String {
    var name = path.split(separator: "/").last ?? ""
    // Packed tables are known by the name before.
    if name.lowercased().hasSuffix(".gz") { name = name.dropLast(3) }
    guard let point = name.lastIndex(of: "."), point != name.startIndex else { return "" }
    return name[name.index(after: point)...].lowercased()
  }

  private static func language(of path: String) -> String? {
    fileExtension(path) == "c" ? "c" : nil
  }

  // MARK: Saving

  /// `nets .safetensors .onnx, arrays .npy`
  private static var savedFormats: String {
    FileFormat.choices.map { "\($0.what) \(FileFormat.list($0.extensions))" }
      .joined(separator: ", ")
  }

  private static func bytes(
    of value: Value, _ arguments: Arguments
  ) throws(Failure) -> [UInt8] {
    let path = try arguments(file)
    let name = try arguments.optional(form) ?? fileExtension(path)
    let precision = try arguments.optional(precision).flatMap { Precision(rawValue: $0) }
    guard let format = FileFormat.named(extension: name), !format.writers.isEmpty else {
      throw Failure(
        path == "-"
          ? "as= says how the standard output is written"
          : name.isEmpty
            ? "the file needs an extension" : "files .\(visible(name)) are not written",
        at: arguments.range(of: file),
        help: [
          path == "-"
            ? "save d \"-\" as=csv" : "one of \(FileFormat.list(FileFormat.writtenExtensions))"
        ])
    }
    if path == "-", !format.isText {
      throw Failure(
        "\(format.name) is no text for the standard output", at: arguments.range(of: file),
        help: ["as=csv or as=json is"])
    }
    if path.lowercased().hasSuffix(".gz") {
      throw Failure("packed files are not written", at: arguments.range(of: file))
    }
    for kind in format.writtenKinds {
      guard let content = FileContent(value, as: kind) else { continue }
      if case .network(let network) = content {
        for omission in format.omissions(network) { arguments.session.note(omission) }
      }
      return try arguments.mappingErrors(in: file) { () throws(FormatError) in
        try format.bytes(content, precision: precision)
      }
    }
    let choices = FileFormat.choices.map { "\($0.what): \(FileFormat.list($0.extensions))" }
    throw Failure(
      "\(value.kind) cannot be saved as .\(visible(name))", at: arguments.range(of: file),
      help: [choices.joined(separator: "; ")])
  }

  // MARK: Loading

  private static func content(_ arguments: Arguments) throws(Failure) -> FileContent {
    let path = try arguments(file)
    let name = fileExtension(path)
    let isQuiet = try arguments(quiet)
    switch FileFormat.named(extension: name)?.reader {
    case .table(let options)?:
      let table = try csvTable(options, arguments, file)
      for note in isQuiet ? [] : table.notes {
        arguments.session.note("\(fileTitle(path)): \(note)")
      }
      return .data(try arguments.data(of: table, titled: fileTitle(path), file))
    case .bytes(let read)?:
      let bytes = try arguments.bytes(of: file)
      return try arguments.mappingErrors(in: file) { () throws(FormatError) in
        try read(bytes, arguments.budget)
      }
    case .notedBytes(let read)?:
      let bytes = try arguments.bytes(of: file)
      var notes: [String] = []
      let content = try arguments.mappingErrors(in: file) { () throws(FormatError) in
        try read(bytes, arguments.budget, &notes)
      }
      for note in isQuiet ? [] : notes {
        arguments.session.note("\(fileTitle(path)): \(note)")
      }
      return content
    case nil:
      if let foreign = ForeignFormat.named(extension: name) {
        throw Failure(
          "\(foreign.title) are not read", at: arguments.range(of: file), help: foreign.help)
      }
      throw Failure(
        name.isEmpty ? "the file has no extension" : "files .\(visible(name)) are not read",
        at: arguments.range(of: file),
        help: [
          "one of \(FileFormat.list(FileFormat.readExtensions)); idx reads the files of MNIST"
        ])
    }
  }
}
