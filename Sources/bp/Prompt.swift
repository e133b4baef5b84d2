import Glibc
import Language
import REPL
import Syntax

/// The prompt: what the loop asks of the language.
struct Prompt {
  private let interpreter: Interpreter

  init(_ interpreter: Interpreter) {
    self.interpreter = interpreter
  }

  /// Runs until the user leaves; gives the exit status.
  func run() -> Int32 {
    let interpreter = self.interpreter
    if let start = StartFile(environment: Terminal.environment), let text = start.agreedText(),
      case .left(let status) = interpreter.run(text, name: start.path)
    {
      return status
    }
    var loop = Loop(
      Loop.Evaluator(
        readiness: { text in
          guard let open = interpreter.incompleteness(of: text) else { return .complete }
          return .incomplete(open: open.opening == .continuation ? "" : open.opening.rawValue)
        },
        run: { text in
          switch interpreter.run(text, name: "prompt", echoes: true) {
          case .left(let status): return .leave(status)
          case .interrupted:
            interpreter.session.note("interrupted")
            return .proceed
          default: return .proceed
          }
        },
        complete: { text, cursor in
          let completion = interpreter.completion(of: text, cursor: cursor)
          return LineCompletion(
            start: completion.start,
            completion.candidates.map {
              .init($0.text, display: $0.display, suffix: $0.suffix)
            })
        }),
      historyPath: HistoryFile.standardPath(environment: Terminal.environment))
    return loop.run()
  }
}
