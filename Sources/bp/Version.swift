import Differentiation

/// What `bp --version` says.
enum Version {
  static let number = "0.1.0"
  /// Name and number.
  static let title = "bp \(number)"

  static var text: String { "\(title)\n\(Backends.description)" }
}
