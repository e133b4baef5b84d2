import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  /// A net without data: its layers, its drawing, or its weights as matrices.
  static func netPicture(
    of network: Network, _ view: String?, _ arguments: Arguments
  ) throws(Failure) -> Value {
    if view == "weights" { return try arguments.drawn(weightMaps(of: network)) }
    let table = layerTable(of: network)
    let drawing = drawing(of: network, nil, arguments)
    let isSmall =
      network.sizes.allSatisfy { $0 <= 8 }
      && zip(network.sizes, network.sizes.dropFirst()).allSatisfy { $0 * $1 <= 24 }
      && network.layers.count <= 4
    if arguments.given(PictureOption.file) != nil || view == "net" {
      return try arguments.drawn(drawing)
    }
    guard isSmall else {
      return try arguments.written("layers") { TextBlocks(table.table(on: $0)) }
    }
    return try arguments.drawn(drawing) { TextBlocks(table.table(on: $0)) }
  }

  static func layerTable(of network: Network) -> LayerTable {
    let parameters = network.parameters
    let layers = network.layers.map { layer in
      LayerTable.Layer(
        name: "dense_\(layer.number) (\(layer.activation.title))", units: layer.units,
        parameters: layer.count,
        weights: parameters.first { $0.layer == layer.number && $0.role == .weights }?
          .value.elements ?? [])
    }
    let inputs = network.inputCount == 1 ? "1 input" : "\(network.inputCount) inputs"
    let hidden = network.layers.count - 1
    let depth =
      "\(network.layers.count) weight layer\(network.layers.count == 1 ? "" : "s"), \(hidden) hidden"
    let choice = network.isLossAutomatic ? " (chosen by the output activation)" : ""
    return LayerTable(
      layers, notes: ["\(inputs); \(depth); loss \(network.loss.title)\(choice)"])
  }

  private static func weightMaps(of network: Network) -> Picture {
    let maps = network.parameters.filter { $0.role == .weights }.map { parameter in
      HeatMap.picture(
        title: parameter.name, elements: parameter.value.elements,
        rows: parameter.value.shape.rows, columns: parameter.value.shape.columns,
        rowLabel: "unit", columnLabel: "input")
    }
    return Picture(title: network.title, .panels(maps, columns: min(maps.count, 2)))
  }
}
