internal import CKernels

/// Which kernels do the arithmetic on this machine.
package enum Backends {
  /// How many threads share large computations; the bits of the results do not depend on it.
  package static var threads: Int { bp_threads(0) }

  /// Finds out what the computations to come would find out when they first need it, for a process
  /// that can open no library later.
  package static func open() {
    _ = bp_instruction_set()
    _ = bp_blas_name()
    _ = bp_threads(0)
  }

  /// `AVX-512 kernels, large products by libopenblas.so.0`
  package static var description: String {
    let set =
      switch bp_instruction_set() {
      case BPInstructionSet.avx512: "AVX-512"
      case BPInstructionSet.avx2: "AVX2"
      default: "portable"
      }
    let library = bp_blas_name().map { String(cString: $0) }
    return "\(set) kernels, large products by \(library ?? "the same (no OpenBLAS found)")"
  }
}

extension Backends {
  /// Calls the body once a part, on several threads where there are, and returns when all are done.
  /// - Parameter body: sees the number of the part, and whether it runs on the thread of the caller.
  package static func share(_ parts: Int, _ body: @escaping (Int, Bool) -> Void) {
    guard parts > 1 else {
      if parts == 1 { body(0, true) }
      return
    }
    let work = SharedWork(body)
    bp_share(
      parts,
      { context, part in
        guard let context else { return }
        Unmanaged<SharedWork>.fromOpaque(context).takeUnretainedValue().body(part, !bp_is_helper())
      }, Unmanaged.passUnretained(work).toOpaque())
    withExtendedLifetime(work) {}
  }

  private final class SharedWork {
    let body: (Int, Bool) -> Void

    init(_ body: @escaping (Int, Bool) -> Void) { self.body = body }
  }

  /// Does something short while no other thread does such a thing.
  package static func exclusively<Result>(_ body: () -> Result) -> Result {
    bp_lock()
    defer { bp_unlock() }
    return body()
  }
}
