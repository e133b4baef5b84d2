import Differentiation
import Interchange
import Learning

/// A file format and what its reader promises for any bytes whatever: they are read or refused
/// with a `FormatError`, and what was read can be written and read again.
///
/// The tests hold it for stored and damaged files, `scripts/fuzz` for made-up ones.
package struct FileFormat: Sendable, CustomStringConvertible {
  package let name: String
  package var description: String { name }
  private let examine: @Sendable ([UInt8]) throws -> Void

  /// A reader or writer did what it must not do.
  package struct Broken: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
  }

  package static let all = [csv, npy, npz, idx, safetensors, onnx, json, training]

  init(_ name: String, _ examine: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.examine = examine
  }

  /// Reads a file, and writes and reads again what was in it.
  /// - Returns: whether it was read.
  /// - Throws: `Broken`.
  package func isRead(_ bytes: [UInt8]) throws(Broken) -> Bool {
    do {
      try examine(bytes)
      return true
    } catch let error as FormatError {
      try checkError(error, bytes)
      return false
    } catch {
      throw error as? Broken ?? Broken("another error than a FormatError: \(error)")
    }
  }

  private func checkError(_ error: FormatError, _ bytes: [UInt8]) throws(Broken) {
    let texts = [error.message] + error.help
    let isVisible = texts.joined().unicodeScalars.allSatisfy {
      $0.value >= 0x20 && $0.value != 0x7F
    }
    guard !error.message.isEmpty, isVisible else { throw Broken("the message \(texts)") }
    switch error.place {
    case .offset(let offset):
      // A file inside an archive has places of its own.
      let most = name == "npz" ? Int.max : bytes.count
      guard (0...most).contains(offset) else { throw Broken("byte \(offset) of \(bytes.count)") }
    case .line(let line):
      let ends = bytes.count { $0 == 0x0A || $0 == 0x0D }
      guard (1...ends + 1).contains(line) else { throw Broken("line \(line) of \(ends + 1)") }
    case .wholeFile: break
    }
  }

  /// - Throws: `Broken` unless writing, reading and writing give the same bytes as writing.
  static func checkWriting<Content>(
    _ content: Content, _ write: (Content) throws -> [UInt8], _ read: ([UInt8]) throws -> Content
  ) throws {
    let written = try write(content)
    do {
      guard try write(try read(written)) == written else { throw Broken("it comes back otherwise") }
    } catch let error as FormatError {
      throw Broken("what was written is refused: \(error.message)")
    }
  }

  // MARK: The formats

  private static let npy = FileFormat("npy") { bytes in
    try checkWriting(try NPY.array(bytes).tensor, { NPY.bytes($0) }) { try NPY.array($0).tensor }
  }

  private static let npz = FileFormat("npz") { bytes in
    func arrays(_ bytes: [UInt8]) throws -> [(name: String, tensor: Tensor)] {
      try NPZ.arrays(bytes).map { ($0.name, $0.array.tensor) }
    }
    try checkWriting(try arrays(bytes), { try NPZ.bytes($0) }, arrays)
  }

  private static let idx = FileFormat("idx") { bytes in
    let array = try IDX.array(bytes)
    guard array.shape.reduce(1, *) == array.numbers.count else { throw Broken("\(array.shape)") }
    _ = try? IDX.data(images: array, labels: array, title: "idx")
  }

  private static let json = FileFormat("json") { bytes in
    try checkWriting(try JSON.parse(bytes), { try $0.bytes(indent: 2) }) { try JSON.parse($0) }
  }

  private static let safetensors = FileFormat("safetensors") { bytes in
    let file = try Safetensors(bytes)
    try checkWriting(file, { try $0.bytes() }) { try Safetensors($0) }
    guard let network = try NetworkFile.network(file) else { return }
    try checkNetwork(network)
    try checkWriting(network, NetworkFile.bytes) { bytes in
      guard let network = try NetworkFile.network(try Safetensors(bytes)) else {
        throw Broken("the net is gone")
      }
      return network
    }
  }

  private static let onnx = FileFormat("onnx") { bytes in
    let network = try ONNXReader.network(bytes)
    try checkNetwork(network)
    try checkWriting(network, { try ONNXWriter.bytes($0) }) { try ONNXReader.network($0) }
  }

  private static let training = FileFormat("training") { bytes in
    try checkWriting(try TrainingFile.state(bytes), TrainingFile.bytes) {
      try TrainingFile.state($0)
    }
  }

  /// A net from a file answers rows, behind its preparation where it has one.
  private static func checkNetwork(_ network: Network) throws {
    let width = network.pipeline?.featureNames.count ?? network.inputCount
    guard width < 1000 else { return }
    let rows = Tensor(.matrix(2, width), Array(repeating: 1, count: 2 * width))
    let prepared = try? network.pipeline?.applied(to: rows) ?? rows
    _ = try prepared.map { try network.output($0) }
  }
}
