import Interchange
import Language

/// The folder of a study: the list of its tasks, and a file for each that is done.
package struct StudyFolder {
  package let path: String
  /// The script's path, as it was given.
  package let script: String
  /// The program that is to run it.
  package let program: String
  package let tasks: [(hash: String, setting: JSON)]

  package init(
    _ path: String, script: String, program: String, tasks: [(hash: String, setting: JSON)]
  ) {
    self.path = path
    self.script = script
    self.program = program
    self.tasks = tasks
  }

  /// `study.out` of `study.bp`.
  package static func path(ofScript script: String) -> String { stem(script) + ".out" }

  private static func stem(_ path: String) -> String {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/"),
      dot > path.startIndex
    else { return path }
    return String(path[..<dot])
  }

  /// The script of the job array; of what is missing, where it is for that.
  package static func arrayPath(of folder: String, isForMissing: Bool = false) -> String {
    stem(folder) + (isForMissing ? ".missing.sbatch" : ".sbatch")
  }

  package static func listPath(_ folder: String) -> String { "\(folder)/tasks.json" }
  package static func resultPath(_ folder: String, _ hash: String) -> String {
    "\(folder)/\(hash).json"
  }
  package static func checkpointPath(_ folder: String, _ hash: String) -> String {
    "\(folder)/\(hash).safetensors"
  }

  /// The list as a document.
  /// - Throws: where a setting is none of JSON.
  package func list() throws(FormatError) -> [UInt8] {
    try JSON.object([
      JSON.Member("script", .text(script)), JSON.Member("program", .text(program)),
      JSON.Member(
        "tasks",
        .list(
          tasks.map {
            .object([JSON.Member("hash", .text($0.hash)), JSON.Member("setting", $0.setting)])
          })),
    ]).bytes()
  }

  /// Reads the list of a folder.
  /// - Throws: where it is no list of tasks.
  package init(_ path: String, list bytes: [UInt8]) throws(FormatError) {
    let document = try JSON.parse(bytes)
    guard let script = document["script"]?.text, let program = document["program"]?.text,
      let list = document["tasks"]?.list
    else { throw FormatError("it is no list of the tasks of a study") }
    var tasks: [(hash: String, setting: JSON)] = []
    for task in list {
      guard let hash = task["hash"]?.text, hash.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x66 }),
        let setting = task["setting"]
      else { throw FormatError("a task has no hash or no setting") }
      tasks.append((hash, setting))
    }
    self.init(path, script: script, program: program, tasks: tasks)
  }
}
