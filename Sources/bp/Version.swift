import Differentiation

/// What `bp --version` says.
enum Version {
  static var text: String { "bp 0.1.0\n\(Backends.description)" }
}
