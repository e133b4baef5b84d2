import Differentiation
import Language
import Learning
import Rendering
import Syntax

/// The trainings of a grid: what each is given, and what is shown of them.
final class SweepRun {
  let grid: SweepGrid
  let arguments: Arguments
  let session: Session
  private let progress: WorkProgress

  init(_ grid: SweepGrid, _ arguments: Arguments) throws(Failure) {
    self.grid = grid
    self.arguments = arguments
    session = arguments.session
    progress = WorkProgress(session, isQuiet: try arguments(Catalog.sweepIsQuiet))
  }

  /// Ctrl-C ends it behind the trainings that are done.
  func report() throws(Failure) -> Value {
    if let study = session.host.study { return try part(of: study) }
    defer { progress.end() }
    let runtime = arguments.runtime
    let condition = StopCondition()
    let sweep = try trainings(grid.count, condition) { $0 }
    if let run = sweep.runs.first, let argument = arguments.given(TrainArgument.heldData),
      case .data(let given) = argument.value
    {
      session.noteClasses(of: run.data, readFrom: .table(given), outputs: run.network.outputCount)
    }
    if let failure = condition.end() { throw failure }
    if runtime.isStopped() {
      session.note("stopped after \(sweep.trials.count) of \(grid.count) trainings")
      if sweep.trials.isEmpty { throw .interrupted }
    }
    return SweepReport(grid, sweep, session).value
  }

  /// Makes trainings of the grid.
  /// - Parameters:
  ///   - checkpoints: further arguments of each training.
  ///   - place: which of the grid is the training of a number.
  func trainings(
    _ count: Int, _ condition: StopCondition, checkpoints: [(name: String, value: Value)] = [],
    _ place: @escaping (Int) -> Int
  ) throws(Failure) -> Sweep {
    let host = session.host
    let runtime = arguments.runtime
    var call = arguments
    var calls: [Int: Arguments] = [:]
    do {
      return try Sweep(
        of: count, threads: runtime.trainingThreads, team: host.team, clock: host.clock,
        isStopped: { runtime.stopsTrainings($0) || condition.failure != nil },
        candidate: { index throws(LearningError) in
          let number = place(index)
          return try runtime.carrying { () throws(Failure) in
            let chosen = grid.combination(number)
            let network = try network(chosen)
            call = self.call(chosen, network, checkpoints)
            calls[index] = call
            var options = try call.trainingOptions(condition)
            try Catalog.addCheckpoints(&options, call)
            let given = try call(TrainArgument.heldData)
            let isPrepared = try call.isPrepared()
            let data = try call.mappingErrors(
              network.preparedForTraining(given, isPrepared: isPrepared))
            let candidate = SideBySide.Candidate(network, on: data, options)
            guard let seed = grid.seed(of: number) else { return candidate }
            return try call.mappingErrors(candidate.startingAnew(seed: seed))
          }
        }, onProgress: progress.isWatched ? { self.show($0) } : nil,
        onFailure: { call = calls[$0] ?? arguments })
    } catch {
      throw runtime.failure(behind: error) ?? call.failure(of: error)
    }
  }

  /// A copy of the net, or the one that the function makes of its arguments.
  private func network(
    _ chosen: [(axis: SweepGrid.Axis, value: Value)]
  ) throws(Failure) -> Network {
    let range = arguments.bound[0]?.range ?? arguments.range
    switch arguments.bound[0]?.value {
    case .network(let network)?: return network.copy()
    case .function(let function)?:
      let given =
        grid.fixed.map { ($0.name, $0.values[0]) }
        + chosen.filter { $0.axis.isOfNet }.map { ($0.axis.name, $0.value) }
      let values = function.parameterNames.map { name in given.first { $0.0 == name }?.1 }
      let answer: Value
      if case .user(let user) = function.body {
        answer = try arguments.runtime.call(user, values, at: range)
      } else {
        answer = try arguments.runtime.call(function, values.compactMap { $0 }, at: range)
      }
      switch answer {
      case .network(let network): return network
      case .run(let run): return run.network
      default:
        throw Failure("the function makes a net", at: range, label: "gave \(answer.kind)")
      }
    default: throw Failure("sweep needs a net", at: range)
    }
  }

  /// The call of `train` that a combination stands for.
  private func call(
    _ chosen: [(axis: SweepGrid.Axis, value: Value)], _ network: Network,
    _ more: [(name: String, value: Value)]
  ) -> Arguments {
    let train = Catalog.trainFunction
    let bound = train.parameters.map { parameter -> BoundArgument? in
      if parameter.name == "net" {
        return BoundArgument(
          value: .network(network), range: arguments.bound[0]?.range ?? arguments.range, name: nil)
      }
      if let own = more.first(where: { $0.name == parameter.name }) {
        return BoundArgument(value: own.value, range: arguments.range, name: nil)
      }
      guard
        let place = arguments.function.parameters.firstIndex(where: { $0.name == parameter.name }),
        var argument = arguments.bound[place]
      else { return nil }
      if let choice = chosen.first(where: { $0.axis.name == parameter.name && !$0.axis.isOfNet }) {
        argument.value = choice.value
      } else if case .alternatives = arguments.function.parameters[place].kind,
        let only = argument.value.parts?.first
      {
        argument.value = only
      }
      return argument
    }
    return Arguments(
      function: train, runtime: arguments.runtime, range: arguments.range, bound: bound)
  }

  /// `1-8/64 lr=0.1: epoch 20/100 ███░░░ loss 0.21  0:12 left`
  private func show(_ trainings: SideBySide.Progress) {
    progress.show(trainings, "", of: grid.count) { first in
      grid.combination(first).map { " \($0.axis.name)=\(session.sweptText($0.value))" }.joined()
    }
  }
}
