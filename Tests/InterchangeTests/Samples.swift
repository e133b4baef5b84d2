import Differentiation
import Foundation
import Interchange
import Learning
import Testing

/// Valid values and files that the tests start from.
enum Samples {
  static let matrix = Tensor(.matrix(2, 3), [1, -2.5, 3e300, 0.1, -0.0, .leastNonzeroMagnitude])

  /// A net with a pipeline of every step and class names.
  static func network(
    _ activations: [String] = ["tanh", "softmax"], precision: Precision = .float64
  ) throws -> Network {
    var raw = try DataSet(
      x: Tensor(.matrix(4, 2), [1, 1, 2, 2, 3, 1, .nan, 3]),
      target: .classes(numbers: [1, 2, 3, 1], names: ["a", "b", "c \"d\""]),
      featureNames: ["size", "colour"])
    raw.categories = [1: ["blue", "green", "red"]]
    let filled = try raw.prepared(by: .impute(try Imputation(.median, of: raw)))
    let encoded = try filled.prepared(by: .encode(try OneHotEncoding(of: filled)))
    let scaled = try encoded.prepared(by: .scale(.standardization(of: encoded)))
    var options = Network.Options()
    options.precision = precision
    options.seed = 5
    let net = try Network(
      sizes: [4, 5, 3],
      activations: try activations.map { try Activation.required($0, as: .sizes) },
      options: options)
    var training = TrainingOptions()
    training.epochs = 3
    _ = try train(net, on: scaled, training)
    return net
  }

  static func idx(type: UInt8, shape: [UInt32], payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, type, UInt8(shape.count)]
    for size in shape { bytes += withUnsafeBytes(of: size.bigEndian) { Array($0) } }
    return bytes + payload
  }

  static func npy(_ header: String, _ payload: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let text = Array(header.utf8)
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
    bytes += [UInt8(text.count & 0xFF), UInt8(text.count >> 8 & 0xFF)]
    if version > 1 { bytes += [0, 0] }
    return bytes + text + payload
  }

  static func safetensors(_ header: String, _ payload: [UInt8] = []) -> [UInt8] {
    let text = Array(header.utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text + payload
  }

  static func little(_ numbers: [Double]) -> [UInt8] {
    numbers.flatMap { number in
      withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    }
  }
}

extension [UInt8] {
  /// The same with some bytes replaced.
  func patched(_ offset: Int, _ bytes: UInt8...) -> [UInt8] {
    var result = self
    for (place, byte) in bytes.enumerated() { result[offset + place] = byte }
    return result
  }

  func replacing(_ text: String, with other: String) -> [UInt8] {
    let (from, to) = (Array(text.utf8), Array(other.utf8))
    var result: [UInt8] = []
    var place = 0
    while place < count {
      if self[place...].starts(with: from) {
        result += to
        place += from.count
      } else {
        result.append(self[place])
        place += 1
      }
    }
    return result
  }
}

/// Every file must be refused with a `FormatError`.
func expectRefused(
  _ files: [(String, [UInt8])], sourceLocation: SourceLocation = #_sourceLocation,
  _ read: ([UInt8]) throws -> Void
) {
  #expect(files.count >= 25, sourceLocation: sourceLocation)
  for (what, bytes) in files {
    let error = #expect(throws: FormatError.self, "\(what)", sourceLocation: sourceLocation) {
      try read(bytes)
    }
    if let error {
      #expect(!error.message.isEmpty, sourceLocation: sourceLocation)
      #expect(
        error.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F },
        "\(what)", sourceLocation: sourceLocation)
    }
  }
}
