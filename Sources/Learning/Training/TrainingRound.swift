import Differentiation

/// Trainings that have begun and are brought to their end by one thread or several.
final class TrainingRound {
  private typealias Member = SideBySide.Member

  /// Those that are alike, and where the next is.
  private final class Group {
    var members: [Member]
    var next = 0

    init(_ first: Member) { members = [first] }
  }

  private let groups: [Group]
  private var isEnded = false
  /// Epochs that all of them have made.
  private(set) var epochsDone = 0
  /// Whether only the thread of the user may go on with some of them.
  let isBound: Bool

  init(_ members: [SideBySide.Member]) {
    var groups: [Group] = []
    for member in members {
      guard let runner = member.session.runner, runner.goesInLanes,
        let group = groups.first(where: { group in
          group.members[0].session.runner?.isAlike(runner) ?? false
        })
      else {
        groups.append(Group(member))
        continue
      }
      group.members.append(member)
    }
    self.groups = groups
    isBound = members.contains { $0.isBound }
  }

  /// More runners than this would find nothing to do, or take lanes from each other.
  var mostRunners: Int {
    groups.reduce(0) { sum, group in
      let width = LaneLoop.width(of: group.members[0].session.plan.network.precision)
      return sum + (group.members.count + width - 1) / width
    }
  }

  /// Brings trainings to their end until there are none.
  /// - Parameters:
  ///   - isStopped: asked before every step, of so many nets at once.
  ///   - report: sees the trainings under way here, and the epochs of all.
  func run(
    isStopped: @escaping (Int) -> Bool, report: (([SideBySide.Member], Int) -> Void)?
  ) {
    for group in groups {
      guard let first = take(group) else { continue }
      if group.members.count > 1, let lanes = first.session.runner?.makeLanes() {
        run(group, first, lanes, isStopped, report)
      } else {
        run(alone: first, isStopped, report)
      }
      if isOver(isStopped) { return }
    }
  }

  private func take(_ group: Group) -> Member? {
    Backends.exclusively {
      guard group.next < group.members.count else { return nil }
      group.next += 1
      return group.members[group.next - 1]
    }
  }

  /// Whether all are to end; who is told so tells the others.
  private func isOver(_ isStopped: (Int) -> Bool) -> Bool {
    let isToEnd = isStopped(0)
    return Backends.exclusively {
      if isToEnd { isEnded = true }
      return isEnded
    }
  }

  private func count(_ epochs: Int) -> Int {
    Backends.exclusively {
      epochsDone += epochs
      return epochsDone
    }
  }

  /// Makes the passes of one training by itself.
  private func run(
    alone member: Member, _ isStopped: @escaping (Int) -> Bool, _ report: (([Member], Int) -> Void)?
  ) {
    member.session.isStopped = { isStopped(1) }
    TrainingLoop.withoutDenormals {
      var answer: TrainingAnswer? = .proceed
      while answer == .proceed {
        answer = member.attempt { () throws(LearningError) in
          try member.session.pass(member.listen)
        }
        let done = count(1)
        if member.last != nil { report?([member], done) }
        if isOver(isStopped) { return member.session.abandon() }
      }
      if answer != nil { finish(member) }
    }
  }

  private func finish(_ member: Member) {
    // It was stopped with all others.
    guard !member.session.isInterrupted else { return member.session.abandon() }
    let run = TrainingLoop.withDenormals {
      member.attempt { () throws(LearningError) in try member.session.end(member.listen) }
    }
    if let run { member.outcome = .ended(run) }
  }

  /// Makes the passes of alike trainings, as many at a time as there are lanes; where one ends, the
  /// next takes its lane.
  private func run(
    _ group: Group, _ first: Member, _ lanes: LaneLoop, _ isStopped: @escaping (Int) -> Bool,
    _ report: (([Member], Int) -> Void)?
  ) {
    var places = [Member?](repeating: nil, count: lanes.width)
    var passes = [LaneLoop.Pass?](repeating: nil, count: lanes.width)
    var waiting: Member? = first
    var present: [Member] = []
    // Whether a lane is to be filled.
    var hasRoom = true
    var isLast = false
    TrainingLoop.withoutDenormals {
      while true {
        if hasRoom {
          for lane in places.indices where places[lane] == nil && !isLast {
            guard let member = waiting ?? take(group) else {
              isLast = true
              break
            }
            waiting = nil
            if enter(member, lanes, lane, isStopped, report) { places[lane] = member }
          }
          hasRoom = !isLast && places.contains { $0 == nil }
          present = places.compactMap { $0 }
        }
        guard let one = present.first else { return }
        // A single net has a whole vector for itself in its own loop.
        if isLast, present.count == 1 { return run(alone: one, isStopped, report) }
        for lane in places.indices {
          passes[lane] = places[lane].flatMap { pass(of: $0) }
          guard passes[lane] == nil, places[lane] != nil else { continue }
          places[lane] = nil
          hasRoom = true
        }
        guard passes.contains(where: { $0 != nil }) else { continue }
        let epochs = lanes.runEpoch(passes, while: { !isStopped($0) })
        guard let epochs, !isOver(isStopped) else {
          for member in places { member?.session.abandon() }
          return
        }
        let made = present.count
        for lane in places.indices where passes[lane] != nil {
          guard let member = places[lane], !goesOn(member, epochs[lane]) else { continue }
          places[lane] = nil
          hasRoom = true
        }
        let done = count(made)
        report?(present, done)
      }
    }
  }

  /// - Returns: whether it took the lane; where its steps are not alike after all, it goes alone.
  private func enter(
    _ member: Member, _ lanes: LaneLoop, _ lane: Int, _ isStopped: @escaping (Int) -> Bool,
    _ report: (([Member], Int) -> Void)?
  ) -> Bool {
    member.session.isStopped = { isStopped(1) }
    let isIn = member.attempt { () throws(LearningError) in
      try member.session.runner?.enter(lanes, at: lane) ?? false
    }
    if isIn == false { run(alone: member, isStopped, report) }
    return isIn ?? false
  }

  /// The next pass; nil where the training is over.
  private func pass(of member: Member) -> LaneLoop.Pass? {
    let pass = member.attempt { () throws(LearningError) in
      try member.session.lanePass(member.listen)
    }
    guard let pass else { return nil }
    if pass == nil { finish(member) }
    return pass
  }

  /// Takes what came of a pass.
  private func goesOn(_ member: Member, _ epoch: TrainingLoop.Epoch) -> Bool {
    let answer = member.attempt { () throws(LearningError) in
      try member.session.take(epoch, member.listen)
    }
    if answer == .stop { finish(member) }
    return answer == .proceed
  }
}
