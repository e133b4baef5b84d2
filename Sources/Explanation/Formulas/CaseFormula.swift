/// A function that is a straight line in each of a few pieces, found from its values alone.
package struct CaseFormula {
  package struct Piece {
    /// The line: `slope*x + value`.
    package let slope: Double
    package let value: Double
  }

  /// From left to right.
  package let pieces: [Piece]
  /// Where one piece ends and the next begins; one fewer than there are pieces.
  package let bounds: [Double]
  /// Whether the piece to the right counts at the bound.
  package let belongsRight: [Bool]

  private static let mostPieces = 5
  private static let reach = 8.0
  private static let count = 1600

  /// Nil where the function is no such one, or has a value that is no number.
  /// - Parameters:
  ///   - slope: the slope that counts at a bound where both pieces meet, which tells to which of them
  ///     the bound belongs.
  /// - Throws: what the function throws.
  package init?<Problem: Error>(
    of function: (Double) throws(Problem) -> Double?,
    slope: (Double) throws(Problem) -> Double?
  ) throws(Problem) {
    let step = 2 * Self.reach / Double(Self.count)
    var places: [Double] = []
    var values: [Double] = []
    for index in 0...Self.count {
      let place = -Self.reach + step * Double(index)
      guard let value = try function(place), value.isFinite else { return nil }
      places.append(place)
      values.append(value)
    }
    var runs: [(first: Int, last: Int, slope: Double)] = []
    var index = 0
    while index < Self.count {
      let slope = (values[index + 1] - values[index]) / step
      var end = index + 1
      while end < Self.count,
        abs((values[end + 1] - values[end]) / step - slope) <= 1e-7 * max(1, abs(slope))
      {
        end += 1
      }
      // Over a bound the two values belong to two pieces.
      if end - index >= 8 {
        runs.append((index, end, (values[end] - values[index]) / (places[end] - places[index])))
      } else if end - index > 1 {
        return nil
      }
      index = end
      if runs.count > Self.mostPieces { return nil }
    }
    guard !runs.isEmpty, runs.reduce(0, { $0 + $1.last - $1.first }) >= Self.count - runs.count
    else { return nil }
    func rounded(_ number: Double) -> Double {
      let near = (number * 1e6).rounded() / 1e6
      return abs(near - number) <= 1e-9 * max(1, abs(number)) ? near + 0 : number
    }
    let pieces = runs.map { run in
      let slope = rounded(run.slope)
      return Piece(slope: slope, value: rounded(values[run.last] - slope * places[run.last]))
    }
    var bounds: [Double] = []
    var belongsRight: [Bool] = []
    for (index, (left, right)) in zip(pieces, pieces.dropFirst()).enumerated() {
      var (low, high) = (places[runs[index].last], places[runs[index + 1].first])
      func isLeft(_ x: Double) throws(Problem) -> Bool {
        guard let value = try function(x) else { return false }
        return abs(value - (left.slope * x + left.value))
          < abs(value - (right.slope * x + right.value))
      }
      if left.slope != right.slope {
        let crossing = (right.value - left.value) / (left.slope - right.slope)
        if crossing >= low - 1e-9, crossing <= high + 1e-9 {
          let bound = rounded(crossing)
          bounds.append(bound)
          belongsRight.append(try slope(bound) != left.slope)
          continue
        }
      }
      for _ in 0..<60 where low < high {
        let middle = (low + high) / 2
        if try isLeft(middle) { low = middle } else { high = middle }
      }
      let bound = rounded((low + high) / 2)
      bounds.append(bound)
      belongsRight.append(try !isLeft(bound))
    }
    self.pieces = pieces
    self.bounds = bounds
    self.belongsRight = belongsRight
  }

  /// Where a piece counts.
  package struct Condition: Hashable, Sendable {
    /// The number that is not passed, and whether it counts itself.
    package typealias Bound = (number: Double, counts: Bool)

    private let lowNumber: Double?
    private let lowCounts: Bool
    private let highNumber: Double?
    private let highCounts: Bool

    init(low: Bound?, high: Bound?) {
      (lowNumber, lowCounts) = (low?.number, low?.counts ?? false)
      (highNumber, highCounts) = (high?.number, high?.counts ?? false)
    }

    /// `0 ≤ x < 1`, `x ≥ 1`; empty where everything counts.
    package func text(of variable: String, number: (Double) -> String) -> String {
      let above = highNumber.map { "\(variable) \(highCounts ? "≤" : "<") \(number($0))" }
      guard let low = lowNumber else { return above ?? "" }
      return above.map { "\(number(low)) \(lowCounts ? "≤" : "<") \($0)" }
        ?? "\(variable) \(lowCounts ? "≥" : ">") \(number(low))"
    }

    func layout(of variable: MathLayout, number: (Double) -> MathLayout) -> MathLayout {
      let above: [MathLayout]? = highNumber.map {
        [variable, .sign(highCounts ? .atMost : .less), number($0)]
      }
      guard let low = lowNumber else { return .row(above ?? []) }
      if let above { return .row([number(low), .sign(lowCounts ? .atMost : .less)] + above) }
      return .row([variable, .sign(lowCounts ? .atLeast : .greater), number(low)])
    }
  }

  /// The pieces as formulas with their conditions, the rightmost first, as courses write them.
  package func cases(of variable: Symbol) -> [(formula: Formula, condition: Condition)] {
    pieces.indices.reversed().map { index in
      let piece = pieces[index]
      let line = Formula.multiplying([.number(piece.slope), .symbol(variable)])
      let value: Formula =
        piece.value < 0 ? .negated(.number(-piece.value)) : .number(piece.value)
      return (
        piece.value < 0 && piece.slope == 0 ? .number(piece.value) : .adding([line, value]),
        Condition(
          low: index == 0 ? nil : (bounds[index - 1], belongsRight[index - 1]),
          high: index == pieces.count - 1 ? nil : (bounds[index], !belongsRight[index]))
      )
    }
  }

  /// The slopes of the pieces, by the same conditions.
  package var derivative: CaseFormula {
    CaseFormula(
      pieces: pieces.map { Piece(slope: 0, value: $0.slope) }, bounds: bounds,
      belongsRight: belongsRight)
  }

  private init(pieces: [Piece], bounds: [Double], belongsRight: [Bool]) {
    (self.pieces, self.bounds, self.belongsRight) = (pieces, bounds, belongsRight)
  }
}
