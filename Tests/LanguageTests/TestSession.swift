import Foundation
import Library
import Rendering
import Syntax

@testable import Language

/// An interpreter that keeps what it writes, with the files of one folder to read.
final class TestSession {
  private(set) var output = ""
  private(set) var reports: [String] = []
  /// What was written to files, by path.
  private(set) var written: [String: [UInt8]] = [:]
  private(set) var interpreter: Interpreter?
  private var isInterrupted = false

  init(
    folder: URL? = nil, asJSON: Bool = false, limits: Runtime.Limits = Runtime.Limits(),
    interruptedAfter writes: Int = .max, showsProgress: Bool = false
  ) {
    var host = Host(
      write: { [unowned self] text in
        output += text
        isInterrupted = output.split(separator: "\n").count >= writes
        return true
      },
      report: { [unowned self] text in reports.append(text) },
      isInterrupted: { [unowned self] in isInterrupted },
      files: FileAccess(
        read: { [unowned self] path in
          if let bytes = written[path] { return .success(bytes) }
          guard let folder, let data = try? Data(contentsOf: folder.appending(path: path)) else {
            return .failure(.unreadable("no such file or directory"))
          }
          return .success(Array(data))
        },
        write: { [unowned self] path, bytes in
          written[path] = bytes
          return .success(())
        }))
    host.reportsAsJSON = asJSON
    if showsProgress {
      host.showProgress = { _ in }
      host.display = { Display(rows: 20) }
    }
    interpreter = Interpreter(catalog: .standard, host: host, limits: limits)
  }

  @discardableResult
  func run(
    _ text: String, name: String = "lesson.bp", path: String? = nil, echoes: Bool = false
  ) -> Interpreter.Outcome? {
    interpreter?.run(text, name: name, path: path, echoes: echoes)
  }

  var outputLines: [String] {
    var lines = output.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}

/// Runs `body` on a thread with the stack that `bp` gives its own: recursion to the limits of the
/// language needs more than a test's thread has.
func onDeepStack<Result>(_ body: @escaping () -> Result) -> Result? {
  let box = DeepRun(body)
  let thread = Thread { box.run() }
  thread.stackSize = 1 << 29
  thread.start()
  box.done.wait()
  return box.result
}

/// What goes to the thread and comes back; the semaphore orders the two.
private final class DeepRun<Result>: @unchecked Sendable {
  private let body: () -> Result
  private(set) var result: Result?
  let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping () -> Result) {
    self.body = body
  }

  func run() {
    result = body()
    done.signal()
  }
}
