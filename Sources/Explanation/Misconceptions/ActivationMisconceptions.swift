import Differentiation
import Learning

extension Misconception {
  /// What is done wrong with the derivative of an activation.
  static let ofActivations: [Misconception] = [
    Misconception("noDerivative", "the derivative of the activation is left out at {place}") {
      computation in
      computation.activationGroups().map { group in
        Change(at: group.place) {
          $0.factor = { node, input, _ in input == 0 && group.holds(node) ? 1 : nil }
          $0.contribution = { node, _, adjoint, _ in
            node.primitive === Primitive.softmax && group.holds(node) ? adjoint : nil
          }
        }
      }
    },
    Misconception(
      "derivativeAtOutput",
      "the derivative of the activation is taken at the output instead of the net input, at {place}"
    ) { computation in
      computation.activationGroups().map { group in
        Change(at: group.place) {
          $0.operands = { node, input throws(ShapeError) in
            guard input == 0, group.holds(node), let primitive = node.primitive else {
              return nil
            }
            let operands = [node] + node.inputs.dropFirst()
            return (operands, try Node.apply(primitive, to: operands))
          }
        }
      }
    },
    Misconception(
      "slopeOfNetInput",
      "the derivative is written with the net input where its formula has the output, as {place}"
    ) { computation in
      slopes(computation, written: "z", of: slopesOfNetInput) { node in node.inputs[0] }
    },
    Misconception("otherSlope", "the derivative is that of another activation, {place}") {
      computation in
      slopes(computation, written: "a", of: slopesOfOthers) { node in node }
    },
    Misconception("kink", "the slope of {place}, where it has two, is that of the other side") {
      computation in
      let nodes = computation.activations().filter { $0.primitive?.kinks.isEmpty == false }
      let names = Set(nodes.compactMap { $0.primitive?.name })
      return names.sorted().map { name in
        Change(at: "\(name) at its kink") {
          $0.operands = { node, input throws(ShapeError) in
            guard input == 0, node.primitive?.name == name,
              nodes.contains(where: { $0 === node })
            else { return nil }
            return try onOtherSide(node)
          }
        }
      }
    },
    Misconception("noActivation", "the activation is left out at {place}") {
      computation throws(ShapeError) in
      try computation.activationGroups().map { group throws(ShapeError) in
        Change(
          at: group.place,
          root: try computation.rebuilt { node, inputs in group.holds(node) ? inputs[0] : nil })
      }
    },
  ]

  /// A slope as a formula of one number.
  private struct Slope {
    let activation: String
    let formula: (String) -> String
    let value: (Node) throws(ShapeError) -> Node
  }

  private static func product(_ x: String) -> String { "\(x)(1 - \(x))" }
  private static func square(_ x: String) -> String { "1 - \(x)²" }
  private static func halfOfSquare(_ x: String) -> String { "(1 - \(x)²)/2" }

  /// The formulas that lectures write with the output, for the net input.
  private static var slopesOfNetInput: [Slope] {
    [
      Slope(activation: "sigmoid", formula: product) { z throws(ShapeError) in try z * (1 - z) },
      Slope(activation: "tanh", formula: square) { z throws(ShapeError) in
        try 1 - z.applying(.square)
      },
      Slope(activation: "tanh_half", formula: halfOfSquare) { z throws(ShapeError) in
        try (1 - z.applying(.square)) * 0.5
      },
    ]
  }

  /// The sigmoid's formula for tanh, and the other way round.
  private static var slopesOfOthers: [Slope] {
    [
      Slope(activation: "sigmoid", formula: square) { a throws(ShapeError) in
        try 1 - a.applying(.square)
      },
      Slope(activation: "tanh", formula: product) { a throws(ShapeError) in try a * (1 - a) },
      Slope(activation: "tanh_half", formula: product) { a throws(ShapeError) in
        try a * (1 - a)
      },
      Slope(activation: "tanh_half", formula: square) { a throws(ShapeError) in
        try 1 - a.applying(.square)
      },
    ]
  }

  private static func slopes(
    _ computation: Computation, written symbol: String, of slopes: [Slope],
    argument: @escaping (Node) -> Node
  ) -> [Change] {
    computation.activationGroups().flatMap { group in
      let present = slopes.filter { slope in
        group.nodes.contains { $0.primitive?.name == slope.activation }
      }
      return present.map { slope in
        Change(at: "\(slope.formula(symbol)) for \(slope.activation), at \(group.place)") {
          $0.factor = { node, _, _ throws(ShapeError) in
            guard node.primitive?.name == slope.activation, group.holds(node) else { return nil }
            return try slope.value(argument(node))
          }
        }
      }
    }
  }

  /// The operands of an activation, moved a little to the side whose slope is not taken where they
  /// lie on a kink.
  private static func onOtherSide(_ node: Node) throws(ShapeError) -> ([Node], Node)? {
    guard let primitive = node.primitive else { return nil }
    var x = node.inputs[0]
    for (place, kink) in primitive.kinks.enumerated() {
      // An interval is closed: below its first bound and above its second lies the other slope.
      let side = place == 0 ? -1e-12 : 1e-12
      let isThere = try Node.apply(.equal, to: [node.inputs[0], Node(number: kink)])
      x = try Node.apply(.choose, to: [isThere, Node(number: kink + side), x])
    }
    let operands = [x] + node.inputs.dropFirst()
    return (operands, try Node.apply(primitive, to: operands))
  }
}
