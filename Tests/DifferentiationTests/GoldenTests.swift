import GoldenNumbers
import Testing

@testable import Differentiation

/// Numbers of five lecture decks, computed at full precision.
@Suite struct GoldenTests {
  private func parameter(_ value: Double, _ name: String) -> Node {
    .parameter(Tensor(value), name: name)
  }

  @Test("The circuit (x+y)z has the values, gradients and local derivatives of the lecture")
  func circuitQ() throws {
    let golden = try Fixture.load("circuit_q").at("expected")
    let x = parameter(-2, "x")
    let y = parameter(5, "y")
    let z = parameter(-4, "z")
    let q = try x + y
    q.name = "q"
    let f = try q * z
    f.name = "f"
    let sweep = try ReverseSweep(of: f, by: [x, y, z])
    for node in [x, y, z, q, f] {
      let name = try #require(node.name)
      let expected = try golden.at(name)
      #expect(node.value?.number == (try expected.at("value").number()))
      #expect(sweep.adjoint(of: node)?.value?.number == (try expected.at("grad").number()))
      #expect(sweep.adjoint(of: node)?.name == "∂f/∂\(name)")
      for (index, local) in try expected.at("local").numbers().enumerated() {
        #expect(try gradients(of: node, by: [node.inputs[index]])[0].value?.number == local)
      }
    }
  }

  @Test("The sigmoid circuit agrees gate by gate and as one gate")
  func circuitSigmoid() throws {
    let fixture = try Fixture.load("circuit_sigmoid")
    let golden = try fixture.at("expected")
    let at = try fixture.at("setup", "at")
    var leaves: [Node] = []
    for name in ["w0", "x0", "w1", "x1", "w2"] {
      leaves.append(parameter(try at.at(name).number(), name))
    }
    let p0 = try leaves[0] * leaves[1]
    let p1 = try leaves[2] * leaves[3]
    let s01 = try p0 + p1
    let s = try s01 + leaves[4]
    let n = try -s
    let e = try n.applying(.exp)
    let d = try 1 + e
    let f = try 1 / d
    let names = ["p0", "p1", "s01", "s", "n", "e", "d", "f"]
    for (node, name) in zip([p0, p1, s01, s, n, e, d, f], names) { node.name = name }
    let sweep = try ReverseSweep(of: f, by: leaves)
    for node in sweep.path {
      let expected = try golden.at(try #require(node.name))
      expectClose([try #require(node.value?.number)], [try expected.at("value").number()])
      let adjoint = try #require(sweep.adjoint(of: node)?.value?.number)
      expectClose([adjoint], [try expected.at("grad").number()])
    }
    let gate = try s.applying(.sigmoid)
    let local = try gradients(of: gate, by: [s])[0]
    expectClose(
      [try #require(local.value?.number)],
      [try golden.at("sigmoid_gate_shortcut", "local").number()])
    #expect(local.name == "sigmoid'(s)")
  }

  @Test("The table of local derivatives holds")
  func derivativeRules() throws {
    let golden = try Fixture.load("derivative_rules").at("expected")
    let functions: [(String, (Node) throws -> Node)] = [
      ("exp", { try $0.applying(.exp) }), ("reciprocal", { try 1 / $0 }),
      ("scale a=3", { try 3 * $0 }), ("shift c=2", { try 2 + $0 }),
    ]
    for (name, function) in functions {
      let table = try golden.at(name)
      #expect(table.keys.count == 3)
      for key in table.keys {
        let x = parameter(try #require(Double(key)), "x")
        let y = try function(x)
        let slope = try gradients(of: y, by: [x])[0]
        expectClose(
          [y, slope].compactMap { $0.value?.number }, try table.at(key).numbers(), name)
      }
    }
    let chain = try golden.at("chain f(u)=u^2, u=3x+1, x=2")
    let x = parameter(2, "x")
    let u = try 3 * x + 1
    let z = try Node.apply(.power, to: [u, 2])
    let sweep = try ReverseSweep(of: z, by: [x, u])
    let found = [u, z, sweep.adjoint(of: u), sweep.adjoint(of: x)].compactMap { $0?.value?.number }
    #expect(found == (try ["u", "z", "dz_du", "dz_dx"].map { try chain.at($0).number() }))
  }

  @Test("The partial derivatives of x² + xy + y² are 2x + y and x + 2y")
  func partials() throws {
    for point in try Fixture.load("partials_quadratic").at("expected", "at").list() {
      let x = parameter(try point.at("x").number(), "x")
      let y = parameter(try point.at("y").number(), "y")
      let f = try Node.apply(.power, to: [x, 2]) + x * y + Node.apply(.power, to: [y, 2])
      let found = try [f] + gradients(of: f, by: [x, y])
      expectClose(
        found.compactMap { $0.value?.number },
        try ["f", "df_dx", "df_dy"].map { try point.at($0).number() })
    }
  }

  @Test("Activations and their slopes have the lecture's values, in a program too")
  func activations() throws {
    let fixture = try Fixture.load("activations")
    let points = try fixture.at("setup", "x").numbers()
    let table: [(String, Primitive)] = [
      ("linear", .identity), ("step", .step), ("sign", .sign), ("clipped", .clip()),
      ("piecewise(-1,1)", .clip(low: -1, high: 1)), ("sigmoid", .sigmoid), ("tanh", .tanh),
      ("tanh_half", .tanhHalf), ("relu", .relu), ("leaky_relu(0.1)", .leaky()),
    ]
    for (name, primitive) in table {
      let golden = try fixture.at("expected", name)
      let f = try golden.at("f").numbers()
      let slopes = try golden.at("df").numbers()
      func outputs(_ x: Node) throws -> [Node] {
        let y = try x.applying(primitive)
        return try [y] + gradients(of: y.applying(.sum()), by: [x])
      }
      let eager = try outputs(.parameter(Tensor(vector: points), name: nil))
      let input = Node.input(.vector(points.count), name: nil)
      let program = Program(try outputs(input))
      program.set(input, to: Tensor(vector: points))
      program.run()
      for (position, expected) in [f, slopes].enumerated() {
        let value = try #require(eager[position].value)
        expectClose(value.elements, expected, relative: 4e-15, absolute: 1e-16, name)
        expectClose(
          program.value(position).elements, expected, relative: 4e-15, absolute: 2e-16, name)
      }
    }
    let golden = try fixture.at("expected", "prelu(0.25)")
    let x = Node.parameter(Tensor(vector: points), name: "x")
    let alpha = Node.parameter(Tensor(repeating: 0.25, shape: x.shape), name: "alpha")
    let y = try Node.apply(.prelu, to: [x, alpha])
    let found = try [y] + gradients(of: y.applying(.sum()), by: [x, alpha])
    for (node, key) in zip(found, ["f", "df", "df_dalpha"]) {
      expectClose(try #require(node.value).elements, try golden.at(key).numbers(), key)
    }
  }

  @Test("Softmax, its Jacobian and the cross-entropy agree, far from zero as well")
  func softmax() throws {
    let fixture = try Fixture.load("softmax")
    for name in try fixture.at("setup", "net").keys {
      let net = Tensor(vector: try fixture.at("setup", "net", name).numbers())
      let golden = try fixture.at("expected", name)
      let z = Node.parameter(net, name: "z")
      let y = try z.applying(.softmax)
      let close = { (got: [Double], expected: [Double], what: String) in
        expectClose(got, expected, relative: 1e-14, absolute: 2e-16, what)
      }
      close(try #require(y.value).elements, try golden.at("y").numbers(), name)
      close(
        [try #require(z.applying(.logSumExp).value?.number)],
        [try golden.at("logsumexp").number()], name)
      let rows = try golden.at("jacobian").list()
      let losses = try golden.at("cce_if_class").numbers()
      for index in losses.indices {
        var target = Tensor(repeating: 0, shape: net.shape)
        target.elements[index] = 1
        let t = Node.constant(target)
        let row = try gradients(of: (y * t).applying(.sum()), by: [z])[0]
        close(try #require(row.value).elements, try rows[index].numbers(), "jacobian of \(name)")
        let loss = try Node.apply(.crossEntropy, to: [z, t])
        close([try #require(loss.value?.number)], [losses[index]], "loss of \(name)")
        if index == 0 {
          let delta = try gradients(of: loss, by: [z])[0]
          close(
            try #require(delta.value).elements, try golden.at("delta_if_class_0").numbers(), name)
        }
      }
    }
  }
}
