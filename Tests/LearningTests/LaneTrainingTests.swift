import Differentiation
import TestSupport
import Testing

@testable import Learning

/// Trainings side by side come to the bits that each comes to alone.
@Suite("Trainings in lanes") struct LaneTrainingTests {
  /// What a training came to, in numbers whose bits can be compared.
  private struct Result: Equatable {
    var numbers: [UInt64] = []
    var words: [String] = []

    init(_ run: TrainingRun) {
      numbers = (run.network.numbers + [run.firstLoss, run.lastLoss, run.metric, run.penalty])
        .map { $0.bitPattern }
      for epoch in run.epochs {
        numbers += [epoch.rate, epoch.loss, epoch.validationLoss ?? 0, epoch.metric].map {
          $0.bitPattern
        }
        numbers.append(UInt64(epoch.steps))
      }
      numbers += run.updateRatios.map { $0.ratio.bitPattern }
      words = ["\(run.ending)", "\(run.bestEpoch ?? 0)", "\(run.steps)"]
    }

    init(divergedIn epoch: Int, _ error: LearningError, _ network: Network) {
      numbers = network.numbers.map { $0.bitPattern }
      words = ["\(epoch)", error.message] + error.help
    }
  }

  private func alone(_ candidate: SideBySide.Candidate) throws -> Result {
    var epoch = 0
    do {
      return Result(
        try train(candidate.network, on: candidate.data, candidate.options) { event in
          if case .diverged(let number, _) = event { epoch = number }
          return .proceed
        })
    } catch let error as LearningError where epoch > 0 {
      return Result(divergedIn: epoch, error, candidate.network)
    }
  }

  /// Trains the candidates together and alone.
  /// - Parameter goTogether: whether they are to be alike, so that lanes are what is tested.
  @discardableResult
  private func expectSame(
    _ count: Int, _ what: String, goTogether: Bool = true, threads: Int = 1,
    _ candidate: (Int) throws -> SideBySide.Candidate
  ) throws -> [TrainingRun] {
    let candidates = try (0..<count).map(candidate)
    if goTogether {
      let runners = try candidates.prefix(2).map { candidate in
        let session = try makeSession(
          candidate.network.copy(), on: .table(candidate.data), candidate.options,
          isStopped: { false })
        _ = try session.begin { _ in .proceed }
        return try #require(session.runner)
      }
      #expect(runners.allSatisfy { $0.goesInLanes }, "\(what) has no lanes")
      #expect(runners[0].isAlike(runners[1]), "\(what) are not alike")
    }
    let expected = try candidates.map {
      try alone(SideBySide.Candidate($0.network.copy(), on: $0.data, $0.options))
    }
    var found: [Int: Result] = [:]
    var runs: [TrainingRun] = []
    try SideBySide.train(
      count, threads: threads, isStopped: { _ in false },
      candidate: { number throws(LearningError) in candidates[number] },
      onEnd: { number, outcome throws(LearningError) in
        switch outcome {
        case .ended(let run):
          found[number] = Result(run)
          runs.append(run)
        case .diverged(let epoch, let error):
          found[number] = Result(divergedIn: epoch, error, candidates[number].network)
        }
      })
    for number in 0..<count {
      #expect(found[number] == expected[number], "\(what), training \(number)")
    }
    return runs
  }

  private static let count = 11

  private func options(_ number: Int, _ optimizer: Optimizer = .standard) -> TrainingOptions {
    var options = TrainingOptions(optimizer: optimizer)
    options.epochs = 3
    options.batch = .rows(7)
    options.seed = number
    options.rate = 0.01 * Double(number + 1)
    return options
  }

  @Test(arguments: Precision.allCases)
  func `every activation with every loss it may meet`(_ precision: Precision) throws {
    let moons = try dataSet("moons", ("n", .number(30)))
    for activation in Activation.all {
      for loss in Loss.all {
        let hidden = activation.isOutputOnly ? "tanh" : activation.name
        func network(_ seed: Int) throws -> Network {
          var options = Network.Options()
          options.loss = loss
          options.seed = seed
          options.precision = precision
          return try Network(
            sizes: [2, 3, 2],
            activations: [try .required(hidden, as: .activation(0)), activation], options: options)
        }
        guard (try? network(1)) != nil else { continue }
        // One column of classes as two outputs.
        let targets = moons.t.elements.flatMap { t in
          loss.outputRequirement == .signedScores ? [2 * t - 1, 1 - 2 * t] : [t, 1 - t]
        }
        let data = try dataSet(moons.x, Tensor(.matrix(30, 2), targets))
        guard try network(0).loss(on: data).isFinite else { continue }
        var finite = 0
        for number in 0..<Self.count where try network(number).loss(on: data).isFinite {
          finite += 1
        }
        guard finite == Self.count else { continue }
        try expectSame(Self.count, "\(activation.name) \(loss.name) \(precision)") {
          SideBySide.Candidate(try network($0), on: data, options($0))
        }
      }
    }
  }

  /// Weights seen through kernels and through graphs, with every setting of a number in turn.
  @Test(arguments: Optimizer.all.map(\.name), Precision.allCases)
  func `every optimizer, with settings of their own`(
    _ name: String, _ precision: Precision
  ) throws {
    let data = try dataSet("moons", ("n", .number(30)))
    let optimizer = try Optimizer.required(name, as: .option("optimizer"))
    let decays = optimizer.settings.contains { $0.name == "weight_decay" }
    for isDecayed in decays ? [false, true] : [false] {
      try expectSame(Self.count, "\(name) \(isDecayed)") { number in
        var options = options(number, optimizer)
        if isDecayed { options.weightDecay = 0.01 * Double(number + 1) }
        return SideBySide.Candidate(
          try net([2, 5, 1], "tanh", "sigmoid", seed: number, precision: precision), on: data,
          options)
      }
    }
  }

  @Test func `an optimizer of a user, element by element and not`() throws {
    let data = try dataSet("moons", ("n", .number(30)))
    for isElementwise in [true, false] {
      let optimizer = Optimizer(
        userFunction: "mine", rate: 0.1, settings: [.number("beta", 0.5, "Memory.")],
        states: ["m"]
      ) { x throws(LearningError) in
        try asUserFunction {
          let m = try x["beta"] * x["m"] + (isElementwise ? x.g : x.g / (x.g.applying(.norm) + 1))
          return ["w": try x.w - x.lr * m, "m": m]
        }
      }
      try expectSame(Self.count, "a rule of a user") { number in
        SideBySide.Candidate(
          try net([2, 5, 1], "tanh", "sigmoid", seed: number), on: data,
          options(number, try optimizer.configured([.number(0.1 * Double(number % 3 + 1))])))
      }
    }
  }

  @Test(arguments: Schedule.all.map(\.name))
  func `every schedule`(_ name: String) throws {
    let data = try dataSet("moons", ("n", .number(30)))
    try expectSame(Self.count, name) { number in
      var options = options(number)
      options.schedule = try .required(name, as: .option("schedule"))
      return SideBySide.Candidate(
        try net([2, 4, 1], "relu", "sigmoid", seed: number), on: data, options)
    }
  }

  @Test(arguments: Precision.allCases)
  func `penalties, limits, weights of classes, dropout and frozen layers`(
    _ precision: Precision
  ) throws {
    let data = try dataSet("moons", ("n", .number(30)))
    for dropout in [0, 0.4] {
      for frozen in [[], ["W1"], ["bias"]] {
        try expectSame(Self.count, "dropout \(dropout), frozen \(frozen)") { number in
          var built = Network.Options()
          built.dropout = dropout
          built.seed = number
          built.precision = precision
          let network = try Network(
            sizes: [2, 5, 4, 1],
            activations: [
              .required("prelu", as: .activation(0)), .required("tanh", as: .activation(1)),
              .required("sigmoid", as: .activation(2)),
            ], options: built)
          var options = options(number)
          options.l1 = 0.001 * Double(number + 2)
          options.l2 = 0.01 * Double(number + 2)
          options.clip = 0.1 * Double(number + 1)
          options.frozen = frozen
          options.classWeights = [1, 0.5 + 0.1 * Double(number)]
          return SideBySide.Candidate(network, on: data, options)
        }
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func `trainings that end early leave their lanes to others`(_ precision: Precision) throws {
    let data = try dataSet("moons", ("n", .number(40)))
    let runs = try expectSame(50, "patience") { number in
      var options = options(number)
      options.epochs = 5 + number % 17
      options.rate = number % 3 == 0 ? 0.001 : 2
      options.patience = 1 + number % 4
      options.validation = .fraction(0.3)
      return SideBySide.Candidate(
        try net([2, 6, 1], "tanh", "sigmoid", seed: number, precision: precision), on: data,
        options)
    }
    #expect(Set(runs.map { $0.epochs.count }).count > 4)
    #expect(runs.contains { $0.ending == .noImprovement && $0.bestEpoch != nil })
  }

  @Test func `conditions end trainings one by one`() throws {
    let data = try dataSet("moons", ("n", .number(40)))
    let runs = try expectSame(20, "until") { number in
      var options = options(number)
      options.epochs = 12
      options.until = { $0.epoch > number % 9 }
      return SideBySide.Candidate(
        try net([2, 6, 1], "tanh", "sigmoid", seed: number), on: data, options)
    }
    #expect(Set(runs.map { $0.epochs.count }).count == 9)
  }

  @Test(arguments: Precision.allCases, [1, 3])
  func `a training that diverges has its last finite weights and leaves the others alone`(
    _ precision: Precision, _ threads: Int
  ) throws {
    let data = try dataSet(
      Tensor(.matrix(3, 1), [1, 2, 3]), Tensor(.matrix(3, 1), [100, 200, 300]))
    let runs = try expectSame(40, "divergence", threads: threads) { number in
      var options = options(number)
      options.epochs = 40
      options.batch = number % 2 == 0 ? .rows(2) : .rows(2)
      options.rate = number % 5 == 0 ? 1e-5 : 10 * Double(number)
      return SideBySide.Candidate(
        try net([1, 4, 1], "relu", "linear", seed: number, precision: precision), on: data, options)
    }
    #expect(runs.count >= 8 && runs.count < 40)
  }

  @Test(arguments: [1, 2, 4])
  func `nets of several shapes and rows of several numbers, on any number of threads`(
    _ threads: Int
  ) throws {
    let data = try (0..<3).map { try dataSet("moons", ("n", .number(Double(31 + $0)))) }
    try expectSame(60, "shapes", goTogether: false, threads: threads) { number in
      var options = options(number)
      options.l2 = number % 2 == 0 ? 0 : 0.1
      options.batch = number % 4 == 0 ? .full : .rows(5)
      if number % 3 == 0 { options.validation = .fraction(0.2) }
      let network =
        number % 10 == 7
        ? try Network.perceptron(sizes: [2])
        : try net([2, 3 + number % 2, 1], "tanh", "sigmoid", seed: number)
      return SideBySide.Candidate(network, on: data[number % 3], options)
    }
  }

  @Test func `a net that is too large for lanes trains beside others all the same`() throws {
    let data = try dataSet("moons", ("n", .number(30)))
    try expectSame(5, "large", goTogether: false, threads: 2) { number in
      SideBySide.Candidate(
        try net([2, 90, 70, 1], "relu", "sigmoid", seed: number), on: data, options(number))
    }
  }

  @Test func `what is under way when all are stopped is left out`() throws {
    let data = try dataSet("moons", ("n", .number(30)))
    for (threads, most) in [(1, 0), (1, 40), (1, 700), (2, 700)] {
      var steps = 0
      var ended: [Int] = []
      try SideBySide.train(
        200, threads: threads,
        isStopped: {
          steps += $0
          return steps > most
        },
        candidate: { number throws(LearningError) in
          do {
            return SideBySide.Candidate(
              try net([2, 3, 1], "tanh", "sigmoid", seed: number), on: data, options(number))
          } catch {
            throw .ofCaller
          }
        },
        onEnd: { number, outcome throws(LearningError) in
          ended.append(number)
          guard case .ended(let run) = outcome else {
            Issue.record("a training that was stopped is told of")
            return
          }
          #expect(run.epochs.count == 3 && run.ending == .allEpochs)
          #expect(!run.network.isBeingTrained)
        })
      #expect(ended.count < 200 && (most < 500) == ended.isEmpty)
    }
  }

  @Test(arguments: 0..<4)
  func `a lane that diverges leaves the rows of the others alone`(_ which: Int) throws {
    let data = try dataSet("moons", ("n", .number(40)))
    try expectSame(4, "the first lane diverges") { number in
      var options = TrainingOptions()
      options.epochs = 4
      options.rate = number == which ? 1e300 : 0.1 * Double(number + 1)
      options.loss = try .required("mse", as: .option("loss"))
      return SideBySide.Candidate(try net([2, 4, 1], "tanh", "linear"), on: data, options)
    }
  }
}
