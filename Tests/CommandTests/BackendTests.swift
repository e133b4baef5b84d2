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
      (["BP_BLAS": "off"], "no OpenBLAS found"),
      (["BP_BLAS": "/nowhere/libnothing.so"], "no OpenBLAS found"),
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

  /// A library that says what it computes for as OpenBLAS does, and multiplies nothing.
  /// - Returns: nil where there is no compiler.
  private static func library(in folder: Folder, core: String) throws -> String? {
    let (source, file) = (folder.url.appending(path: "a.c"), folder.url.appending(path: "a.so"))
    let text = """
      #include <stdlib.h>
      void cblas_dgemm(void) {}
      void cblas_sgemm(void) {}
      const char *openblas_get_corename(void) { return \(core); }
      """
    try Data(text.utf8).write(to: source)
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = ["clang", "-shared", "-fPIC", source.path, "-o", file.path]
    try compiler.run()
    compiler.waitUntilExit()
    return compiler.terminationStatus == 0 ? file.path : nil
  }

  @Test("An OpenBLAS that does not know the processor is told what it can do, or does without it")
  func olderLibrary() throws {
    // On a processor that is old itself there is nothing to see.
    guard try Program.run("--version").output.contains("AVX") else { return }
    func version(core: String, environment: [String: String] = [:]) throws -> String? {
      let folder = try Folder()
      guard let file = try Self.library(in: folder, core: core) else { return nil }
      return try withExtendedLifetime(folder) {
        try Program.run("--version", environment: environment.merging(["BP_BLAS": file]) { $1 })
          .output
      }
    }
    let told = "getenv(\"OPENBLAS_CORETYPE\") ? getenv(\"OPENBLAS_CORETYPE\") : \"Prescott\""
    guard let newer = try version(core: told) else {
      print("skipped: there is no clang")
      return
    }
    #expect(newer.contains("a.so for SkylakeX") || newer.contains("a.so for Haswell"), "\(newer)")
    let portable = try #require(try version(core: told, environment: ["BP_KERNELS": "portable"]))
    #expect(
      portable.split(separator: " ").last == newer.split(separator: " ").last,
      "it does not depend on the kernels in use")
    let wish = try #require(try version(core: told, environment: ["OPENBLAS_CORETYPE": "Nehalem"]))
    #expect(wish.contains("a.so for Nehalem"), "what the user names holds: \(wish)")
    let older = try #require(try version(core: "\"Prescott\""))
    #expect(older.contains("the same (OpenBLAS computes for Prescott alone)"), "\(older)")
    let own = try #require(try version(core: "\"Zen\""))
    #expect(own.contains("a.so for Zen"), "one that knows its processor is left alone: \(own)")
  }
}
