import Glibc
import Language
import REPL
import Rendering
import Syntax
import Tutorial

/// The prompt: what the loop asks of the language.
struct Prompt {
  private let interpreter: Interpreter
  private let tutor: Tutor
  private let tutorial: String??

  /// - Parameter tutorial: the wish with which the tutorial begins at once; nil where it does not.
  init(_ interpreter: Interpreter, tutorial: String?? = nil) {
    self.interpreter = interpreter
    self.tutorial = tutorial
    let file = TutorialFile(environment: Terminal.environment)
    tutor = Tutor(
      interpreter, progress: file?.progress ?? TutorialProgress(), keep: { file?.keep($0) })
  }

  /// Runs until the user leaves; gives the exit status.
  func run() -> Int32 {
    let (interpreter, tutor, session) = (self.interpreter, self.tutor, self.interpreter.session)
    if let start = StartFile(environment: Terminal.environment), let text = start.agreedText(),
      case .left(let status) = interpreter.run(text, name: start.path)
    {
      return status
    }
    session.tutor = { tutor.answer(to: $0) }
    defer {
      session.tutor = nil
      session.history = nil
    }
    greet()
    var loop = Loop(
      Loop.Evaluator(
        readiness: { text in
          guard let open = interpreter.incompleteness(of: text) else { return .complete }
          return .incomplete(open: open.opening == .continuation ? "" : open.opening.rawValue)
        },
        run: { text, history in
          session.history = { history }
          tutor.entryBegins()
          switch interpreter.run(text, name: "prompt", echoes: true) {
          case .left(let status): return .leave(status)
          case .interrupted: session.note("interrupted")
          default: break
          }
          say(tutor.entryEnded(display: session.host.display()))
          return .proceed
        },
        lineIsEmpty: { say(tutor.lineIsEmpty(display: session.host.display())) },
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

  private func say(_ text: String?) {
    if let text { _ = interpreter.session.host.write(text) }
  }

  /// One line, and the tutorial where it was asked for.
  private func greet() {
    guard Terminal.isTerminal(STDIN_FILENO), Terminal.isTerminal(STDOUT_FILENO) else { return }
    if let wish = tutorial {
      say("\(Version.title)\n\(tutor.answer(to: wish)(interpreter.session.host.display()))\n")
    } else if let place = tutor.progress.place {
      say("\(Version.title): start goes on with the tutorial, \(place)\n")
    } else {
      say("\(Version.title): help start shows where to begin\n")
    }
  }
}
