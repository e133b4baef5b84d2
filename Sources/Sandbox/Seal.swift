internal import CSandbox
import Glibc

/// What a process gives up from inside and for good, before it runs a text that nobody trusts.
///
/// Landlock binds the thread that calls and those it makes later: a process seals itself while it has
/// one thread.
package enum Seal {
  /// Parts of the seal that not every kernel has; limits of resources are everywhere.
  package enum Layer: String, Hashable, Sendable, CaseIterable {
    /// The kernel lets the process reach no file, port and process that was not named.
    case landlock = "Landlock"
    /// The kernel answers no calls but those that a script needs.
    case seccomp = "seccomp"

    /// Which kernels have it.
    package var needs: String {
      switch self {
      case .landlock: "Landlock (Linux 5.13 or later, where it is switched on)"
      case .seccomp: "seccomp (Linux 4.14 or later, on x86-64 or AArch64)"
      }
    }
  }

  /// What a sealed process can still reach and use.
  package struct Scope: Sendable {
    /// Files and folders that can be read.
    package var readable: [String] = []
    /// Variables of the environment that stay.
    package var variables: [String] = []
    /// Bytes of memory beyond those that the process addresses already.
    package var memoryBytes: Int?
    /// Seconds of processor time of all threads.
    package var processorSeconds: Int?

    package init() {}
  }

  package struct Refusal: Error, Hashable, Sendable {
    package let path: String
    /// In the system's words: `no such file or directory`.
    package let reason: String
  }

  /// The layers that this kernel has.
  package static var available: Set<Layer> {
    var layers: Set<Layer> = []
    if bp_landlock_version() > 0 { layers.insert(.landlock) }
    if bp_filter_is_known() { layers.insert(.seccomp) }
    return layers
  }

  /// Closes every descriptor that the process was started with but the standard ones: to be called
  /// before it opens any itself.
  package static func closeDescriptors() { bp_close_descriptors() }

  /// Seals the process. Libraries that it will use and files that it reads without being asked to
  /// are opened before.
  /// - Returns: the layers that hold from now on.
  /// - Throws: where a readable file cannot be opened; nothing is sealed then.
  package static func close(_ scope: Scope) throws(Refusal) -> Set<Layer> {
    var descriptors: [Int32] = []
    defer { for descriptor in descriptors { Glibc.close(descriptor) } }
    for path in scope.readable { descriptors.append(try opened(path)) }
    let reads = !descriptors.isEmpty

    var layers: Set<Layer> = []
    let addressed = bp_addressed()
    clearEnvironment(keeping: scope.variables)
    bp_drop_rights(reads)
    if bp_landlock_seal(descriptors, descriptors.count, .max) == 0 { layers.insert(.landlock) }
    if !writesIntoFile { bp_lower_limit(BPLimitFileSize, 0) }
    bp_lower_limit(BPLimitDescriptors, mostDescriptors)
    if let bytes = scope.memoryBytes, addressed > 0 {
      bp_lower_limit(BPLimitMemory, addressed &+ UInt(clamping: bytes))
    }
    if let seconds = scope.processorSeconds {
      bp_lower_limit(BPLimitProcessor, UInt(clamping: max(1, seconds)))
    }
    if bp_filter_seal(reads) == 0 { layers.insert(.seccomp) }
    return layers
  }

  /// No process and no thread can begin from now on, where the user is not the superuser: for
  /// kernels without seccomp, once all threads are there.
  package static func refuseProcesses() { bp_lower_limit(BPLimitProcesses, 0) }

  private static let mostDescriptors: UInt = 64

  /// Whether the output of the process is a file: how large that is, is not the process's choice.
  private static var writesIntoFile: Bool {
    [STDOUT_FILENO, STDERR_FILENO].contains { descriptor in
      var status = stat()
      return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
  }

  private static func opened(_ path: String) throws(Refusal) -> Int32 {
    let descriptor = bp_open_place(path)
    if descriptor >= 0 { return descriptor }
    let words = String(cString: strerror(errno))
    throw Refusal(path: path, reason: words.prefix(1).lowercased() + words.dropFirst())
  }

  private static func clearEnvironment(keeping names: [String]) {
    let copies = names.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    bp_clear_environment(copies.map { UnsafePointer($0) }, copies.count)
  }
}
