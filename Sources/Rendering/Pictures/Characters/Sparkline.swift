/// A row of numbers as one line of little bars.
package enum Sparkline {
  /// - Returns: one character a number; where there are more than `limit`, means of neighbours.
  package static func text(
    _ values: [Double], limit: Int = 40, on display: Display = .plain
  ) -> String {
    let limit = max(limit, 1)
    let shown =
      values.count <= limit
      ? values
      : (0..<limit).map { index in
        let part = values[(index * values.count / limit)..<((index + 1) * values.count / limit)]
        return part.reduce(0, +) / Double(part.count)
      }
    let finite = shown.filter { $0.isFinite }
    guard let low = finite.min(), let high = finite.max() else {
      return String(repeating: "?", count: shown.count)
    }
    let ramp = Array(display.isASCII ? "_.:-=+*#" : "▁▂▃▄▅▆▇█")
    return String(
      shown.map { value -> Character in
        guard value.isFinite else { return "?" }
        let share = Field.Scale.share(value, low: low, high: high)
        return ramp[min(max(Int(clamped: share * 8), 0), 7)]
      })
  }
}
