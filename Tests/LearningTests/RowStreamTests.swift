import Differentiation
import GoldenNumbers
import TestSupport
import Testing

@testable import Learning

@Suite("Rows of a stream")
struct RowStreamTests {
  /// A stream whose rows are those of a table; it counts what is read.
  private final class Counter { var rows = 0 }

  private func stream(_ data: DataSet, _ counter: Counter = Counter()) throws -> RowStream {
    try RowStream(
      RowSource(title: data.title, origin: "memory", count: data.count) {
        places throws(LearningError) in
        counter.rows += places.count
        return try data.rows(places.map { Int($0) })
      })
  }

  private static let kinds = 16

  /// Targets of many kinds: codes of classes, labels, shares, whole and other numbers, odd ones.
  private func targets(_ kind: Int, _ rows: Int, _ random: inout SplitMix) -> DataSet.Target {
    func values(_ width: Int, _ make: (Int, inout SplitMix) -> [Double]) -> DataSet.Target {
      .values(Tensor(.matrix(rows, width), (0..<rows).flatMap { make($0, &random) }))
    }
    func pick(_ count: Int, _ random: inout SplitMix) -> Int {
      Int(random.next() % UInt64(count))
    }
    switch kind {
    case 0: return values(1) { _, random in [Double(pick(2, &random))] }
    case 1: return values(1) { _, random in [Double(2 * pick(2, &random) - 1)] }
    case 2: return values(1) { _, random in [Double(pick(5, &random))] }
    case 3: return values(1) { _, random in [random.number(in: -3...3)] }
    // A number that is no label comes last.
    case 4: return values(1) { row, random in [row == rows - 1 ? 0.5 : Double(pick(3, &random))] }
    case 5:
      return values(3) { _, random in
        let one = pick(3, &random)
        return (0..<3).map { $0 == one ? 1 : 0 }
      }
    // The last row is no one-hot row any more.
    case 6:
      return values(3) { row, random in
        let one = pick(3, &random)
        return (0..<3).map { $0 == one || row == rows - 1 ? 1 : 0 }
      }
    case 7: return values(3) { _, random in (0..<3).map { _ in Double(pick(2, &random)) } }
    case 8:
      return values(3) { _, random in
        let (a, b) = (random.number(in: 0...0.5), random.number(in: 0...0.5))
        return [a, b, 1 - a - b]
      }
    case 9: return values(2) { _, random in [random.number(in: -9...9), 4] }
    case 10:
      return .classes(
        numbers: (0..<rows).map { _ in pick(3, &random) + 1 }, names: ["a", "b", "c", "d"])
    case 11:
      return .classes(numbers: (0..<rows).map { _ in pick(2, &random) + 1 }, names: ["7", "9"])
    case 12: return values(1) { _, _ in [2] }
    // Among many different rows the last one alone is no row of shares, or none of numbers from 0 to 1.
    case 14:
      return values(3) { row, random in
        let (a, b) = (random.number(in: 0.1...0.5), random.number(in: 0.1...0.4))
        return row == rows - 1 ? [0.3, 0.3, 0.3] : [a, b, 1 - a - b]
      }
    case 15:
      return values(3) { row, _ in
        (0..<3).map { row == rows - 1 && $0 == 1 ? 0.5 : Double(row >> ($0 * 2) & 1) }
      }
    default: return values(1) { row, random in [Double(pick(20_000, &random))] }
    }
  }

  private func words<Result>(_ body: () throws(LearningError) -> Result) -> String {
    do throws(LearningError) { return "\(try body())" } catch { return "error: \(error.message)" }
  }

  /// What the targets of all rows are is told by few of them, whatever they are.
  @Test(arguments: 0..<RowStreamTests.kinds, [1, 2, 7, 300])
  func `telling rows say of targets what all rows say`(_ kind: Int, _ rows: Int) throws {
    var random = SplitMix(UInt64(kind * 1000 + rows))
    let data = try DataSet(
      title: "rows",
      x: Tensor(.matrix(rows, 2), (0..<2 * rows).map { _ in random.number(in: -20...20) }),
      target: targets(kind, rows, &random))
    let stream = try stream(data)
    let telling = try stream.survey().telling
    #expect(telling.count <= 200 || kind == 13)
    for (sizes, output) in [
      ([2, 1], "sigmoid"), ([2, 1], "linear"), ([2, 1], "tanh"), ([2, 2], "softmax"),
      ([2, 3], "softmax"), ([2, 3], "sigmoid"), ([2, 5], "softmax"), ([2, 4], "softmax"),
      ([2, 2], "linear"),
    ] {
      let network = try Network(
        sizes: sizes, activations: [.required(output, as: .activation(0))])
      let other = network.copy()
      for weighted in [false, true] {
        let own = words { () throws(LearningError) in
          let read = try network.learning(.table(data), forClassWeights: weighted)
          return try "\(read.pattern.classes ?? []) \(network.metric(for: read))"
        }
        let theirs = words { () throws(LearningError) in
          let read = try other.learning(.stream(stream), forClassWeights: weighted)
          return try "\(read.pattern.classes ?? []) \(other.metric(for: read))"
        }
        #expect(own == theirs, "\(sizes) \(output)")
        #expect(network.classes == other.classes && network.learnedCode == other.learnedCode)
      }
    }
    #expect(Samples.stream(stream).largestTarget == data.largestTarget)
    #expect(Samples.stream(stream).hasLargeFeatures == data.hasLargeFeatures)
  }

  /// The rows of an epoch are read once, and the order of a split is that of the table.
  @Test func `each row of an epoch is read once`() throws {
    let data = try dataSet("moons", ("n", .number(100)))
    let counter = Counter()
    let stream = try stream(data, counter)
    var options = TrainingOptions()
    options.batch = .rows(7)
    var reads: [Int] = []
    // The first training looks at all rows beforehand.
    for epochs in [2, 2, 5] {
      options.epochs = epochs
      counter.rows = 0
      let network = try Network(
        sizes: [2, 3, 1],
        activations: [
          .required("tanh", as: .activation(0)), .required("sigmoid", as: .activation(1)),
        ])
      _ = try train(network, on: .stream(stream), options)
      reads.append(counter.rows)
    }
    #expect(reads[2] - reads[1] == 300)
    let (first, second) = try Samples.stream(stream).split(fraction: 0.6, seed: 4)
    let parts = try data.split(fraction: 0.6, seed: 4)
    #expect(try first.first(100).x == parts.first.x)
    #expect(try second.first(100).x == parts.second.x)
  }

  /// A row that does not fit a step is named as the file counts it.
  @Test func `errors about a row of a part name the row of the whole`() throws {
    var numbers = (0..<600).map { Double($0 % 3 + 1) }
    numbers[431] = .nan
    var data = try DataSet(
      x: Tensor(.matrix(600, 1), numbers),
      target: .values(Tensor(.matrix(600, 1), numbers.map { _ in 1 })))
    data.categories[0] = ["x", "y", "z"]
    let encoding = try OneHotEncoding(of: data)
    let spread = try Samples.stream(try stream(data)).prepared(by: .encode(encoding))
    #expect(throws: LearningError.self) { try spread.telling() }
    #expect(
      words { () throws(LearningError) in try spread.telling() }
        == "error: x1 is missing in row 432")
  }

  /// One read that fails ends it, even if the next one would not.
  @Test(arguments: [nil, 2] as [Int?])
  func `rows that cannot be read end a training, and the net keeps its steps`(
    _ shards: Int?
  ) throws {
    let data = try dataSet("moons", ("n", .number(60)))
    var reads = 0
    let broken = try RowStream(
      RowSource(title: "m", origin: "m", count: 60) { places throws(LearningError) in
        reads += 1
        guard reads != 30 else { throw LearningError("m cannot be read: it is gone") }
        return try data.rows(places.map { Int($0) })
      })
    let network = try Network(
      sizes: [2, 1], activations: [.required("sigmoid", as: .activation(0))])
    let before = network.numbers
    var options = TrainingOptions()
    options.shards = shards
    #expect(
      words { () throws(LearningError) in try train(network, on: .stream(broken), options).steps }
        == "error: m cannot be read: it is gone")
    #expect(reads == 30)
    #expect(network.numbers != before && network.numbers.allSatisfy { $0.isFinite })
  }
}
