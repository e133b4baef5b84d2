import Differentiation

/// What `bp --version` says.
enum Version {
  static let number = "0.1.0"

  static var text: String { "bp \(number)\n\(Backends.description)" }
}
