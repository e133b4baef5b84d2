import GoldenNumbers
import TestSupport
import Testing

/// The numbers of the lectures, through the language.
@Suite struct LectureNumberTests {
  private func expect(
    _ lesson: TestSession, _ expression: String, _ expected: Fixture, relative: Double = 1e-12,
    absolute: Double = 1e-15, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    expectClose(
      try lesson.numbers(expression), try expected.numbers(), relative: relative,
      absolute: absolute, expression, sourceLocation: sourceLocation)
  }

  @Test func everyNumberOfTheWorkedExampleForward() throws {
    let expected = try Fixture.load("mazur_forward").at("expected")
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named)
    for name in expected.keys where name != "E_total" {
      try expect(lesson, name, expected.at(name))
    }
    try expect(lesson, "E", expected.at("E_total"))
  }

  @Test func everyDerivativeOfTheWorkedExample() throws {
    let expected = try Fixture.load("mazur_backward").at("expected")
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named + WorkedExample.net)
    for weight in 1...8 {
      let golden = try expected.at("grad", "w\(weight)")
      try expect(lesson, "grad E w\(weight)", golden)
      try expect(lesson, "(explain E w\(weight)).value", golden)
    }
    try expect(lesson, "grad E b1", expected.at("grad", "b1_shared"))
    try expect(lesson, "grad E b2", expected.at("grad", "b2_shared"))
    for unit in ["h1", "h2"] {
      let golden = try expected.at("hidden_layer", unit)
      try expect(lesson, "grad E_o1 out_\(unit)", golden.at("dEo1_dout"))
      try expect(lesson, "grad E_o2 out_\(unit)", golden.at("dEo2_dout"))
      try expect(lesson, "grad E out_\(unit)", golden.at("dE_dout"))
      try expect(lesson, "grad E net_\(unit)", golden.at("dE_dnet_delta"))
    }
    let paths = try ["dEo1_dout", "dEo2_dout"].flatMap {
      try expected.at("hidden_layer", "h1", $0).numbers()
    }
    expectClose(try lesson.numbers("(explain E w1).paths"), paths, "the paths of w1")
    let places = ["b1[1]": "b_h1", "b1[2]": "b_h2", "b2[1]": "b_o1", "b2[2]": "b_o2"]
    for (place, name) in places {
      try expect(lesson, "(explain net case \"\(place)\").value", expected.at("grad", name))
    }
    for weight in 1...8 {
      let place = "W\((weight - 1) / 4 + 1)[\((weight - 1) % 4 / 2 + 1),\((weight - 1) % 2 + 1)]"
      try expect(
        lesson, "(explain net case \"\(place)\").value", expected.at("grad", "w\(weight)"))
    }
  }

  @Test(arguments: [
    ("weights_only", "freeze=bias"), ("bias_per_unit", ""),
    ("updated_output_weights", "freeze=bias order=output_first"),
  ])
  func oneStepOfTheWorkedExample(variant: String, options: String) throws {
    let expected = try Fixture.load("mazur_step1").at("expected", variant)
    let lesson = TestSession()
    try lesson.perform(
      WorkedExample.net
        + "train net case epochs=1 lr=0.5 batch=full \(options) quiet=true")
    let weights = try (1...8).flatMap { try expected.at("w\($0)").numbers() }
    expectClose(try lesson.numbers("net.W1, net.W2"), weights, variant)
    try expect(lesson, "loss net case", expected.at("E_total"))
  }

  @Test func oneStepBySharedBiasesIsWrittenByHand() throws {
    let expected = try Fixture.load("mazur_step1").at("expected", "bias_shared")
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named + "g = grad E")
    for weight in 1...8 {
      try expect(lesson, "w\(weight) - 0.5*g.w\(weight)", expected.at("w\(weight)"))
    }
    try expect(lesson, "b1 - 0.5*g.b1", expected.at("b_h1"))
    try expect(lesson, "b2 - 0.5*g.b2", expected.at("b_o1"))
  }

  @Test(arguments: [
    ("weights_only", "freeze=bias"), ("bias_per_unit", ""),
    ("updated_output_weights", "freeze=bias order=output_first"),
  ])
  func tenThousandSteps(variant: String, options: String) throws {
    let expected = try Fixture.load("mazur_train").at("expected", variant)
    let lesson = TestSession()
    var made = 0
    try lesson.perform(WorkedExample.net)
    for steps in [1, 10, 100, 1000, 10000] {
      try lesson.perform(
        "train net case epochs=\(steps - made) lr=0.5 batch=full \(options) quiet=true")
      made = steps
      let golden = try expected.at("\(steps)")
      try expect(
        lesson, "loss net case", golden.at("E_total"), relative: 1e-9, absolute: 1e-13)
      let outputs = try ["out_o1", "out_o2"].flatMap { try golden.at($0).numbers() }
      expectClose(
        try lesson.numbers("net [.05, .10]"), outputs, relative: 1e-9, absolute: 1e-13, variant)
    }
  }

  @Test func theExerciseOfCazenave() throws {
    let expected = try Fixture.load("cazenave_exercise").at("expected")
    let lesson = TestSession()
    try lesson.perform(
      """
      net = mlp [2,1,1] sigmoid init=constant(0.5) loss=half_sse
      case = data [[.1, .5]] [[.2]]
      g = grad net case
      d = deltas net case
      """)
    let initial = try expected.at("initial")
    try expect(lesson, "loss net case", initial.at("loss"))
    try expect(lesson, "d.delta1, d.delta2", initial.at("delta"))
    try expect(lesson, "g.W1, g.W2", initial.at("grad_W"))
    try expect(lesson, "g.b1, g.b2", initial.at("grad_b"))
    try lesson.perform("train net case epochs=10 lr=0.5 batch=full quiet=true")
    try expect(
      lesson, "loss net case", expected.at("train_all", "10", "error"), relative: 1e-9)
  }

  @Test(arguments: [
    ("step", "step"), ("sign", "sign"), ("clip", "clipped"),
    ("sigmoid", "sigmoid"), ("tanh", "tanh"), ("tanh_half", "tanh_half"), ("relu", "relu"),
    ("leaky", "leaky_relu(0.1)"),
  ])
  func activationsAndTheirDerivatives(function: String, golden: String) throws {
    let file = try Fixture.load("activations")
    let expected = try file.at("expected", golden)
    let lesson = TestSession()
    try lesson.perform("x = \(written(try file.at("setup", "x").numbers()))")
    try expect(lesson, "\(function)(x)", expected.at("f"), relative: 4e-15, absolute: 1e-16)
    try expect(lesson, "\(function)'(x)", expected.at("df"), relative: 4e-15, absolute: 1e-16)
  }

  @Test func softmaxAndItsJacobian() throws {
    let file = try Fixture.load("softmax")
    for name in try file.at("setup", "net").keys {
      let expected = try file.at("expected", name)
      let lesson = TestSession()
      let net = try file.at("setup", "net", name).numbers()
      try lesson.perform(
        """
        param z = \(written(net))
        y = softmax(z)
        part(z, k) = (softmax z)[k]
        """)
      try expect(lesson, "y", expected.at("y"), relative: 1e-14, absolute: 1e-300)
      for (row, golden) in try expected.at("jacobian").list().enumerated() {
        try expect(
          lesson, "(grad part z=value(z) k=\(row + 1)).z", golden, relative: 1e-13,
          absolute: 1e-16)
      }
    }
  }

  @Test func gatesByHandSetWeights() throws {
    let file = try Fixture.load("gates")
    let lesson = TestSession()
    try lesson.perform("rows = [[0,0],[0,1],[1,0],[1,1]]")
    for gate in ["AND", "OR", "NOR"] {
      let weights = try file.at("setup", "units_bias_w1_w2", gate).numbers()
      try lesson.perform(
        """
        unit = mlp [2,1] sigmoid
        unit.b1 = [\(weights[0])]; unit.W1 = [[\(weights[1]), \(weights[2])]]
        """)
      try expect(lesson, "unit rows", file.at("expected", gate, "f"))
      try expect(lesson, "(forward unit rows).z1", file.at("expected", gate, "z"))
    }
    try lesson.perform(
      """
      net = mlp [2,2,1] sigmoid
      net.W1 = [[20,20],[-20,-20]]; net.b1 = [-30,10]; net.W2 = [[20,20]]; net.b2 = [-10]
      f = forward net rows
      """)
    try expect(lesson, "f.a1[:,1]", file.at("expected", "XNOR", "a1"))
    try expect(lesson, "f.a1[:,2]", file.at("expected", "XNOR", "a2"))
    try expect(lesson, "f.a2", file.at("expected", "XNOR", "f"))
  }

  @Test func computationalGraphs() throws {
    let lesson = TestSession()
    let small = try Fixture.load("circuit_q").at("expected")
    try lesson.perform("f(x, y, z) = { q = x + y; q*z }\ng = grad f x=-2 y=5 z=-4")
    for name in ["x", "y", "z"] { try expect(lesson, "g.\(name)", small.at(name, "grad")) }
    let text = try lesson.perform("explain f x=-2 y=5 z=-4")
    #expect(text.contains("∂f/∂q = z = -4"))
    #expect(text.contains("q = x + y = -2 + 5 = 3"))
    let circuit = try Fixture.load("circuit_sigmoid").at("expected")
    try lesson.perform(
      """
      param w0 = 2, x0 = -1, w1 = -3, x1 = -2, w2 = -3
      p0 = w0*x0; p1 = w1*x1; s01 = p0 + p1; s = s01 + w2; n = -s; ex = exp(n); d = 1 + ex
      f = 1/d
      """)
    for name in ["w0", "x0", "w1", "x1", "w2", "p0", "p1", "s01", "s", "n", "d"] {
      try expect(lesson, "grad f \(name)", circuit.at(name, "grad"))
      try expect(lesson, "value \(name)", circuit.at(name, "value"))
      try expect(lesson, "(explain f \(name)).value", circuit.at(name, "grad"))
    }
    try expect(lesson, "grad f ex", circuit.at("e", "grad"))
    try expect(lesson, "sigmoid'(1)", circuit.at("sigmoid_gate_shortcut", "local"))
  }

  @Test func aNetOfThreeLayers() throws {
    let file = try Fixture.load("ceng_deltas")
    let expected = try file.at("expected")
    let lesson = TestSession()
    try lesson.perform("net = mlp [3,3,3,1] sigmoid loss=half_sse")
    for layer in 1...3 {
      try lesson.perform(
        "net.W\(layer) = \(written(try file.at("setup", "W", "\(layer - 1)")))\n"
          + "net.b\(layer) = \(written(try file.at("setup", "b", "\(layer - 1)").numbers()))")
    }
    try lesson.perform(
      "case = data [[1, .5, -1.5]] [[1]]\nf = forward net case\nd = deltas net case\ng = grad net case"
    )
    try expect(lesson, "f.z1, f.z2, f.z3", expected.at("z"))
    try expect(lesson, "f.a1, f.a2, f.a3", expected.at("a"))
    try expect(lesson, "d.delta1, d.delta2, d.delta3", expected.at("delta"))
    try expect(lesson, "g.W1, g.W2, g.W3", expected.at("grad_W"))
    try expect(lesson, "g.b1, g.b2, g.b3", expected.at("grad_b"))
    for (place, key) in [
      ("W3[1,1]", "dE/dw_11^(3) = delta_1^(4) a_1^(3)"),
      ("W2[1,3]", "dE/dw_13^(2) = delta_1^(3) a_3^(2)"),
    ] {
      try expect(
        lesson, "(explain net case \"\(place)\").value", expected.at("by_formula", key))
    }
  }

  @Test func aNeuronLearnsInNineteenRounds() throws {
    let rounds = try Fixture.load("ceng_weight_update").at("expected", "rounds").list()
    let lesson = TestSession()
    try lesson.perform("param w0 = 2, w1 = -3, w2 = -3")
    for round in rounds.dropFirst() {
      try lesson.perform(
        """
        out = sigmoid(w0*-1 + w1*-2 + w2)
        E = 1/2*(out - 0.43)^2
        g = grad E
        w0 = w0 - g.w0; w1 = w1 - g.w1; w2 = w2 - g.w2
        """)
      for name in ["w0", "w1", "w2"] {
        try expect(lesson, "value \(name)", round.at(name), relative: 1e-12)
      }
      try expect(lesson, "value(sigmoid(w0*-1 + w1*-2 + w2))", round.at("f"))
    }
  }

  @Test func rulesOfDerivatives() throws {
    let expected = try Fixture.load("derivative_rules").at("expected")
    let lesson = TestSession()
    try lesson.perform(
      "exponential(x) = exp(x)\nreciprocal(x) = 1/x\nscale(x) = 3*x\nshift(x) = 2 + x")
    for (function, key) in [
      ("exponential", "exp"), ("reciprocal", "reciprocal"), ("scale", "scale a=3"),
      ("shift", "shift c=2"),
    ] {
      for point in try expected.at(key).keys {
        try expect(
          lesson, "\(function)(\(point)), \(function)'(\(point))", expected.at(key, point))
      }
    }
    try lesson.perform("param x = 2\nu = 3*x + 1\nz = u^2")
    let chain = try expected.at("chain f(u)=u^2, u=3x+1, x=2")
    try expect(lesson, "value z", chain.at("z"))
    try expect(lesson, "(explain z x).value", chain.at("dz_dx"))
    expectClose(
      try lesson.numbers("(explain z x).factors"),
      try chain.at("dz_du").numbers() + chain.at("du_dx").numbers())
  }

  @Test func aQuadraticOfTwoVariables() throws {
    let lesson = TestSession()
    try lesson.perform("f(x, y) = x^2 + x*y + y^2")
    for point in try Fixture.load("partials_quadratic").at("expected", "at").list() {
      let (x, y) = (try point.at("x").number(), try point.at("y").number())
      try lesson.perform("g = grad f x=\(x) y=\(y)")
      try expect(lesson, "f(\(x), \(y))", point.at("f"))
      try expect(lesson, "g.x", point.at("df_dx"))
      try expect(lesson, "g.y", point.at("df_dy"))
    }
  }

  @Test func errorsInTheSignOfVitay() throws {
    let expected = try Fixture.load("vitay_delta").at("expected")
    let cases = [
      ("softmax_cce", "softmax", "ce"), ("mse_linear", "linear", "sse"),
      ("mse_sigmoid", "sigmoid", "sse"), ("mse_tanh", "tanh", "sse"), ("mse_relu", "relu", "sse"),
      ("bce_sigmoid", "sigmoid", "bce_sum"),
    ]
    for (name, activation, loss) in cases {
      let golden = try expected.at(name)
      let lesson = TestSession()
      // The identity as weights: the inputs are the net inputs.
      try lesson.perform(
        """
        notation vitay
        net = mlp [3,3] \(activation) loss=\(loss)
        net.W1 = [[1,0,0],[0,1,0],[0,0,1]]; net.b1 = [0,0,0]
        case = data [\(written(try golden.at("net").numbers()))] [\(written(try golden.at("t").numbers()))]
        d = deltas net case
        """)
      try expect(lesson, "loss net case", golden.at("loss"))
      let delta = try golden.at("delta_y_vitay").numbers()
      expectClose(try lesson.numbers("d.delta1"), delta.map { -$0 }, name)
      let text = try lesson.perform("digits 9\ndeltas net case")
      #expect(text.contains("δ is minus the derivative"))
    }
  }

  @Test func linearLayersCollapse() throws {
    let file = try Fixture.load("linear_collapse")
    let expected = try file.at("expected")
    let lesson = TestSession()
    try lesson.perform(
      """
      net = mlp [2,3,2] linear
      net.W1 = \(written(try file.at("setup", "W", "0"))); net.b1 = [.1, -.2, .3]
      net.W2 = \(written(try file.at("setup", "W", "1"))); net.b2 = [.05, -.15]
      one = collapse net
      rows = \(written(try file.at("setup", "X")))
      """)
    try expect(lesson, "one.W1", expected.at("W_collapsed"), relative: 1e-13, absolute: 1e-13)
    try expect(lesson, "one.b1", expected.at("b_collapsed"), relative: 1e-13, absolute: 1e-13)
    try expect(lesson, "net rows", expected.at("y_two_layers"), relative: 1e-13, absolute: 1e-13)
    try expect(lesson, "one rows", expected.at("y_one_layer"), relative: 1e-13, absolute: 1e-13)
    #expect(throws: TestSession.Failed.self) {
      try lesson.perform("collapse (mlp [2,3,2] relu linear)")
    }
  }

  @Test func biasesAsWeights() throws {
    let file = try Fixture.load("llano_augmented")
    let expected = try file.at("expected")
    let lesson = TestSession()
    try lesson.perform(
      WorkedExample.net + "notation upc\nd = deltas net case\nf = forward net case")
    for layer in 1...2 {
      try expect(
        lesson, "augmented net \(layer)",
        file.at("setup", "mazur_weights_augmented", "\(layer - 1)"))
    }
    try expect(lesson, "f.z1", expected.at("Z1"))
    try expect(lesson, "f.z2", expected.at("Z2"))
    try expect(lesson, "d.delta1", expected.at("delta1"))
    try expect(lesson, "d.delta2", expected.at("delta2"))
    for unit in 1...2 {
      let row = try expected.at("grad_W1_augmented", "\(unit - 1)")
      try expect(lesson, "(explain net case \"b1[\(unit)]\").value", row.at("0"))
      try expect(lesson, "(explain net case \"W1[\(unit),1]\").value", row.at("1"))
    }
  }

  @Test func lossesAndTheirSlopes() throws {
    let file = try Fixture.load("losses")
    let names = [
      "half_sse": "half_sse", "sse": "sse", "mse_mean": "mse", "bce": "bce_sum",
      "bce_mean": "bce", "cce": "ce",
    ]
    for name in try file.at("setup", "cases").keys {
      let given = try file.at("setup", "cases", name)
      for (golden, loss) in names {
        guard let expected = try? file.at("expected", name, golden) else { continue }
        let (ys, ts) = (try given.at("Y").list(), try given.at("T").list())
        for (index, (y, t)) in zip(ys, ts).enumerated() {
          let lesson = TestSession()
          try lesson.perform(
            "param y = \(written(try y.numbers()))\nt = \(written(try t.numbers()))\nL = \(loss)(y, t)"
          )
          try expect(lesson, "value L", expected.at("per_sample", "\(index)"))
          try expect(lesson, "grad L y", expected.at("dL_dy_per_sample", "\(index)"))
        }
      }
    }
  }

  @Test func oneNetInEveryNotation() throws {
    let expected = try Fixture.load("notations").at("expected")
    let lesson = TestSession()
    try lesson.perform(WorkedExample.net)
    for notation in ["mazur", "ng", "goebels", "vitay", "upc", "rumelhart"] {
      try lesson.perform("notation \(notation)\nd = deltas net case")
      // Values never change, only what is written.
      try expect(
        lesson, "d.delta1", expected.at("delta CENG/Goebels/Llano = +dE/dz", "hidden"))
    }
  }
}
