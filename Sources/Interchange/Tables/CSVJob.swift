import Differentiation
import Glibc

/// A piece of a file that threads read while the next piece arrives: who asks for its rows helps.
///
/// Columns may not learn new texts meanwhile.
final class CSVJob {
  /// The piece and the padding.
  private(set) var text: [UInt8]
  private(set) var chunks: [CSVChunk] = []
  private let record: CSVRecord
  private let dialect: CSVDialect
  private let options: CSVOptions
  private let x: UnsafeMutableBufferPointer<Double>
  private let t: UnsafeMutableBufferPointer<Double>
  private let size: Int
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  /// Bytes that chunks were made of, and rows that these have room for.
  private var taken = 0
  private var rows = 0
  private var isStopped = false
  private var helpers: [pthread_t] = []

  /// Bytes of a chunk: what is read of it and what comes of it stay near the processor.
  static let chunkSize = 1 << 17

  /// Begins to read.
  /// - Parameters:
  ///   - text: ends behind a line end and `FieldScanner.padding` zeros.
  ///   - x: room for rows × features, `t` for rows × targets; nobody else touches it before the end.
  ///   - size: bytes of a chunk.
  init(
    _ text: consuming [UInt8], like record: CSVRecord, _ dialect: CSVDialect, _ options: CSVOptions,
    x: UnsafeMutableBufferPointer<Double>, t: UnsafeMutableBufferPointer<Double>, size: Int
  ) {
    self.text = text
    self.record = record
    self.dialect = dialect
    self.options = options
    self.x = x
    self.t = t
    self.size = size
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    for _ in 0..<min(Backends.threads - 1, count / size) { startHelper() }
  }

  deinit {
    finish()
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  /// Bytes of the piece.
  var count: Int { text.count - FieldScanner.padding }

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
    let record = CSVRecord(copying: self.record)
    while let chunk = takeChunk() {
      chunk.read(with: record)
      if !chunk.isWhole {
        pthread_mutex_lock(lock)
        isStopped = true
        pthread_mutex_unlock(lock)
      }
    }
  }

  /// The next chunk that nobody has begun; its lines say where its rows are to stand.
  private func takeChunk() -> CSVChunk? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    guard !isStopped, taken < count else { return nil }
    // The array stays as it is, and where it is, until the threads are done.
    return text.withUnsafeBufferPointer { bytes -> CSVChunk? in
      guard let base = bytes.baseAddress, let x = x.baseAddress else { return nil }
      // It starts behind a line end, which ends a record if all before it was read.
      let start = base + taken
      let end = base + count
      var stop = start + min(size, end - start)
      while stop < end, stop[-1] != 0x0A { stop += 1 }
      let lines = Self.lineFeeds(start, stop)
      let (features, targets) = (record.featureCount, record.targetCount)
      guard (rows + lines) * features <= self.x.count, (rows + lines) * targets <= t.count else {
        isStopped = true
        return nil
      }
      let chunk = CSVChunk(
        start, stop, dialect, options, features: features, x: x + rows * features,
        t: (t.baseAddress ?? x) + rows * targets, room: lines)
      chunks.append(chunk)
      taken += stop - start
      rows += lines
      return chunk
    }
  }

  private static func lineFeeds(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Int {
    var total = 0
    var place = start
    while place < end {
      // As many as a byte counts: many of them are counted at once.
      let stop = place + min(240, end - place)
      var count: UInt8 = 0
      while place < stop {
        count &+= place.pointee == 0x0A ? 1 : 0
        place += 1
      }
      total += Int(count)
    }
    return total
  }

  /// Reads what nobody has begun, and waits for the others.
  func finish() {
    help()
    for helper in helpers { pthread_join(helper, nil) }
    helpers = []
  }

  /// What was not read: from the first record that is no plain one, or that there was no room for.
  var rest: ArraySlice<UInt8> {
    text.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return [] }
      let odd = chunks.first { !$0.isWhole }
      return Array(bytes[(odd.map { $0.place - base } ?? taken)..<count])[...]
    }
  }

  /// Gives the room of the text away.
  func takeText() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &text)
    return taken
  }
}
