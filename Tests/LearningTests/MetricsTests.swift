import Differentiation
import GoldenNumbers
import Testing

@testable import Learning

@Suite("Metrics")
struct MetricsTests {
  // Counted by hand: class b: 2 found of 3, 3 predicted.
  let example = Classification(
    predicted: [1, 1, 2, 2, 2, 1], actual: [1, 1, 2, 2, 1, 2], classes: ["a", "b"])

  @Test func `accuracy, confusion, precision, recall and f1 count as by hand`() {
    expectClose([example.accuracy], [4.0 / 6])
    #expect(example.confusion == [[2, 1], [1, 2]])
    expectClose([example.precision, example.recall, example.f1], [2.0 / 3, 2.0 / 3, 2.0 / 3])
  }

  @Test func `a class never predicted has precision 0`() {
    let never = Classification(predicted: [1, 1], actual: [1, 2], classes: ["a", "b"])
    #expect(never.precision == 0)
    #expect(never.f1 == 0)
  }

  @Test func `three classes are averaged`() {
    let three = Classification(
      predicted: [1, 2, 3, 3], actual: [1, 2, 2, 3], classes: ["a", "b", "c"])
    expectClose([three.precision], [(1 + 1 + 0.5) / 3])
    expectClose([three.recall], [(1 + 0.5 + 1) / 3])
  }

  @Test func `the area under the curve counts pairs, ties half`() {
    let area = areaUnderCurve(
      scores: [0.1, 0.4, 0.35, 0.8], positive: [false, false, true, true])
    expectClose([area], [0.75])
    #expect(areaUnderCurve(scores: [1, 1], positive: [true, false]) == 0.5)
    #expect(areaUnderCurve(scores: [1, 2], positive: [true, true]).isNaN)
  }

  @Test func `r2 is 1 for exact outputs, 0 for the mean`() {
    let t = Tensor(.matrix(3, 1), [1, 2, 6])
    #expect(rSquared(outputs: t, targets: t) == 1)
    #expect(rSquared(outputs: Tensor(.matrix(3, 1), [3, 3, 3]), targets: t) == 0)
    let still = Tensor(.matrix(3, 1), [3, 3, 3])
    #expect(rSquared(outputs: still, targets: still) == 1)
    #expect(rSquared(outputs: t, targets: still) == 0)
    // The mean over the columns, one of which does not vary.
    let targets = Tensor(.matrix(2, 2), [3, 0, 3, 2])
    expectClose([rSquared(outputs: Tensor(.matrix(2, 2), [3, 1, 3, 1]), targets: targets)], [0.5])
    expectClose([rSquared(outputs: Tensor(.matrix(2, 2), [3, 0, 2, 1]), targets: targets)], [0.25])
    expectClose([meanSquaredError(outputs: Tensor(.matrix(3, 1), [1, 2, 3]), targets: t)], [3])
  }

  @Test func `the code of targets decides what counts as class 1`() {
    #expect(TargetCode(of: Tensor(.matrix(2, 1), [0, 1])) == .zeroOne)
    #expect(TargetCode(of: Tensor(.matrix(2, 1), [-1, 1])) == .signs)
    #expect(TargetCode(of: Tensor(.matrix(2, 2), [0, 1, 1, 0])) == .oneHot(low: 0, high: 1))
    #expect(TargetCode(of: Tensor(.matrix(2, 2), [1, 1, 0.5, 0])) == .numbers)
    #expect(TargetCode(of: Tensor(.matrix(2, 1), [0.5, 1])) == .numbers)
    #expect(TargetCode.zeroOne.classes(of: Tensor(.matrix(3, 1), [0.49, 0.5, 1])) == [1, 2, 2])
    #expect(TargetCode.signs.classes(of: Tensor(.matrix(3, 1), [-0.1, 0, 1])) == [1, 2, 2])
    #expect(
      TargetCode.oneHot(low: 0, high: 1).classes(of: Tensor(.matrix(2, 2), [0.2, 0.3, 0.5, 0.5]))
        == [2, 1])
  }
}
