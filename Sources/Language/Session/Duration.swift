import Differentiation

/// A duration as people read it: `1.2 ms`, `3.4 s`.
func durationText(_ seconds: Double) -> String {
  func rounded(_ number: Double) -> String {
    let tenths = (number * 10).rounded() / 10
    return tenths < 100 ? "\(tenths)" : "\(Int(clamped: number.rounded()))"
  }
  if seconds < 1e-3 { return "\(rounded(seconds * 1e6)) µs" }
  if seconds < 1 { return "\(rounded(seconds * 1e3)) ms" }
  return "\(rounded(seconds)) s"
}
