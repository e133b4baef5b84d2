import Differentiation
import Learning

/// What a value of a graph is to a net.
enum ONNXValue {
  case constant(ONNXConstant)
  case units(ONNXUnits)
  /// Features as whole numbers.
  case whole(ONNXUnits)
  case answer(ONNXAnswer)
  /// Some columns of what the model answers, by their places.
  case part(ONNXAnswer, [Int])
  /// The sum of the units of each sample.
  case total(ONNXUnits)
  /// Which samples have a sum of 0, as 1 beside 0.
  case isZero
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
  /// Which columns of the prepared features these are, for the inputs of the net.
  var places: [Int] = []
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
  /// Whether it is another number of the same output, and the output.
  var isPair = false
  /// Whether the sign of the one output tells two classes apart.
  var isSigned = false
  var classes: [String]?
  /// The names of outputs that do not exclude each other.
  var labels: [String]?
  /// Whether it is the class itself.
  var isLabel = false
  /// Whether every output is a label that holds or not.
  var isMultiple = false

  /// The number of columns.
  var count: Int { isPair ? 2 * units.count : units.count }
}

/// A column of the features as they are prepared.
enum ONNXColumn: Hashable {
  case feature(Int)
  /// 1 where the feature is the category of this place, else 0.
  case category(feature: Int, place: Int)
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

  /// A second unit for each, with the negative of its net input.
  mutating func addNegatives() {
    weights = Tensor(
      .matrix(2 * bias.count, weights.shape.columns),
      weights.elements + weights.elements.map { -$0 })
    bias += bias.map { -$0 }
    netInput = .identity
  }

  /// The weights of inputs that move to other places; those of one place are added.
  mutating func moveColumns(to places: [Int], of count: Int) {
    let columns = weights.shape.columns
    var elements = [Double](repeating: 0, count: bias.count * count)
    for unit in bias.indices {
      for (column, place) in places.enumerated() {
        elements[unit * count + place] += weights.elements[unit * columns + column]
      }
    }
    weights = Tensor(.matrix(bias.count, count), elements)
  }
}
