import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let networkFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "mlp", .nets,
      "Builds a multi-layer perceptron: sizes, then one activation for all layers, hidden and output, or one a layer.",
      parameters: [
        sizes.parameter, initializer.parameter, bias.parameter, seed.parameter,
        netLoss.parameter, netReduction.parameter, precision.parameter, dropout.parameter,
      ],
      rest: Parameter("activation", .choice(.activation), "One or more activations."),
      examples: [.init("net = mlp [2,20,1] relu sigmoid; print net.count", prints: "81")]
    ) { arguments throws(Failure) in
      var counts: [Int] = []
      for number in try arguments(sizes).elements {
        guard let count = Int(exactly: number) else {
          throw Failure(
            "sizes are whole numbers", at: arguments.range(of: sizes), label: briefText(number))
        }
        counts.append(count)
      }
      let activations = arguments.rest.compactMap { argument -> Activation? in
        switch argument.value {
        case .choice(.activation(let activation)): activation
        case .function(let function):
          arguments.runtime.activation(function, at: argument.range)
        default: nil
        }
      }
      guard !activations.isEmpty else {
        throw Failure(
          "mlp needs an activation", at: arguments.range,
          help: [
            "mlp [2,20,1] relu sigmoid",
            "choose from \(Choice.Kind.activation.names.joined(separator: ", "))",
          ])
      }
      let options = try options(arguments)
      let network = try arguments.mappingErrors(
        Network(sizes: counts, activations: activations, options: options))
      if let own = arguments.rest.first(where: { $0.value.isFunction }) {
        try tryOut(network, own, arguments)
      }
      return .network(network)
    },
    BuiltinFunction(
      "sequential", .nets,
      "One net of the layers of several, one after the other, with copies of their weights.",
      rest: Parameter("nets", .network, "Nets, each of which takes what the one before gives."),
      examples: [
        .init(
          "net = sequential (mlp [2,20] relu) (mlp [20,1] sigmoid); print net",
          prints: "mlp [2, 20, 1] relu sigmoid")
      ]
    ) { arguments throws(Failure) in
      let nets = arguments.rest.compactMap { argument -> Network? in
        if case .network(let network) = argument.value { network } else { nil }
      }
      return .network(try arguments.mappingErrors(Network.sequential(nets)))
    },
    BuiltinFunction(
      "perceptron", .nets, "The threshold unit of Rosenblatt, with its own learning rule.",
      parameters: [inputs.parameter],
      examples: [.init("u = perceptron [2]; print u.count", prints: "3")]
    ) { arguments throws(Failure) in
      let counts = try arguments(inputs).elements.compactMap { Int(exactly: $0) }
      return .network(try arguments.mappingErrors(Network.perceptron(sizes: counts)))
    },
    BuiltinFunction(
      "copy", .nets, "Another net with the same weights; of other values, the value.",
      parameters: [anything.parameter],
      examples: [
        .init(
          "net = mlp [1,1] linear; other = copy net; other.b1 = [5]; print net.b1", prints: "[0]")
      ]
    ) { arguments throws(Failure) in
      if case .network(let network) = try arguments(anything) { return .network(network.copy()) }
      return try arguments(anything)
    },
    BuiltinFunction(
      "predict", .nets, "What a net answers to a sample or to rows of samples.",
      parameters: [network.parameter, samples.parameter, preparedOption.parameter],
      examples: [
        .init("net = mlp [2,1] linear init=zeros; print predict net [1, 2]", prints: "[0]")
      ]
    ) { arguments throws(Failure) in
      try arguments.runtime.output(
        of: try arguments(network), for: try arguments(samples),
        isPrepared: try arguments.isPrepared(), at: arguments.range(of: samples))
    },
    BuiltinFunction(
      "classify", .nets,
      "The class of a sample or of each row as the training data call it; of several labels a row, the list of them.",
      parameters: [network.parameter, samples.parameter, preparedOption.parameter],
      examples: [
        .init(
          "net = mlp [1,1] step init=constant(1) bias=false; print classify net [[-1],[2]]",
          prints: "[0, 1]")
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let value = try arguments.runtime.prepared(
        try arguments(samples), for: network, isPrepared: try arguments.isPrepared(),
        at: arguments.range(of: samples))
      let rows = value.samples
      guard rows != nil || value.tensor != nil else {
        throw Failure("classify takes samples", at: arguments.range(of: samples), label: value.kind)
      }
      let input = value.tensor ?? Tensor(0)
      let asked = rows ?? arguments.session.lastSamples(of: network)
      let (code, names) = network.answerClasses(on: try arguments.mappingErrors(asked?.telling()))
      let labels = names.map { Value(label: $0) }
      let results: [Value]
      if code.isMultiple {
        let found = try arguments.mappingErrors { () throws(LearningError) in
          if let rows { return try network.labels(rows, as: code) }
          return try network.labels(input, as: code)
        }
        results = found.map { numbers in .list(List(numbers.map { labels[$0 - 1] })) }
      } else {
        let found = try arguments.mappingErrors { () throws(LearningError) in
          if let rows { return try network.classify(rows, as: code) }
          return try network.classify(input, as: code)
        }
        results = found.map { labels[$0 - 1] }
      }
      guard rows != nil || input.shape.rank == 2 || results.count != 1 else { return results[0] }
      // Numbers are a vector, to be compared and counted with.
      let numbers = results.compactMap { if case .number(let number) = $0 { number } else { nil } }
      return numbers.count == results.count
        ? .tensor(Tensor(vector: numbers)) : .list(List(results))
    },
    BuiltinFunction(
      "augmented", .nets, "The weights of a layer with the biases as first column: [b W].",
      parameters: [network.parameter, layer.parameter],
      examples: [
        .init(
          "net = mlp [2,1] linear; net.W1 = [[2, 3]]; net.b1 = [1]; print augmented net 1",
          prints: "1  2  3")
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let number = try arguments(layer)
      return Value(try arguments.mappingErrors(network.augmented(number)))
    },
    BuiltinFunction(
      "collapse", .nets, "One layer that computes the same as several linear ones.",
      parameters: [network.parameter],
      examples: [
        .init("net = mlp [2,3,1] linear; one = collapse net; print one.sizes", prints: "[2, 1]")
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      return .network(try arguments.mappingErrors(network.collapsed()))
    },
    BuiltinFunction(
      "vc_bound", .nets, "The rule of thumb for the generalisation error: parameters / samples.",
      parameters: [network.parameter, optionalData.parameter, preparedOption.parameter],
      examples: [
        .init("net = mlp [2,20,1] relu sigmoid; print vc_bound net circles", prints: "0.81")
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      return .number(network.vcBound(try arguments.data(network, arguments.given(optionalData))))
    },
    BuiltinFunction(
      "multiply_adds", .nets,
      "What a sample costs in the products of matrices: forward, backward, and by nudging every parameter instead.",
      parameters: [network.parameter],
      examples: [
        .init("net = mlp [2,20,1] relu sigmoid; print (multiply_adds net).forward", prints: "60")
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let cost = try arguments.mappingErrors(network.multiplyAdds())
      let rows: [(name: String, count: Int)] = [
        ("forward", cost.forward), ("backward", cost.backward), ("nudging", cost.nudging),
      ]
      return .report(
        .ofTables(
          title: "multiply-adds",
          fields: Record(rows.map { ($0.name, .number(Double($0.count))) })
        ) { _ in
          let table = Table(
            [.init("one sample"), .init("multiply-adds", .right), .init("")],
            rows: [
              ["forward", "\(cost.forward)", "to the loss"],
              ["backward", "\(cost.backward)", "back to all \(cost.parameters) derivatives"],
              ["nudging", "\(cost.nudging)", "a forward pass for each derivative, and one more"],
            ])
          return TextBlocks([.lines(network.title), .table(table)])
        })
    },
  ]

  private static let sizes = Key.vector("sizes", "Inputs, then the units of each layer.")
  private static let inputs = Key.vector("sizes", "The number of inputs: [2].")
  private static let initializer = Key.choice(
    "init", .initializer, .word("auto"), "How the weights start.")
  private static let bias = Key.truth("bias", .truth(true), "Whether units have biases.")
  private static let seed = Key.wholeNumber("seed", .absent, "Where the random weights start.")
  private static let loss = lossOption
  private static let precision = Key.word(
    "dtype", of: ["float64", "float32"], .word("float64"), "The numbers it computes with.")
  private static let dropout = Key.number(
    "dropout", .number(0), from: 0, to: 1,
    "The share of hidden units left out of each training step, and of none when it answers.")
  private static let network = Key.network()
  private static let samples = Key.any("x", "A vector (one sample), a matrix or a data set.")
  private static let optionalData = Key<DataSet>.lastData()
  private static let layer = Key.wholeNumber("layer", in: 1...Int.max, "The layer, from 1.")
  private static let anything = Key.any("x", "A net or any value.")

  /// Applies a net with a user's activation once, so that an error in it shows where the net is
  /// built.
  private static func tryOut(
    _ network: Network, _ activation: BoundArgument, _ arguments: Arguments
  ) throws(Failure) {
    do throws(Failure) {
      _ = try arguments.mappingErrors(
        network.output(Tensor(repeating: 0.5, shape: .vector(network.inputCount))))
    } catch {
      throw error.helped(
        by: "an activation receives all net inputs at once: a vector, or rows of samples",
        label: .init(activation.range, "used as an activation"))
    }
  }

  private static func options(_ arguments: Arguments) throws(Failure) -> Network.Options {
    var options = Network.Options()
    if case .initializer(let initializer)? = try arguments.optional(initializer) {
      options.initializer = initializer
    }
    options.hasBias = try arguments(bias)
    options.seed = try arguments.optional(seed) ?? arguments.session.seed
    options.loss = try arguments.loss(loss)
    options.reduction = try arguments.reduction() ?? .mean
    options.dropout = try arguments(dropout)
    options.precision = Precision(rawValue: try arguments(precision)) ?? .float64
    return options
  }
}

extension Catalog {
  /// `freeze=bias`, `freeze=W1`, `freeze=["W1", "b2"]`
  static let freeze = Key.any(
    "freeze", .either([.bareWord, .list]), .absent,
    "Parameters that stay as they are: bias, weights, or names.")
}

extension Arguments {
  func frozenNames(_ key: Key<Value>) throws(Failure) -> [String] {
    guard let argument = given(key) else { return [] }
    switch argument.value {
    case .string(let name): return [name]
    case .list(let list):
      return try list.map { value throws(Failure) in
        guard case .string(let name) = value else {
          throw Failure("freeze takes names", at: argument.range, label: value.kind)
        }
        return name
      }
    default: throw Failure("freeze takes names", at: argument.range, label: argument.value.kind)
    }
  }
}
