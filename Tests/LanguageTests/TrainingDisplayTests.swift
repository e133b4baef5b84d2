import Library
import Rendering
import Testing

@testable import Language

/// What a terminal shows while something is under way, and an editor in between.
@Suite struct TrainingDisplayTests {
  /// A terminal on which a fifth of a second passes from one look at the clock to the next.
  final class Terminal {
    private(set) var frames: [String?] = []
    private(set) var output = ""
    private(set) var reports = ""
    private var seconds = 0.0
    var edit: (String) -> Result<String, FileAccess.Failure> = { .success($0) }

    func run(_ code: String) -> Interpreter.Outcome? {
      onDeepStack { [self] in
        var host = Host(
          write: { text in
            self.output += text
            return true
          },
          report: { self.reports += $0 }, showProgress: { self.frames.append($0) },
          clock: {
            self.seconds += 0.2
            return self.seconds
          })
        host.edit = { self.edit($0) }
        let interpreter = Interpreter(catalog: .standard, host: host)
        return interpreter.run(code, name: "lesson.bp", path: nil, echoes: false)
      } ?? nil
    }
  }

  @Test("A training shows its epoch, loss and speed, and takes them away at its end")
  func progress() {
    let terminal = Terminal()
    #expect(terminal.run("train (mlp [2,3,1] tanh sigmoid) circles epochs=40") == .done)
    let lines = terminal.frames.compactMap { $0 }
    #expect(lines.count > 2)
    #expect(lines.allSatisfy { $0.contains("/40") && $0.contains("loss") })
    #expect(lines.first != lines.last)
    #expect(terminal.frames.last == .some(nil))
    #expect(terminal.output.contains("trained 40 epochs"))
  }

  @Test("A quiet training shows nothing")
  func quiet() {
    let terminal = Terminal()
    #expect(terminal.run("train (mlp [2,1] sigmoid) circles epochs=40 quiet=true") == .done)
    #expect(terminal.frames.allSatisfy { $0 == nil })
    #expect(terminal.output.isEmpty)
  }

  @Test(
    "A picture is drawn above the progress",
    arguments: [("curves", "loss"), ("map", "x2")])
  func picture(kind: String, label: String) {
    let terminal = Terminal()
    let code = "train (mlp [2,3,1] tanh sigmoid) circles epochs=5 valid=0.2 plot=\(kind)"
    #expect(terminal.run(code) == .done)
    let frames = terminal.frames.compactMap { $0 }
    #expect(frames.count > 1)
    #expect(frames.allSatisfy { $0.contains("\n") && $0.contains(label) && $0.contains("/5") })
  }

  @Test("A net without a plane has curves for a map")
  func mapOfOther() {
    let terminal = Terminal()
    #expect(terminal.run("train (mlp [1,3,1] tanh linear) sine epochs=5 plot=map") == .done)
    #expect(terminal.frames.compactMap { $0 }.allSatisfy { $0.contains("loss") })
  }

  @Test("A sweep shows which training is under way")
  func sweep() {
    let terminal = Terminal()
    let code = "sweep (mlp [2,3,1] tanh sigmoid) circles lr=[0.1, 1] epochs=20"
    #expect(terminal.run(code) == .done)
    let lines = terminal.frames.compactMap { $0 }
    #expect(lines.contains { $0.hasPrefix("1/2 lr=0.1") })
    #expect(lines.contains { $0.hasPrefix("2/2 lr=1") })
  }

  @Test("edit opens a function and runs what is saved")
  func edit() {
    let terminal = Terminal()
    terminal.edit = { .success($0.replacing("x^2", with: "x^3")) }
    #expect(terminal.run("## The power of x.\nf(x) = x^2\nedit f\nprint f 2\nhelp f") == .done)
    #expect(terminal.output.contains("8\n") && terminal.output.contains("The power of x."))
    #expect(terminal.run("g = x -> x^2\nedit g\nprint g 2") == .done)
    #expect(terminal.output.hasSuffix("8\n"))
    #expect(terminal.run("edit k") == .runtimeError)
    #expect(terminal.reports.contains("k is no function of yours"))
    terminal.edit = { _ in .failure(.unreadable("vi: not found")) }
    #expect(terminal.run("f(x) = x\nedit f") == .runtimeError)
    #expect(terminal.reports.contains("vi: not found"))
  }
}
