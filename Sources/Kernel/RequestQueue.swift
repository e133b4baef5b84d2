import Glibc
import Synchronization

/// The requests that wait until the one before is answered.
final class RequestQueue: @unchecked Sendable {
  private let waiting = Mutex<[Request]>([])
  private let isOver = Atomic<Bool>(false)
  private let count = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { sem_init(count, 0, 0) }

  deinit {
    sem_destroy(count)
    count.deallocate()
  }

  func add(_ request: Request) {
    waiting.withLock { $0.append(request) }
    sem_post(count)
  }

  /// Waits for the next request; nil once `end` was called.
  func next() -> Request? {
    while true {
      while sem_wait(count) != 0 {}
      if isOver.load(ordering: .acquiring) { return nil }
      let first = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      if let first { return first }
    }
  }

  /// Takes out all that wait and are of that kind.
  func takeAll(_ kind: String) -> [Request] {
    waiting.withLock { waiting in
      defer { waiting.removeAll { $0.kind == kind } }
      return waiting.filter { $0.kind == kind }
    }
  }

  func end() {
    isOver.store(true, ordering: .releasing)
    sem_post(count)
  }
}
