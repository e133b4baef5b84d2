import Differentiation
import Glibc
import Learning

/// What decides the bits that a rank comes to: all must have the same, or the same script tells each of
/// them something else.
package struct Machine: Hashable, Sendable {
  /// Of bp.
  package let version: String
  /// `x86_64`
  package let processor: String
  package let instructions: Backends.InstructionSet
  package let products: Backends.ProductLibrary?
  /// Of the system's functions.
  package let system: String
  /// Of what they come to.
  package let functions: UInt64

  package init(
    version: String, processor: String, instructions: Backends.InstructionSet,
    products: Backends.ProductLibrary?, system: String, functions: UInt64
  ) {
    (self.version, self.processor) = (version, processor)
    (self.instructions, self.products) = (instructions, products)
    (self.system, self.functions) = (system, functions)
  }

  /// The one that this process runs on.
  static func own(version: String) -> Machine {
    Machine(
      version: version, processor: processorName, instructions: Backends.instructionSet,
      products: Backends.productLibrary, system: systemName, functions: checksumOfFunctions())
  }

  /// `glibc 2.36`
  private static var systemName: String {
    typealias Tell = @convention(c) () -> UnsafePointer<CChar>?
    guard let tell = dlsym(nil, "gnu_get_libc_version"),
      let version = unsafeBitCast(tell, to: Tell.self)()
    else { return "the system" }
    return "glibc \(String(cString: version))"
  }

  private static var processorName: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "aarch64"
    #else
      "another processor"
    #endif
  }

  /// Data are made and scripts computed with the system's functions, whose last digit depends on the
  /// system's version, and on the processor.
  private static func checksumOfFunctions() -> UInt64 {
    var checksum = Checksum()
    for step in 1...512 {
      let x = Double(step) * 0.0173
      for result in [
        exp(x), log(x), sin(x), cos(x), tan(x), tanh(x), sinh(x), cosh(x), atan(x), pow(x, 1.37),
        expm1(x), log1p(x), Double(expf(Float(x))), Double(logf(Float(x))),
        Double(tanhf(Float(x))),
      ] {
        checksum.add(result.bitPattern)
      }
    }
    return checksum.sum
  }

  // MARK: As a message

  private var fields: [String] {
    [
      version, processor, "\(instructions.rawValue)", system, "\(functions)", products?.file ?? "",
      products?.version ?? "", products?.core ?? "", "\(products?.checksum ?? 0)",
    ]
  }

  package var words: [UInt64] { fields.joined(separator: "\n").utf8.map { UInt64($0) } }

  /// Nil where that is none.
  package init?(words: [UInt64]) {
    let text = String(decoding: words.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    let fields = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    guard fields.count == 9, let number = Int(fields[2]),
      let set = Backends.InstructionSet(rawValue: number), let functions = UInt64(fields[4]),
      let checksum = UInt64(fields[8])
    else { return nil }
    self.init(
      version: fields[0], processor: fields[1], instructions: set,
      products: fields[5].isEmpty
        ? nil
        : Backends.ProductLibrary(
          file: fields[5], version: fields[6], core: fields[7], checksum: checksum),
      system: fields[3], functions: functions)
  }

  // MARK: Agreeing

  /// What all ranks compute with.
  package struct Agreement: Hashable, Sendable {
    package let instructions: Backends.InstructionSet
    /// Where some could do more.
    package let note: String?
  }

  /// Instructions all have; whatever else differs cannot be mended here.
  /// - Parameter machines: of each rank.
  /// - Throws: where two of them would come to other bits.
  package static func agreement(of machines: [Machine]) throws(ClusterError) -> Agreement {
    guard let first = machines.first else {
      return Agreement(instructions: .portable, note: nil)
    }
    for (rank, other) in machines.enumerated().dropFirst() {
      guard let difference = first.difference(from: other, rank) else { continue }
      throw ClusterError(difference.message, help: difference.help, isOfAll: true)
    }
    let least = machines.map { $0.instructions }.min() ?? .portable
    let best = machines.map { $0.instructions }.max() ?? least
    guard least < best else { return Agreement(instructions: least, note: nil) }
    let behind = machines.indices.filter { machines[$0].instructions == least }
    let have = behind.count == 1 ? "has" : "have"
    return Agreement(
      instructions: least,
      note: "all ranks compute with \(least.title) kernels: \(names(of: behind)) \(have) no "
        + "\(best.title)")
  }

  /// `ranks 1, 2, 3 and 60 others`
  private static func names(of ranks: [Int]) -> String {
    if ranks.count == 1 { return "rank \(ranks[0])" }
    let most = 4
    guard ranks.count > most else {
      let all = ranks.map { "\($0)" }
      return "ranks \(all.dropLast().joined(separator: ", ")) and \(all[all.count - 1])"
    }
    let told = ranks.prefix(most - 1).map { "\($0)" }.joined(separator: ", ")
    return "ranks \(told) and \(ranks.count - most + 1) others"
  }

  private static let ownProducts =
    "BP_BLAS=off makes bp compute them itself, set for all ranks: mpirun -x BP_BLAS=off of Open MPI, "
    + "mpirun -genv BP_BLAS off of MPICH"

  /// - Parameter rank: of the other.
  private func difference(from other: Machine, _ rank: Int) -> ClusterError? {
    if version != other.version {
      return ClusterError(
        "rank 0 runs \(version) and rank \(rank) \(other.version)",
        help: ["install the same version of bp on all machines"])
    }
    if processor != other.processor {
      return ClusterError(
        "rank 0 computes on \(processor) and rank \(rank) on \(other.processor), which round "
          + "differently",
        help: ["start ranks on machines of one kind"])
    }
    if products?.bits != other.products?.bits { return differenceOfProducts(from: other, rank) }
    guard functions != other.functions else { return nil }
    return ClusterError(
      system == other.system
        ? "exp, sin and the like come to other digits on rank 0 than on rank \(rank), as their "
          + "processors differ"
        : "exp, sin and the like are those of \(system) on rank 0 and of \(other.system) on rank "
          + "\(rank), and come to other digits",
      help: ["start ranks on machines of one kind, with one version of the system"])
  }

  private func differenceOfProducts(from other: Machine, _ rank: Int) -> ClusterError {
    let start = "large products are computed by "
    guard let own = products, let theirs = other.products else {
      let (with, without) = products == nil ? (rank, 0) : (0, rank)
      let library = (products ?? other.products)?.title ?? ""
      return ClusterError(
        "\(start)\(library) on rank \(with), and by bp itself on rank \(without), which has no "
          + "OpenBLAS",
        help: ["install it on all machines", Self.ownProducts])
    }
    var help: [String] = []
    if own.version == theirs.version, own.version.hasPrefix("OpenBLAS"),
      own.core != theirs.core, processor == "x86_64"
    {
      help.append(
        "OPENBLAS_CORETYPE=Haswell, set for all ranks, makes it take the kernels that all have")
    }
    if own.version != theirs.version || own.version.isEmpty {
      help.append("install the same on all machines")
    }
    if own.title != theirs.title {
      return ClusterError(
        "\(start)\(own.title) on rank 0 and by \(theirs.title) on rank \(rank)",
        help: help + [Self.ownProducts])
    }
    return ClusterError(
      "\(start)\(own.title) on ranks 0 and \(rank), and it comes to other digits there, as their "
        + "processors differ",
      help: [Self.ownProducts])
  }
}

extension Backends.ProductLibrary {
  /// What decides them; the same library may have many names.
  fileprivate var bits: [String] { [version.isEmpty ? file : version, core, "\(checksum)"] }

  /// `libopenblas.so.0 (OpenBLAS 0.3.21, SkylakeX)`
  fileprivate var title: String {
    let told = [version, core].filter { !$0.isEmpty }.joined(separator: ", ")
    return told.isEmpty ? file : "\(file) (\(told))"
  }
}
