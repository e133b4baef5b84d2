import Differentiation
import GoldenNumbers
import TestSupport
import Testing

@testable import Learning

@Suite("Classes")
struct ClassesTests {
  private static func data(_ rows: Int, _ targets: [Double], width: Int = 1) throws -> DataSet {
    try dataSet(
      Tensor(.matrix(rows, 1), (0..<rows).map(Double.init)),
      Tensor(.matrix(rows, width), targets))
  }

  @Test func `targets tell by themselves how they name classes`() {
    func code(_ width: Int, _ elements: [Double]) -> TargetCode {
      TargetCode(of: Tensor(.matrix(elements.count / width, width), elements))
    }
    #expect(code(1, [0.1, 0.9, 0.1]) == .two(low: 0.1, high: 0.9))
    #expect(code(1, [0.1, 0.8]) == .numbers)
    #expect(code(1, [1, 2]) == .numbers)
    #expect(code(3, [0.01, 0.99, 0.01, 0.99, 0.01, 0.01]) == .oneHot(low: 0.01, high: 0.99))
    // Label smoothing of 0.1 among four classes.
    #expect(
      code(4, [0.925, 0.025, 0.025, 0.025, 0.025, 0.025, 0.925, 0.025])
        == .oneHot(low: 0.025, high: 0.925))
    #expect(code(2, [-1, 1, 1, -1]) == .oneHot(low: -1, high: 1))
    #expect(code(2, [1, 1, 0, 1]) == .labels(low: 0, high: 1))
    #expect(code(2, [0, 0, 1, 0]) == .labels(low: 0, high: 1))
    #expect(code(2, [0.9, 0.9, 0.1, 0.9]) == .labels(low: 0.1, high: 0.9))
    // One row of a worked example, and numbers.
    #expect(code(2, [0.01, 0.99]) == .numbers)
    #expect(code(2, [1, 1]) == .numbers)
    #expect(code(2, [0.2, 0.8, 0.7, 0.3]) == .numbers)
  }

  @Test func `names are those of the columns, or count from 1`() {
    #expect(TargetCode.oneHot(low: 0, high: 1).names(columns: ["t1", "t2"]) == ["1", "2"])
    #expect(TargetCode.oneHot(low: 0, high: 1).names(columns: ["a", "b"]) == ["a", "b"])
    #expect(TargetCode.zeroOne.names(columns: ["t"]) == ["0", "1"])
    #expect(TargetCode.signs.names(columns: ["t"]) == ["-1", "1"])
    #expect(labelNumber("-1") == -1)
    #expect(labelNumber("01") == nil)
    #expect(labelNumber("nan") == nil)
  }

  // Counted by hand, as scikit-learn's scores with average="macro" count.
  @Test func `several labels a row are measured by exact match and by label`() {
    let scores = Classification(
      predictedLabels: [
        true, false, true, true, true, false, false, false, true, true, false, false,
      ],
      actualLabels: [true, false, true, false, true, false, false, false, true, true, true, false],
      labels: ["a", "b", "c"])
    #expect(scores.rows == 4)
    expectClose([scores.accuracy], [0.5])
    expectClose((1...3).map(scores.precision(of:)), [2.0 / 3, 1, 1])
    expectClose((1...3).map(scores.recall(of:)), [1, 0.5, 1])
    expectClose((1...3).map(scores.f1(of:)), [0.8, 2.0 / 3, 1])
    expectClose([scores.precision], [8.0 / 9])
    expectClose([scores.f1], [(0.8 + 2.0 / 3 + 1) / 3])
    #expect((1...3).map(scores.rows(of:)) == [2, 2, 2])
    #expect(scores.confusion.isEmpty)
  }

  @Test func `whole numbers are classes of a softmax net, in ascending order, and stay its labels`()
    throws
  {
    let network = try net([1, 3], "softmax")
    let all = try Self.data(6, [7, -2, 10, 7, 10, -2])
    #expect(try network.targets(of: all).elements.prefix(6) == [0, 1, 0, 1, 0, 0])
    _ = try train(network, on: all, plainly(epochs: 1, rate: 0.1))
    #expect(network.classes == ["-2", "7", "10"])
    // A part of the data has the same classes.
    let part = try Self.data(2, [10, 7])
    #expect(try network.targets(of: part).elements == [0, 0, 1, 0, 1, 0])
    #expect(try network.classes(of: part)?.numbers == [3, 2])
    #expect(throws: LearningError.self) { try network.targets(of: Self.data(2, [10, 3])) }
    // Fewer classes than outputs are not guessed.
    #expect(throws: LearningError.self) { try net([1, 4], "softmax").targets(of: all) }
  }

  @Test func `classes go by their names, in whatever order a file counts them`() throws {
    let x = Tensor(.matrix(3, 1), [1, 2, 3])
    func named(_ numbers: [Int], _ names: [String]) throws -> DataSet {
      try DataSet(x: x, target: .classes(numbers: numbers, names: names))
    }
    let network = try net([1, 3], "softmax")
    _ = try train(
      network, on: named([1, 2, 3], ["a", "b", "c"]), plainly(epochs: 1, rate: 0.1))
    #expect(
      try network.targets(of: named([1, 2, 1], ["c", "a"])).elements == [0, 0, 1, 1, 0, 0, 0, 0, 1])
    #expect(throws: LearningError.self) { try network.accuracy(on: named([1, 2, 1], ["a", "d"])) }
    // Learning anew, other classes are taken.
    _ = try train(
      network, on: named([1, 2, 3], ["d", "e", "f"]), plainly(epochs: 1, rate: 0.1))
    #expect(network.classes == ["d", "e", "f"])
  }

  @Test func `class weights and even folds take one-hot rows and whole numbers for classes`() throws
  {
    let oneHot = try Self.data(6, [1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1], width: 2)
    let folds = try Folds(oneHot, into: 2, seed: 1, isStratified: true)
    #expect(folds.testRows.allSatisfy { rows in rows.count { [1, 5].contains($0) } == 1 })
    let whole = try Self.data(6, [4, 9, 4, 4, 4, 9])
    let parts = try Folds(whole, into: 2, seed: 1, isStratified: true)
    #expect(parts.testRows == folds.testRows)
    #expect(throws: LearningError.self) {
      try Folds(Self.data(4, [0.5, 1, 2, 3]), into: 2, seed: 1, isStratified: true)
    }
    var options = try plainly(epochs: 1, rate: 0)
    options.classWeights = [1, 3]
    let network = try net([1, 2], "softmax", initializer: "zeros")
    let run = try train(network, on: oneHot, options)
    // ln 2 for each of four rows once and of two rows three times.
    expectClose(run.losses, [0.693147180559945 * 10 / 6])
    let single = try net([1, 1], "sigmoid", initializer: "zeros")
    expectClose(try train(single, on: whole, options).losses, [0.693147180559945 * 10 / 6])
    #expect(single.classes == ["4", "9"])
  }

  @Test("The metric while training is that of the net, however classes are written")
  func runningMetric() throws {
    var random = SplitMix(7)
    let cases: [(width: Int, targets: (Int) -> [Double])] = [
      (1, { [$0 % 2 == 0 ? 0.1 : 0.9] }), (1, { [$0 % 3 == 0 ? -1 : 1] }),
      (3, { row in (0..<3).map { $0 == row % 3 ? 0.99 : 0.01 } }),
      (3, { row in (0..<3).map { $0 == row % 3 ? 1 : -1 } }),
      (3, { row in (0..<3).map { row >> $0 & 1 == 1 ? 1 : 0 } }),
      (2, { row in (0..<2).map { row >> $0 & 1 == 1 ? 0.9 : 0.1 } }),
    ]
    for (width, targets) in cases {
      let data = try dataSet(
        random.tensor(.matrix(24, 2), in: -2...2),
        Tensor(.matrix(24, width), (0..<24).flatMap(targets)))
      for activation in ["tanh", "sigmoid", "linear"] {
        let network = try net([2, width], activation, loss: "half_sse", seed: random.below(100))
        let run = try train(network, on: data, plainly(epochs: 1, rate: 0))
        #expect(run.metricName == "accuracy")
        expectClose(run.metrics, [try network.accuracy(on: data)])
      }
    }
  }

  @Test func `what a net answers and how it is measured agree`() throws {
    var random = SplitMix(11)
    for (activation, labels) in [("tanh", [0.0, 1]), ("linear", [-1, 1]), ("tanh", [0.1, 0.9])] {
      let targets = (0..<20).map { _ in labels[random.below(2)] }
      let data = try dataSet(
        random.tensor(.matrix(20, 1), in: -3...3), Tensor(.matrix(20, 1), targets))
      let network = try net([1, 1], activation, seed: 3)
      _ = try train(network, on: data, plainly(epochs: 3, rate: 0.05))
      let names = network.answerClasses(on: nil).names
      let answers = try network.classify(data.x).map { Double(names[$0 - 1]) }
      let right = zip(answers, targets).count { $0 == $1 }
      expectClose([Double(right) / 20], [try network.accuracy(on: data)])
    }
  }
}
