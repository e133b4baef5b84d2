import Differentiation
import Language
import Learning
import Rendering

extension Catalog {
  /// Every activation as a function of numbers.
  static let activationFunctions: [BuiltinFunction] = Activation.all.map { activation in
    function(of: activation)
  }

  /// An activation as a function of numbers: `leaky x slope=0.01`.
  package static func function(of activation: Activation) -> BuiltinFunction {
    let x = Key.any("x", .numeric, "A number, vector or matrix.")
    let (name, declared) = (activation.name, activation.settings)
    return BuiltinFunction(
      name, aliases: activation.aliases, .activations, activation.summary,
      parameters: [x.parameter] + declared.map { $0.asArgument },
      examples: activationExamples(activation),
      scalar: declared.isEmpty ? scalarFunctions[name] : nil
    ) { arguments throws(Failure) in
      let value = try arguments(x)
      var settings = arguments
      settings.bound.removeFirst()
      let named = settings.namedSettings(declared)
      let input = node(value, name: arguments.given(x)?.name)
      let output = try arguments.mappingErrors(
        activation.configured(named: named).output(of: input))
      if case .traced = value { return .traced(output) }
      return output.value.map { Value($0) } ?? .nothing
    }
  }

  /// The kernels of element-wise primitives on plain numbers, by name.
  private static let scalarFunctions: [String: @Sendable (Double) -> Double] =
    Primitive.all.reduce(into: [:]) { table, primitive in
      if case .one(let function)? = primitive.scalar { table[primitive.name] = function }
    }

  /// What the activation makes of two net inputs. A name that is also a data set's is shown in a
  /// net.
  private static func activationExamples(
    _ activation: Activation
  ) -> [BuiltinFunction.Example] {
    guard DataGenerator.named(activation.name) == nil else {
      let name = activation.name
      return [.init("net = mlp [1,1] \(name); print net.activations", prints: "[\"\(name)\"]")]
    }
    let output = try? activation.output(of: .constant(Tensor(vector: [-1, 2])))
    guard let elements = output?.value?.elements else { return [] }
    return [
      .init("\(activation.name) [-1, 2]", prints: NumberStyle.standard.vector(elements, limit: nil))
    ]
  }
}
