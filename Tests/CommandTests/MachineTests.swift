import Cluster
import Differentiation
import Testing

/// What ranks agree on before anything is computed.
@Suite("Machines that compute together") struct MachineTests {
  private static let library = Backends.ProductLibrary(
    file: "libopenblas.so.0", version: "OpenBLAS 0.3.21", core: "SkylakeX", checksum: 7)

  private static func machine(
    version: String = "bp 0.1.0", processor: String = "x86_64",
    instructions: Backends.InstructionSet = .avx512,
    products: Backends.ProductLibrary? = library, system: String = "glibc 2.36",
    functions: UInt64 = 3
  ) -> Machine {
    Machine(
      version: version, processor: processor, instructions: instructions, products: products,
      system: system, functions: functions)
  }

  private static func library(
    file: String = "libopenblas.so.0", version: String = "OpenBLAS 0.3.21",
    core: String = "SkylakeX", checksum: UInt64 = 7
  ) -> Backends.ProductLibrary {
    Backends.ProductLibrary(file: file, version: version, core: core, checksum: checksum)
  }

  @Test func `what is told arrives`() {
    for machine in [Self.machine(), Self.machine(instructions: .portable, products: nil)] {
      #expect(Machine(words: machine.words) == machine)
    }
    #expect(Machine(words: []) == nil && Machine(words: [10, 10, 10]) == nil)
  }

  @Test func `all take the instructions that each has, and one note says so`() throws {
    let same = try Machine.agreement(of: [Self.machine(), Self.machine()])
    #expect(same.instructions == .avx512 && same.note == nil)
    let mixed = try Machine.agreement(
      of: [Self.machine(), Self.machine(instructions: .avx2), Self.machine()])
    #expect(mixed.instructions == .avx2)
    #expect(mixed.note == "all ranks compute with AVX2 kernels: rank 1 has no AVX-512")
    let old = (0..<7).map { Self.machine(instructions: $0 == 2 ? .avx512 : .portable) }
    let many = try Machine.agreement(of: old)
    #expect(many.instructions == .portable)
    #expect(many.note?.hasSuffix("ranks 0, 1, 3 and 3 others have no AVX-512") ?? false)
    let three = try Machine.agreement(
      of: [0, 1, 2, 3].map {
        Self.machine(instructions: $0 == 1 ? .avx2 : .portable)
      })
    #expect(three.note?.hasSuffix("ranks 0, 2 and 3 have no AVX2") ?? false)
  }

  @Test func `a library under another name is the same`() throws {
    let other = Self.library(file: "/opt/libopenblas.so")
    let agreement = try Machine.agreement(of: [Self.machine(), Self.machine(products: other)])
    #expect(agreement.note == nil)
  }

  static let differences: [(Machine, [String], without: String)] = [
    (machine(version: "bp 0.2.0"), ["rank 1 bp 0.2.0", "same version of bp"], "BP_BLAS"),
    (machine(processor: "aarch64"), ["rank 1 on aarch64", "one kind"], "BP_BLAS"),
    (machine(products: nil), ["by bp itself on rank 1", "BP_BLAS=off"], "CORETYPE"),
    (
      machine(products: library(version: "OpenBLAS 0.3.29")),
      ["OpenBLAS 0.3.29", "install the same", "BP_BLAS=off"], "CORETYPE"
    ),
    (
      machine(products: library(core: "Haswell", checksum: 8)),
      ["Haswell) on rank 1", "OPENBLAS_CORETYPE", "BP_BLAS=off"], "install"
    ),
    (
      machine(products: library(checksum: 8)), ["other digits there", "BP_BLAS=off"], "CORETYPE"
    ),
    (machine(system: "glibc 2.41", functions: 4), ["glibc 2.41 on rank 1"], "BP_BLAS"),
    (machine(functions: 4), ["as their processors differ"], "glibc"),
  ]

  @Test(arguments: differences.indices)
  func `what would come to other bits is an error that says what would work`(_ number: Int) {
    let (other, words, without) = Self.differences[number]
    for machines in [[Self.machine(), other], [Self.machine(), other, Self.machine()]] {
      let error = #expect(throws: ClusterError.self) { try Machine.agreement(of: machines) }
      let text = ([error?.message ?? ""] + (error?.help ?? [])).joined(separator: "\n")
      for word in words { #expect(text.contains(word), "\(text)") }
      #expect(!text.contains(without), "\(text)")
    }
  }

  @Test func `another system with the same digits is none`() throws {
    let other = Self.machine(system: "glibc 2.41")
    #expect(try Machine.agreement(of: [Self.machine(), other]).note == nil)
  }
}
