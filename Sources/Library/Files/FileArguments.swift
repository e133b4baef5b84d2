import Differentiation
import Interchange
import Language
import Learning
import Syntax

/// What the commands about files have in common.
extension Arguments {
  /// The path of an argument, relative to the script it stands in.
  func path(_ key: Key<String>) throws(Failure) -> String {
    let path = try self(key)
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw Failure("this is no file name", at: range(of: key))
    }
    return path == "-" ? path : session.resolvedPath(path)
  }

  /// How many numbers this run may read from one file.
  var budget: NumberBudget { NumberBudget(runtime.limits.elements) }

  /// All bytes of a file; its size is charged before room is made for it.
  func bytes(of key: Key<String>) throws(Failure) -> [UInt8] {
    let most = budget.fileBytes
    var bytes: [UInt8] = []
    var size = 0
    var isInterrupted = false
    let ending = session.host.files.stream(try path(key)) { piece, whole in
      isInterrupted = runtime.isStopped()
      size = max(whole ?? 0, bytes.count + piece.count)
      guard !isInterrupted, size <= most else { return false }
      if bytes.isEmpty { bytes.reserveCapacity(size) }
      bytes += piece
      return true
    }
    if isInterrupted { throw .interrupted }
    if case .failure(let failure) = ending { throw unreadable(key, failure) }
    guard size <= most else {
      throw Failure(
        Diagnostic(
          .limit,
          "\(visible(try self(key), limit: 200)) has \(size) bytes, more than may be read (\(most))",
          at: range(of: key)))
    }
    return bytes
  }

  func unreadable(_ key: Key<String>, _ failure: FileAccess.Problem) -> Failure {
    let path = (try? self(key)) ?? ""
    return Failure(
      "\(visible(path, limit: 200)) cannot be read", at: range(of: key), label: failure.words)
  }

  /// Writes a file as a whole.
  func write(_ bytes: [UInt8], to key: Key<String>) throws(Failure) {
    if Interruption.hasCutShort { throw .interrupted }
    let path = try path(key)
    if path == "-" {
      return try session.write(
        verbatim: String(decoding: bytes, as: UTF8.self), at: range(of: key))
    }
    let ending = Interruption.held { session.host.files.write(path, bytes) }
    if case .failure(let failure) = ending {
      throw Failure(
        "\(visible(try self(key), limit: 200)) cannot be written", at: range(of: key),
        label: failure.words)
    }
  }

  /// Reads or makes the content of a file; errors say the file and the place in it.
  func mappingErrors<Content>(
    in key: Key<String>, _ work: @autoclosure () throws(FormatError) -> Content
  ) throws(Failure) -> Content {
    try mappingErrors(in: key) { () throws(FormatError) in try work() }
  }

  /// The same in several statements.
  func mappingErrors<Content>(
    in key: Key<String>, _ body: () throws(FormatError) -> Content
  ) throws(Failure) -> Content {
    do { return try body() } catch {
      if let cause = error.cause, let failure = runtime.failure(behind: cause) { throw failure }
      let file = visible((try? self(key)) ?? "", limit: 200)
      let message =
        switch error.place {
        case .line(let line): "\(file):\(line): \(error.message)"
        case .offset(let offset): "\(file): \(error.message) (at byte \(offset))"
        case .wholeFile: "\(file): \(error.message)"
        }
      if error.isLimit { throw Failure(Diagnostic(.limit, message, at: range(of: key))) }
      throw Failure(message, at: range(of: key), help: error.help)
    }
  }

  /// The data set of a table that was read from a file.
  func data(
    of table: CSVTable, titled title: String, _ key: Key<String>
  ) throws(Failure) -> DataSet {
    do { return try table.data(title: title) } catch {
      throw Failure(error.message, at: range(of: key), help: error.help)
    }
  }

  /// A string or a list of strings.
  func texts(_ key: Key<Value>) throws(Failure) -> [String] {
    guard let value = try optional(key) else { return [] }
    switch value {
    case .string(let text): return [text]
    case .list(let list):
      return try list.map { value throws(Failure) in
        guard case .string(let text) = value else {
          throw Failure(
            "\(key.parameter.name) takes strings", at: range(of: key), label: value.kind)
        }
        return text
      }
    default: return []
    }
  }
}
