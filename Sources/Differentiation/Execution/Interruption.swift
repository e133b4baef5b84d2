internal import CKernels

/// Whether anybody still waits for what is being computed: Ctrl-C, a request to end, or a budget
/// that is spent may have come.
///
/// There is one for the process, as signals are. A computation that may take longer than a tenth of a
/// second asks `cutsShort` every few milliseconds and, where that answers true, ends at once with
/// anything of the right shape. The evaluator throws the result away and ends the script.
package enum Interruption {
  /// Where who handles signals writes 1, and 0 again.
  package static var signal: UnsafeMutablePointer<UInt8> {
    UnsafeMutablePointer(mutating: bp_stop_reasons())
  }

  /// Where who watches time and memory writes 1, and 0 again.
  package static var budget: UnsafeMutablePointer<UInt8> { signal + 1 }

  package static var isRequested: Bool { bp_stop_is_requested() }

  /// Not 0 while a stop is requested: for a look that costs no call.
  package static var word: UnsafePointer<UInt32> {
    UnsafePointer(UnsafeRawPointer(signal).assumingMemoryBound(to: UInt32.self))
  }

  /// Whether the computation that asks is to end at once; its result is thrown away.
  package static func cutsShort() -> Bool { bp_cuts_short() }

  /// Whether a computation of this run was cut short, so that what it gave means nothing.
  package static var hasCutShort: Bool { bp_has_cut_short() }

  /// Begins a run: nothing is cut short yet, and budgets are whole again.
  package static func begin() {
    budget.pointee = 0
    bp_forget_cut()
  }

  /// Carries out what must not be cut short, as the steps of a training and the writing of a file.
  package static func held<Result, Problem>(
    _ body: () throws(Problem) -> Result
  ) throws(Problem) -> Result {
    bp_hold(1)
    defer { bp_hold(-1) }
    return try body()
  }

  package static var isHeld: Bool { bp_is_held() }

  /// Elements that take a few milliseconds.
  package static let pieceSize = 1 << 15

  /// Calls the body with one piece of 0..<count after the other, each small enough to take few
  /// milliseconds; leaves out the rest where nobody waits any more.
  package static func pieces(_ count: Int, of size: Int = pieceSize, _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < count {
      let end = count - start > size ? start + size : count
      body(start..<end)
      if end < count, cutsShort() { return }
      start = end
    }
  }
}

extension Array where Element == Double {
  /// The numbers that `make` gives for 0..<count; any for the rest where nobody waits any more.
  package init(count: Int, _ make: (Int) -> Double) {
    self.init(unsafeUninitializedCapacity: Swift.max(0, count)) { buffer, initialized in
      Interruption.pieces(buffer.count) { piece in
        for place in piece { buffer[place] = make(place) }
      }
      initialized = Swift.max(0, count)
    }
  }
}
