import Foundation
import Language
import Learning
import Library
import Rendering

/// A session of the language that keeps what it writes.
package final class TestSession {
  /// A script did not run to its end; the description is what it reported.
  package struct Failed: Error, CustomStringConvertible {
    package let description: String
  }

  /// What goes out of the session. The interpreter's host holds it, so that neither holds the other.
  private final class Log {
    var output = ""
    var reports: [String] = []
    var frames: [String?] = []
    var written: [String: [UInt8]] = [:]
    var isInterrupted = false
  }

  package let interpreter: Interpreter
  private let log: Log

  /// - Parameters:
  ///   - folder: where files are read from; without one only what the session wrote can be read.
  ///   - arguments: those of a script; nil where there is no script.
  ///   - asJSON: whether errors are reported as JSON.
  ///   - writes: after how many lines of output Ctrl-C is pressed.
  ///   - showsProgress: whether the progress of a training is kept in `frames`.
  ///   - adjust: changes what else the session finds around it.
  package init(
    catalog: Catalog = .standard, folder: URL? = nil, arguments: [String]? = nil,
    asJSON: Bool = false, limits: Runtime.Limits = Runtime.Limits(),
    interruptedAfter writes: Int = .max, showsProgress: Bool = false,
    _ adjust: (inout Language.Host) -> Void = { _ in }
  ) {
    let log = Log()
    var host = Language.Host(
      write: { text in
        log.output += text
        if writes < .max {
          log.isInterrupted = log.output.split(separator: "\n").count >= writes
        }
        return true
      },
      report: { log.reports.append($0) },
      showProgress: showsProgress ? { log.frames.append($0) } : nil,
      isInterrupted: { log.isInterrupted },
      files: FileAccess(
        read: { path in
          if let bytes = log.written[path] { return .success(bytes) }
          guard let folder, let data = try? Data(contentsOf: folder.appending(path: path)) else {
            return .failure(.unreadable("no such file or directory"))
          }
          return .success(Array(data))
        },
        write: { path, bytes in
          log.written[path] = bytes
          return .success(())
        }))
    let files = host.files
    host.files.open = { path in
      files.read(path).map { Self.opened($0, path) { try? files.read(path).get() } }
    }
    host.reportsAsJSON = asJSON
    adjust(&host)
    self.log = log
    interpreter = Interpreter(catalog: catalog, host: host, limits: limits)
    if let arguments { interpreter.setScriptArguments(arguments) }
  }

  /// A file of these bytes, as long as it keeps them.
  private static func opened(
    _ bytes: [UInt8], _ path: String, now: @escaping () -> [UInt8]?
  ) -> OpenFile {
    OpenFile(
      title: path.components(separatedBy: "/").last ?? path, size: bytes.count,
      fill: { offset, room in
        let present = now() ?? []
        guard offset + room.count <= present.count else { return "it ends too early" }
        room.copyBytes(from: present[offset..<offset + room.count])
        return nil
      },
      change: {
        guard let present = now(), present != bytes else { return nil }
        return present.count == bytes.count
          ? "it was changed since it was opened"
          : "it had \(bytes.count) bytes when it was opened, and has \(present.count) now"
      })
  }

  package var output: String { log.output }
  /// Errors and notes, one by one.
  package var reports: [String] { log.reports }
  /// What the progress display showed; nil where it was taken away.
  package var frames: [String?] { log.frames }
  /// What was written to files, by path.
  package var written: [String: [UInt8]] { log.written }

  package var outputLines: [String] {
    var lines = output.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  package var checksHeld: Int { interpreter.session.checksHeld }
  package var checksFailed: Int { interpreter.session.checksFailed }

  @discardableResult
  package func run(
    _ text: String, name: String = "lesson.bp", path: String? = nil, echoes: Bool = false
  ) -> Interpreter.Outcome {
    interpreter.run(text, name: name, path: path, echoes: echoes)
  }

  /// Runs a script that must end well.
  /// - Returns: what it alone printed.
  /// - Throws: `Failed` where it did not end well.
  @discardableResult
  package func perform(_ script: String, name: String = "lesson.bp") throws -> String {
    let (written, reported) = (output.utf8.count, reports.count)
    guard run(script, name: name) == .done else {
      throw Failed(description: reports[reported...].joined())
    }
    return String(decoding: output.utf8.dropFirst(written), as: UTF8.self)
  }

  /// All numbers of an expression's value in reading order, at full precision.
  /// - Throws: `Failed` where there is no value, or one without numbers.
  package func numbers(_ expression: String) throws -> [Double] {
    // In a list no value gets a name of its own, which explanations would use.
    try perform("answer = [\"\", \(expression)]")
    guard let value = interpreter.runtime.global("answer"), let numbers = Self.numbers(of: value)
    else { throw Failed(description: "\(expression) has no numbers") }
    return numbers
  }

  /// The numbers of many expressions' values, each at full precision: one script for all.
  package func numbers(ofEach expressions: [String]) throws -> [[Double]] {
    if expressions.isEmpty { return [] }
    try perform("answer = [\"\", \(expressions.map { "(\($0))" }.joined(separator: ", "))]")
    guard case .list(let list)? = interpreter.runtime.global("answer"),
      list.count == expressions.count + 1
    else { throw Failed(description: "\(expressions) are no list") }
    return try list.dropFirst().enumerated().map { place, value in
      guard let numbers = Self.numbers(of: value) else {
        throw Failed(description: "\(expressions[place]) has no numbers")
      }
      return numbers
    }
  }

  /// The only number of an expression's value.
  package func number(_ expression: String) throws -> Double {
    let numbers = try numbers(expression)
    guard numbers.count == 1 else { throw Failed(description: "\(expression) is \(numbers)") }
    return numbers[0]
  }

  private static func numbers(of value: Value) -> [Double]? {
    switch value {
    case .truth(let truth): [truth ? 1 : 0]
    case .number(let number): [number]
    case .tensor(let tensor): tensor.elements
    case .traced(let node): node.value?.elements
    case .list(let list): list.flatMap { numbers(of: $0) ?? [] }
    case .record(let record): record.flatMap { numbers(of: $0.value) ?? [] }
    case .report(let report): numbers(of: .record(report.fields))
    default: nil
    }
  }
}
