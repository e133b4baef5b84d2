import Differentiation
import Testing

@testable import Learning

/// What must hold of every row, so that an option is never forgotten where its row is used.
@Suite struct TrainingOptionRowTests {
  /// A value of the option that is not its default.
  private func other(than option: TrainingOption) throws -> OptionValue {
    switch option.name {
    case "optimizer": .optimizer(try Optimizer.required("adam", as: .option("optimizer")))
    case "schedule": .schedule(try Schedule.required("exponential", as: .option("schedule")))
    case "loss": .loss(try Loss.required("mae", as: .option("loss")))
    case "reduction": .word("sum")
    case "order": .word("output_first")
    case "freeze": .words(["bias"])
    case "class_weights": .numbers([0.5, 2])
    case "sample_weights": .numbers([0.5, 2, 1, 1])
    case "shuffle": .truth(false)
    case "shards": .wholeNumber(2)
    case "batch", "epochs", "seed", "patience": .wholeNumber(7)
    default: .number(0.25)
    }
  }

  @Test func everyNameStandsOnce() {
    let names = TrainingOption.all.flatMap { [$0.name] + $0.parameter.aliases }
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: TrainingOption.all.indices)
  func whatIsWrittenIsReadAndNothingElseChanges(place: Int) throws {
    let option = TrainingOption.all[place]
    let value = try other(than: option)
    var options = TrainingOptions()
    let before = TrainingOption.all.map { $0.read(options)?.text }
    option.write(&options, value)
    for (row, earlier) in zip(TrainingOption.all, before) {
      let now = row.read(options)?.text
      if row.name == option.name {
        #expect(now == value.text)
        #expect(now != earlier)
      } else {
        #expect(now == earlier, "\(row.name)")
      }
    }
    #expect(option.told(by: options)?.text == value.text)
  }

  @Test(arguments: TrainingOption.all.indices)
  func theDefaultLiesInItsRange(place: Int) {
    let option = TrainingOption.all[place]
    guard let bound = option.read(TrainingOptions())?.bound else { return }
    #expect(option.parameter.kind.accepts(bound))
  }

  @Test(arguments: TrainingOption.all.indices)
  func aCheckpointKnowsWhatChangesSteps(place: Int) throws {
    let option = TrainingOption.all[place]
    let network = try Network(
      sizes: [2, 1], activations: [Activation.required("sigmoid", as: .activation(0))])
    let data = try DataSet(
      x: Tensor(.matrix(4, 2), [0, 0, 0, 1, 1, 0, 1, 1]),
      target: .classes(numbers: [1, 2, 2, 1], names: ["a", "b"]))
    var options = TrainingOptions()
    // Plain descent in full batches, which every order of updates goes with.
    options.batch = .full
    let identity = try TrainingPlan(adapting: network.copy(), data, options).identity
    option.write(&options, try other(than: option))
    guard let plan = try? TrainingPlan(adapting: network.copy(), data, options) else {
      Issue.record("\(option.name) makes no plan")
      return
    }
    let differs =
      TrainingIdentity(try plan.identity).difference(from: TrainingIdentity(identity)) != nil
    // The loss and its reduction belong to the net, and rows set apart change their number.
    let isOfNet = ["loss", "reduction", "valid"].contains(option.name)
    // A batch of seven is all four rows, too.
    guard option.name != "batch" else { return }
    #expect(differs == option.traits.contains(.changesSteps) || isOfNet, "\(option.name)")
  }
}
