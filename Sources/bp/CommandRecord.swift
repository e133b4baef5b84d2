import ArgumentParser
import Interchange

/// What the argument parser knows of a command, for pages about all of them.
struct CommandRecord {
  /// What the shell completes in place of a value.
  enum Completion: Hashable {
    case none
    case values([String])
    /// With these extensions; any where there are none.
    case files([String])
    case folders
  }

  struct Option: Hashable {
    /// With the dashes, the short one first; none for an argument.
    let names: [String]
    /// What stands for its value, or the argument itself; nil for a flag.
    let value: String?
    let summary: String
    let isOptional: Bool
    let isRepeating: Bool
    let completion: Completion
  }

  let name: String
  let abstract: String
  let discussion: String
  let options: [Option]
  let commands: [CommandRecord]

  func option(named name: String) -> Option? { options.first { $0.names.contains(name) } }

  /// The command with all below it, without what help hides.
  /// - Throws: where the parser's description is not what it was when this was written.
  static func all() throws(FormatError) -> CommandRecord {
    let description = try JSON.parse(Array(Command._dumpHelp().utf8))
    guard let command = description["command"], let record = CommandRecord(command) else {
      throw FormatError("the description of the commands has another form")
    }
    return record
  }

  private init?(_ description: JSON) {
    guard let name = description["commandName"]?.text else { return nil }
    self.name = name
    abstract = description["abstract"]?.text ?? ""
    discussion = description["discussion"]?.text ?? ""
    options = (description["arguments"]?.list ?? []).compactMap { Option($0) }
    // The parser's own help is listed behind bp's, which has its name.
    var seen: Set<String> = []
    commands = (description["subcommands"]?.list ?? [])
      .filter { $0["shouldDisplay"]?.truth ?? true }
      .compactMap { CommandRecord($0) }.filter { seen.insert($0.name).inserted }
  }
}

extension CommandRecord.Option {
  fileprivate init?(_ description: JSON) {
    guard description["shouldDisplay"]?.truth ?? true, let kind = description["kind"]?.text else {
      return nil
    }
    names = (description["names"]?.list ?? []).compactMap { name in
      guard let text = name["name"]?.text else { return nil }
      return (name["kind"]?.text == "long" ? "--" : "-") + text
    }
    value = kind == "flag" ? nil : description["valueName"]?.text
    summary = description["abstract"]?.text ?? ""
    isOptional = description["isOptional"]?.truth ?? false
    isRepeating = description["isRepeating"]?.truth ?? false
    completion = description["completionKind"].map { .init($0) } ?? .none
  }
}

extension CommandRecord.Completion {
  fileprivate init(_ description: JSON) {
    func texts(_ values: JSON?) -> [String] { values?.list?.compactMap { $0.text } ?? [] }
    if let list = description["list"] {
      self = .values(texts(list["values"]))
    } else if let file = description["file"] {
      self = .files(texts(file["extensions"]))
    } else if description["directory"] != nil {
      self = .folders
    } else {
      self = .none
    }
  }
}
