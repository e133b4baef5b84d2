import Differentiation

/// Many trainings: those whose steps are alike side by side in the lanes of vectors, and on as many
/// threads as there are processors. Each comes to the bits that it would come to alone.
package final class SideBySide {
  /// What one training is made of; the net is its own.
  package struct Candidate {
    package let network: Network
    package let data: DataSet
    package let options: TrainingOptions

    package init(_ network: Network, on data: DataSet, _ options: TrainingOptions) {
      self.network = network
      self.data = data
      self.options = options
    }
  }

  /// How a training ended.
  package enum Outcome {
    case ended(TrainingRun)
    /// The loss was no finite number any more.
    case diverged(epoch: Int, LearningError)
  }

  /// Where all of them are.
  package struct Progress {
    /// Numbers of the trainings that were looked at, from 0.
    package let numbers: [Int]
    /// The epochs of the first of them.
    package let epochs: Int
    package let summary: EpochSummary
    /// The share of all epochs that is done.
    package let share: Double
  }

  private let count: Int
  private let threads: Int
  private let isStopped: (Int) -> Bool
  private let onProgress: ((Progress) -> Void)?
  /// Epochs done in earlier rounds, and those planned for all trainings begun.
  private var epochsDone = 0
  private var epochsPlanned = 0
  private var begun = 0

  /// A training of a round.
  final class Member {
    let number: Int
    let session: TrainingSession
    var outcome: Outcome?
    /// Why it failed otherwise.
    var error: LearningError?
    /// Whether only the thread of the user may go on with it: it calls what is the user's.
    let isBound: Bool
    let epochs: Int
    fileprivate var divergedIn = 0
    var last: EpochSummary?
    /// Whether it was dealt to this process, or there is no other.
    var isMadeHere = false

    init(_ number: Int, _ session: TrainingSession, isBound: Bool) {
      self.number = number
      self.session = session
      self.isBound = isBound
      epochs = session.plan.options.epochs
    }

    func listen(_ event: TrainingEvent) -> TrainingAnswer {
      switch event {
      case .diverged(let epoch, _): divergedIn = epoch
      case .epoch(let summary): last = summary
      default: break
      }
      return .proceed
    }

    /// Does a part of the training, and keeps the error that ends it.
    /// - Returns: nothing where it failed.
    func attempt<Result>(_ body: () throws(LearningError) -> Result) -> Result? {
      do throws(LearningError) {
        return try body()
      } catch {
        if divergedIn > 0 {
          outcome = .diverged(epoch: divergedIn, error)
        } else {
          self.error = error
        }
        return nil
      }
    }
  }

  /// Trains all candidates.
  ///
  /// - Parameters:
  ///   - threads: how many may train.
  ///   - team: to whose ranks the trainings are dealt.
  ///   - candidate: makes the training of this number, from 0; called in the order of the numbers.
  ///   - isStopped: asked before every step, of so many nets at once; what is under way then is left
  ///     out.
  ///   - onProgress: sees now and then where the trainings are.
  ///   - onFailure: sees the number of a training whose error is about to be thrown.
  ///   - onEnd: sees each training that ended or diverged.
  /// - Throws: where options, data and net do not fit, and what a user's function throws.
  package static func train(
    _ count: Int, threads: Int = Backends.threads, team: Team? = nil,
    isStopped: @escaping (Int) -> Bool,
    candidate: (Int) throws(LearningError) -> Candidate,
    onProgress: ((Progress) -> Void)? = nil, onFailure: (Int) -> Void = { _ in },
    onEnd: (Int, Outcome) throws(LearningError) -> Void
  ) throws(LearningError) {
    let trainings = SideBySide(count, threads, isStopped, onProgress)
    while trainings.begun < count, !(team?.isStopped ?? isStopped(0)) {
      let members = try trainings.begin(candidate, team)
      // What calls something of the user's is heard by all.
      if let team, !members.contains(where: { $0.isBound }) {
        trainings.run(members, dealtTo: team)
        guard let failed = try share(members, team, isStopped: isStopped(0)) else {
          for member in members {
            if let outcome = member.outcome { try onEnd(member.number, outcome) }
          }
          return
        }
        trainings.run(failed)
      } else {
        trainings.run(members)
      }
      for member in members {
        if let error = member.error {
          onFailure(member.number)
          throw error
        }
        if let outcome = member.outcome { try onEnd(member.number, outcome) }
      }
      if isStopped(0) { return }
    }
  }

  private init(
    _ count: Int, _ threads: Int, _ isStopped: @escaping (Int) -> Bool,
    _ onProgress: ((Progress) -> Void)?
  ) {
    self.count = count
    self.threads = threads
    self.isStopped = isStopped
    self.onProgress = onProgress
  }

  /// Trainings under way at a time, a thread: a few for every lane, as some end early.
  private static let mostLanesFull = 4
  /// Numbers that trainings under way may hold together, 256 MB; a single one may hold more.
  private static let mostHeld = 1 << 25

  /// Begins the trainings of a round.
  private func begin(
    _ candidate: (Int) throws(LearningError) -> Candidate, _ team: Team?
  ) throws(LearningError) -> [Member] {
    var members: [Member] = []
    var held = 0
    var most = 1
    while begun < count, members.count < most, !isStopped(0) {
      let made = try candidate(begun)
      let isStopped = isStopped
      let session = try makeSession(made.network, on: .table(made.data), made.options) {
        isStopped(1)
      }
      let width = LaneLoop.width(of: made.network.precision)
      // All ranks begin the same, whatever their machines have.
      most = Self.mostLanesFull * width * (team.map { 8 * $0.count } ?? threads)
      let member = Member(begun, session, isBound: session.plan.isBoundToUser)
      begun += 1
      epochsPlanned += member.epochs
      members.append(member)
      // A training that makes no pass is over.
      let goesOn = try session.begin(member.listen)
      if !goesOn, !session.isInterrupted {
        member.outcome = .ended(try session.end(member.listen))
      }
      held += session.plan.data.count * session.plan.data.featureCount + 16 * made.network.count
      if held > Self.mostHeld { break }
    }
    return members
  }

  private func run(_ members: [Member], dealtTo team: Team? = nil) {
    let round = TrainingRound(members.filter { $0.session.runner != nil }, dealtTo: team)
    let runners = round.isBound ? 1 : min(threads, round.mostRunners)
    // The user's thread is one of them, and the only one that calls anything of the user's.
    let (isStopped, onProgress) = (isStopped, onProgress)
    let (count, done, planned, begun) = (count, epochsDone, epochsPlanned, begun)
    let report: (([Member], Int) -> Void)? = onProgress.map { onProgress in
      { under, epochs in
        guard let first = under.first, let summary = first.last else { return }
        let all = Double(planned) / Double(max(begun, 1)) * Double(count)
        onProgress(
          Progress(
            numbers: under.map { $0.number }, epochs: first.epochs, summary: summary,
            share: min(1, Double(done + epochs) / max(all, 1))))
      }
    }
    round.begin()
    Backends.share(runners) { part, isCaller in
      let look: (Int) -> Bool =
        isCaller ? isStopped : { _ in Interruption.isRequested }
      round.run(isStopped: look, report: isCaller ? report : nil)
    }
    round.end(isStopped: isStopped(0))
    epochsDone += round.epochsDone
  }
}

extension TrainingPlan {
  /// What it takes, beside others: how often each weight is used.
  var cost: Double {
    Double(options.epochs) * Double(data.count) * Double(network.count)
  }

  /// Whether its steps or what is asked between them call what is the user's.
  fileprivate var isBoundToUser: Bool {
    options.until != nil || options.checkpoint != nil || network.loss.isCustom
      || network.layers.contains { $0.activation.traits.contains(.custom) }
      || options.optimizer.isCustom
  }
}
