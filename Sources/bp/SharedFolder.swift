import Glibc

/// Files that come with the program: beside it, where packages put them, and in a checkout.
enum SharedFolder {
  /// The folder of this name; nil where there is none.
  /// - Parameters:
  ///   - variable: names it in the environment before all others.
  ///   - checkout: where a checkout has it.
  static func path(of name: String, variable: String, checkout: String) -> String? {
    if let own = getenv(variable).map({ String(cString: $0) }), !own.isEmpty {
      return isFolder(own) ? own : nil
    }
    return places(of: name, checkout: checkout).first(where: isFolder)
  }

  /// The file of this name; nil where there is none.
  /// - Parameter checkout: where a checkout has it.
  static func file(_ name: String, checkout: String) -> String? {
    places(of: name, checkout: checkout).first { access($0, R_OK) == 0 && !isFolder($0) }
  }

  private static func places(of name: String, checkout: String) -> [String] {
    guard let program = programFolder else { return [] }
    // Built in .build/<system>/<kind> of a checkout, or run from its top.
    return ["\(program)/\(name)", "\(program)/../share/bplang/\(name)"]
      + ["..", "../..", "../../.."].map { "\(program)/\($0)/\(checkout)" }
  }

  private static var programFolder: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    let text = String(cString: path)
    return text.lastIndex(of: "/").map { String(text[..<$0]) }
  }

  private static func isFolder(_ path: String) -> Bool {
    var there = stat()
    return stat(path, &there) == 0 && there.st_mode & S_IFMT == S_IFDIR
  }
}
