/// A gradient compared with central differences (f(x+h) − f(x−h)) / 2h, element by element.
package struct GradientCheck: Sendable {
  package enum Verdict: Sendable {
    /// As close as differences can tell: a relative error of at most 1e-6.
    case agrees
    /// Up to 1e-3: perhaps a steep function, perhaps a mistake.
    case doubtful
    case disagrees
  }

  /// One element of one target.
  package struct Component: Sendable {
    package let target: Int
    package let element: Int
    package let gradient: Double
    package let difference: Double
    /// |gradient − difference|, relative to the larger of both.
    package let error: Double
    /// The function has a kink within the step, so the difference says nothing.
    package let crossesKink: Bool
  }

  package let components: [Component]

  /// The component that disagrees most, kinks left aside.
  package var worst: Component? {
    components.filter { !$0.crossesKink }.max { $0.error < $1.error }
  }

  package var kinks: [Component] { components.filter { $0.crossesKink } }

  package var verdict: Verdict {
    guard let error = worst?.error else { return .agrees }
    return error <= 1e-6 ? .agrees : error <= 1e-3 ? .doubtful : .disagrees
  }

  /// Compares a gradient with the differences of any function.
  ///
  /// - Parameters:
  ///   - point: where, one tensor a target.
  ///   - gradient: what is to be checked, in the same shapes.
  ///   - value: the function.
  ///   - onComponent: sees how many components are done.
  /// - Throws: where something has no derivative; what `function` throws.
  package init<Failure: Error>(
    at point: [Tensor], gradient: [Tensor], of value: ([Tensor]) throws(Failure) -> Double,
    onComponent: (Int) -> Void = { _ in }
  ) throws(Failure) {
    let center = try value(point)
    var moved = point
    var components: [Component] = []
    for target in point.indices {
      for element in point[target].elements.indices {
        if Interruption.cutsShort() { break }
        let x = point[target].elements[element]
        // The cube root of the rounding unit balances rounding and curvature.
        let step = 6e-6 * max(1, abs(x))
        let wanted = gradient[target].elements[element]
        func sides(_ step: Double) throws(Failure) -> (left: Double, right: Double) {
          moved[target].elements[element] = x + step
          let above = try value(moved)
          moved[target].elements[element] = x - step
          let below = try value(moved)
          moved[target].elements[element] = x
          return ((center - below) / step, (above - center) / step)
        }
        func error(_ difference: Double) -> Double {
          if difference == wanted { return 0 }
          let floor = 1e-4 * max(1, abs(center))
          let distance = abs(difference - wanted) / max(abs(difference), abs(wanted), floor)
          return distance.isNaN ? .infinity : distance
        }
        let wide = try sides(step)
        let difference = (wide.left + wide.right) / 2
        let gap = abs(wide.right - wide.left)
        let isOff = error(difference) > 1e-6
        // The slope taken at a kink may be the middle of both sides, as that of |x| is.
        let isWide = gap > 1e-3 * max(abs(wide.left), abs(wide.right))
        var crossesKink = false
        if isOff || isWide, gap > 1e-6 * max(1, abs(center)) {
          // Where the function is smooth the two sides approach each other as the step shrinks. A
          // gap that stays is a kink here, of whatever kinds meet in it: the derivative taken by
          // convention need not be that of either side. A kink beside this point is left behind by
          // a much smaller step.
          let narrow = try sides(step / 16)
          let narrowGap = abs(narrow.right - narrow.left)
          // A gap that grows is a jump, which says nothing where the difference agrees.
          crossesKink = narrowGap > gap / 4 && (isOff || narrowGap < gap * 4)
          if !crossesKink, isOff {
            let narrowest = try sides(step / 256)
            crossesKink = error((narrowest.left + narrowest.right) / 2) < 1e-4
          }
        }
        components.append(
          Component(
            target: target, element: element, gradient: wanted, difference: difference,
            error: error(difference), crossesKink: crossesKink))
        onComponent(components.count)
      }
    }
    self.components = components
  }

  /// Checks our gradient of a function of nodes whose result is one number.
  /// - Throws: where something has no derivative; what `function` throws.
  package init(
    at point: [Tensor], of function: ([Node]) throws(ShapeError) -> Node
  ) throws(DifferentiationError) {
    func result(_ point: [Tensor]) throws(DifferentiationError) -> ([Node], Node) {
      let nodes = point.map { Node.parameter($0, name: nil) }
      do throws(ShapeError) { return (nodes, try function(nodes)) } catch { throw .shape(error) }
    }
    let (nodes, output) = try result(point)
    let gradient = try gradients(of: output, by: nodes).compactMap { $0.value }
    try self.init(at: point, gradient: gradient) { point throws(DifferentiationError) in
      let (_, output) = try result(point)
      guard let number = output.value?.number else { throw .outputIsNotANumber(output.shape) }
      return number
    }
  }
}
