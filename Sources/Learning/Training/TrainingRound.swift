import Differentiation

/// Trainings that have begun and are brought to their end by one thread or several.
final class TrainingRound {
  private typealias Member = SideBySide.Member

  /// Those that are alike, and which of them wait here.
  private final class Group {
    let number: Int
    let members: [Member]
    var waiting: ArraySlice<Int>
    /// Whether any were asked for, and whether there may be more to ask for.
    var isBegun = false
    var mayHaveMore: Bool

    init(_ members: [Member], _ number: Int, isDealt: Bool) {
      self.members = members
      self.number = number
      waiting = isDealt ? [] : Array(members.indices)[...]
      mayHaveMore = isDealt
    }

    /// Lanes that its steps have.
    var width: Int {
      LaneLoop.width(of: members[0].session.plan.network.precision)
    }
  }

  private let groups: [Group]
  /// Who else makes them, and what deals them.
  private let team: Team?
  private var dealing: Dealing?
  /// How many of a group are trained side by side, at most.
  private let mostLanes: Int
  private var isEnded = false
  /// Epochs that all of them have made.
  private(set) var epochsDone = 0
  /// Whether only the thread of the user may go on with some of them.
  let isBound: Bool

  /// - Parameter team: to whose ranks they are dealt; all are made here where nil.
  init(_ members: [SideBySide.Member], dealtTo team: Team? = nil) {
    var alike: [[Member]] = []
    for member in members {
      guard let runner = member.session.runner, runner.goesInLanes,
        let place = alike.firstIndex(where: { $0[0].session.runner?.isAlike(runner) ?? false })
      else {
        alike.append([member])
        continue
      }
      alike[place].append(member)
    }
    if team != nil {
      // What takes longest comes first: then all end at about the same time.
      let costs = alike.map { $0[0].session.plan.cost }
      alike = alike.indices.sorted { (costs[$0], $1) > (costs[$1], $0) }.map { alike[$0] }
    }
    groups = alike.enumerated().map { Group($1, $0, isDealt: team != nil) }
    self.team = team
    mostLanes = Self.mostLanes(groups.map { ($0.members.count, $0.width) }, ranks: team?.count ?? 1)
    isBound = members.contains { $0.isBound }
  }

  /// The most with which there is something to do for every rank: many lanes take little longer than
  /// one.
  static func mostLanes(_ groups: [(count: Int, width: Int)], ranks: Int) -> Int {
    let widest = groups.map { $0.width }.max() ?? 1
    return (1...widest).last { lanes in
      groups.reduce(0) { $0 + parts(of: $1.count, by: min(lanes, $1.width)) } >= ranks
    } ?? 1
  }

  private static func parts(of count: Int, by size: Int) -> Int { (count + size - 1) / size }

  /// More runners than this would find nothing to do, or take lanes from each other.
  var mostRunners: Int {
    let all = groups.reduce(0) {
      $0 + Self.parts(of: $1.members.count, by: min(mostLanes, $1.width))
    }
    return Self.parts(of: all, by: team?.count ?? 1)
  }

  /// Begins to deal, where there is a team: all ranks do so at once.
  func begin() { dealing = team?.deal(groups.map { $0.members.count }) }

  /// Ends it, once nothing is left.
  func end(isStopped: Bool) {
    if let dealing { team?.end(dealing, isStopped: isStopped) }
  }

  /// Brings trainings to their end until there are none.
  /// - Parameters:
  ///   - isStopped: asked before every step, of so many nets at once.
  ///   - report: sees the trainings under way here, and the epochs of all.
  func run(
    isStopped: @escaping (Int) -> Bool, report: (([SideBySide.Member], Int) -> Void)?
  ) {
    for group in groups {
      while let first = take(group) {
        if group.members.count > 1, mostLanes > 1, let lanes = first.session.runner?.makeLanes() {
          run(group, first, lanes, isStopped, report)
        } else {
          run(alone: first, isStopped, report)
        }
        if isOver(isStopped) { return }
      }
    }
  }

  private func take(_ group: Group) -> Member? {
    while true {
      let (member, asks, isFirst) = Backends.exclusively { () -> (Member?, Bool, Bool) in
        guard let place = group.waiting.popFirst() else {
          defer { group.isBegun = true }
          return (nil, group.mayHaveMore && !isEnded, !group.isBegun)
        }
        let member = group.members[place]
        member.isMadeHere = true
        return (member, false, false)
      }
      guard asks, let dealing else { return member }
      // Without what only one thread may hold, as the answer takes a moment.
      let dealt = dealing.take(
        of: group.number, most: min(mostLanes, group.width), isFirst: isFirst)
      let more = dealt.clamped(to: group.members.indices)
      Backends.exclusively {
        if more.isEmpty { group.mayHaveMore = false }
        group.waiting += more
      }
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
          for lane in 0..<min(mostLanes, places.count) where places[lane] == nil && !isLast {
            guard let member = waiting ?? take(group) else {
              isLast = true
              break
            }
            waiting = nil
            if enter(member, lanes, lane, isStopped, report) { places[lane] = member }
          }
          hasRoom = !isLast && places.prefix(mostLanes).contains { $0 == nil }
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
