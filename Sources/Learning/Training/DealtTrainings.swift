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

  /// The trainings of a rank, neighbours together, as those are most often alike.
  static func own(_ members: [Member], _ team: Team) -> [Member] {
    let start = team.rank * members.count / team.count
    let end = (team.rank + 1) * members.count / team.count
    return Array(members[start..<end])
  }

  /// Tells the others what came of the own trainings, and takes over what came of theirs.
  /// - Returns: those that failed elsewhere, to be made here for their error; nil where all are to stop.
  static func share(_ members: [Member], _ team: Team, isStopped: Bool) -> [Member]? {
    var message = TrainingMessage()
    message.put(members.count)
    message.put(isStopped ? 1 : 0)
    for member in own(members, team) { put(member, into: &message) }
    guard let answers = team.everybodysWords(message.words) else { return nil }
    var isToStop = isStopped
    var failed: [Member] = []
    var next = 0
    for rank in 0..<team.count {
      var theirs = TrainingMessage(answers[rank])
      // Who was stopped may have begun fewer.
      if theirs.wholeNumber() != members.count { isToStop = true }
      if theirs.wholeNumber() != 0 { isToStop = true }
      let end = (rank + 1) * members.count / team.count
      while next < end, !isToStop {
        if rank != team.rank, !take(&theirs, members[next]) { failed.append(members[next]) }
        next += 1
      }
    }
    guard isToStop else { return failed }
    team.stop()
    return nil
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
