import Differentiation
import Learning

/// A file format: everything about it in one record of `FileFormat.all`, from which saving,
/// loading, help, completion and the tests of all readers take it.
package struct FileFormat: Sendable {
  /// Makes the bytes of a file from one kind of content.
  package enum Writer: Sendable {
    case network(@Sendable (Network, Precision?) throws(FormatError) -> [UInt8])
    case data(@Sendable (DataSet) throws(FormatError) -> [UInt8])
    case numbers(@Sendable (Tensor, Precision?) throws(FormatError) -> [UInt8])
    case arrays(@Sendable ([(name: String, tensor: Tensor)]) throws(FormatError) -> [UInt8])
    case table(@Sendable (TextTable) throws(FormatError) -> [UInt8])
    case document(@Sendable (JSON) throws(FormatError) -> [UInt8])
    case training(@Sendable (TrainingState) throws(FormatError) -> [UInt8])

    var kind: FileContent.Kind {
      switch self {
      case .network: .network
      case .data: .data
      case .numbers: .numbers
      case .arrays: .arrays
      case .table: .table
      case .document: .document
      case .training: .training
      }
    }
  }

  package enum Reader: Sendable {
    /// From all bytes of a file.
    case bytes(@Sendable ([UInt8], NumberBudget) throws(FormatError) -> FileContent)
    /// The same of files of which parts may be left out, with a note each.
    case notedBytes(
      @Sendable ([UInt8], NumberBudget, inout [String]) throws(FormatError) -> FileContent)
    /// A table of text, which may be read piece by piece with these options.
    case table(CSVOptions)
  }

  package let name: String
  /// What the names of its files end with, without the point; none for files that are known by
  /// what they are asked for.
  package let extensions: [String]
  /// One for each kind of content, in the order in which they are tried.
  package let writers: [Writer]
  package let reader: Reader?
  /// Whether a writer heeds the precision that it is given.
  package let hasPrecisions: Bool
  /// What a file leaves out of a net, a sentence each.
  package let omissions: @Sendable (Network) -> [String]

  init(
    _ name: String, extensions: [String] = [], read reader: Reader? = nil,
    write writers: [Writer] = [], hasPrecisions: Bool = false,
    omissions: @escaping @Sendable (Network) -> [String] = { _ in [] }
  ) {
    self.name = name
    self.extensions = extensions
    self.writers = writers
    self.reader = reader
    self.hasPrecisions = hasPrecisions
    self.omissions = omissions
  }

  /// The kinds of content that are written, in the order in which they are tried.
  package var writtenKinds: [FileContent.Kind] { writers.map { $0.kind } }

  /// The bytes of a file.
  /// - Parameter precision: of the numbers, where the format leaves a choice.
  /// - Throws: where the content does not fit, and what a user's activation throws.
  package func bytes(_ content: FileContent, precision: Precision? = nil) throws(FormatError)
    -> [UInt8]
  {
    for writer in writers {
      switch (writer, content) {
      case (.network(let write), .network(let network)): return try write(network, precision)
      case (.data(let write), .data(let data)): return try write(data)
      case (.numbers(let write), .numbers(let numbers)): return try write(numbers, precision)
      case (.arrays(let write), .arrays(let arrays)): return try write(arrays)
      case (.table(let write), .table(let table)): return try write(table)
      case (.document(let write), .document(let document)): return try write(document)
      case (.training(let write), .training(let state)): return try write(state)
      default: continue
      }
    }
    throw FormatError("a \(name) file cannot hold this")
  }

  /// What a file holds.
  /// - Parameter title: of a data set.
  /// - Throws: where the bytes are not what the format says, or the budget is too small.
  package func content(
    of bytes: [UInt8], title: String, budget: NumberBudget = .standard
  ) throws(FormatError) -> FileContent {
    switch reader {
    case nil: throw FormatError("\(name) files are not read")
    case .bytes(let read)?: return try read(bytes, budget)
    case .notedBytes(let read)?:
      var notes: [String] = []
      return try read(bytes, budget, &notes)
    case .table(let options)?:
      let reader = CSVReader(options, expectedSize: bytes.count, budget: budget)
      try reader.read(bytes[...])
      return try .data(reader.finish().dataSet(title: title))
    }
  }
}

extension FileFormat: CustomStringConvertible {
  package var description: String { name }
}

extension CSVTable {
  /// The data set of a table.
  fileprivate func dataSet(title: String) throws(FormatError) -> DataSet {
    do throws(LearningError) { return try data(title: title) } catch {
      throw FormatError(error.message, help: error.help)
    }
  }
}

// MARK: By name

extension FileFormat {
  /// Whether files of the format are text, which the standard output takes.
  package var isText: Bool {
    if case .table? = reader { true } else { name == "json" }
  }

  /// The format of a file by its extension, without the point, in any case.
  package static func named(extension name: String) -> FileFormat? {
    all.first { $0.extensions.contains(name.lowercased()) }
  }

  /// Extensions as they are listed: `.npy .npz`.
  package static func list(_ extensions: [String]) -> String {
    extensions.map { ".\($0)" }.joined(separator: " ")
  }

  /// The extensions of files that are read.
  package static var readExtensions: [String] {
    all.filter { $0.reader != nil }.flatMap { $0.extensions }
  }

  /// The extensions of files that are written.
  package static var writtenExtensions: [String] {
    all.filter { !$0.writers.isEmpty }.flatMap { $0.extensions }
  }

  /// The extensions of files that are written with the precision that is asked for.
  package static var precisionExtensions: [String] {
    all.filter { $0.hasPrecisions }.flatMap { $0.extensions }
  }

  /// What can be written, with the extensions for it. A data set is written as its arrays too.
  package static var choices: [(what: String, extensions: [String])] {
    let groups: [(what: String, kinds: [FileContent.Kind])] = [
      ("nets", [.network]), ("arrays", [.numbers, .arrays]), ("data", [.data, .arrays]),
      ("lists of labels and records of columns", [.table]), ("other values", [.document]),
    ]
    return groups.map { group in
      let formats = all.filter { $0.writtenKinds.contains { group.kinds.contains($0) } }
      return (group.what, formats.flatMap { $0.extensions })
    }
  }
}

extension FileFormat {
  /// Opens what reading files may need, for a process that can open no library later.
  package static func openLibraries() { _ = Inflation.installed }
}
