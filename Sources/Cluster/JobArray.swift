/// A batch script of Slurm whose jobs are the tasks of a study.
package struct JobArray {
  package let folder: StudyFolder
  /// Where the job is to stand.
  package let place: String
  /// Numbers of tasks, rising.
  package let tasks: [Int]

  package init(_ folder: StudyFolder, in place: String, tasks: [Int]) {
    self.folder = folder
    self.place = place
    self.tasks = tasks
  }

  /// `0-5,9,12-13`
  package static func ranges(_ numbers: [Int]) -> String {
    var parts: [String] = []
    var start = 0
    for (index, number) in numbers.enumerated() {
      guard index + 1 == numbers.count || numbers[index + 1] != number + 1 else { continue }
      parts.append(start == index ? "\(number)" : "\(numbers[start])-\(number)")
      start = index + 1
    }
    return parts.joined(separator: ",")
  }

  package var text: String {
    """
    #!/bin/sh
    #SBATCH --job-name=\(Self.word(folder.path))
    #SBATCH --array=\(Self.ranges(tasks))
    #SBATCH --ntasks=1
    #SBATCH --requeue
    #SBATCH --open-mode=append
    #SBATCH --output=\(Self.word(folder.path))/task-%a.log
    # A task that was ended early goes on where it was; one that is done ends at once.
    # Time, memory and partition are your site's: add lines as #SBATCH --time=01:00:00 above.
    cd \(Self.quoted(place)) || exit 1
    exec \(Self.quoted(folder.program)) sweep \(Self.quoted(folder.script)) --task "$SLURM_ARRAY_TASK_ID"

    """
  }

  /// One word of the shell.
  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }

  /// The name without what Slurm would take for something else.
  private static func word(_ text: String) -> String {
    String(text.map { $0.isWhitespace || $0 == "%" || $0 == "\\" ? "_" : $0 })
  }
}
