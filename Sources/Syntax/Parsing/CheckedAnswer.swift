extension CheckStatement {
  /// The answer that the check describes, and what it is: z and `w*x + b` in `z ≈ w*x + b`.
  /// - Returns: nil where no name alone is compared for equality with what does not use it.
  package var solution: (name: Name, value: Expression)? {
    guard let (left, right) = equation else { return nil }
    for (side, other) in [(left, right), (right, left)] {
      guard case .name(let name) = side else { continue }
      var isUsed = false
      other.forEachName { if $0.text == name.text { isUsed = true } }
      if !isUsed { return (name, other) }
    }
    return nil
  }

  /// Both sides, where one comparison says that they are equal or close.
  private var equation: (Expression, Expression)? {
    guard case .comparison(let comparison) = condition, comparison.links.count == 1,
      let link = comparison.links.first, link.operation == .close || link.operation == .equal
    else { return nil }
    return (comparison.first, link.right)
  }
}
