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

  /// `AVX-512 kernels, large products by libopenblas.so.0 for SkylakeX`
  package static var description: String {
    let core = bp_blas_core().map { " for " + String(cString: $0) }
    let products =
      if let file = bp_blas_name() {
        String(cString: file) + (core ?? "")
      } else if let core {
        "the same (OpenBLAS computes\(core) alone)"
      } else {
        "the same (no OpenBLAS found)"
      }
    return "\(instructionSet.title) kernels, large products by \(products)"
  }

  /// The instructions that kernels are made of, each set with those before it.
  package enum InstructionSet: Int, Sendable, Comparable {
    case portable
    case avx2
    case avx512

    package var title: String {
      switch self {
      case .portable: "portable"
      case .avx2: "AVX2"
      case .avx512: "AVX-512"
      }
    }

    package static func < (one: InstructionSet, other: InstructionSet) -> Bool {
      one.rawValue < other.rawValue
    }
  }

  package static var instructionSet: InstructionSet {
    switch bp_instruction_set() {
    case BPInstructionSet.avx512: .avx512
    case BPInstructionSet.avx2: .avx2
    default: .portable
    }
  }

  /// Takes no larger set from now on; for a process that has compiled nothing yet.
  package static func limit(to set: InstructionSet) {
    switch set {
    case .portable: bp_limit_instruction_set(BPInstructionSet.portable)
    case .avx2: bp_limit_instruction_set(BPInstructionSet.avx2)
    case .avx512: bp_limit_instruction_set(BPInstructionSet.avx512)
    }
  }

  /// The library that takes large products.
  package struct ProductLibrary: Hashable, Sendable {
    package let file: String
    /// `OpenBLAS 0.3.21`; empty where it does not say.
    package let version: String
    /// The processor that it computes for, `SkylakeX`; empty where it does not say.
    package let core: String
    /// Of the bits that it comes to.
    package let checksum: UInt64

    package init(file: String, version: String, core: String, checksum: UInt64) {
      (self.file, self.version, self.core, self.checksum) = (file, version, core, checksum)
    }
  }

  /// Nil where bp computes them itself.
  package static var productLibrary: ProductLibrary? {
    guard let file = bp_blas_name() else { return nil }
    func text(_ characters: UnsafePointer<CChar>?) -> String {
      characters.map { String(cString: $0) } ?? ""
    }
    let words = text(bp_blas_configuration()).split(separator: " ").prefix(2)
    return ProductLibrary(
      file: text(file), version: words.joined(separator: " "), core: text(bp_blas_core()),
      checksum: bp_blas_probe())
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
