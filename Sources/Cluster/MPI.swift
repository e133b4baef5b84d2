import Glibc

/// The calls of MPI that the ranks need, of a library that is opened at run time. Open MPI and MPICH
/// differ in what their handles are: the addresses of globals, or numbers that the header gives. Both
/// fit into a machine word, and so one declaration of each call does for both.
struct MPI {
  typealias Handle = UInt
  private typealias Initialize =
    @convention(c) (
      UnsafeRawPointer?, UnsafeRawPointer?, Int32, UnsafeMutablePointer<Int32>
    ) -> Int32
  private typealias Ask = @convention(c) (Handle, UnsafeMutablePointer<Int32>) -> Int32
  private typealias Set = @convention(c) (Handle, Handle) -> Int32
  private typealias Transfer =
    @convention(c) (
      UnsafeMutableRawPointer?, Int32, Handle, Int32, Int32, Handle, UnsafeMutablePointer<Handle>
    ) -> Int32
  private typealias Test =
    @convention(c) (
      UnsafeMutablePointer<Handle>, UnsafeMutablePointer<Int32>, UnsafeMutableRawPointer
    ) -> Int32
  private typealias Probe =
    @convention(c) (
      Int32, Int32, Handle, UnsafeMutablePointer<Int32>, UnsafeMutableRawPointer
    ) -> Int32
  private typealias Count =
    @convention(c) (UnsafeRawPointer, Handle, UnsafeMutablePointer<Int32>) -> Int32
  private typealias End = @convention(c) () -> Int32
  private typealias Abort = @convention(c) (Handle, Int32) -> Int32

  private let initialize: Initialize
  private let askRank: Ask
  private let askSize: Ask
  private let setErrorHandler: Set
  private let isend: Transfer
  private let irecv: Transfer
  private let test: Test
  private let iprobe: Probe
  private let getCount: Count
  private let finalize: End
  private let abortAll: Abort
  private let world: Handle
  private let byte: Handle
  private let returningErrors: Handle
  /// Where a status says who sent its message, and its tag, in bytes.
  private let placeOfSource: Int
  private let placeOfTag: Int
  private let anySource: Int32

  /// Enough for the status of either.
  private static let statusBytes = 64
  private static let anyTag: Int32 = -1
  /// Threads call MPI one at a time; with fewer rights only the one that began does.
  private static let serialized: Int32 = 2

  /// The first of these libraries that is there.
  static func opened(_ names: [String]) -> MPI? {
    for name in names {
      // Open MPI opens parts of its own, which look for its symbols.
      guard let library = dlopen(name, RTLD_NOW | RTLD_GLOBAL) else { continue }
      if let mpi = MPI(library) { return mpi }
    }
    return nil
  }

  private init?(_ library: UnsafeMutableRawPointer) {
    func symbol(_ name: String) -> UnsafeMutableRawPointer? { dlsym(library, name) }
    guard let initialize = symbol("MPI_Init_thread"), let rank = symbol("MPI_Comm_rank"),
      let size = symbol("MPI_Comm_size"), let handler = symbol("MPI_Comm_set_errhandler"),
      let isend = symbol("MPI_Isend"), let irecv = symbol("MPI_Irecv"),
      let test = symbol("MPI_Test"), let probe = symbol("MPI_Iprobe"),
      let count = symbol("MPI_Get_count"), let finalize = symbol("MPI_Finalize"),
      let abort = symbol("MPI_Abort")
    else { return nil }
    self.initialize = unsafeBitCast(initialize, to: Initialize.self)
    askRank = unsafeBitCast(rank, to: Ask.self)
    askSize = unsafeBitCast(size, to: Ask.self)
    setErrorHandler = unsafeBitCast(handler, to: Set.self)
    self.isend = unsafeBitCast(isend, to: Transfer.self)
    self.irecv = unsafeBitCast(irecv, to: Transfer.self)
    self.test = unsafeBitCast(test, to: Test.self)
    iprobe = unsafeBitCast(probe, to: Probe.self)
    getCount = unsafeBitCast(count, to: Count.self)
    self.finalize = unsafeBitCast(finalize, to: End.self)
    abortAll = unsafeBitCast(abort, to: Abort.self)
    if let world = symbol("ompi_mpi_comm_world"), let byte = symbol("ompi_mpi_byte"),
      let returning = symbol("ompi_mpi_errors_return")
    {
      (self.world, self.byte) = (UInt(bitPattern: world), UInt(bitPattern: byte))
      returningErrors = UInt(bitPattern: returning)
      (placeOfSource, placeOfTag, anySource) = (0, 4, -1)
    } else {
      // As mpi.h of MPICH and all that keep its binary interface has them.
      (world, byte, returningErrors) = (0x4400_0000, 0x4c00_010d, 0x5400_0001)
      (placeOfSource, placeOfTag, anySource) = (8, 12, -2)
    }
  }

  /// - Returns: this rank, how many there are, and whether other threads than this one may call MPI,
  ///   one at a time; nil where it cannot begin.
  func begin() -> (rank: Int, count: Int, isForThreads: Bool)? {
    var level: Int32 = 0
    guard initialize(nil, nil, Self.serialized, &level) == 0 else { return nil }
    _ = setErrorHandler(world, returningErrors)
    var (rank, count): (Int32, Int32) = (0, 0)
    guard askRank(world, &rank) == 0, askSize(world, &count) == 0 else { return nil }
    return (Int(rank), Int(count), level >= Self.serialized)
  }

  func end() { _ = finalize() }

  /// Ends all processes.
  func abort(_ status: Int32) { _ = abortAll(world, status) }

  /// A transfer under way.
  struct Request {
    fileprivate var handle: Handle = 0
    /// The rank that is waited for; nil of a message that is sent.
    let source: Int?
  }

  /// - Returns: nil where it cannot begin.
  func send(_ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Int32) -> Request? {
    var request = Request(source: nil)
    let address = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
    guard let count = Int32(exactly: bytes.count), let rank = Int32(exactly: rank),
      isend(address, count, byte, rank, tag, world, &request.handle) == 0
    else { return nil }
    return request
  }

  func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int, tag: Int32) -> Request? {
    var request = Request(source: rank)
    guard let count = Int32(exactly: bytes.count), let rank = Int32(exactly: rank),
      irecv(bytes.baseAddress, count, byte, rank, tag, world, &request.handle) == 0
    else { return nil }
    return request
  }

  /// Whether a transfer is done; nil where it failed.
  func isDone(_ request: inout Request) -> Bool? {
    var flag: Int32 = 0
    let error = withStatus { test(&request.handle, &flag, $0) }
    return error == 0 ? flag != 0 : nil
  }

  /// The next message of a rank, of one tag or any, where one has come: its tag and size.
  func waiting(from rank: Int, tag: Int32? = nil) -> (tag: Int32, bytes: Int)? {
    guard let rank = Int32(exactly: rank) else { return nil }
    var (flag, count): (Int32, Int32) = (0, 0)
    var found: Int32 = 0
    let error = withStatus { status in
      let error = iprobe(rank, tag ?? Self.anyTag, world, &flag, status)
      guard error == 0, flag != 0 else { return error }
      found = status.load(fromByteOffset: placeOfTag, as: Int32.self)
      return getCount(status, byte, &count)
    }
    return error == 0 && flag != 0 ? (found, Int(count)) : nil
  }

  /// A message of a tag that has come from anybody: who sent it, and its size.
  func waitingFromAnybody(tag: Int32) -> (rank: Int, bytes: Int)? {
    var (flag, count): (Int32, Int32) = (0, 0)
    var source: Int32 = 0
    let error = withStatus { status in
      let error = iprobe(anySource, tag, world, &flag, status)
      guard error == 0, flag != 0 else { return error }
      source = status.load(fromByteOffset: placeOfSource, as: Int32.self)
      return getCount(status, byte, &count)
    }
    return error == 0 && flag != 0 ? (Int(source), Int(count)) : nil
  }

  private func withStatus(_ body: (UnsafeMutableRawPointer) -> Int32) -> Int32 {
    withUnsafeTemporaryAllocation(byteCount: Self.statusBytes, alignment: 16) { buffer in
      guard let address = buffer.baseAddress else { return 1 }
      return body(address)
    }
  }
}
