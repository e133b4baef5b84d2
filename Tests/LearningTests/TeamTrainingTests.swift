import Differentiation
import Foundation
import Testing

@testable import Learning

/// A training whose batches are divided comes to the same bits with any number of ranks.
@Suite("Trainings that are divided") struct TeamTrainingTests {
  struct Case: Sendable {
    let name: String
    var optimizer = "adam"
    var precision = Precision.float64
    var sizes = [2, 9, 1]
    var dropout = 0.0
    var isPenalized = false
    var hasValidation = false
    var isSum = false

    func network() throws -> Network {
      var options = Network.Options()
      options.dropout = dropout
      options.precision = precision
      options.reduction = isSum ? .sum : .mean
      return try Network(
        sizes: sizes,
        activations: Array(
          repeating: .required("tanh", as: .activation(0)), count: sizes.count - 2)
          + [.required("sigmoid", as: .activation(1))], options: options)
    }

    func options(_ team: Team?) throws -> TrainingOptions {
      var options = TrainingOptions(
        optimizer: try Optimizer.required(optimizer, as: .option("optimizer")))
      options.epochs = 3
      // The last batch has 2 rows more than a multiple.
      options.batch = .rows(24)
      options.shards = 8
      options.rate = 0.05
      options.team = team
      if isPenalized { (options.l1, options.l2, options.clip) = (0.001, 0.01, 0.3) }
      if hasValidation { (options.validation, options.patience) = (.fraction(0.25), 2) }
      return options
    }
  }

  static let cases =
    Optimizer.all.map { Case(name: $0.name, optimizer: $0.name) } + [
      Case(name: "float32", precision: .float32),
      Case(name: "dropout", dropout: 0.3),
      Case(name: "penalties", isPenalized: true),
      Case(name: "validation", hasValidation: true),
      Case(name: "sum", isSum: true),
      // Gradients that are exchanged by pieces.
      Case(name: "large", precision: .float32, sizes: [2, 4000, 1], isPenalized: true),
      // Gradients that are exchanged while those of the layers before are computed.
      Case(name: "buckets", precision: .float32, sizes: [2, 70, 70, 70, 1], isPenalized: true),
    ]

  private static func numbers(_ run: TrainingRun) -> [UInt64] {
    let all =
      run.network.numbers + run.losses + run.metrics + run.validationLosses
      + [run.firstLoss, run.lastLoss, run.metric] + run.updateRatios.map { $0.ratio }
    return all.map { $0.bitPattern }
  }

  @Test(arguments: cases.indices, [2, 3, 4, 7, 8, 9])
  func `any number of ranks comes to the bits of one`(_ number: Int, _ count: Int) throws {
    let made = Self.cases[number]
    let data = try dataSet("moons", ("n", .number(74)))
    let alone = Self.numbers(try train(made.network(), on: data, made.options(nil)))
    let all = try ThreadTeam.run(count) { team, _ in
      Self.numbers(try train(made.network(), on: data, made.options(team)))
    }
    #expect(all.count == count)
    for (rank, numbers) in all.enumerated() {
      #expect(numbers == alone, "\(made.name), rank \(rank) of \(count)")
    }
  }

  @Test(arguments: cases.indices)
  func `shards add up to the batch`(_ number: Int) throws {
    let made = Self.cases[number]
    guard made.precision == .float64 else { return }
    let data = try dataSet("moons", ("n", .number(72)))
    var options = try made.options(nil)
    let divided = try train(made.network(), on: data, options)
    #expect(divided.shards == 8)
    options.shards = nil
    let whole = try train(made.network(), on: data, options)
    #expect(whole.shards == 1)
    for (one, other) in zip(divided.network.numbers, whole.network.numbers) {
      #expect(abs(one - other) < 1e-9, "\(made.name)")
    }
    for (one, other) in zip(divided.losses + divided.metrics, whole.losses + whole.metrics) {
      #expect(abs(one - other) < 1e-9, "\(made.name)")
    }
  }

  @Test(arguments: [0, 1, 2], [1, 4, 5, 9])
  func `all stop behind the same step, and any number goes on with the same bits`(
    _ who: Int, _ step: Int
  ) throws {
    let made = Case(name: "stopped", dropout: 0.2)
    let data = try dataSet("moons", ("n", .number(74)))
    let whole = Self.numbers(try train(made.network(), on: data, made.options(nil)))
    let states = try ThreadTeam.run(3) { team, _ in
      var options = try made.options(team)
      var last: TrainingState?
      options.checkpoint = { last = $1() }
      var asked = 0
      let run = try Learning.train(
        made.network(), on: data, options,
        isStopped: {
          asked += 1
          return team.rank == who && asked > step
        })
      #expect(run.ending == (step < 12 ? .interrupted : .allEpochs))
      return try #require(last)
    }
    for state in states { #expect(state == states[0]) }
    let others = try ThreadTeam.run(2) { team, _ in
      var options = try made.options(team)
      options.resumed = states[0]
      return Self.numbers(try train(made.network(), on: data, options))
    }
    for numbers in others { #expect(numbers == whole) }
  }

  @Test func `who is left by the others keeps the last whole step`() throws {
    let made = Case(name: "left")
    let data = try dataSet("moons", ("n", .number(74)))
    let whole = Self.numbers(try train(made.network(), on: data, made.options(nil)))
    let states = try ThreadTeam.run(3) { team, threads -> TrainingState? in
      var options = try made.options(team)
      var last: TrainingState?
      options.checkpoint = { last = $1() }
      var asked = 0
      _ = try Learning.train(
        made.network(), on: data, options,
        isStopped: {
          asked += 1
          if team.rank == 2, asked == 6 { threads.leave(2) }
          return false
        })
      return last
    }
    let state = try #require(states[0])
    #expect(state.partial?.steps == 1 && state.epochs.count == 1)
    var options = try made.options(nil)
    options.resumed = state
    #expect(Self.numbers(try train(made.network(), on: data, options)) == whole)
  }

  /// A net and rows of which evaluating takes several blocks.
  private static func wide(rows: Double = 1200) throws -> (network: Network, data: DataSet) {
    (
      try Case(name: "wide", sizes: [2, 600, 1]).network(),
      try dataSet("moons", ("n", .number(rows)))
    )
  }

  @Test(arguments: [2, 3, 7, 8])
  func `losses and metrics that ranks evaluate together have the bits of one`(
    _ count: Int
  ) throws {
    @Sendable func numbers(_ team: Team?) throws -> [UInt64] {
      var options = try Case(name: "wide").options(team)
      (options.batch, options.evaluatesEpochs) = (.rows(1000), true)
      // So many rows are evaluated in blocks.
      options.validation = .fraction(0.45)
      let (network, data) = try Self.wide(rows: 9600)
      let run = try train(network, on: data, options)
      #expect(network.team == nil)
      return Self.numbers(run)
    }
    let alone = try numbers(nil)
    for numbers in try ThreadTeam.run(count, { team, _ in try numbers(team) }) {
      #expect(numbers == alone)
    }
  }

  @Test func `a rank makes the losses of its own rows and takes those of others from them`()
    throws
  {
    let (network, data) = try Self.wide()
    let losses = try network.losses(on: data)
    let plan = try TrainingPlan(
      adapting: network, data, Case(name: "wide").options(Self.answering(with: 0)))
    let own = try plan.together { () throws(LearningError) in
      try network.loss(on: .table(data), Objective(reduction: .sum))
    }
    // Half of six blocks of 216 rows.
    #expect(abs(own - losses.prefix(648).reduce(0, +)) < 1e-9)
    let all = try network.loss(on: .table(data), Objective(reduction: .sum))
    #expect(abs(all - losses.reduce(0, +)) < 1e-9)
  }

  @Test func `who evaluates with others that do not answer ends`() throws {
    let (network, data) = try Self.wide()
    let plan = try TrainingPlan(
      adapting: network, data, Case(name: "wide").options(Self.answering(with: nil)))
    let error = #expect(throws: LearningError.self) {
      try plan.together { () throws(LearningError) in try network.loss(on: .table(data)) }
    }
    #expect(error?.message == "the other ranks do not answer" && network.team == nil)
  }

  /// The first of two ranks, where the other sends this byte again and again; nothing where nil.
  private static func answering(with byte: UInt8?) -> Team {
    Team(
      rank: 0, count: 2, onStop: {},
      carry: { _, received in
        guard let byte else { return false }
        for message in received {
          for place in message.bytes.indices { message.bytes[place] = byte }
        }
        return true
      })
  }

  @Test func `ranks with other weights are told apart`() throws {
    let data = try dataSet("moons", ("n", .number(74)))
    let words = try ThreadTeam.run(2) { team, _ -> String in
      let network = try Case(name: "odd").network()
      if team.rank == 1 { try network.set("b2", to: Tensor(vector: [0.5])) }
      do {
        _ = try train(network, on: data, Case(name: "odd").options(team))
        return ""
      } catch { return "\(error)" }
    }
    for text in words { #expect(text.contains("has come to other weights")) }
  }

  @Test func `each rank computes its own shards, and large batches of large nets are divided`()
    throws
  {
    func shards(_ hidden: Int, batch: Int, rows: Int) throws -> (Int, [Int]) {
      let network = try net([2, hidden, 1], "tanh", "sigmoid")
      var options = TrainingOptions()
      options.batch = .rows(batch)
      let plan = try TrainingPlan(
        adapting: network, dataSet("moons", ("n", .number(Double(rows)))), options)
      return (plan.shards, plan.rows(ofRanks: 3))
    }
    #expect(try shards(20, batch: 2000, rows: 2000) == (1, [2000, 2000, 2000]))
    #expect(try shards(3000, batch: 1024, rows: 2000) == (1, [2000, 2000, 2000]))
    let (count, rows) = try shards(3000, batch: 4096, rows: 4200)
    #expect(count == 4)
    #expect(rows.reduce(0, +) == 4200)
    #expect(rows.allSatisfy { $0 < 2200 })
  }

  @Test(arguments: [3, 6, 1000])
  func `shards are a power of two`(_ count: Int) throws {
    var options = TrainingOptions()
    options.shards = count
    let network = try net([2, 3, 1], "tanh", "sigmoid")
    let data = try dataSet("moons")
    let error = #expect(throws: LearningError.self) { try train(network, on: data, options) }
    #expect(error?.message.contains("power of two") ?? false)
  }

  @Test(arguments: [2, 3, 5])
  func `trainings that are dealt come to the bits of one process`(_ count: Int) throws {
    let data = try dataSet("moons", ("n", .number(40)))
    @Sendable func trials(_ team: Team?) throws -> [[UInt64]] {
      let sweep = try Sweep(
        of: 11, team: team, clock: { 0 }, isStopped: { _ in false },
        candidate: { number throws(LearningError) in
          var options = TrainingOptions()
          options.epochs = 4 + number % 2
          options.rate = number == 6 ? 1e300 : 0.1 * Double(number + 1)
          options.loss = try .required("mse", as: .option("loss"))
          if number == 3 { (options.validation, options.patience) = (.fraction(0.3), 1) }
          let network = try Network(
            sizes: [2, 3 + number / 6, 1],
            activations: [
              .required("tanh", as: .activation(0)), .required("linear", as: .activation(1)),
            ])
          return SideBySide.Candidate(network, on: data, options)
        })
      return sweep.trials.map { trial in
        trial.run.map { Self.numbers($0) + [UInt64($0.bestEpoch ?? 0), UInt64($0.steps)] }
          ?? [UInt64(trial.divergedIn ?? 0)]
      }
    }
    let alone = try trials(nil)
    #expect(alone.count == 11 && alone[6].count == 1)
    for all in try ThreadTeam.run(count, { team, _ in try trials(team) }) {
      #expect(all.count == alone.count)
      for (number, (one, other)) in zip(all, alone).enumerated() {
        #expect(one == other, "training \(number)")
      }
    }
  }
}
