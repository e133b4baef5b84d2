import Glibc

/// Runs submissions, each in a process of its own that seals itself, several at a time.
///
/// What a process answers is taken for bytes that anybody may have written.
package struct SubmissionRunner {
  /// What makes of a start of the program the process of a submission.
  package static let argument = "--answer-a-submission"

  /// The program that is started.
  package var program = "/proc/self/exe"
  /// Processes at a time.
  package var processes = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  /// Asked several times a second; ends all where it is true.
  package var isInterrupted: () -> Bool = { false }

  package init() {}

  package func run(_ submission: SubmissionRequest) -> SubmissionOutcome {
    run([submission])[0]
  }

  /// Gives the outcomes in the order of the submissions.
  /// - Parameter onEnd: is told each outcome as it comes, with its place among the submissions.
  package func run(
    _ submissions: [SubmissionRequest], onEnd: (Int, SubmissionOutcome) -> Void = { _, _ in }
  ) -> [SubmissionOutcome] {
    // A process that ends before it has read its submission is no error of this one.
    let previous = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, previous) }
    var outcomes = [SubmissionOutcome?](repeating: nil, count: submissions.count)
    var waiting = submissions.indices[...]
    var running: [SubmissionProcess] = []
    func finish(_ place: Int, _ outcome: SubmissionOutcome) {
      outcomes[place] = outcome
      onEnd(place, outcome)
    }
    while !waiting.isEmpty || !running.isEmpty {
      while running.count < max(1, processes), !isInterrupted(), let place = waiting.popFirst() {
        if let refusal = refusal(of: submissions[place]) {
          finish(place, SubmissionOutcome(.refused(refusal), submissions[place]))
        } else if let process = SubmissionProcess(
          submissions[place], at: place, program: program)
        {
          running.append(process)
        } else if running.isEmpty {
          finish(
            place,
            SubmissionOutcome(.refused("no process could be started for it"), submissions[place]))
        } else {
          waiting = place..<waiting.endIndex
          break
        }
      }
      if isInterrupted() {
        for process in running { process.end(.refused("interrupted")) }
        for place in waiting {
          finish(place, SubmissionOutcome(.refused("interrupted"), submissions[place]))
        }
        waiting = waiting.suffix(0)
      } else {
        exchange(running)
      }
      running.removeAll { process in
        process.endIfLate()
        guard let outcome = process.outcome() else { return false }
        finish(process.place, outcome)
        return true
      }
    }
    return outcomes.indices.map {
      outcomes[$0] ?? SubmissionOutcome(.refused("it was not run"), submissions[$0])
    }
  }

  private func refusal(of submission: SubmissionRequest) -> String? {
    let (count, most) = (submission.text.utf8.count, submission.limits.sourceBytes)
    return count > most ? "its text has \(count) bytes, more than \(most)" : nil
  }

  /// Waits a moment for what the processes read and write.
  private func exchange(_ processes: [SubmissionProcess]) {
    var requests: [pollfd] = []
    var isEnding = false
    for process in processes {
      if process.input >= 0 {
        requests.append(pollfd(fd: process.input, events: Int16(POLLOUT), revents: 0))
      }
      if process.output >= 0 {
        requests.append(pollfd(fd: process.output, events: Int16(POLLIN), revents: 0))
      } else {
        isEnding = true
      }
    }
    poll(&requests, nfds_t(requests.count), isEnding ? 1 : 50)
    for process in processes {
      process.send()
      process.receive()
    }
  }
}
