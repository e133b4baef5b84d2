import Rendering
import TestSupport
import Testing

@testable import Language

/// What a terminal shows while something is under way, and an editor in between.
@Suite struct TrainingDisplayTests {
  /// A terminal on which a fifth of a second passes from one look at the clock to the next.
  private func makeTerminal(
    _ edit: @escaping (String) -> Result<String, FileAccess.Problem> = { .success($0) }
  ) -> TestSession {
    var seconds = 0.0
    return TestSession(showsProgress: true) { host in
      host.clock = {
        seconds += 0.2
        return seconds
      }
      host.edit = edit
    }
  }

  @Test("A training shows its epoch, loss and speed, and takes them away at its end")
  func progress() {
    let terminal = makeTerminal()
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
    let terminal = makeTerminal()
    #expect(terminal.run("train (mlp [2,1] sigmoid) circles epochs=40 quiet=true") == .done)
    #expect(terminal.frames.allSatisfy { $0 == nil })
    #expect(terminal.output.isEmpty)
  }

  @Test(
    "A picture is drawn above the progress",
    arguments: [("curves", "loss"), ("map", "x2")])
  func picture(kind: String, label: String) {
    let terminal = makeTerminal()
    let code = "train (mlp [2,3,1] tanh sigmoid) circles epochs=5 valid=0.2 plot=\(kind)"
    #expect(terminal.run(code) == .done)
    let frames = terminal.frames.compactMap { $0 }
    #expect(frames.count > 1)
    #expect(frames.allSatisfy { $0.contains("\n") && $0.contains(label) && $0.contains("/5") })
  }

  @Test("A net without a plane has curves for a map")
  func mapOfOther() {
    let terminal = makeTerminal()
    #expect(terminal.run("train (mlp [1,3,1] tanh linear) sine epochs=5 plot=map") == .done)
    #expect(terminal.frames.compactMap { $0 }.allSatisfy { $0.contains("loss") })
  }

  @Test("A sweep shows which trainings are under way and the time left")
  func sweep() {
    let terminal = makeTerminal()
    let code = "sweep (mlp [2,3,1] tanh sigmoid) circles lr=[0.1, 1] epochs=20"
    #expect(terminal.run(code) == .done)
    let lines = terminal.frames.compactMap { $0 }
    #expect(lines.contains { $0.hasPrefix("1-2/2 lr=0.1: epoch  9/20 ") && $0.hasSuffix(" left") })
    #expect(
      lines.last?.contains("epoch 20/20 ") == true && lines.last?.hasSuffix("0:00 left") == true)
  }

  @Test(
    "Work that takes its time shows how far it is and what is left, and takes that away",
    arguments: [
      (
        "crossval (mlp [2,3,1] tanh sigmoid) circles k=3 epochs=5",
        ["fold 1-3/3: epoch 3/5 ", "fold 1-3/3: epoch 5/5 "]
      ),
      ("lrfind (mlp [2,3,1] tanh sigmoid) circles steps=20 to=\"p.svg\"", ["step  9/20 ", "loss"]),
      ("landscape (mlp [2,1] sigmoid) xor steps=12 to=\"p.svg\"", ["step  8/12", "row 20/30"]),
      (
        "r = train (mlp [2,1] sigmoid) xor epochs=9 quiet=true\nlandscape r to=\"p.svg\"",
        ["epoch 7/9", "row 20/30"]
      ),
      (
        "f(x, y) = x^2 + y^2\nlandscape f start=[1, 1] steps=9 to=\"p.svg\"",
        ["step 7/9", "row 40/45"]
      ),
      ("gradcheck (mlp [2,3,1] tanh sigmoid) xor", ["derivative 12/13"]),
      ("export (mlp [100,100,1] relu sigmoid) to=numpy", ["parameter  4096/10201"]),
      ("export (mlp [100,100,1] relu sigmoid) to=c", ["parameter  8192/10201"]),
    ])
  func work(code: String, lines: [String]) {
    let terminal = makeTerminal()
    #expect(terminal.run(code) == .done)
    let frames = terminal.frames.compactMap { $0 }
    for line in lines { #expect(frames.contains { $0.contains(line) }, "\(frames)") }
    #expect(frames.allSatisfy { !$0.contains("\n") && TextWidth.columns(of: $0) < 80 })
    #expect(frames.contains { $0.hasSuffix(" left") })
    #expect(terminal.frames.last == .some(nil))
  }

  @Test("A file that is read shows how many of its bytes are")
  func file() {
    let size = 40_000_000
    var seconds = 0.0
    let terminal = TestSession(showsProgress: true) { host in
      host.clock = {
        seconds += 0.2
        return seconds
      }
      host.files.stream = { _, body in
        _ = body(Array("x,y\n1,2\n3,4\n".utf8)[...], size)
        for _ in 0..<4 { _ = body(Array("5,6\n".utf8)[...], size) }
        return .success(())
      }
    }
    #expect(terminal.run("d = csv \"large.csv\" target=\"y\" quiet=true\nprint d.n") == .done)
    #expect(terminal.output == "6\n")
    let frames = terminal.frames.compactMap { $0 }
    #expect(frames.contains { $0.hasPrefix("large.csv  0/40 MB") && $0.hasSuffix(" left") })
    #expect(terminal.frames.last == .some(nil))
  }

  @Test("What is done at once shows no progress")
  func quick() {
    let terminal = TestSession(showsProgress: true) { host in
      var seconds = 0.0
      host.clock = {
        seconds += 0.0001
        return seconds
      }
    }
    #expect(terminal.run("crossval (mlp [2,1] sigmoid) xor k=2 epochs=3") == .done)
    #expect(terminal.frames.allSatisfy { $0 == nil })
  }

  @Test("edit opens a function and runs what is saved")
  func edit() {
    var saved: (String) -> Result<String, FileAccess.Problem> = {
      .success($0.replacing("x^2", with: "x^3"))
    }
    let terminal = makeTerminal { saved($0) }
    #expect(terminal.run("## The power of x.\nf(x) = x^2\nedit f\nprint f 2\nhelp f") == .done)
    #expect(terminal.output.contains("8\n") && terminal.output.contains("The power of x."))
    #expect(terminal.run("g = x -> x^2\nedit g\nprint g 2") == .done)
    #expect(terminal.output.hasSuffix("8\n"))
    #expect(terminal.run("edit k") == .runtimeError)
    #expect(terminal.reports.joined().contains("k is no function of yours"))
    saved = { _ in .failure(.unreadable("vi: not found")) }
    #expect(terminal.run("f(x) = x\nedit f") == .runtimeError)
    #expect(terminal.reports.joined().contains("vi: not found"))
  }
}
