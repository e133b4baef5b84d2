import Differentiation
import Learning

/// A net as a safetensors file: its arrays under the names that `torch.nn.Sequential` gives them,
/// its build in the metadata.
package enum NetworkFile {
  private static let descriptionName = "bp.net"

  /// - Throws: where something of the net cannot be written down.
  package static func bytes(_ network: Network) throws(FormatError) -> [UInt8] {
    let description = try NetworkDescription.json(network)
    let isFloat32 = network.precision == .float32
    var arrays: [Safetensors.Array] = []
    for parameter in network.parameters {
      arrays.append(
        Safetensors.Array(
          name: sequentialName(of: parameter, in: network), shape: shape(of: parameter.value),
          numbers: parameter.value.elements, isFloat32: isFloat32))
    }
    return try Safetensors(
      arrays: arrays,
      metadata: [
        ("format", "pt"),
        (descriptionName, String(decoding: try description.bytes(), as: UTF8.self)),
      ]
    ).bytes()
  }

  /// The net of a file; nil where it holds arrays only.
  /// - Throws: where the description does not fit the arrays.
  package static func network(_ file: Safetensors) throws(FormatError) -> Network? {
    guard let description = file[metadata: descriptionName] else { return nil }
    let network = try NetworkDescription.network(
      try JSON.parse(Array(description.utf8)),
      numbers: file.arrays.reduce(0) { $0 + $1.numbers.count })
    var names: Set<String> = []
    for parameter in network.parameters {
      let name = sequentialName(of: parameter, in: network)
      names.insert(name)
      guard let array = file.arrays.first(where: { $0.name == name }) else {
        throw FormatError("the array \(name) of \(parameter.name) is missing")
      }
      guard array.shape == shape(of: parameter.value) else {
        throw FormatError(
          "\(name) has the shape \(listed(array.shape)), \(parameter.name) is \(parameter.value.shape)"
        )
      }
      try set(parameter, of: network, to: array.numbers)
    }
    if let extra = file.arrays.first(where: { !names.contains($0.name) }) {
      throw FormatError("the net has no parameter for the array \(visible(extra.name))")
    }
    return network
  }

  static func set(
    _ parameter: Network.Parameter, of network: Network, to numbers: [Double]
  ) throws(FormatError) {
    do throws(LearningError) {
      try network.set(parameter.name, to: Tensor(parameter.value.shape, numbers))
    } catch { throw FormatError(error.message, help: error.help) }
  }

  /// A learned slope is a vector of one there.
  private static func shape(of tensor: Tensor) -> [Int] {
    switch tensor.shape {
    case .scalar: [1]
    case .vector(let count): [count]
    case .matrix(let rows, let columns): [rows, columns]
    }
  }

  /// `0.weight`: the module's place counts activations as modules of their own.
  /// - Parameter countsDropout: whether leaving units out is a module behind each hidden layer.
  static func sequentialName(
    of parameter: Network.Parameter, in network: Network, countsDropout: Bool = false
  ) -> String {
    var place = 0
    for layer in network.layers.prefix(parameter.layer - 1) {
      place += layer.activation.traits.contains(.linear) ? 1 : 2
      if countsDropout, network.dropout > 0 { place += 1 }
    }
    switch parameter.role {
    case .weights: return "\(place).weight"
    case .bias: return "\(place).bias"
    case .slope: return "\(place + 1).weight"
    }
  }
}
