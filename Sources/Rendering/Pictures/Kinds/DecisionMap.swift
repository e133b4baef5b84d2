/// The plane as a net with two inputs sees it, with data points on it.
package struct DecisionMap: Sendable {
  package enum Outputs: Sendable {
    /// One output a place, as of a sigmoid.
    case values(low: Double, high: Double)
    /// The number of the winning class, from 0.
    /// - Parameter scores: the outputs of each class, one a place; empty where they are not known.
    case classes(count: Int, scores: [[Double]] = [])

    /// One output a place within `range`. Where that has no end, as that of relu, the largest of
    /// `values` takes its place, and where it has none at all colours are equal around `middle`.
    package static func values(
      _ values: [Double], within range: ClosedRange<Double>?, around middle: Double
    ) -> Outputs {
      let finite = values.filter { $0.isFinite }
      let low = range?.lowerBound ?? -.infinity
      let high = range?.upperBound ?? .infinity
      if low.isFinite { return .values(low: low, high: high.isFinite ? high : finite.max() ?? 1) }
      let reach = finite.reduce(0) { max($0, abs($1 - middle)) }
      return reach.isFinite
        ? .values(low: middle - reach, high: middle + reach) : .values(low: 0, high: 1)
    }
  }

  /// The line that divides the plane, where outputs are values.
  package enum Boundary: Sendable {
    case none
    /// Between the ends of the outputs.
    case halfWay
    case level(Double)
    /// Where these are 0, one a place.
    case zero(of: [Double])
  }

  package struct Sample: Hashable, Sendable {
    package var x: Double
    package var y: Double
    /// From 0.
    package var classIndex: Int

    package init(_ x: Double, _ y: Double, classIndex: Int) {
      self.x = x
      self.y = y
      self.classIndex = classIndex
    }
  }

  /// The part of the plane that a map shows, and the places at which the net is asked.
  package struct Region: Hashable, Sendable {
    package var x: ClosedRange<Double>
    package var y: ClosedRange<Double>
    package var columns: Int
    package var rows: Int

    package init(x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int, rows: Int) {
      self.x = x
      self.y = y
      self.columns = max(columns, 1)
      self.rows = max(rows, 1)
    }

    /// All of `samples` with a tenth of room around; the unit square where there are none.
    package static func around(
      _ samples: [Sample], columns: Int = 96, rows: Int = 96
    ) -> Region {
      func range(_ values: [Double]) -> ClosedRange<Double> {
        let axis = PlotAxis.fitting("", values, margin: 0.1)
        return axis.low...axis.high
      }
      return Region(
        x: range(samples.map { $0.x }), y: range(samples.map { $0.y }), columns: columns, rows: rows
      )
    }

    /// The inputs to evaluate, the first row at the bottom: columns × rows points.
    package var inputs: [Point] {
      (0..<rows).flatMap { row in
        (0..<columns).map { column in
          Point(
            x.lowerBound
              + (x.upperBound - x.lowerBound) * (Double(column) + 0.5) / Double(columns),
            y.lowerBound + (y.upperBound - y.lowerBound) * (Double(row) + 0.5) / Double(rows))
        }
      }
    }
  }

  /// Of more samples nobody points at one.
  private static let mostPlaces = 1000

  /// - Parameters:
  ///   - values: one a point of `region.inputs`, in its order.
  ///   - classNames: what the marks stand for; by default `class 0`, `class 1`, ….
  package static func picture(
    title: String = "", region: Region, values: [Double],
    outputs: Outputs = .values(low: 0, high: 1), boundary: Boundary = .halfWay,
    samples: [Sample], classNames: [String] = [], xLabel: String = "x1", yLabel: String = "x2"
  ) -> Picture {
    let scale: Field.Scale
    switch outputs {
    case .values(let low, let high): scale = .shades(low: low, high: high)
    case .classes(let count, _): scale = .classes(count)
    }
    var field = Field(columns: region.columns, rows: region.rows, values: values, scale: scale)
    if case .classes(_, let scores) = outputs { field.scores = scores }
    if case .values(let low, let high) = outputs {
      field.label = "output"
      switch boundary {
      case .none: break
      case .halfWay: field.levels = [low / 2 + high / 2]
      case .level(let level): field.levels = [level]
      case .zero(let values): (field.levels, field.levelValues) = ([0], values)
      }
    }
    var marks: [Plot.Mark] = [.field(field)]
    let classes = Set(samples.map { $0.classIndex }).sorted()
    for number in classes {
      let points = samples.filter { $0.classIndex == number }.map { Point($0.x, $0.y) }
      marks.append(.points(points, series: number))
    }
    func name(_ number: Int) -> String {
      classNames.indices.contains(number) ? classNames[number] : "class \(number)"
    }
    var legend = classes.map { LegendEntry(.point(series: $0), name($0)) }
    switch outputs {
    case .values(let low, let high):
      let style = NumberStyle.significantDigits(4)
      legend.append(LegendEntry(.shade(low, scale), "output \(style.text(low))"))
      legend.append(LegendEntry(.shade(high, scale), "output \(style.text(high))"))
    case .classes(let count, _):
      legend += (0..<min(max(count, 0), 8)).map {
        LegendEntry(.shade(Double($0), scale), "taken for \(name($0))")
      }
    }
    let x = PlotAxis(xLabel, from: region.x.lowerBound, to: region.x.upperBound)
    let y = PlotAxis(yLabel, from: region.y.lowerBound, to: region.y.upperBound)
    var plot = Plot(x: x, y: y, marks: marks, aspect: Plot.equalUnits(x, y))
    plot.places = samples.prefix(mostPlaces).enumerated().map { index, sample in
      let style = NumberStyle.standard
      return Plot.Place(
        Point(sample.x, sample.y), name: "sample \(index + 1)",
        description: "sample \(index + 1), \(name(sample.classIndex)): "
          + "\(xLabel) \(style.text(sample.x)), \(yLabel) \(style.text(sample.y))")
    }
    return Picture(title: title, .plot(plot), legend: legend)
  }
}
