import Differentiation
import Language
import Learning
import Rendering

extension Catalog {
  /// The loss of one sample with two outputs.
  private static func lossExamples(
    _ loss: Loss
  ) -> [BuiltinFunction.Example] {
    let rows = [[0.8, 0.4], [1, 0]].map { Node.constant(Tensor(.matrix(1, 2), $0)) }
    let samples = try? loss.samples(y: rows[0], t: rows[1])
    guard let number = samples?.value?.elements.first else { return [] }
    return [
      .init("\(loss.name) [0.8, 0.4] [1, 0]", prints: NumberStyle.standard.text(number))
    ]
  }

  /// Every loss as a function of the output and the target of one sample, or of a net and data.
  static let lossFunctions: [BuiltinFunction] = Loss.all.map { loss in
    function(of: loss)
  }

  /// A loss as a function: `mse y t`, `mse net data`.
  package static func function(of loss: Loss) -> BuiltinFunction {
    let y = Key.any(
      "y", .either([.numeric, .network]),
      "The output, a number or vector, or rows of a matrix for their mean; or a net.")
    let t = Key.any(
      "t", .either([.numeric, .data]), "The target, of the same shape; or data for the net.")
    let (name, declared, outputRequirement) = (loss.name, loss.settings, loss.outputRequirement)
    return BuiltinFunction(
      loss.name, aliases: loss.aliases, .losses, loss.summary,
      parameters: [y.parameter, t.parameter] + declared.map { $0.asArgument }
        + [preparedOption.parameter],
      examples: lossExamples(loss)
    ) { arguments throws(Failure) in
      let (output, target) = (try arguments(y), try arguments(t))
      func configured() throws(LearningError) -> Loss {
        var settings = arguments
        settings.bound.removeFirst(2)
        return try loss.configured(named: settings.namedSettings(declared))
      }
      if case .network(let network) = output {
        let data = try arguments.data(network, arguments.given(t))
        return .number(
          try arguments.mappingErrors(network.lossInUnits(on: data, loss: try configured())))
      }
      guard output.shape == target.shape else {
        throw arguments.failure(
          "a loss never repeats values: output and target need one shape",
          [(arguments.range(of: y), output.kind), (arguments.range(of: t), target.kind)])
      }
      let takesProbabilities =
        outputRequirement == .probabilities || outputRequirement == .distribution
      if takesProbabilities, output.tensor?.elements.contains(where: { $0 < 0 || $0 > 1 }) == true {
        let isSwapped = target.tensor?.elements.allSatisfy { $0 >= 0 && $0 <= 1 } == true
        throw Failure(
          "\(name) takes an output between 0 and 1", at: arguments.range(of: y),
          help: isSwapped ? ["the output comes first: \(name) y t"] : [])
      }
      let result = try arguments.mappingErrors { () throws(LearningError) in
        // Rows of a matrix are samples, as those of a data set are.
        let shape = output.shape ?? .scalar
        let row = shape.rank == 2 ? shape : .matrix(1, shape.count)
        let (y, t) = try building(
          (
            node(output, name: arguments.given(y)?.name).reshaped(row),
            node(target, name: arguments.given(t)?.name).reshaped(row)
          ))
        var losses = try configured().samples(y: y, t: t)
        if takesProbabilities, y.value?.elements.contains(where: { $0.isNaN }) == true {
          // A target of 0 leaves its output out, but not whether that was a number.
          losses = try building(losses + 0 * y.applying(.sum()))
        }
        return try building(
          row.rows == 1 ? losses.reshaped(.scalar) : losses.applying(.mean()))
      }
      if case .traced = output { return .traced(result) }
      if case .traced = target { return .traced(result) }
      return result.value.map { Value($0) } ?? .nothing
    }
  }
}
