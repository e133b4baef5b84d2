import Differentiation

/// Trainings that are dealt to the ranks of a team: each makes its own and hears of the others.
extension SideBySide {
  private enum State: Int {
    /// It was stopped.
    case none
    case ended
    /// It diverged or failed: whoever makes it finds the same error.
    case failed
  }

  /// Tells the others what came of the trainings made here, and takes over what came of theirs.
  /// - Returns: those that failed elsewhere, to be made here for their error; nil where all are to stop.
  /// - Throws: where a training was made twice or never, as the ranks do not deal the same ones.
  static func share(
    _ members: [Member], _ team: Team, isStopped: Bool
  ) throws(LearningError) -> [Member]? {
    let own = members.indices.filter { members[$0].isMadeHere }
    // Others may have been over before any pass.
    let dealt = members.indices.filter {
      members[$0].isMadeHere || members[$0].session.runner != nil
    }
    var message = TrainingMessage()
    message.put(members.count)
    message.put(isStopped ? 1 : 0)
    message.put(own.count)
    for place in own {
      message.put(place)
      put(members[place], into: &message)
    }
    guard let answers = team.everybodysWords(message.words) else { return nil }
    var theirs = answers.map { TrainingMessage($0) }
    var isToStop = isStopped
    for rank in theirs.indices {
      // Who was stopped may have begun fewer.
      if theirs[rank].wholeNumber() != members.count { isToStop = true }
      if theirs[rank].wholeNumber() != 0 { isToStop = true }
    }
    guard !isToStop else {
      team.stop()
      return nil
    }
    var failed: [Member] = []
    var makers = [Int?](repeating: nil, count: members.count)
    for rank in theirs.indices {
      for number in 0..<theirs[rank].count() {
        let place = rank == team.rank ? own[number] : theirs[rank].wholeNumber()
        guard members.indices.contains(place), makers[place] == nil else {
          throw misdealt(members, place, "twice")
        }
        makers[place] = rank
        // What was made here is known.
        guard rank != team.rank else { continue }
        if !take(&theirs[rank], members[place]) { failed.append(members[place]) }
      }
    }
    if let place = dealt.first(where: { makers[$0] == nil }) {
      throw misdealt(members, place, "by no rank")
    }
    return failed.sorted { $0.number < $1.number }
  }

  private static func misdealt(
    _ members: [Member], _ place: Int, _ words: String
  ) -> LearningError {
    let number = members.indices.contains(place) ? "\(members[place].number + 1)" : "?"
    return LearningError("training \(number) was made \(words): the ranks deal different trainings")
  }

  private static func put(_ member: Member, into message: inout TrainingMessage) {
    switch member.outcome {
    case .ended(let run)?:
      message.put(State.ended.rawValue)
      run.put(into: &message)
    case .diverged?: message.put(State.failed.rawValue)
    case nil: message.put((member.error == nil ? State.none : .failed).rawValue)
    }
  }

  /// - Returns: whether it did not fail.
  private static func take(_ message: inout TrainingMessage, _ member: Member) -> Bool {
    switch State(rawValue: message.wholeNumber()) {
    case .ended?: member.outcome = .ended(member.session.takeOver(&message))
    case .failed?: return false
    default: break
    }
    return true
  }
}
