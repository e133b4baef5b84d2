import Differentiation
import Interchange
import Learning
import Testing

@testable import Interchange

@Suite("Programs and models from the graphs of activations and losses")
struct ProgramTests {
  /// A net of one layer of three units with an activation that applies a primitive.
  private static func network(
    _ name: String = "own", loss: Loss? = nil, precision: Precision = .float64,
    _ rule: @escaping @Sendable (_ z: Node) throws(ShapeError) -> Node
  ) throws -> Network {
    var options = Network.Options()
    options.loss = loss
    options.precision = precision
    let own = Activation(
      name, "For a test.", formula: "x", range: -Double.infinity...Double.infinity
    ) { _, z, _ throws(ShapeError) in try rule(z) }
    return try Network(sizes: [2, 3], activations: [own], options: options)
  }

  /// As if a user had written it: a function of the vector of one sample.
  private static func custom(
    loss: Loss? = nil, _ function: @escaping (_ z: Node) throws -> Node
  ) throws -> Network {
    var options = Network.Options()
    options.loss = loss
    return try Network(
      sizes: [2, 3],
      activations: [
        Activation(userFunction: "own") { z throws(LearningError) in
          do {
            return try function(z)
          } catch let error as ShapeError {
            throw LearningError(error)
          } catch {
            throw .ofCaller
          }
        }
      ], options: options)
  }

  /// What writes a net in every language, ONNX with both precisions.
  private static let writers: [(language: String, write: @Sendable (Network) throws -> Void)] =
    ExportedProgram.allCases.map { program in
      (program.rawValue, { _ = try program.text($0) })
    }
    + Precision.allCases.map { precision in
      ("onnx \(precision)", { _ = try ONNXWriter.bytes($0, precision: precision) })
    }

  /// A primitive of three net inputs, with as many operands as it takes; nil where it does not
  /// take a row.
  private static func apply(_ primitive: Primitive, _ z: Node) throws(ShapeError) -> Node {
    if primitive === Primitive.matmul {
      return try z.product(.constant(Tensor(.matrix(3, 3), [1, 2, 3, 4, 5, 6, 7, 8, 9])))
    }
    let operands = [z, try z * 0.5, try 1 - z].prefix(primitive.arity)
    return try Node.apply(primitive, to: Array(operands))
  }

  @Test(
    "every primitive that can stand in an activation is written in every language",
    arguments: Primitive.all)
  func everyPrimitive(primitive: Primitive) throws {
    // The others look at more than one sample, or need other operands than a row.
    let byRow: [Primitive] = [
      .choose, .softmax, .logSumExp, .crossEntropy, .matmul, .sum(axis: .columns),
      .mean(axis: .columns), .max(axis: .columns), .min(axis: .columns),
    ]
    let isWritten = primitive.scalar != nil || byRow.contains { $0 === primitive }
    let network = try Self.network { z throws(ShapeError) in
      let value = try Self.apply(primitive, z)
      return try value.shape == z.shape
        ? value : z * value.reshaped(.matrix(1, value.shape.count))
    }
    for writer in Self.writers {
      if isWritten {
        #expect(throws: Never.self, "\(writer.language)") { try writer.write(network) }
      } else {
        // By the shape of its operands, or by name.
        #expect(throws: (any Error).self, "\(writer.language)") { try writer.write(network) }
      }
    }
  }

  @Test("parts of rows and repeated columns, as batching makes them, are written in every language")
  func rowsOfUserFunctions() throws {
    let net = try Self.custom { z in
      let picked = try z.applying(.slice([2, 0, 0], of: .vector(3), as: .vector(3)))
      let first = try z.applying(.slice([1], of: .vector(3), as: .scalar))
      return try picked * first.broadcast(to: .vector(3)).applying(.softmax)
    }
    for writer in Self.writers {
      #expect(throws: Never.self, "\(writer.language)") { try writer.write(net) }
    }
    let numpy = try ExportedProgram.numpy.text(net)
    #expect(numpy.contains("z[:, [2, 0, 0]]"))
    #expect(numpy.contains("np.repeat(v1, 3, axis=1)"))
    #expect(try ExportedProgram.c.text(net).contains("static const int k1[] = {2, 0, 0};"))
  }

  @Test("an unknown primitive is an error that names it, in every language")
  func unknownPrimitive() throws {
    let net = try Self.network { z throws(ShapeError) in try z * z.applying(.norm) }
    for writer in Self.writers {
      let error = #expect(throws: FormatError.self, "\(writer.language)") { try writer.write(net) }
      #expect(error?.message.contains("norm, which the activation own uses") == true)
    }
  }

  @Test("an activation of the catalog is written in every language", arguments: Precision.allCases)
  func catalog(precision: Precision) throws {
    for activation in Activation.all {
      var options = Network.Options()
      options.precision = precision
      let net = try Network(sizes: [2, 3], activations: [activation], options: options)
      for writer in Self.writers {
        #expect(throws: Never.self, "\(activation.name) \(writer.language)") {
          try writer.write(net)
        }
      }
    }
  }

  @Test("a loss of the catalog is written for the frameworks that train")
  func catalogLosses() throws {
    for loss in Loss.all {
      var options = Network.Options()
      options.loss = loss
      let output =
        loss.outputRequirement == .signedScores
        ? "linear"
        : loss.outputRequirement == .distribution ? "softmax" : "sigmoid"
      let net = try Network(
        sizes: [2, 3], activations: [try .required(output, as: .sizes)], options: options)
      #expect(try ExportedProgram.pytorch.text(net).contains("def loss(y, t):"))
      #expect(try ExportedProgram.keras.text(net).contains("def loss(t, y):"))
    }
  }

  @Test("a user's activation is text of NumPy and C, shared parts named")
  func userActivation() throws {
    let soft = try Self.custom { z in try z / (1 + z.applying(.abs)) }
    #expect(try ExportedProgram.numpy.text(soft).contains("    a = z / (1.0 + np.abs(z))\n"))
    #expect(
      try ExportedProgram.c.text(soft).contains(
        "  for (int i = 0; i < 3; i++) a[i] = z[i] / (1.0 + fabs(z[i]));\n"))

    let shares = try Self.custom { z in
      let powers = try z.applying(.exp)
      return try powers / powers.applying(.sum())
    }
    #expect(
      try ExportedProgram.numpy.text(shares).contains(
        """
            v1 = np.exp(z)
            v2 = v1.sum(axis=1, keepdims=True)
            a = v1 / v2

        """))
    #expect(
      try ExportedProgram.c.text(shares).contains(
        """
          {
            double v1[3];
            for (int i = 0; i < 3; i++) v1[i] = exp(z[i]);
            double v2[1];
            v2[0] = sum_of(3, v1);
            for (int i = 0; i < 3; i++) a[i] = v1[i] / v2[0];
          }

        """))
    #expect(try ExportedProgram.c.text(shares).contains("static double sum_of("))
    #expect(!(try ExportedProgram.c.text(soft).contains("sum_of")))

    let pieces = try Self.custom { z in
      let isLarge = try Node.apply(.greater, to: [z, 1])
      return try Node.apply(.choose, to: [isLarge, z, -z]) + isLarge
    }
    #expect(
      try ExportedProgram.numpy.text(pieces).contains(
        """
            v1 = np.where(z > 1.0, 1.0, 0.0)
            a = np.where(v1 != 0, z, -z) + v1

        """))
  }

  @Test("a constant of a user's function is an array of the program; one with nan or inf too")
  func constants() throws {
    let net = try Self.custom { z in
      try z * Node.constant(Tensor(vector: [1, -2, .infinity])) + Node(number: -.infinity)
    }
    let texts: [ExportedProgram: String] = [
      .numpy: "c1 = np.array([[1.0, -2.0, float(\"inf\")]])",
      .pytorch: "c1 = torch.tensor([[1.0, -2.0, float(\"inf\")]], dtype=DTYPE)",
      .keras: "c1 = ops.convert_to_tensor(np.array([[1.0, -2.0, float(\"inf\")]]), FLOAT)",
      .c: "static const double c1[] = {1.0, -2.0, INFINITY};",
    ]
    for (program, text) in texts { #expect(try program.text(net).contains(text), "\(program)") }
    #expect(try ExportedProgram.c.text(net).contains("(z[i] * c1[i]) + (-INFINITY)"))
    #expect(try ExportedProgram.numpy.text(net).contains("(z * c1) + float(\"-inf\")"))
  }

  @Test("layers of the frameworks come from the rows of primitives")
  func nativeLayers() throws {
    func net(_ names: [String]) throws -> Network {
      try Network(
        sizes: [2] + names.map { _ in 3 }, activations: names.map { try .required($0, as: .sizes) })
    }
    let torch = try ExportedProgram.pytorch.text(try net(["leaky", "prelu", "linear", "softmax"]))
    for module in ["nn.LeakyReLU(0.1)", "nn.PReLU()", "nn.Softmax(dim=-1)"] {
      #expect(torch.contains(module))
    }
    #expect(!torch.contains("class Activation"))
    let keras = try ExportedProgram.keras.text(try net(["tanh", "prelu", "leaky"]))
    #expect(keras.contains("keras.layers.Dense(3, activation=\"tanh\")"))
    #expect(keras.contains("keras.layers.PReLU(shared_axes=[1])"))
    // Its own has constants of float32.
    #expect(!keras.contains("LeakyReLU"))
  }

  @Test("jumps keep the derivative that they are trained with")
  func surrogates() throws {
    for name in ["step", "sign"] {
      let net = try Network(sizes: [2, 1], activations: [.required(name, as: .sizes)])
      #expect(try ExportedProgram.pytorch.text(net).contains("+ (z - z.detach())"))
      #expect(try ExportedProgram.keras.text(net).contains("+ (z - ops.stop_gradient(z))"))
    }
  }

  @Test("a learned slope belongs to the layer, whatever the activation does with it")
  func learnedSlope() throws {
    let swish = Activation(
      "bent", "For a test.", formula: "x*sigmoid(slope*x)",
      range: -Double.infinity...Double.infinity, [.learnedSlope],
      settings: [.number("slope", 1, "The slope to start with.")]
    ) { settings, z, slope throws(ShapeError) in
      try z * (z * (slope ?? Node(number: settings.number("slope")))).applying(.sigmoid)
    }
    let net = try Network(sizes: [2, 3], activations: [swish])
    let torch = try ExportedProgram.pytorch.text(net)
    #expect(torch.contains("return z * torch.sigmoid(z * slope)"))
    #expect(torch.contains("Activation(activation1, has_slope=True)"))
    #expect(torch.contains("\"1.weight\": torch.as_tensor(np.atleast_1d(slope1), dtype=DTYPE)"))
    #expect(try ExportedProgram.keras.text(net).contains("Slope(activation1)"))
    #expect(try ExportedProgram.c.text(net).contains("= z[i] * slope1[0]"))
    #expect(try ExportedProgram.numpy.text(net).contains("z * slope1"))
  }

  @Test("a user's loss is what the frameworks train with")
  func userLoss() throws {
    let quartic = Loss(userFunction: "quartic") { y, t throws(LearningError) in
      try building { () throws(ShapeError) in
        try (y - t).applying(.square).applying(.square).applying(.sum())
      }
    }
    let net = try Self.custom(loss: quartic) { z in try z.applying(.tanh) }
    #expect(
      try ExportedProgram.pytorch.text(net).contains(
        """
        def loss(y, t):
            "Computes the loss quartic."
            v1 = torch.square(torch.square(y - t))
            return v1.sum(dim=1, keepdim=True)[:, 0]
        """))
    #expect(
      try ExportedProgram.keras.text(net).contains(
        """
        def loss(t, y):
            "Computes the loss quartic."
            v1 = ops.square(ops.square(y - t))
            return ops.sum(v1, axis=1, keepdims=True)[:, 0]
        """))
    let constant = Loss(userFunction: "nothing") { y, _ in 3 }
    let useless = try Self.custom(loss: constant) { $0 }
    for program in [ExportedProgram.pytorch, .keras] {
      #expect(throws: FormatError.self) { try program.text(useless) }
    }
  }

  @Test func `units are left out behind the hidden layers, and the arrays keep their modules`()
    throws
  {
    var options = Network.Options()
    options.dropout = 0.25
    let net = try Network(
      sizes: [2, 3, 4, 1],
      activations: try ["prelu", "linear", "sigmoid"].map {
        try Activation.required($0, as: .activation(1))
      }, options: options)
    let torch = try ExportedProgram.pytorch.text(net)
    #expect(
      torch.contains(
        """
            net = nn.Sequential(
                nn.Linear(2, 3),
                nn.PReLU(),
                nn.Dropout(0.25),
                nn.Linear(3, 4),
                nn.Dropout(0.25),
                nn.Linear(4, 1),
                nn.Sigmoid(),
            )
        """))
    for name in ["0.weight", "1.weight", "3.weight", "5.bias"] {
      #expect(torch.contains("\"\(name)\": torch.as_tensor("))
    }
    #expect(torch.contains("net.eval()") && torch.contains("net.train()"))
    let keras = try ExportedProgram.keras.text(net)
    let layers = keras.split(separator: "\n").map { $0.drop { $0 == " " } }
      .filter { $0.hasPrefix("keras.layers.") }.map { $0.dropFirst("keras.layers.".count) }
      .map { $0.prefix { $0 != "(" } }
    #expect(
      layers.filter { $0 != "Input" } == [
        "Dense", "PReLU", "Dropout", "Dense", "Dropout", "Dense",
      ])
    // Keras leaves units out only where it is told that it trains.
    #expect(keras.contains("keras.layers.Dropout(0.25)") && !keras.contains("training=True"))
    #expect(!torch.contains("Left out"))
    // What only answers has no such step.
    let onnx = String(decoding: try ONNXWriter.bytes(net), as: UTF8.self)
    #expect(onnx.contains("MatMul") || onnx.contains("Gemm"))
    #expect(!onnx.contains("Dropout"))
  }

  @Test("an activation of the user that fails is told from one that cannot be written")
  func failingFunction() throws {
    struct Wrong: Error {}
    let net = try Self.custom { _ in throw Wrong() }
    for writer in Self.writers {
      let error = #expect(throws: FormatError.self) { try writer.write(net) }
      #expect(error?.cause == .ofCaller, "\(writer.language)")
    }
  }

  // MARK: Expansions

  private static let points = [
    -40, -3, -1, -0.75, -0.5, -1e-9, 0, 1e-9, 0.25, 0.5, 0.99, 1, 2.5, 7, 40,
  ]

  @Test(
    "an expansion computes what its primitive does",
    arguments: PrimitiveRow.all.filter { $0.expansion != nil }.map { $0.primitive })
  func expansion(primitive: Primitive) throws {
    let expansion = try #require(PrimitiveRow.row(of: primitive)?.expansion)
    let isArc = [Primitive.asin, .acos].contains { $0 === primitive }
    let isPositive = [Primitive.log2, .log10].contains { $0 === primitive }
    let domain = Self.points.filter { isArc ? abs($0) <= 1 : !isPositive || $0 > 0 }
    let count = domain.count
    let x = Tensor(.matrix(1, count), domain)
    let other = Tensor(.matrix(1, count), domain.reversed().map { abs($0) / 3 })
    let tensors = Array(
      [x, primitive === Primitive.prelu ? Tensor(0.3) : other].prefix(primitive.arity))
    let expected = try primitive.evaluate(tensors)
    let inputs = tensors.map { Node.constant($0) }
    let found = try #require(try expansion(primitive, inputs).value)
    #expect(found.shape == expected.shape)
    for (a, b) in zip(found.elements, expected.elements) {
      // The hyperbolic functions of 40 are large; the tangent of 40 is off by a few of its digits.
      #expect(
        abs(a - b) <= 2e-15 * max(1, abs(b)) * (primitive === Primitive.tan ? 8 : 1), "\(a) \(b)")
    }
  }

  @Test("an expansion keeps nan, and the largest of what is infinite")
  func extremeExpansions() throws {
    for row in PrimitiveRow.all where row.kind == .elementwise && row.primitive.arity == 1 {
      guard let expansion = row.expansion else { continue }
      let value = try expansion(row.primitive, [Node(number: .nan)]).value?.number
      let isJump = ["step", "sign", "leaky'", "clip'"].contains(row.primitive.name)
      #expect(isJump || value?.isNaN == true, "\(row.primitive.name)")
    }
    let infinite = Tensor(.matrix(1, 2), [1, .infinity])
    let sum = try PrimitiveRow.logSumExp(.logSumExp, [.constant(infinite)]).value
    #expect(sum?.elements == [.infinity])
  }
}
