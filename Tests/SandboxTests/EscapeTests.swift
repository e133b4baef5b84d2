import CSandbox
import Foundation
import SandboxAttempts
import Testing

/// Every way out of a sealed process that we know of, tried in a process of its own.
@Suite struct EscapeTests {
  struct Attempt: CustomTestStringConvertible {
    let place: Int
    let name: String
    let layer: AttemptLayer
    let isHarmless: Bool
    var testDescription: String { name }

    static let all: [Attempt] = (0...).lazy.map { attempt_name($0) }.prefix { $0 != nil }
      .enumerated().map { place, name in
        Attempt(
          place: place, name: name.map { String(cString: $0) } ?? "", layer: attempt_layer(place),
          isHarmless: attempt_is_harmless(place))
      }
  }

  private static let landlock = Int32(bp_landlock_version())
  private static let hasFilter = bp_filter_is_known()

  private func result(of attempt: Attempt, landlock: Int32, filter: Bool) throws -> AttemptResult {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bp-\(UUID().uuidString)")
    let inner = folder.appending(path: "open")
    for path in [inner, folder.appending(path: "empty")] {
      try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("secret".utf8).write(to: folder.appending(path: "secret"))
    try Data("data".utf8).write(to: inner.appending(path: "data"))
    try FileManager.default.createSymbolicLink(
      atPath: inner.appending(path: "way").path, withDestinationPath: "../secret")
    return attempt_escape(attempt.place, folder.path, landlock, filter)
  }

  @Test func thereAreAttempts() {
    #expect(Attempt.all.count >= 40 || Self.landlock == 0)
  }

  @Test func sealingTakesLessThanAMillisecond() {
    let times = (0..<20).map { _ in attempt_sealing_time() }
    #expect((times.min() ?? 0) < 1000, "microseconds: \(times)")
  }

  @Test("No attempt succeeds in a sealed process", arguments: Attempt.all)
  func sealed(attempt: Attempt) throws {
    guard Self.landlock > 0, Self.hasFilter else {
      return print("skipped: this kernel lacks Landlock or seccomp")
    }
    #expect(
      try result(of: attempt, landlock: Self.landlock, filter: true) == AttemptRefused)
  }

  /// An attempt that could never succeed would show nothing.
  @Test("What does no harm succeeds where nothing is sealed", arguments: Attempt.all)
  func unsealed(attempt: Attempt) throws {
    guard attempt.isHarmless else { return }
    #expect(try result(of: attempt, landlock: 0, filter: false) == AttemptSucceeded)
  }

  @Test("Every version of Landlock keeps files closed by itself", arguments: Attempt.all)
  func versions(attempt: Attempt) throws {
    guard attempt.layer == AttemptNeedsLandlock else { return }
    for version in stride(from: 1, through: Self.landlock, by: 1) {
      #expect(
        try result(of: attempt, landlock: version, filter: false) == AttemptRefused,
        "version \(version)")
    }
  }

  @Test("seccomp refuses the rest by itself", arguments: Attempt.all)
  func filter(attempt: Attempt) throws {
    guard attempt.layer == AttemptNeedsFilter, Self.hasFilter else { return }
    #expect(try result(of: attempt, landlock: 0, filter: true) == AttemptRefused)
  }
}
