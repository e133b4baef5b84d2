import Differentiation
import GoldenNumbers
import Testing

@testable import Learning

/// An optimizer is a graph; kernels only carry it out faster.
@Suite struct OptimizerGraphTests {
  /// Numbers between -1 and 1 that look like no pattern.
  private static func tensor(_ shape: Shape, _ label: String) -> Tensor {
    var random = RandomSource(seed: 5, stream: label)
    return Tensor(shape, (0..<shape.count).map { _ in random.uniform(from: -1, to: 1) })
  }

  /// A matrix that is kept transposed and longer than a block, a vector and a number.
  private static let shapes: [Shape] = [.matrix(40, 37), .vector(40), .scalar]

  private static func parameters() -> [Node] {
    shapes.enumerated().map { Node.parameter(tensor($1, "p\($0)"), name: "p\($0)") }
  }

  /// Steps on six rows; the gradients of all parameters differ from step to step.
  private static func loop(
    _ parameters: [Node], _ rule: UpdateRule, _ precision: Precision
  ) throws -> TrainingLoop {
    let data = [tensor(.matrix(6, 37), "x"), tensor(.matrix(6, 40), "t")]
    return try TrainingLoop(
      trainable: parameters, data: data, rule: rule, precision: precision, batch: 2
    ) { rows throws(DifferentiationError) in
      let x = Node.input(.matrix(rows, 37), name: "x")
      let t = Node.input(.matrix(rows, 40), name: "t")
      let loss: Node
      do throws(ShapeError) {
        let hidden = try (x.product(parameters[0].transposed()) + parameters[1]).applying(.tanh)
        loss = try (hidden * parameters[2] - t).applying(.square).applying(.sum())
      } catch {
        throw .shape(error)
      }
      return TrainingLoop.Graph(
        inputs: [x, t], loss: loss, gradients: try gradients(of: loss, by: parameters))
    }
  }

  private static let variants:
    [(name: String, settings: [(name: String, value: Parameter.Value)])] =
      Optimizer.all.map { ($0.name, []) }
      + Optimizer.all.map { ($0.name, [("weight_decay", .number(0.3))]) }
      + [
        ("momentum", [("dampening", .number(0.25)), ("weight_decay", .number(0.1))]),
        ("nesterov", [("momentum", .number(0.4))]), ("adamw", [("weight_decay", .number(0))]),
        ("adam", [("beta1", .number(0.5)), ("beta2", .number(0.7)), ("eps", .number(0.1))]),
      ]

  /// Parameters far from 0, and gradients of their sign in every step, so that nothing cancels.
  private static func smoothLoop(
    _ parameters: [Node], _ rule: UpdateRule, _ precision: Precision
  ) throws -> TrainingLoop {
    let data = tensor(.vector(12), "factors")
    return try TrainingLoop(
      trainable: parameters, data: [data], rule: rule, precision: precision, batch: 1
    ) { rows throws(DifferentiationError) in
      let x = Node.input(.vector(rows), name: "x")
      do throws(ShapeError) {
        let factor = try x.applying(.sum()).applying(.square) + 0.1
        var gradients: [Node] = []
        for node in parameters { gradients.append(try (factor + node.applying(.square)) * node) }
        return TrainingLoop.Graph(inputs: [x], loss: factor, gradients: gradients)
      } catch {
        throw .shape(error)
      }
    }
  }

  /// Each step begins with the same numbers in both. The kernels fuse products and sums, so that a
  /// parameter may differ by two units in the last place, and a square by twice as many.
  @Test(arguments: variants.indices, Precision.allCases)
  func `the kernel of a built-in optimizer does what its graph says`(
    _ variant: Int, _ precision: Precision
  ) throws {
    let (name, settings) = Self.variants[variant]
    let optimizer = try Optimizer.required(name, as: .option("optimizer"))
      .configured(named: settings)
    let rule = try optimizer.update(for: Self.shapes)
    guard case .kernel = rule else { return }
    let parameters = Self.shapes.enumerated().map { place, shape in
      var value = Self.tensor(shape, "p\(place)")
      value.elements = value.elements.map { $0 < 0 ? $0 - 0.5 : $0 + 0.5 }
      return Node.parameter(value, name: "p\(place)")
    }
    let fast = try Self.smoothLoop(parameters, rule, precision)
    let slow = try Self.smoothLoop(parameters, optimizer.graphs(for: Self.shapes), precision)
    func numbers(of loop: TrainingLoop) throws -> [[Double]] {
      let values = try parameters.map { try #require(loop.parameters.value(of: $0)).elements }
      let states = parameters.map { loop.parameters.state(of: $0).map(\.elements) }
      #expect(states.allSatisfy { $0.count == optimizer.states.count })
      return [values.flatMap { $0 }, states.flatMap { $0.flatMap { $0 } }]
    }
    for step in 0..<7 {
      for node in parameters {
        slow.parameters.set(node, to: try #require(fast.parameters.value(of: node)))
        slow.parameters.setState(of: node, to: fast.parameters.state(of: node))
      }
      let before = try numbers(of: fast)
      for loop in [fast, slow] { _ = try loop.runEpoch(order: [Int32(step)], batch: 1, rate: 0.01) }
      let (a, b) = (try numbers(of: fast), try numbers(of: slow))
      for (kind, limit) in [2.0, 4.0].enumerated() {
        for index in a[kind].indices {
          let (fast, slow) = (a[kind][index], b[kind][index])
          let size = max(abs(before[kind][index]), abs(fast))
          let unit = precision == .float64 ? size.ulp : Double(Float(size).ulp)
          // Also false for what is no number.
          guard abs(fast - slow) <= limit * unit else {
            Issue.record("\(optimizer.title), step \(step + 1): \(fast), not \(slow)")
            break
          }
        }
      }
      #expect(a != before)
    }
  }

  /// Three arrays, of which one does not begin at 0, and numbers that the step decides.
  private static func averaging(isWhole: Bool) -> Optimizer {
    Optimizer(
      written: "averaging", rate: 0.1, settings: [.number("share", 0.7, "A share.")],
      states: ["m", .init("s", from: 1.5), "count"]
    ) { x in
      let size = isWhole ? try x.g.applying(.norm) : try x.g.applying(.abs)
      let m = try x["share"] * x["m"] + x.g
      let s = try x["s"] + size
      let factor = try x.lr / x.step.applying(.sqrt)
      return [
        "w": try x.w - factor * m / s, "m": m, "s": s, "count": try x["count"] + 1,
      ]
    }
  }

  @Test(arguments: [false, true], Precision.allCases)
  func `any rule with any number of arrays is carried out for each parameter`(
    _ isWhole: Bool, _ precision: Precision
  ) throws {
    let optimizer = Self.averaging(isWhole: isWhole)
    let parameters = Self.parameters()
    #expect(try optimizer.graph(for: .vector(3)).isElementwise == !isWhole)
    let loop = try Self.loop(parameters, optimizer.update(for: Self.shapes), precision)
    var values = parameters.map { $0.value?.elements ?? [] }
    var m = values.map { $0.map { _ in 0.0 } }
    var s = values.map { $0.map { _ in 1.5 } }
    for step in 1...5 {
      _ = try loop.runEpoch(order: [Int32(step) - 1, Int32(step)], batch: 2, rate: 0.2)
      for (place, node) in parameters.enumerated() {
        let g = try #require(loop.parameters.gradient(of: node)).elements
        let norm = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for index in g.indices {
          m[place][index] = 0.7 * m[place][index] + g[index]
          s[place][index] += isWhole ? norm : abs(g[index])
          values[place][index] -=
            0.2 / Double(step).squareRoot() * m[place][index] / s[place][index]
        }
        let tolerance = precision == .float64 ? 1e-13 : 1e-5
        expectClose(
          try #require(loop.parameters.value(of: node)).elements, values[place],
          relative: tolerance, absolute: tolerance)
        let state = loop.parameters.state(of: node)
        expectClose(state[0].elements, m[place], relative: tolerance, absolute: tolerance)
        expectClose(state[1].elements, s[place], relative: tolerance, absolute: tolerance)
        #expect(state[2].elements.allSatisfy { $0 == Double(step) })
      }
      #expect(loop.parameters.isFinite)
    }
  }

  /// A rule may look at the shape: then parameters do not share a program.
  @Test func `matrices and vectors may have different rules`() throws {
    let optimizer = Optimizer(written: "by_shape", rate: 0.1, settings: [], states: []) { x in
      ["w": x.w.shape.rank == 2 ? try x.w - x.lr * x.g : try x.w - x.lr * x.g * 3]
    }
    let parameters = Self.parameters()
    let loop = try Self.loop(parameters, optimizer.update(for: Self.shapes), .float64)
    _ = try loop.runEpoch(order: [0, 1], batch: 2, rate: 0.2)
    for node in parameters {
      let gradient = try #require(loop.parameters.gradient(of: node)).elements
      let before = try #require(node.value).elements
      let factor = node.shape.rank == 2 ? 0.2 : 0.2 * 3
      expectClose(
        try #require(loop.parameters.value(of: node)).elements,
        zip(before, gradient).map { $0 - factor * $1 }, relative: 1e-13, absolute: 1e-15)
    }
  }

  @Test func `what lies between the parameters does not count as a value`() throws {
    // 0/0 where there is neither parameter nor gradient.
    let optimizer = Optimizer(written: "normed", rate: 0.1, settings: [], states: ["s"]) { x in
      let s = try x["s"] + x.g.applying(.square)
      return ["w": try x.w - x.lr * x.g / s.applying(.sqrt), "s": s]
    }
    let loop = try Self.loop(Self.parameters(), optimizer.update(for: Self.shapes), .float64)
    _ = try loop.runEpoch(order: [0, 1], batch: 2, rate: 0.2)
    #expect(loop.parameters.isFinite)
  }

  @Test func `a rule that changes shapes is refused`() throws {
    let shrinking = Optimizer(written: "f", rate: 0.1, settings: [], states: []) { x in
      ["w": try x.w.applying(.sum())]
    }
    let error = #expect(throws: LearningError.self) { try shrinking.graph(for: .matrix(2, 3)) }
    #expect(
      error?.message
        == "the optimizer f changes shapes: the next w is a number, and w is a 2×3 matrix")
    let joining = Optimizer(written: "f", rate: 0.1, settings: [], states: ["m"]) { x in
      ["w": x.w, "m": try x["m"].product(x.g.transposed())]
    }
    #expect(throws: LearningError.self) { try joining.graph(for: .matrix(2, 3)) }
  }

  @Test func `plain descent is known by its graph`() throws {
    let plain = Optimizer.all.filter(\.isPlainDescent).map(\.name)
    #expect(plain == ["sgd"])
    #expect(
      try !Optimizer.standard.configured(named: [("weight_decay", .number(0.1))]).isPlainDescent)
    for isSwapped in [false, true] {
      let own = Optimizer(written: "own", rate: 0.1, settings: [], states: []) { x in
        ["w": try x.w - (isSwapped ? x.g * x.lr : x.lr * x.g)]
      }
      #expect(own.isPlainDescent)
    }
    let ascent = Optimizer(written: "up", rate: 0.1, settings: [], states: []) { x in
      ["w": try x.w + x.lr * x.g]
    }
    #expect(!ascent.isPlainDescent)
  }

  @Test func `the identity of a user's rule tells what it computes, not how it is written`() {
    func own(_ factor: Double, named name: String = "own", isNamed: Bool = false) -> Optimizer {
      Optimizer(written: name, rate: 0.1, settings: [], states: []) { x in
        let change = try x.g * Node(number: factor)
        if isNamed { change.name = "change" }
        return ["w": try x.w - x.lr * change]
      }
    }
    #expect(own(2).identity == own(2, isNamed: true).identity)
    #expect(own(2).identity != own(3).identity)
    #expect(own(2).identity != own(2, named: "other").identity)
    // Checkpoints of before know the built-in ones by their titles.
    for optimizer in Optimizer.all { #expect(optimizer.identity == optimizer.name) }
  }

  @Test(arguments: Precision.allCases)
  func `a user's rule goes on from a checkpoint with the same bits, and another one is refused`(
    _ precision: Precision
  ) throws {
    let data = try dataSet("moons", ("n", .number(40)))
    func fresh() throws -> Network {
      try net([2, 8, 1], "tanh", "sigmoid", precision: precision)
    }
    for isWhole in [false, true] {
      var options = TrainingOptions(optimizer: Self.averaging(isWhole: isWhole))
      options.epochs = 6
      options.batch = .rows(7)
      options.clip = 1
      options.frozen = ["b1"]
      var states: [TrainingState] = []
      options.checkpoint = { states.append($1()) }
      let whole = try fresh()
      _ = try train(whole, on: data, options)
      #expect(states[2].memories.allSatisfy { $0.count == 3 })
      options.checkpoint = nil
      options.resumed = states[2]
      let continued = try fresh()
      _ = try train(continued, on: data, options)
      #expect(continued.numbers == whole.numbers)
      options.optimizer = Self.averaging(isWhole: !isWhole)
      let other = options
      #expect(throws: LearningError.self) { try train(fresh(), on: data, other) }
    }
  }
}
