import Glibc
import Synchronization

/// Things done one after the other on a thread of their own, which begins with the first.
final class WorkQueue {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var waiting: [() -> Void] = []
  private var isBusy = false
  private var thread: HelperThread?
  /// Whether something is done that nobody waits for yet.
  private let unhurried = Atomic<Bool>(false)

  var isUnhurried: Bool { unhurried.load(ordering: .relaxed) }

  init() {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    condition = .allocate(capacity: 1)
    condition.initialize(to: pthread_cond_t())
    pthread_cond_init(condition, nil)
  }

  /// The thread waits for more as long as the process lives, so this stays as well.
  func add(_ body: @escaping () -> Void) {
    if thread == nil {
      let this = Unmanaged.passRetained(self)
      thread = HelperThread { this.takeUnretainedValue().work() }
      guard thread != nil else {
        this.release()
        return body()
      }
    }
    unhurried.store(true, ordering: .relaxed)
    pthread_mutex_lock(mutex)
    waiting.append(body)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Returns when all is done.
  func wait() {
    unhurried.store(false, ordering: .relaxed)
    pthread_mutex_lock(mutex)
    while isBusy || !waiting.isEmpty { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
  }

  private func work() {
    pthread_mutex_lock(mutex)
    while true {
      while waiting.isEmpty { pthread_cond_wait(condition, mutex) }
      let body = waiting.removeFirst()
      isBusy = true
      pthread_mutex_unlock(mutex)
      body()
      pthread_mutex_lock(mutex)
      isBusy = false
      pthread_cond_broadcast(condition)
    }
  }
}
