/// How far somebody is: what is kept between sessions.
package struct TutorialProgress: Hashable, Sendable {
  package enum State: String, Hashable, Sendable {
    case new
    case underWay = "under way"
    case stopped
    case finished
  }

  package var state = State.new
  /// The name of the step that is next.
  package var step = ""
  /// The names of the steps that were done.
  package var done: [String] = []

  package init() {}

  /// The progress that a text holds; a new one where it holds none.
  package init(text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: ":", maxSplits: 1)
      guard words.count == 2 else { continue }
      let value = String(words[1].drop { $0 == " " })
      switch words[0] {
      case "state": state = State(rawValue: value) ?? .new
      case "step": step = value
      case "done": done = value.split(separator: " ").map { String($0) }
      default: break
      }
    }
    // Of another version, or changed by hand.
    let names = TutorialStep.all.map { $0.name }
    done = names.filter { done.contains($0) }
    if !names.contains(step) {
      step = names[0]
      if state == .underWay { state = done.isEmpty ? .new : .stopped }
    }
  }

  /// A line for each part.
  package var text: String {
    "state: \(state.rawValue)\nstep: \(step)\ndone: \(done.joined(separator: " "))\n"
  }

  /// `step 4 of 9`; nil where nothing is under way.
  package var place: String? {
    guard state == .underWay || state == .stopped,
      let place = TutorialStep.all.firstIndex(where: { $0.name == step })
    else { return nil }
    return "step \(place + 1) of \(TutorialStep.all.count)"
  }
}
