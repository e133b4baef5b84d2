import Foundation
import Sandbox
import SandboxAttempts
import Synchronization
import Testing

/// What holds where bp itself has a fault, and where a kernel cannot hold it.
@Suite struct BrokenInTests {
  private static let isWhole = Seal.available.count == Seal.Layer.allCases.count

  /// Runs in the place of OpenBLAS, which is code of somebody else within the sealed process.
  private static let intruder = """
    #define _GNU_SOURCE
    #include <errno.h>
    #include <fcntl.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <sys/mman.h>
    #include <sys/socket.h>
    #include <sys/stat.h>
    #include <dlfcn.h>
    #include <signal.h>
    #include <unistd.h>
    #define TRY(what) errno = 0; printf("%s %d\\n", #what, (what) ? errno : 0)
    void cblas_sgemm(void) {}
    void cblas_dgemm(void) {
      setvbuf(stdout, 0, _IONBF, 0);
      TRY(open("open/data.csv", O_RDONLY) < 0);
      TRY(open("secret.csv", O_RDONLY) < 0);
      TRY(open("open/way.csv", O_RDONLY) < 0);
      TRY(open("/proc/self/environ", O_RDONLY) < 0);
      TRY(open("made", O_WRONLY | O_CREAT, 0600) < 0);
      TRY(open("open/data.csv", O_RDWR) < 0);
      TRY(chmod("secret.csv", 0777) < 0);
      TRY(unlink("secret.csv") < 0);
      TRY(socket(AF_INET, SOCK_STREAM, 0) < 0);
      TRY(fork() < 0);
      TRY(execl("/bin/true", "true", (char *)0) < 0);
      TRY(kill(getppid(), 0) < 0);
      TRY(mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
      TRY(!dlopen("open/intruder.so", RTLD_NOW) && (errno = EACCES));
      printf("secret %s\\n", getenv("SECRET") ? "known" : "unknown");
      fflush(0);
      _exit(0);
    }
    """

  @Test func codeOfSomebodyElseReachesNothing() throws {
    guard Self.isWhole else { return print("skipped: this kernel lacks Landlock or seccomp") }
    let folder = try Folder()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "open"), withIntermediateDirectories: false)
    for name in ["secret.csv", "open/data.csv"] { try folder.write("a\n1\n", to: name) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.appending(path: "open/way.csv").path,
      withDestinationPath: "../secret.csv")
    try folder.write(Self.intruder, to: "intruder.c")
    let made = try Program.shell(
      "cc -shared -fPIC -o intruder.so intruder.c && cp intruder.so open/", in: folder)
    guard made.status == 0 else { return print("skipped: no C compiler") }
    let library = folder.url.appending(path: "intruder.so").path
    let code = "A = reshape (1..250000) 500 500; print sum(A @ A)"
    let result = try Program.run(
      "--sandbox", "--read", "open", "-e", code, in: folder,
      environment: ["BP_BLAS": library, "SECRET": "42", "BP_THREADS": "1"])
    var errors: [String: Int32] = [:]
    for line in result.output.split(separator: "\n") {
      guard let space = line.lastIndex(of: " ") else { continue }
      errors[String(line[..<space])] = Int32(line[line.index(after: space)...])
    }
    #expect(errors.removeValue(forKey: "open(\"open/data.csv\", O_RDONLY) < 0") == 0)
    #expect(result.output.contains("secret unknown"))
    #expect(errors.count == 13, "\(result.output)\(result.errors)")
    for (attempt, error) in errors {
      #expect([EPERM, EACCES].contains(error), "\(attempt): \(error)")
    }
    #expect(!folder.files.contains("made") && folder.files.contains("secret.csv"))
    // Otherwise it does reach them: what it tries is no mistake.
    let open = try Program.run(
      "-e", code, in: folder, environment: ["BP_BLAS": library, "SECRET": "42"])
    #expect(open.output.contains("socket(AF_INET, SOCK_STREAM, 0) < 0 0\n"))
  }

  /// What the kernel says of a sealed process.
  private func status(_ condition: (String) -> Bool) -> [String: String]? {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let id = Int(name), id > 1,
        let words = try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8),
        condition(words),
        let text = try? String(contentsOfFile: "/proc/\(name)/status", encoding: .utf8)
      else { continue }
      let lines = text.split(separator: "\n").compactMap { line -> (String, String)? in
        let parts = line.split(separator: ":", maxSplits: 1)
        return parts.count == 2
          ? (String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces)) : nil
      }
      return Dictionary(lines, uniquingKeysWith: { first, _ in first })
    }
    return nil
  }

  private func expectSealed(_ mark: String) {
    var last: [String: String]?
    for _ in 0..<1000 {
      last = status { $0.contains(mark) } ?? last
      if last?["Seccomp"] == "2" { break }
      Thread.sleep(forTimeInterval: 0.01)
    }
    #expect(last?["Seccomp"] == "2" && last?["NoNewPrivs"] == "1")
    #expect(last?["CapEff"] == "0000000000000000" && last?["CapPrm"] == "0000000000000000")
  }

  /// A submission under way in a thread of its own.
  private final class Watched: Sendable {
    let isSeen = Atomic(false)
    let ended = DispatchSemaphore(value: 0)
    let outcome = Mutex<SubmissionOutcome?>(nil)
  }

  @Test func aSealedScriptAndASubmissionAreSealedToTheKernel() throws {
    guard Self.isWhole else { return print("skipped: this kernel lacks Landlock or seccomp") }
    let mark = "sealed\(UUID().uuidString)"
    let process = Process()
    process.executableURL = try Program.url
    process.arguments = ["--sandbox", "-e", "while true { \(mark.replacing("-", with: "_")) = 1 }"]
    process.standardError = FileHandle.nullDevice
    try process.run()
    expectSealed(mark.replacing("-", with: "_"))
    process.terminate()
    process.waitUntilExit()

    let program = try Program.url.path
    let watched = Watched()
    let thread = Thread {
      var runner = SubmissionRunner()
      runner.program = program
      runner.isInterrupted = { watched.isSeen.load(ordering: .relaxed) }
      var request = SubmissionRequest("while true { x = 1 }", name: "a.bp", wanted: [])
      request.limits.seconds = 10
      request.limits.steps = .max
      let own = runner.run(request)
      watched.outcome.withLock { $0 = own }
      watched.ended.signal()
    }
    thread.start()
    expectSealed("bp\0\(SubmissionRunner.argument)")
    watched.isSeen.store(true, ordering: .relaxed)
    watched.ended.wait()
    // Those of other tests look the same: this one ran until it was ended.
    #expect(watched.outcome.withLock { $0?.status } == .refused("interrupted"))
  }

  private func run(withoutCall call: Int, _ words: String...) throws -> (Int32, String) {
    let copies = ([try Program.url.path] + words).map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var output = [CChar](repeating: 0, count: 1 << 16)
    let status = attempt_older_kernel(
      call, copies.map { UnsafePointer($0) } + [nil], &output, output.count)
    return (
      status,
      String(decoding: output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    )
  }

  @Test(arguments: Seal.Layer.allCases)
  func aKernelWithoutALayerIsSaid(layer: Seal.Layer) throws {
    guard Self.isWhole else { return print("skipped: this kernel lacks Landlock or seccomp") }
    let call = layer == .landlock ? attempt_landlock_call() : attempt_filter_call()
    let refused = try run(withoutCall: call, "--sandbox", "-e", "print 1")
    #expect(refused.0 == 3)
    #expect(
      refused.1 == """
        error: the sandbox needs \(layer.needs), which is not there; \
        --sandbox=best-effort runs the script without

        """)
    let best = try run(
      withoutCall: call, "--sandbox=best-effort", "-e", "print 1; x = csv \"/etc/passwd\"")
    #expect(best.0 == 3)
    #expect(best.1.contains("note: sealed without \(layer.needs)\n"))
    #expect(best.1.contains("1\n") && best.1.contains("files are closed in the sandbox"))
  }
}
