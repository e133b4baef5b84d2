import Foundation
import Testing

/// Every way of computing, chosen by the environment.
@Suite struct BackendTests {
  private static let script = """
    net = mlp [20,300,300,1] tanh sigmoid
    d = data (randn 600 20) (randn 600 1 > 0)
    run = train net d epochs=2 batch=full quiet=true
    digits 9
    print run.losses
    """

  private static func losses(_ environment: [String: String]) throws -> [Double] {
    let result = try Program.run("-e", script, environment: environment)
    #expect(result.status == 0, "\(result.errors)")
    return result.output.trimmingCharacters(in: CharacterSet(charactersIn: "[]\n"))
      .components(separatedBy: ", ").compactMap { Double($0) }
  }

  @Test func kernelsAndLibraryAreNamedAndAgree() throws {
    let own = try Self.losses([:])
    #expect(own.count == 2)
    let ways: [(environment: [String: String], words: String)] = [
      (["BP_KERNELS": "portable"], "portable kernels"),
      (["BP_KERNELS": "avx2"], " kernels"),
      (["BP_KERNELS": "avx512"], " kernels"),
      (["BP_BLAS": "off"], "no OpenBLAS"),
      (["BP_BLAS": "/nowhere/libnothing.so"], "no OpenBLAS"),
      (["BP_THREADS": "1"], " kernels"),
      (["BP_THREADS": "3"], " kernels"),
    ]
    for way in ways {
      let version = try Program.run("--version", environment: way.environment)
      #expect(version.output.contains(way.words))
      let losses = try Self.losses(way.environment)
      #expect(losses.count == own.count)
      for (one, other) in zip(losses, own) { #expect(abs(one - other) < 1e-8) }
      if way.environment["BP_THREADS"] != nil { #expect(losses == own) }
    }
  }

  @Test("An OpenBLAS that does not know the processor computes with its instructions all the same")
  func olderLibrary() throws {
    let own = try Program.run("--version").output
    // Without OpenBLAS, or on a processor that is old itself, there is nothing to see.
    guard own.contains("AVX"), own.contains("openblas") else { return }
    #expect(!own.contains("for Prescott"), "\(own)")
    let wish = try Program.run("--version", environment: ["OPENBLAS_CORETYPE": "Nehalem"]).output
    #expect(wish.contains("for Nehalem"), "what the user names holds: \(wish)")
  }
}
