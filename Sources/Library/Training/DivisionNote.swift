import Differentiation
import Language
import Learning
import Rendering

extension Session {
  /// Says who computed what, where there are several processes.
  func noteDivision(of run: TrainingRun, _ team: Team) {
    guard run.shards > 1 else {
      noteOnce(
        "each of the \(team.count) ranks computes all of a training whose batches are not divided: "
          + "large batches of large nets are, and with shards=8 any")
      return
    }
    let rows = run.rowsAnEpoch.map { "\($0)" }.joined(separator: ", ")
    noteOnce(
      "\(team.count) ranks share the \(run.shards) shards of each batch: \(rows) rows an epoch")
  }
}
