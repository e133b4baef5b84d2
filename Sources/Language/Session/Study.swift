/// What a script is run for whose one sweep is a study: to list its trainings, or to make one of them.
/// The script ends where the sweep stands.
package final class Study {
  package enum Wish: Hashable, Sendable {
    case list
    /// Counted from 0.
    case task(Int)
  }

  /// One training.
  package struct Task {
    /// Of script, version, setting and data: what makes the result what it is.
    package let hash: String
    /// The options that vary, by name: a document of JSON.
    package let setting: [UInt8]

    package init(hash: String, setting: [UInt8]) {
      self.hash = hash
      self.setting = setting
    }
  }

  /// How a task begins.
  package enum Start {
    case fresh, resumed
    /// Its result is there.
    case done
    /// Why it is none of the study.
    case refused(String, help: String)
  }

  package let wish: Wish
  /// What the hashes begin with.
  package let source: String
  /// Where a task keeps how far it is, by its hash.
  package let checkpoint: (_ hash: String) -> String
  package let start: (_ number: Int, Task) -> Start
  /// The trainings, where they were to be listed.
  package var tasks: [Task]?
  /// What came of the task, a document of JSON; nil where its result was there.
  package var result: (hash: String, document: [UInt8])?
  package var isDone = false

  package init(
    _ wish: Wish, source: String, checkpoint: @escaping (String) -> String = { $0 },
    start: @escaping (Int, Task) -> Start = { _, _ in .fresh }
  ) {
    self.wish = wish
    self.source = source
    self.checkpoint = checkpoint
    self.start = start
  }
}
