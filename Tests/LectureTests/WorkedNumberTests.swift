import Foundation
import GoldenNumbers
import TestSupport
import Testing

/// What the tests of explaining leave out of the worked examples' numbers, asked for in the
/// language.
@Suite struct WorkedNumberTests {
  @Test("The activations with a number of their own, and the straight one")
  func activations() throws {
    let file = try Fixture.load("activations")
    let x = try file.at("setup", "x").source()
    try onDeepStack {
      for (key, definition) in [
        ("linear", "f(z) = z"), ("piecewise(-1,1)", "f(z) = clip(z, -1, 1)"),
        ("prelu(0.25)", "f(z) = prelu(z, 0.25)"),
      ] {
        let expected = try file.at("expected", key)
        let session = lectureSession()
        session.run("\(definition)\nx = \(x)")
        expectClose(
          try session.numbers("f x"), try expected.at("f").numbers(), relative: 4e-15,
          absolute: 1e-16, key)
        expectClose(
          try session.numbers("f'(x)"), try expected.at("df").numbers(), relative: 4e-15,
          absolute: 1e-16, key)
      }
      let session = lectureSession()
      // The slope is learned in a net, so its derivative is that of a net whose loss is its output.
      session.run(
        """
        x = \(x)
        answer(y, t) = sum(y)
        unit = mlp [1,1] prelu init=constant(1) loss=answer
        """)
      expectClose(
        try session.numbers("map (z -> (grad unit (data [[z]] [[0]])).slope1) x"),
        try file.at("expected", "prelu(0.25)", "df_dalpha").numbers(), relative: 4e-15,
        absolute: 1e-16, "∂prelu/∂α")
    }
  }

  @Test("Softmax with cross-entropy: the loss of each class, and the error of the first")
  func softmax() throws {
    let file = try Fixture.load("softmax")
    try onDeepStack {
      for name in try file.at("setup", "net").keys {
        let expected = try file.at("expected", name)
        let net = try file.at("setup", "net", name)
        let count = try net.list().count
        let session = lectureSession()
        session.run(
          """
          top = mlp [1,\(count)] softmax init=zeros
          top.b1 = \(try net.source())
          target(k) = map (i -> if i == k { 1 } else { 0 }) (1..\(count))
          case(k) = data [[0]] [target k]
          """)
        expectClose(
          try session.numbers("map (k -> loss top (case k)) (1..\(count))"),
          try expected.at("cce_if_class").numbers(), relative: 1e-13, absolute: 1e-15, name)
        expectClose(
          try session.numbers("(deltas top (case 1)).delta1"),
          try expected.at("delta_if_class_0").numbers(), relative: 1e-13, absolute: 1e-15, name)
        expectClose(
          [try session.number("sum(top [0])")], [try expected.at("sum_y").number()],
          relative: 1e-14)
      }
    }
  }

  @Test("Gates of threshold units")
  func thresholds() throws {
    let file = try Fixture.load("gates")
    try onDeepStack {
      let session = lectureSession()
      session.run("rows = \(try file.at("setup", "rows").source())")
      for gate in ["AND", "OR", "NOR"] {
        let weights = try file.at("setup", "units_bias_w1_w2", gate).numbers()
        session.run(
          """
          unit = mlp [2,1] step
          unit.b1 = [\(weights[0])]; unit.W1 = [[\(weights[1]), \(weights[2])]]
          """)
        #expect(
          try session.numbers("unit rows")
            == (try file.at("expected", gate, "threshold").numbers()))
      }
      session.run(
        "net = mlp [2,2,1] step\n" + (try file.at("setup", "xnor").assignments(to: "net")))
      #expect(
        try session.numbers("net rows") == (try file.at("expected", "XNOR", "threshold").numbers()))
    }
  }

  @Test(
    "The exercise with two inputs, one hidden neuron and one output, trained in three ways",
    arguments: [
      ("train_all", "", ""), ("weights_only", "", "freeze=bias"), ("no_bias", "bias=false", ""),
    ])
  func exercise(_ key: String, _ build: String, _ options: String) throws {
    let file = try Fixture.load("cazenave_exercise")
    try onDeepStack {
      let session = lectureSession()
      session.run(
        """
        net = mlp [2,1,1] sigmoid loss=half_sse init=constant(0.5) \(build)
        d = data [[.1, .5]] [[.2]]
        """)
      var made = 0
      for steps in try file.at("setup", "steps").numbers().map({ Int($0) }) {
        session.run(
          "train net d epochs=\(steps - made) lr=0.5 batch=full quiet=true \(options)")
        made = steps
        let state = try file.at("expected", key, String(steps))
        expectClose(
          try session.numbers("net.W1") + session.numbers("net.W2"),
          try state.at("W").numbers(), relative: 1e-10, absolute: 1e-14, "\(key) \(steps)")
        expectClose(
          [try session.number("(net [.1, .5])[1]"), try session.number("loss net d")],
          [try state.at("out_o").number(), try state.at("error").number()],
          relative: 1e-10, absolute: 1e-14, "\(key) \(steps)")
      }
      #expect(session.reports == [])
    }
  }

  @Test("The worked example with one bias for both units of a layer, in matrices")
  func sharedBiases() throws {
    let file = try Fixture.load("mazur_train")
    try onDeepStack {
      let session = lectureSession()
      session.run(
        """
        W1 = [[.15, .20], [.25, .30]]; W2 = [[.40, .45], [.50, .55]]; b1 = .35; b2 = .60
        x = [.05, .10]; t = [.01, .99]
        h = sigmoid(W1 @ x + b1); y = sigmoid(W2 @ h + b2)
        """)
      var made = 0
      for steps in [1, 2, 5, 10, 100, 1000] {
        session.run(
          """
          repeat \(steps - made) {
            δ2 = (y - t)*y*(1 - y)
            δ1 = (W2' @ δ2)*h*(1 - h)
            W2 = W2 - 0.5*outer δ2 h; b2 = b2 - 0.5*sum δ2
            W1 = W1 - 0.5*outer δ1 x; b1 = b1 - 0.5*sum δ1
            h = sigmoid(W1 @ x + b1); y = sigmoid(W2 @ h + b2)
          }
          """)
        made = steps
        let state = try file.at("expected", "bias_shared", String(steps))
        expectClose(
          try session.numbers("W1") + session.numbers("W2") + session.numbers("[b1, b2]"),
          try (1...8).map { try state.at("w\($0)").number() }
            + [state.at("b_h1").number(), state.at("b_o1").number()],
          relative: 1e-9, absolute: 1e-13, "\(steps) steps")
        expectClose(
          [try session.number("half_sse y t")], [try state.at("E_total").number()],
          relative: 1e-9, absolute: 1e-13, "\(steps) steps")
      }
    }
  }

  @Test("Every file of numbers is asked for in the language")
  func everyFile() throws {
    let folder = Project.file("Tests/GoldenNumbers/Numbers")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let tests = try FileManager.default.contentsOfDirectory(
      atPath: Project.file("Tests/LectureTests").path
    )
    .filter { $0.hasSuffix(".swift") }.map { try Project.text("Tests/LectureTests/\($0)") }
    let text =
      tests.joined()
      + (try Project.text("Tests/ExplanationTests/LectureNumberTests.swift"))
    #expect(files.count >= 27)
    for file in files {
      #expect(text.contains("load(\"\(file.dropLast(5))\")"), "\(file)")
    }
  }
}
