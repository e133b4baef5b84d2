import Dispatch
import Foundation

/// Runs `body` on a thread with the stack that `bp` gives its own: recursion to the limits of the
/// language needs more than a test's thread has.
package func onDeepStack<Result, Failure: Error>(
  _ body: @escaping () throws(Failure) -> Result
) throws(Failure) -> Result {
  let run = DeepRun(body)
  let thread = Thread { run.perform() }
  thread.stackSize = 1 << 29
  thread.start()
  run.isDone.wait()
  guard let result = run.result else { preconditionFailure("the thread ended without a result") }
  return try result.get()
}

/// What goes to the thread and comes back; the semaphore orders the two.
private final class DeepRun<Success, Failure: Error>: @unchecked Sendable {
  private let body: () throws(Failure) -> Success
  private(set) var result: Swift.Result<Success, Failure>?
  let isDone = DispatchSemaphore(value: 0)

  init(_ body: @escaping () throws(Failure) -> Success) {
    self.body = body
  }

  func perform() {
    do throws(Failure) {
      result = .success(try body())
    } catch {
      result = .failure(error)
    }
    isDone.signal()
  }
}
