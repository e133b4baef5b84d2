import Differentiation
import Interchange
import Learning

/// A reader or writer did what it must not do.
package struct Broken: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// What the reader of every format promises for any bytes whatever: they are read or refused with a
/// `FormatError`, and what was read can be written and read again.
///
/// The tests hold it for stored and damaged files, `scripts/fuzz` for made-up ones.
extension FileFormat {
  /// Reads a file, and writes and reads again what was in it.
  /// - Returns: whether it was read.
  /// - Throws: `Broken`.
  package func isRead(_ bytes: [UInt8]) throws(Broken) -> Bool {
    do {
      let content = try content(of: bytes, title: name)
      if case .network(let network) = content { try Self.checkNetwork(network) }
      if case .table(let options)? = reader {
        try checkTable(bytes, options)
      } else if writtenKinds.contains(content.kind) {
        try Self.checkWriting(
          content, write: { try self.bytes($0) }, read: { try self.content(of: $0, title: name) })
      }
      try Self.further[name]?(bytes)
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
    _ content: Content, write: (Content) throws -> [UInt8], read: ([UInt8]) throws -> Content
  ) throws {
    let written = try write(content)
    do {
      guard try write(try read(written)) == written else { throw Broken("it comes back otherwise") }
    } catch let error as FormatError {
      throw Broken("what was written is refused: \(error.message)")
    }
  }

  /// What some formats promise besides.
  private static let further: [String: @Sendable ([UInt8]) throws -> Void] = [
    "idx": { bytes in
      let array = try IDX.array(bytes)
      guard array.shape.reduce(1, *) == array.numbers.count else { throw Broken("\(array.shape)") }
      _ = try? IDX.data(images: array, labels: array, title: "idx")
    },
    // Also of arrays that are no net, with their shapes.
    "safetensors": { bytes in
      try checkWriting(
        try Safetensors(bytes), write: { try $0.bytes() }, read: { try Safetensors($0) })
    },
  ]

  /// A net from a file answers rows, behind its preparation where it has one.
  private static func checkNetwork(_ network: Network) throws {
    let width = network.pipeline?.featureNames.count ?? network.inputCount
    guard width < 1000 else { return }
    let rows = Tensor(.matrix(2, width), Array(repeating: 1, count: 2 * width))
    let prepared = try? network.pipeline?.applied(to: rows) ?? rows
    _ = try prepared.map { try network.output($0) }
  }
}
