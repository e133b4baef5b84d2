internal import CKernels
import Glibc

/// The floating-point format a program computes in.
package enum Precision: String, Sendable, CaseIterable {
  case float64, float32

  /// Bytes of a number.
  var width: Int { self == .float64 ? 8 : 4 }

  var kernels: UnsafePointer<BPKernels> {
    bp_kernels(self == .float64 ? BPPrecision.float64 : BPPrecision.float32)
  }
}

/// What the allocator and the system say about the memory of this process, in bytes.
package enum ProcessMemory {
  /// What the allocator has given out.
  package static var givenOut: Int { bp_memory_given_out() }

  /// What the system has free; nil where it does not say.
  package static var free: Int? {
    let bytes = bp_memory_free()
    return bytes < 0 ? nil : bytes
  }

  /// What the process may address; nil for no limit.
  package static var addressable: Int? {
    let bytes = bp_memory_addressable()
    return bytes == Int.max ? nil : bytes
  }

  /// Gives the system back what the allocator keeps.
  package static func giveBack() { bp_memory_give_back() }
}

/// One zeroed block of memory, aligned for vectors, that frees itself.
final class Memory {
  /// Blocks and the tensors in them start at multiples of this many bytes.
  static let alignment = 64

  let base: UnsafeMutableRawPointer
  let bytes: Int
  private let block: UnsafeMutableRawPointer

  init(bytes: Int) {
    self.bytes = Memory.padded(max(bytes, 1))
    // The system's zeroed pages take no memory before they are written to.
    if let block = calloc(1, self.bytes + Memory.alignment) {
      self.block = block
    } else {
      block = .allocate(byteCount: self.bytes + Memory.alignment, alignment: 1)
      block.initializeMemory(as: UInt8.self, repeating: 0, count: self.bytes)
    }
    base = block.alignedUp(toMultipleOf: Memory.alignment)
  }

  deinit { free(block) }

  static func padded(_ bytes: Int) -> Int { (bytes + alignment - 1) & ~(alignment - 1) }
}

extension Precision {
  func write(_ numbers: [Double], to target: UnsafeMutableRawPointer) {
    write(numbers[...], to: target)
  }

  func write(_ numbers: ArraySlice<Double>, to target: UnsafeMutableRawPointer) {
    numbers.withUnsafeBufferPointer { numbers in
      guard let source = numbers.baseAddress else { return }
      switch self {
      case .float64:
        target.copyMemory(from: source, byteCount: numbers.count * MemoryLayout<Double>.stride)
      case .float32:
        let target = target.assumingMemoryBound(to: Float.self)
        for index in 0..<numbers.count { target[index] = Float(source[index]) }
      }
    }
  }

  func read(_ count: Int, from source: UnsafeRawPointer) -> [Double] {
    switch self {
    case .float64:
      let source = source.assumingMemoryBound(to: Double.self)
      return (0..<count).map { source[$0] }
    case .float32:
      let source = source.assumingMemoryBound(to: Float.self)
      return (0..<count).map { Double(source[$0]) }
    }
  }
}
