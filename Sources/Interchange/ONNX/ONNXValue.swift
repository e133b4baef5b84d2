import Differentiation
import Learning

/// What a value of a graph is to a net.
enum ONNXValue {
  case constant(ONNXConstant)
  case units(ONNXUnits)
  /// Some of the features that the model takes as inputs of their own, by their places.
  case features([Int])
  case answer(ONNXAnswer)
}

/// A number for each unit and sample, as a function of the net inputs of one layer.
struct ONNXUnits {
  enum Form {
    /// The net inputs themselves.
    case netInputs
    /// One function of each unit's net input alone.
    case function(Node)
    /// All units of a sample together, by the activation of this name.
    case together(String, of: Affine)
  }

  /// The layer, from 1, whose net inputs these are a function of; 0 for the inputs of the net.
  var layer: Int
  /// Sizes of the axes as the file has them, nil for the axis of the samples.
  var axes: [Int?]
  var form = Form.netInputs
  /// What is done to the value of the form.
  var post = Affine.identity

  /// The number of units.
  var count: Int { axes.reduce(1) { $0 * ($1 ?? 1) } }
}

/// What a model answers besides numbers of units: classes, or both probabilities of one output.
struct ONNXAnswer {
  var units: ONNXUnits
  /// Whether it is 1 - y and y.
  var isPair = false
  var classes: [String]?
  /// Whether it is the class itself.
  var isLabel = false
}

/// A layer as it is found.
struct ONNXLayer {
  /// Units × inputs.
  var weights: Tensor
  var bias: [Double]
  var hasBias: Bool
  /// What the bias of the file makes of the product with the weights.
  var netInput = Affine.identity
  /// Linear while nothing else is known.
  var activation: Activation?

  /// What is done to the net inputs becomes part of the weights.
  mutating func apply(_ affine: Affine) {
    guard !affine.isIdentity else { return }
    let columns = weights.shape.columns
    if affine.scale.uniform != 1 {
      var elements = weights.elements
      for unit in bias.indices {
        let factor = affine.scale[unit]
        for place in unit * columns..<(unit + 1) * columns { elements[place] *= factor }
      }
      weights = Tensor(weights.shape, elements)
    }
    for unit in bias.indices { bias[unit] = bias[unit] * affine.scale[unit] + affine.shift[unit] }
    if affine.shift.uniform != 0 { hasBias = true }
  }

  /// What is done to the inputs becomes part of the weights.
  mutating func absorb(_ affine: Affine) {
    guard !affine.isIdentity else { return }
    let columns = weights.shape.columns
    var elements = weights.elements
    for unit in bias.indices {
      for column in 0..<columns {
        let place = unit * columns + column
        bias[unit] += elements[place] * affine.shift[column]
        elements[place] *= affine.scale[column]
      }
    }
    weights = Tensor(weights.shape, elements)
    if affine.shift.uniform != 0 { hasBias = true }
  }
}
