import Differentiation
import Glibc
import Synchronization

/// The memory of this process and of the machine, as the system counts it.
enum MemoryUse {
  /// Where nothing can be learned about the machine.
  static let fallback = 2 << 30

  /// Of a thousand parts of what there is, how many a run may take; of what the process may address
  /// fewer, since there one allocation beyond it ends the process.
  private static let share = 900
  private static let addressableShare = 500

  /// What all values, nets, graphs and outputs may take where nobody says: most of what the machine
  /// or the container it is in has left, and of what the process may address.
  static let standard: Int = {
    let inUse = bytes()
    let most = [available, containerRoom].compactMap { $0 }.min().map { inUse + $0 } ?? fallback
    let free = most / 1000 * share
    guard let limit = ProcessMemory.addressable else { return max(1 << 24, free) }
    // Stacks and libraries are reserved and count here, but take nothing.
    let reach = inUse + max(0, limit - addressed) / 1000 * addressableShare
    return max(1 << 24, min(free, reach))
  }()

  /// Bytes that the process has for itself.
  static func bytes() -> Int {
    guard let pages = statm(), pages.count > 2 else { return ProcessMemory.givenOut }
    return max(0, pages[1] - pages[2]) * pageSize
  }

  /// Gives the system back what is free, where that is not done yet.
  static func trim() { ProcessMemory.giveBack() }

  private static let pageSize = sysconf(Int32(_SC_PAGESIZE))
  private static let statmFile = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)

  private static func statm() -> [Int]? {
    guard statmFile >= 0 else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128) { buffer in
      let count = pread(statmFile, buffer.baseAddress, buffer.count, 0)
      guard count > 0 else { return nil }
      return numbers(in: buffer[..<count])
    }
  }

  /// The whole numbers among some text.
  private static func numbers(in text: some Sequence<UInt8>) -> [Int] {
    var numbers: [Int] = []
    var isInNumber = false
    for byte in text {
      let digit = Int(byte) - 48
      guard (0...9).contains(digit) else {
        isInNumber = false
        continue
      }
      if !isInNumber { numbers.append(0) }
      isInNumber = true
      let last = numbers.count - 1
      let (product, overflow) = numbers[last].multipliedReportingOverflow(by: 10)
      numbers[last] = overflow ? .max : product &+ digit
    }
    return numbers
  }

  private static var addressed: Int { (statm()?.first ?? 0) * pageSize }

  /// What programs can still be given before the system kills one.
  private static var available: Int? {
    for line in lines("/proc/meminfo") where line.starts(with: "MemAvailable:".utf8) {
      if let kilobytes = numbers(in: line).first, kilobytes < 1 << 50 { return kilobytes << 10 }
    }
    return ProcessMemory.free
  }

  /// What the groups of processes that this one is in leave, the outermost included.
  private static var containerRoom: Int? {
    var rooms: [Int] = []
    for line in lines("/proc/self/cgroup") {
      let fields = String(decoding: line, as: UTF8.self)
        .split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isFirstVersion = fields[1].split(separator: ",").contains("memory")
      guard isFirstVersion || fields[1].isEmpty else { continue }
      let root = isFirstVersion ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup"
      let (most, used) =
        isFirstVersion
        ? ("memory.limit_in_bytes", "memory.usage_in_bytes") : ("memory.max", "memory.current")
      var group = String(fields[2])
      while true {
        let folder = root + (group == "/" ? "" : group)
        if let limit = number("\(folder)/\(most)"), limit < 1 << 60 {
          // The cache of files is given up first.
          let cache = lines("\(folder)/memory.stat")
            .first { $0.starts(with: "inactive_file ".utf8) }
            .flatMap { numbers(in: $0).first }
          rooms.append(max(0, limit - (number("\(folder)/\(used)") ?? 0) + (cache ?? 0)))
        }
        guard let slash = group.lastIndex(of: "/"), group != "/" else { break }
        group = slash == group.startIndex ? "/" : String(group[..<slash])
      }
    }
    return rooms.min()
  }

  private static func number(_ path: String) -> Int? {
    lines(path).first.flatMap { numbers(in: $0).first }
  }

  private static func lines(_ path: String) -> [ArraySlice<UInt8>] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = read(descriptor, &bytes, bytes.count)
    return bytes.prefix(max(0, count)).split(separator: UInt8(ascii: "\n"))
  }
}
