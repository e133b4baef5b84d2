import GoldenNumbers
import TestSupport
import Testing

/// What fifty, or twenty, runs of another program gave on the rings: bp must land within their
/// spread. Its own starts and noise differ, so means are compared, with a margin.
@Suite struct StudyTests {
  struct Outcome {
    var train: [Double] = []
    var test: [Double] = []
    var trainLoss: [Double] = []
    var testLoss: [Double] = []

    static func mean(_ numbers: [Double]) -> Double {
      numbers.reduce(0, +) / Double(numbers.count)
    }
  }

  private func runs(
    _ count: Int, net: String, data: String = "circles seed=k", fresh: String = "circles n=1000",
    options: String
  ) throws -> Outcome {
    try onDeepStack {
      let session = lectureSession()
      session.run(
        """
        right = []; right_fresh = []; losses = []; losses_fresh = []
        for k in 1..\(count) {
          d = \(data)
          fresh = \(fresh) seed=1000+k
          net = mlp \(net) seed=k
          train net d seed=k quiet=true \(options)
          right = append right (accuracy net d)
          right_fresh = append right_fresh (accuracy net fresh)
          losses = append losses (loss net d)
          losses_fresh = append losses_fresh (loss net fresh)
        }
        """)
      #expect(session.reports == [])
      return Outcome(
        train: try session.numbers("right"), test: try session.numbers("right_fresh"),
        trainLoss: try session.numbers("losses"), testLoss: try session.numbers("losses_fresh"))
    }
  }

  /// Each mean lies between the smallest and the largest of the study, widened a little.
  private func expectWithin(_ outcome: Outcome, _ study: Fixture, _ what: String) throws {
    for (key, numbers) in [
      ("train_accuracy", outcome.train), ("test_accuracy", outcome.test),
      ("train_loss", outcome.trainLoss), ("test_loss", outcome.testLoss),
    ] {
      let low = try study.at(key, "min").number()
      let high = try study.at(key, "max").number()
      let margin = 0.1 * max(abs(high), high - low)
      let mean = Outcome.mean(numbers)
      #expect(
        mean >= low - margin && mean <= high + margin,
        "\(what): \(key) \(mean), the study has \(low) to \(high)")
    }
  }

  @Test(
    "The rate decides whether 100 epochs are enough", arguments: ["0.001", "0.01", "0.1", "0.5"])
  func rates(_ rate: String) throws {
    let study = try Fixture.load("vitay_keras_study").at("expected")
      .at("by_learning_rate (20 ReLU, batch 10, 100 epochs, 50 seeds)", "lr=\(rate)")
    let outcome = try runs(
      10, net: "[2,20,1] relu sigmoid init=glorot", options: "epochs=100 lr=\(rate)")
    try expectWithin(outcome, study, "rate \(rate)")
  }

  @Test("More hidden units fit better", arguments: [1, 2, 3, 5, 20])
  func hiddenUnits(_ units: Int) throws {
    let study = try Fixture.load("vitay_keras_study").at("expected")
      .at("by_hidden_units (ReLU, lr 0.1, batch 10, 300 epochs, 20 seeds)", "hidden=\(units)")
    let outcome = try runs(
      8, net: "[2,\(units),1] relu sigmoid init=glorot", options: "epochs=300 lr=0.1")
    try expectWithin(outcome, study, "\(units) hidden units")
  }

  @Test("Linear hidden units do not separate the rings, whatever their number")
  func linearUnits() throws {
    let study = try Fixture.load("vitay_keras_study").at("expected")
      .at("linear hidden layer (20 units, lr 0.1, 300 epochs, 20 seeds)")
    let outcome = try runs(
      8, net: "[2,20,1] linear sigmoid init=glorot", options: "epochs=300 lr=0.1")
    try expectWithin(outcome, study, "linear")
    #expect(outcome.train.allSatisfy { $0 <= 0.65 })
  }

  @Test("On few noisy points more units fit the noise")
  func overfitting() throws {
    let study = try Fixture.load("vitay_keras_study").at("expected")
      .at("overfitting (n=40, noise 0.5, lr 0.2, 3000 epochs, 10 seeds)")
    var losses: [(train: Double, test: Double)] = []
    for units in [1, 3, 20, 100] {
      let outcome = try runs(
        5, net: "[2,\(units),1] relu sigmoid init=glorot",
        data: "circles n=40 noise=0.5 seed=10+k", fresh: "circles n=1000 noise=0.5",
        options: "epochs=3000 lr=0.2")
      try expectWithin(outcome, study.at("hidden=\(units)"), "\(units) hidden units")
      losses.append((Outcome.mean(outcome.trainLoss), Outcome.mean(outcome.testLoss)))
    }
    #expect(losses.map(\.train) == losses.map(\.train).sorted(by: >))
    #expect(losses[3].test > losses[0].test)
  }
}
