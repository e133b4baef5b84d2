import Differentiation
import Foundation
import Library
import Testing

@testable import Language

/// Where the scripts that people read are kept, and what is compared with them.
enum Shelf {
  static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  static let project = tests.deletingLastPathComponent().deletingLastPathComponent()
  static let lectures = project.appending(path: "scripts/lectures")

  static func text(_ path: String) throws -> String {
    try String(contentsOf: project.appending(path: path), encoding: .utf8)
  }

  /// Whether expected texts are written anew instead of compared.
  static let isUpdating = ProcessInfo.processInfo.environment["BP_RECORD"] != nil
}

/// An interpreter that reads beside the lectures and keeps what it writes.
final class LectureSession {
  private(set) var output = ""
  private(set) var reports = ""
  private(set) var written: [String: [UInt8]] = [:]
  private var interpreter: Interpreter?

  init() {
    let host = Host(
      write: { [unowned self] text in
        output += text
        return true
      },
      report: { [unowned self] text in reports += text },
      files: FileAccess(
        read: { [unowned self] path in
          if let bytes = written[path] { return .success(bytes) }
          guard let data = try? Data(contentsOf: Shelf.lectures.appending(path: path)) else {
            return .failure(.unreadable("no such file or directory"))
          }
          return .success(Array(data))
        },
        write: { [unowned self] path, bytes in
          written[path] = bytes
          return .success(())
        }))
    interpreter = Interpreter(catalog: .standard, host: host)
    interpreter?.setScriptArguments([])
  }

  @discardableResult
  func run(_ text: String, name: String = "lesson.bp") -> Interpreter.Outcome? {
    interpreter?.run(text, name: name)
  }

  var checksHeld: Int { interpreter?.session.checksHeld ?? 0 }
  var checksFailed: Int { interpreter?.session.checksFailed ?? 0 }

  func setArguments(_ arguments: [String]) {
    interpreter?.setScriptArguments(arguments)
  }

  /// The numbers of an expression, in reading order.
  func numbers(
    _ expression: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [Double] {
    interpreter?.runtime.setGlobal("answer", to: .unassigned)
    run("answer = \(expression)")
    let value = try #require(
      interpreter?.runtime.global("answer"), "\(reports)", sourceLocation: sourceLocation)
    if case .truth(let truth) = value { return [truth ? 1 : 0] }
    let tensor = try #require(
      value.tensor, "\(expression) is \(value.kind)\n\(reports)", sourceLocation: sourceLocation)
    return tensor.elements
  }

  func number(
    _ expression: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Double {
    try #require(
      try numbers(expression, sourceLocation: sourceLocation).first,
      sourceLocation: sourceLocation)
  }
}

/// Runs `body` on a thread with a deep stack, as `bp` runs its scripts.
func onDeepStack<Result>(_ body: @escaping () throws -> Result) throws -> Result {
  let box = DeepRun(body)
  let thread = Thread { box.run() }
  thread.stackSize = 1 << 29
  thread.start()
  box.done.wait()
  return try #require(box.result).get()
}

/// What goes to the thread and comes back; the semaphore orders the two.
private final class DeepRun<Result>: @unchecked Sendable {
  private let body: () throws -> Result
  private(set) var result: Swift.Result<Result, any Error>?
  let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping () throws -> Result) {
    self.body = body
  }

  func run() {
    result = Swift.Result { try body() }
    done.signal()
  }
}
