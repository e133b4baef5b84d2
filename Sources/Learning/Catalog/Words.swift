import Differentiation
import Glibc

/// A number in a message: whole numbers without a point.
func brief(_ number: Double) -> String {
  if let whole = Int64(exactly: number) { return String(whole) }
  guard number.isFinite else { return "\(number)" }
  // Six significant digits.
  let scale = pow(10, 5 - log10(abs(number)).rounded(.down))
  let rounded = scale.isFinite && scale > 0 ? (number * scale).rounded() / scale : number
  let text = "\(rounded)"
  guard let mark = text.firstIndex(of: "e"), text[mark...].hasPrefix("e+") else { return text }
  return text[..<mark] + "e" + text[mark...].dropFirst(2)
}

/// The number to six significant digits, for messages.
func shortened(_ number: Double) -> Double {
  guard number.isFinite, number != 0 else { return number }
  let places = 5 - Int(clamped: log10(abs(number)).rounded(.down))
  guard abs(places) < 300 else { return number }
  let scale = pow(10, Double(abs(places)))
  return places < 0 ? (number / scale).rounded() * scale : (number * scale).rounded() / scale
}

/// `1 input`, `3 inputs`.
package func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}

/// Sizes or a shape as a message shows them: `[2, 20, 1]`.
package func listed(_ sizes: some Sequence<Int>) -> String {
  "[\(sizes.map { String($0) }.joined(separator: ", "))]"
}

/// Sizes as they are typed: `[2,20,1]`.
package func written(_ sizes: [Int]) -> String {
  "[\(sizes.map { String($0) }.joined(separator: ","))]"
}
