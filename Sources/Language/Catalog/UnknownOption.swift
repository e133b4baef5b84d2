import Syntax

extension Runtime {
  /// The error of an option that a function does not take.
  ///
  /// - Parameters:
  ///   - more: what it takes besides the options it declares.
  ///   - words: the bare words among its arguments; the option may be meant for one of them.
  func unknownOption(
    _ name: Name, of function: BuiltinFunction, besides more: [String] = [], among words: [String]
  ) -> Failure {
    let names = more + function.parameters.filter { !$0.isRequired }.map { $0.name }
    var help: [String] = []
    if let owner = owner(of: name.text, among: words) {
      help = [owner]
    } else {
      if let near = Spelling.nearest(
        to: name.text, in: names + function.parameters.flatMap({ $0.aliases }))
      {
        help.append("did you mean \(near)?")
      }
      if let rest = function.rest, name.text.hasPrefix(rest.name) {
        help.append("\(rest.name) stands without a name: \(function.order)")
      }
      help.append(
        names.isEmpty
          ? "\(function.name) takes no options" : "its options: \(names.joined(separator: ", "))")
    }
    return Failure(
      "\(function.name) has no option \(name.text)", at: name.range, label: "unknown option",
      help: help)
  }

  /// The help for `f g n=5`, where n is an option of the catalog's function g.
  func owner(of option: String, among words: [String]) -> String? {
    words.first { word in
      global(word) == nil
        && Catalog.function(word)?.parameters.contains { $0.name == option } == true
    }.map { "\(option) belongs to \($0): write (\($0) \(option)=…)" }
  }
}
