import Differentiation
import Glibc

/// A piece of a file that threads read while the next piece arrives: who asks for its rows helps.
///
/// Columns may not learn new texts meanwhile.
final class CSVJob {
  /// The piece ends behind a line end.
  private(set) var text: [UInt8]
  let chunks: [CSVChunk]
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private var next = 0
  private var helpers: [pthread_t] = []

  /// Bytes of a chunk: what comes of it stays near the processor until it is joined.
  private static let chunkSize = 1 << 18

  /// Begins to read.
  /// - Parameters:
  ///   - size: bytes of a chunk, where another is wanted.
  ///   - rowsPerByte: about how many there are.
  init(
    _ text: [UInt8], like record: CSVRecord, _ dialect: CSVDialect, _ options: CSVOptions,
    size: Int?, rowsPerByte: Double, _ memory: CSVMemory
  ) {
    self.text = text
    var chunks: [CSVChunk] = []
    // The array stays as it is, and where it is, until the threads are done.
    text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      let end = base + bytes.count
      var start = base
      while start < end {
        // It starts behind a line end, which ends a record if all before it was read.
        var stop = start + min(size ?? Self.chunkSize, end - start)
        while stop < end, stop[-1] != 0x0A { stop += 1 }
        let rows = Double(stop - start) * rowsPerByte * 1.1
        chunks.append(
          CSVChunk(
            start, stop, like: record, dialect, options,
            rows: Int(clamped: min(rows, Double(stop - start))), memory))
        start = stop
      }
    }
    self.chunks = chunks
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    for _ in 0..<min(Backends.threads - 1, chunks.count - 1) { startHelper() }
  }

  deinit {
    finish()
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  private func startHelper() {
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<CSVJob>.fromOpaque(argument).takeUnretainedValue().help() }
        return nil
      }, Unmanaged.passUnretained(self).toOpaque())
    // Without a thread there is one fewer to help.
    if status == 0 { helpers.append(thread) }
  }

  private func help() {
    while true {
      pthread_mutex_lock(lock)
      let place = next
      next += 1
      pthread_mutex_unlock(lock)
      guard place < chunks.count else { return }
      chunks[place].read()
    }
  }

  /// Reads what nobody has begun, and waits for the others.
  func finish() {
    help()
    for helper in helpers { pthread_join(helper, nil) }
    helpers = []
  }

  /// What was not read: from the first record that is no plain one.
  var rest: ArraySlice<UInt8> {
    guard let chunk = chunks.first(where: { !$0.isWhole }) else { return [] }
    return text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return [] }
      return Array(bytes[(chunk.place - base)...])[...]
    }
  }

  /// Gives the room of the text away.
  func takeText() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &text)
    return taken
  }
}
