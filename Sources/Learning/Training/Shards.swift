import Differentiation

extension TrainingPlan {
  package static let mostShards = 1024

  /// Of smaller nets a step is not worth a message. Products of fewer rows take longer, and the sums of
  /// the shards a larger part of a step: a process that is alone loses less than a fiftieth.
  private static let (leastParameters, leastRows) = (10_000, 1024)

  /// The shards of full batches. It follows from net, options and batch alone, so that a training comes
  /// to the same numbers on any number of machines.
  /// - Throws: where the number is no power of two, or the training cannot be divided.
  static func shards(
    _ network: Network, _ options: TrainingOptions, batch: Int
  ) throws(LearningError) -> Int {
    let goes = network.rule == .gradientDescent && options.order == .together
    guard let wanted = options.shards else {
      guard goes, network.count >= leastParameters else { return 1 }
      return powerOfTwo(notAbove: min(mostShards, max(1, batch / leastRows)))
    }
    guard wanted == powerOfTwo(notAbove: wanted) else {
      throw LearningError(
        "shards must be a power of two, so that their sums make a tree",
        (.option("shards"), "is \(wanted)"),
        help: ["shards=\(powerOfTwo(notAbove: wanted)), shards=\(2 * powerOfTwo(notAbove: wanted))"]
      )
    }
    guard goes || wanted == 1 else {
      throw LearningError(
        "only gradient descent by batches can be divided",
        (.option("shards"), "is \(wanted)"), help: ["leave shards out"])
    }
    return powerOfTwo(notAbove: min(wanted, max(1, batch)))
  }

  private static func powerOfTwo(notAbove number: Int) -> Int {
    1 << (Int.bitWidth - 1 - max(1, number).leadingZeroBitCount)
  }

  /// How many rows of an epoch each rank of a team computes.
  func rows(ofRanks count: Int) -> [Int] {
    guard shards > 1 else { return Array(repeating: data.count, count: count) }
    let (whole, rest) = data.count.quotientAndRemainder(dividingBy: batch)
    return (0..<count).map { rank in
      whole * Division.rows(batch, shards: shards, of: rank, among: count)
        + Division.rows(rest, shards: shards, of: rank, among: count)
    }
  }
}
