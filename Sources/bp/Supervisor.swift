import Differentiation
import Glibc
import Language
import REPL
import Synchronization

/// Watches the thread that computes, from the one that began: signals that are not answered, and
/// memory and time that are spent.
enum Supervisor {
  /// The output of the thread that computes, while it lives.
  static let output = Atomic<UInt>(0)
  private static let isOver = Atomic<Bool>(false)
  private static let isRunning = Atomic<Bool>(false)
  private static let mostMemory = Atomic<Int>(.max)
  private static let mostMilliseconds = Atomic<Int>(.max)
  /// When the run under way began.
  private static let began = Atomic<Int>(0)

  /// Between two looks at the memory.
  private static let interval = 0.02

  /// What the runs to come may take.
  static func setLimits(_ limits: Runtime.Limits) {
    mostMemory.store(limits.memoryBytes ?? .max, ordering: .relaxed)
    mostMilliseconds.store(
      limits.seconds.map { Int(clamped: $0 * 1000) } ?? .max, ordering: .relaxed)
  }

  static func setRunning(_ value: Bool) {
    began.store(now, ordering: .relaxed)
    isRunning.store(value, ordering: .releasing)
    if value { Interrupt.ring() }
  }

  /// The thread that computes is done.
  static func end() {
    isOver.store(true, ordering: .releasing)
    Interrupt.ring()
  }

  /// Returns when it is done.
  static func watch() {
    while !isOver.load(ordering: .acquiring) {
      var wait = isRunning.load(ordering: .acquiring) ? interval : 1e6
      if let seconds = Interrupt.secondsToEnd(isHeld: Interruption.isHeld) {
        if seconds == 0 { endNow() }
        wait = min(wait, seconds)
      }
      if wait < 1e6, isSpent { Interruption.budget.pointee = 1 }
      Interrupt.wait(atMost: wait)
    }
  }

  private static var isSpent: Bool {
    let time = now - began.load(ordering: .relaxed)
    if time > mostMilliseconds.load(ordering: .relaxed) { return true }
    let most = mostMemory.load(ordering: .relaxed)
    guard most < .max, MemoryUse.bytes() > most else { return false }
    // What was given back may still be kept by the allocator.
    MemoryUse.trim()
    return MemoryUse.bytes() > most
  }

  private static func endNow() -> Never {
    let address = UnsafeRawPointer(bitPattern: output.load(ordering: .acquiring))
    if let address {
      Unmanaged<StandardOutput>.fromOpaque(address).takeUnretainedValue().flushAtEnd()
    }
    Interrupt.end()
  }

  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
