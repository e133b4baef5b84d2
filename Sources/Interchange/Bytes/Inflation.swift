import Glibc

/// Unpacks deflated bytes with zlib, which is opened when it is first needed: without it compressed
/// files are refused, everything else works.
struct Inflation: Sendable {
  enum Wrapping: Sendable {
    /// As in a zip file.
    case bare
    /// With the header and the check sum of gzip.
    case gzip

    /// What zlib calls window bits.
    fileprivate var bits: Int32 { self == .bare ? -15 : 31 }
  }

  /// zlib's `z_stream`, in the order and sizes of its C declaration.
  private struct Stream {
    var input: UnsafePointer<UInt8>?
    var inputCount: UInt32 = 0
    var inputTotal: UInt = 0
    var output: UnsafeMutablePointer<UInt8>?
    var outputCount: UInt32 = 0
    var outputTotal: UInt = 0
    var message: UnsafePointer<CChar>?
    var state: OpaquePointer?
    var allocate: OpaquePointer?
    var free: OpaquePointer?
    var opaque: OpaquePointer?
    var dataType: Int32 = 0
    var adler: UInt = 0
    var reserved: UInt = 0
  }

  private typealias Start =
    @convention(c) (
      UnsafeMutableRawPointer, Int32, UnsafePointer<CChar>, Int32
    ) -> Int32
  private typealias Step = @convention(c) (UnsafeMutableRawPointer, Int32) -> Int32
  private typealias End = @convention(c) (UnsafeMutableRawPointer) -> Int32

  private static let usualNames = ["libz.so.1", "libz.so", "libz.1.dylib"]

  private let start: Start
  private let step: Step
  private let end: End

  /// zlib as it is installed; nil without it. The environment variable `BP_ZLIB` names another
  /// library, or says `off`.
  static let installed: Inflation? = {
    let wanted = getenv("BP_ZLIB").map { String(cString: $0) }
    for name in wanted.map({ $0 == "off" ? [] : [$0] }) ?? usualNames {
      guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
      guard let start = dlsym(library, "inflateInit2_"), let step = dlsym(library, "inflate"),
        let end = dlsym(library, "inflateEnd")
      else { continue }
      return Inflation(
        start: unsafeBitCast(start, to: Start.self), step: unsafeBitCast(step, to: Step.self),
        end: unsafeBitCast(end, to: End.self))
    }
    return nil
  }()

  static func required(at place: FormatError.Place) throws(FormatError) -> Inflation {
    guard let installed else {
      throw FormatError(
        "this file is compressed, and zlib (libz.so.1) is not there to unpack it", place,
        help: ["install zlib1g, or unpack the file before"])
    }
    return installed
  }

  /// Unpacks until `limit` bytes are there or the data end.
  /// - Returns: the bytes, and whether the data went on.
  func unpacked(
    _ bytes: ArraySlice<UInt8>, _ wrapping: Wrapping, limit: Int, expected: Int? = nil
  ) throws(FormatError) -> (bytes: [UInt8], goesOn: Bool) {
    var result: [UInt8] = []
    // Nothing deflated unpacks to more than this: a header that promises it is wrong.
    let most = bytes.count.multipliedReportingOverflow(by: 1032)
    result.reserveCapacity(
      min(expected ?? 1 << 16, limit, most.overflow ? .max : most.partialValue))
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var stream = Stream()
    // The interface is that of every 1.x version.
    let begun = withUnsafeMutablePointer(to: &stream) {
      start($0, wrapping.bits, "1", Int32(MemoryLayout<Stream>.size))
    }
    guard begun == 0 else { throw FormatError("zlib cannot start (\(begun))") }
    defer { _ = withUnsafeMutablePointer(to: &stream) { end($0) } }
    var place = bytes.startIndex
    while true {
      let piece = min(bytes.endIndex - place, 1 << 20)
      var status: Int32 = 0
      var produced = 0
      var used = 0
      bytes[place..<place + piece].withUnsafeBufferPointer { input in
        chunk.withUnsafeMutableBufferPointer { output in
          stream.input = input.baseAddress
          stream.inputCount = UInt32(input.count)
          stream.output = output.baseAddress
          stream.outputCount = UInt32(output.count)
          status = withUnsafeMutablePointer(to: &stream) { step($0, 0) }
          produced = output.count - Int(stream.outputCount)
          used = input.count - Int(stream.inputCount)
        }
      }
      place += used
      let room = limit - result.count
      result += chunk[..<min(produced, room)]
      if produced > room { return (result, true) }
      switch status {
      case 1:
        // gzip files may be several, one after the other.
        if wrapping == .gzip, bytes[place...].starts(with: [0x1F, 0x8B]), room > produced {
          let rest = try unpacked(bytes[place...], .gzip, limit: room - produced)
          return (result + rest.bytes, rest.goesOn)
        }
        return (result, false)
      case 0 where produced > 0 || used > 0: continue
      case 0, -5:
        throw FormatError("the compressed data are cut off", .offset(place))
      default: throw FormatError("the compressed data are broken", .offset(place))
      }
    }
  }
}

/// The check sum of zip and gzip.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
  }

  static func sum(of bytes: some Sequence<UInt8>) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    }
  }
}
