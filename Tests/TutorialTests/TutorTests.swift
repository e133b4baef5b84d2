import Language
import Rendering
import TestSupport
import Testing

@testable import Tutorial

/// A learner at a prompt without a terminal.
private final class Learner {
  let session: TestSession
  let tutor: Tutor
  private(set) var kept: [TutorialProgress] = []
  /// What the tutorial said behind the last entry.
  private(set) var said: String?

  init(_ progress: TutorialProgress = TutorialProgress()) {
    session = TestSession()
    var keep: (TutorialProgress) -> Void = { _ in }
    tutor = Tutor(session.interpreter, progress: progress, keep: { keep($0) })
    keep = { [weak self] in self?.kept.append($0) }
    session.interpreter.session.tutor = { [tutor] in tutor.answer(to: $0) }
  }

  deinit { session.interpreter.session.tutor = nil }

  @discardableResult
  func type(_ entry: String) -> String? {
    onDeepStack {
      self.tutor.entryBegins()
      self.session.run(entry, name: "prompt", echoes: true)
      self.said = self.tutor.entryEnded(display: .plain)
    }
    return said
  }

  func enter() -> String? { tutor.lineIsEmpty(display: .plain) }

  var step: String { tutor.progress.step }
}

@Suite struct TutorTests {
  /// A step's own lines, and variants that do the same in another way.
  static let ways: [String: [[String]]] = [
    "learn": [
      ["n = mlp [2,5,1] tanh sigmoid loss=mse", "r = fit n moons epochs=5"],
      ["train (mlp [2,3,1] tanh sigmoid) xor", "n = mlp [2,3,1] tanh sigmoid; train n xor"],
      ["d = circles n=50; n = mlp [2,3,1] tanh sigmoid; repeat 2 { train n d epochs=1 }"],
    ],
    "look": [["show(net, circles)"], ["show net"], ["p = show net circles view=map"]],
    "change": [
      ["train net circles lr=0.01"], ["other = mlp [2,3,1] relu sigmoid; train other circles"],
      ["train net moons"],
    ],
    "why": [
      ["e = explain net circles \"W1[1,1]\""], ["descend net xor lr=0.1"], ["deltas net xor"],
    ],
    "formula": [
      ["param a = 2; b = a^3; grad b a"], ["param a = 2; b = a^3; print latex (explain b a)"],
    ],
    "data": [
      ["d = data [[1,2],[3,4]] [0,1]; n = mlp [2,2,1] tanh sigmoid; train n d"],
      ["n = mlp [2,2,1] tanh sigmoid; train n (data [1,2;3,4] [\"a\",\"b\"])"],
    ],
    "ask": [["predict mine [4, 20]"], ["mine [4, 20]"], ["x = classify mine [30,60]"]],
    "hand": [
      ["param v = 2; z = (3*v - 5)^2", "check 6 ≈ grad z v"],
      ["param v = 2; z = (3*v - 5)^2", "g = 6", "check grad z v == g"],
      ["param v = 2; z = (3*v - 5)^2", "diagnose z v 6"],
    ],
    "file": [
      ["save mine \"a.safetensors\""], ["export mine \"m.py\" to=numpy"], ["save \"session.bp\""],
    ],
  ]

  /// Before the steps that need it: a net of rows of bp, and one of own rows.
  private static let prepared = [
    "net = mlp [2,20,1] relu sigmoid; train net circles epochs=5",
    "pets = data [[4, 25], [30, 60], [3, 20], [25, 55]] [\"cat\", \"dog\", \"cat\", \"dog\"]",
    "mine = mlp [2,4,2] tanh softmax; train mine (standardize pets) epochs=5",
  ]

  @Test("The lines that the steps show lead from start to end")
  func alongTheLines() {
    let learner = Learner()
    var last: String?
    learner.type("start")
    #expect(learner.session.output.contains("1 of \(TutorialStep.all.count): A net learns"))
    for step in TutorialStep.all {
      #expect(learner.step == step.name)
      let lines = step.lines.map {
        $0.replacing("{net}", with: "net").replacing("{data}", with: "circles")
          .replacing("{own}", with: "mine").replacing("___", with: "6")
      }
      for line in lines { learner.type(line) }
      #expect(learner.said?.hasPrefix("✓") == true, "\(step.name): \(learner.said ?? "nothing")")
      if step.waits {
        #expect(learner.said?.contains("Enter goes on.") == true)
        last = learner.enter()
        #expect(last != nil)
      }
    }
    #expect(learner.tutor.progress.state == .finished)
    #expect(learner.tutor.progress.done == TutorialStep.all.map { $0.name })
    #expect(last?.contains("That was the tutorial") == true)
    #expect(
      learner.session.reports.filter { !$0.hasPrefix("note") } == [], "no line is an error")
    // It is over: nothing more is said.
    #expect(learner.type("1 + 1") == nil)
    #expect(learner.enter() == nil)
  }

  @Test(
    "What does the same in another way counts", arguments: TutorialStep.all.map { $0.name })
  func variants(_ name: String) throws {
    let ways = try #require(Self.ways[name])
    for lines in ways {
      let learner = Learner()
      for line in Self.prepared where name != "learn" { learner.type(line) }
      learner.type("start \(name)")
      for line in lines.dropLast() { learner.type(line) }
      #expect(learner.said?.hasPrefix("✓") != true, "\(lines)")
      learner.type(lines[lines.count - 1])
      #expect(
        learner.said?.hasPrefix("✓") == true,
        "\(lines): \(learner.said ?? "nothing"), \(learner.session.reports.suffix(2))")
      #expect(learner.tutor.progress.done == [name])
    }
  }

  @Test(
    "What only looks like it does not count",
    arguments: [
      ("learn", "print \"train net circles epochs=100\""),
      ("learn", "net = mlp [2,20,1] relu sigmoid"),
      ("learn", "train nosuch circles"), ("look", "show circles"), ("look", "# show net circles"),
      ("change", "net = mlp [2,20,1] relu sigmoid; train net circles epochs=5"),
      ("why", "param a = 2; b = a^2; explain b a"), ("formula", "grad net xor"),
      ("data", "train net moons"),
      ("data", "d = circles n=30; train net d"), ("ask", "classify net"), ("ask", "mine"),
      ("hand", "check 1 == 1"), ("hand", "param v = 2; z = (3*v - 5)^2; check 2 ≈ grad z v"),
      ("file", "load \"nosuch.json\""),
    ])
  func lookalikes(_ name: String, _ line: String) {
    let learner = Learner()
    for line in Self.prepared where name != "learn" { learner.type(line) }
    learner.type("start \(name)")
    #expect(learner.type(line)?.hasPrefix("✓") != true)
    #expect(learner.tutor.progress.done == [])
    #expect(learner.step == name)
  }

  @Test("A wrong number is answered with what asks for the slip, which then names it")
  func slip() {
    let learner = Learner()
    learner.type("start hand")
    learner.type("param v = 2; z = (3*v - 5)^2")
    #expect(learner.type("check 2 ≈ grad z v")?.contains("diagnose z v 2") == true)
    #expect(learner.type("check -2 ≈ grad z v")?.contains("diagnose z v (-2)") == true)
    learner.type("diagnose z v 2")
    #expect(learner.session.output.contains("is forgotten"))
  }

  @Test("The names of the learner stand in what is shown next")
  func names() {
    let learner = Learner()
    learner.type("start")
    learner.type("ring = circles n=60; brain = mlp [2,6,1] tanh sigmoid; train brain ring epochs=3")
    #expect(learner.said?.contains("show brain ring") == true)
    learner.type("start change")
    learner.type("other = mlp [2,3,1] tanh sigmoid; train other moons epochs=3")
    #expect(
      learner.said?.replacing("\n", with: " ").contains(
        "show other moons; compare brain other moons") == true)
  }

  @Test("It goes on where it was left, and says what a new session lacks")
  func resumed() {
    let first = Learner()
    first.type("start")
    first.type(TutorialStep.all[0].lines[0])
    let text = first.kept.last?.text ?? ""
    #expect(text.contains("step: look"))

    let second = Learner(TutorialProgress(text: text))
    #expect(second.tutor.progress.place == "step 2 of \(TutorialStep.all.count)")
    // Nobody asked yet.
    #expect(second.type("x = 1") == nil)
    // What was done before the next step was shown is not asked for again.
    let third = Learner(TutorialProgress(text: "state: under way\nstep: look\ndone: learn look\n"))
    third.type("start")
    #expect(third.step == "change")
    second.type("start")
    #expect(second.session.output.contains("2 of \(TutorialStep.all.count): What it learned"))
    #expect(second.session.output.contains("not there in this session"))
    second.type(TutorialStep.all[0].lines[0])
    second.type("show net circles")
    #expect(second.said?.hasPrefix("✓") == true)
  }

  @Test("It can be left, gone back in, begun anew, and skipped through to its end")
  func moving() {
    let learner = Learner()
    learner.type("start")
    learner.type(TutorialStep.all[0].lines[0])
    #expect(learner.step == "look" && learner.tutor.progress.done == ["learn"])
    learner.type("start back")
    #expect(learner.step == "learn")
    learner.type("start why")
    #expect(learner.step == "why")
    learner.type("start stop")
    #expect(learner.tutor.progress.state == .stopped)
    #expect(learner.type("unit = mlp [2,1] sigmoid; explain unit xor \"W1[1,1]\"") == nil)
    learner.type("start")
    #expect(learner.step == "why" && learner.tutor.progress.state == .underWay)
    learner.type("start over")
    #expect(learner.step == "learn" && learner.tutor.progress.done == [])
    learner.type("start nonsense")
    #expect(learner.session.output.contains("There is no step nonsense."))
    for _ in TutorialStep.all { learner.type("start next") }
    #expect(learner.tutor.progress.state == .finished)
    learner.type("start")
    #expect(learner.session.output.hasSuffix("start over begins anew\n"))
  }

  @Test("Hints come one by one; who strays is reminded now and then")
  func hints() {
    let learner = Learner()
    learner.type("start")
    for _ in 0..<4 { learner.type("start hint") }
    for hint in TutorialStep.all[0].hints {
      #expect(
        learner.session.output.replacing("\n", with: " ").contains(hint.prefix(40)))
    }
    #expect([1, 2, 3, 4].compactMap { learner.type("\($0) + 1") }.count == 1)
  }

  @Test("A variable called start works, and start of a user is his own")
  func ownStart() {
    let session = TestSession()
    session.run("start = 3; print start + 1; print fold ((a, b) -> a + b) start [1, 2]")
    #expect(session.output == "4\n6\n")
    #expect(session.reports == [])
    session.run("start(x) = 2*x; print start 4", name: "prompt")
    #expect(session.output.hasSuffix("8\n"))
  }

  @Test("Without a prompt there is nobody to teach, and that is said")
  func script() {
    let session = TestSession()
    session.run("start")
    #expect(session.reports.joined().contains("bp start at the shell opens it"))
  }

  @Test(
    "A file of progress that is damaged is a new beginning",
    arguments: ["", "state: gone\nstep: nosuch\ndone: what ever\n", "\u{0}\u{1}:::\n", "step"])
  func damaged(_ text: String) {
    let learner = Learner(TutorialProgress(text: text))
    #expect(learner.tutor.progress.place == nil)
    learner.type("start")
    #expect(learner.step == "learn")
  }

  @Test("Progress is written and read")
  func text() {
    var progress = TutorialProgress()
    progress.state = .underWay
    progress.step = "ask"
    progress.done = ["learn", "why"]
    #expect(TutorialProgress(text: progress.text) == progress)
  }

  @Test("Every page fits on a screen beside the prompt, in 80 columns", arguments: [true, false])
  func sizes(isASCII: Bool) {
    var display = Display.plain
    if isASCII { display.characters = .ascii }
    for step in TutorialStep.all {
      let learner = Learner()
      let text = learner.tutor.answer(to: step.name)(display)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 20, "\(step.name)")
      #expect(lines.allSatisfy { TextWidth.columns(of: String($0)) < 80 }, "\(text)")
      if isASCII { #expect(text.utf8.allSatisfy { $0 < 0x80 }, "\(text)") }
    }
  }
}
