import Differentiation
import Interchange
import Language
import Learning
import Syntax

/// A sweep whose trainings are tasks of their own, each made by a process of its own.
extension SweepRun {
  /// Lists the tasks, or makes one, and ends the script.
  func part(of study: Study) throws(Failure) -> Value {
    switch study.wish {
    case .list:
      var tasks: [Study.Task] = []
      for number in 0..<grid.count { tasks.append(try task(number, of: study)) }
      study.tasks = tasks
    case .task(let number):
      guard number < grid.count else {
        throw Failure(
          "there is no task \(number): they count from 0 to \(grid.count - 1)", at: arguments.range)
      }
      try make(task(number, of: study), number, for: study)
    }
    study.isDone = true
    throw .exit(0)
  }

  private func setting(_ number: Int) -> Record {
    var setting = Record()
    for (axis, value) in grid.combination(number) {
      setting[axis.name] =
        FileContent.document(of: value) == nil ? .string(session.sweptText(value)) : value
    }
    if let seed = grid.seed(of: number) { setting["seed"] = .number(Double(seed)) }
    return setting
  }

  private func task(_ number: Int, of study: Study) throws(Failure) -> Study.Task {
    let document = try bytes(of: setting(number))
    let data = try arguments(TrainArgument.heldData)
    // FNV-1a.
    let text =
      "\(study.source)\n\(number)\n\(String(decoding: document, as: UTF8.self))\n\(data.checksum)"
    let hash = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    let digits = String(hash, radix: 16)
    return Study.Task(
      hash: String(repeating: "0", count: 16 - digits.count) + digits, setting: document)
  }

  private func bytes(of record: Record) throws(Failure) -> [UInt8] {
    guard let document = FileContent.document(of: .record(record)) else { return [] }
    do throws(FormatError) { return try document.bytes() } catch {
      throw Failure(error.message, at: arguments.range)
    }
  }

  private func make(
    _ task: Study.Task, _ number: Int, for study: Study
  ) throws(Failure) {
    let isResumed: Bool
    switch study.start(number, task) {
    case .done: return
    case .refused(let words, let help):
      throw Failure(words, at: arguments.range, help: [help])
    case .fresh: isResumed = false
    case .resumed: isResumed = true
    }
    let checkpoint = Value.string(study.checkpoint(task.hash))
    let condition = StopCondition()
    let sweep = try trainings(
      1, condition,
      checkpoints: [("checkpoint", checkpoint)] + (isResumed ? [("resume", checkpoint)] : [])
    ) { _ in number }
    if let failure = condition.failure { throw failure }
    guard let trial = sweep.trials.first else { throw .interrupted }
    var fields = Record([
      ("hash", .string(task.hash)), ("task", .number(Double(number))),
      ("setting", .record(setting(number))),
    ])
    if let run = trial.run {
      fields["loss"] = .number(run.lastLoss)
      fields[run.metricName] = .number(run.metric)
      fields["metric_of"] = .string(run.isValidated ? "validation" : "training")
      if let loss = run.bestValidationLoss { fields["valid_loss"] = .number(loss) }
      fields["epochs"] = .number(Double(run.epochs.count))
      fields["losses"] = .tensor(Tensor(vector: run.losses))
    } else {
      fields["loss"] = .nothing
      fields["diverged_in"] = .number(Double(trial.divergedIn ?? 0))
    }
    study.result = (task.hash, try bytes(of: fields))
  }
}
