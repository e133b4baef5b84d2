import Glibc

/// The horizontal or vertical scale of a plot.
package struct PlotAxis: Hashable, Sendable {
  package enum Scale: Hashable, Sendable {
    case linear, logarithmic
  }

  package struct Tick: Hashable, Sendable {
    package var value: Double
    package var label: String
  }

  package var label: String
  package private(set) var low: Double
  package private(set) var high: Double
  package let scale: Scale
  /// Names of the places 1, 2, …, instead of numbers.
  package var categories: [String] = []
  /// Whether only whole numbers are marked, as on an axis of counts.
  package var marksWholeNumbers = false

  /// Any two numbers; ends that are equal, swapped or not finite are mended, and a logarithmic axis
  /// begins above 0.
  package init(_ label: String = "", from low: Double, to high: Double, scale: Scale = .linear) {
    self.label = label
    self.scale = scale
    var ends = low.isFinite && high.isFinite ? (min(low, high), max(low, high)) : (0, 1)
    if scale == .logarithmic {
      if ends.1 <= 0 { ends = (0.1, 1) }
      if ends.0 <= 0 { ends.0 = ends.1 / 1000 }
      ends = (min(max(ends.0, 1e-300), 1e299), min(max(ends.1, 1e-299), 1e300))
      if ends.0 >= ends.1 { ends = (ends.0 / 2, ends.0 * 2) }
    } else {
      ends = (min(max(ends.0, -1e300), 1e300), min(max(ends.1, -1e300), 1e300))
      let least = max(abs(ends.0), abs(ends.1)) * 1e-12
      if ends.1 - ends.0 <= least {
        let half = max(abs(ends.0) * 0.1, 0.5)
        ends = (ends.0 - half, ends.1 + half)
      }
    }
    (self.low, self.high) = ends
  }

  /// An axis that holds all of `values` that it can show.
  ///
  /// - Parameter margin: the share of the range that is added at both ends.
  package static func fitting(
    _ label: String = "", _ values: some Sequence<Double>, scale: Scale = .linear,
    margin: Double = 0, includingZero: Bool = false
  ) -> PlotAxis {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite && (scale == .linear || value > 0) {
      low = min(low, value)
      high = max(high, value)
    }
    if includingZero, scale == .linear {
      low = min(low, 0)
      high = max(high, 0)
    }
    guard low <= high else {
      return PlotAxis(label, from: scale == .linear ? 0 : 0.1, to: 1, scale: scale)
    }
    if margin > 0, scale == .linear, low < high {
      let room = (high - low) * margin
      return PlotAxis(label, from: low - room, to: high + room)
    }
    return PlotAxis(label, from: low, to: high, scale: scale)
  }

  /// One place for every name, from 0.5 to count + 0.5.
  package static func named(_ label: String = "", _ names: [String]) -> PlotAxis {
    var axis = PlotAxis(label, from: 0.5, to: Double(max(names.count, 1)) + 0.5)
    axis.categories = names
    return axis
  }

  /// Where `value` lies: 0 at the low end, 1 at the high end, other numbers outside; nil for what
  /// the axis cannot show.
  package func position(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    let position: Double
    switch scale {
    case .linear: position = (value - low) / (high - low)
    case .logarithmic:
      guard value > 0 else { return nil }
      position = log(value / low) / log(high / low)
    }
    return position.isFinite ? position : nil
  }

  /// The inverse of `position(of:)`.
  package func value(at position: Double) -> Double {
    switch scale {
    case .linear: low + (high - low) * position
    case .logarithmic: low * pow(high / low, position)
    }
  }

  /// Round values on the axis, about `count` of them and two where that can be, in rising order.
  package func ticks(about count: Int) -> [Tick] {
    let ticks = roundTicks(about: count)
    guard ticks.count < 2, count < 6, categories.isEmpty else { return ticks }
    let more = self.ticks(about: max(count, 1) + 1)
    return more.count > ticks.count ? more : ticks
  }

  private func roundTicks(about count: Int) -> [Tick] {
    if !categories.isEmpty {
      let every = max((categories.count + max(count, 1) - 1) / max(count, 1), 1)
      return categories.enumerated().compactMap { index, name in
        index % every == 0 ? Tick(value: Double(index + 1), label: name) : nil
      }
    }
    if scale == .logarithmic, let ticks = decades(about: count) { return ticks }
    let wanted = (high - low) / Double(max(count, 1))
    let magnitude = pow(10, floor(log10(wanted)))
    guard magnitude.isFinite, magnitude > 0 else { return [] }
    let factors: [Double] = [1, 2, 5, 10]
    let fitting = (factors.first { $0 * magnitude >= wanted * 0.999 } ?? 10) * magnitude
    let step = marksWholeNumbers ? max(fitting, 1) : fitting
    let first = ceil(low / step - 1e-9)
    var ticks: [Tick] = []
    for index in 0..<(2 * max(count, 1) + 2) {
      let value = (first + Double(index)) * step
      if !(value <= high + step * 1e-9) { break }
      // Sums of rounded steps: a zero should be one.
      let clean = abs(value) < step * 1e-9 ? 0 : value
      if ticks.last?.value == clean { break }
      ticks.append(Tick(value: clean, label: NumberStyle.significantDigits(6).text(clean)))
    }
    return ticks
  }

  /// Powers of ten, with 2 and 5 between them where there is room, every second, third … where there
  /// are too many; nil for less than one decade.
  private func decades(about count: Int) -> [Tick]? {
    let first = Int(clamped: ceil(log10(low) - 1e-9))
    let last = Int(clamped: floor(log10(high) + 1e-9))
    if last - first < 1 || last - first < 3 && first > -5 && last < 6 {
      let factors: [Double] = [1, 2, 5]
      let ticks = ((first - 2)...(last + 2)).flatMap { exponent in
        factors.map { $0 * pow(10, Double(exponent)) }
      }.filter { $0 >= low * 0.999 && $0 <= high * 1.001 }
      if last - first < 1, ticks.count < 2 { return nil }
      if last - first < 1 || ticks.count <= count + 2 {
        return ticks.map { Tick(value: $0, label: NumberStyle.significantDigits(6).text($0)) }
      }
    }
    let every = max((last - first + 1 + max(count, 1) - 1) / max(count, 1), 1)
    return stride(from: first, through: last, by: every).map { exponent in
      let value = pow(10, Double(exponent))
      let label =
        (-4...5).contains(exponent) ? NumberStyle.significantDigits(6).text(value) : "1e\(exponent)"
      return Tick(value: value, label: label)
    }
  }
}
