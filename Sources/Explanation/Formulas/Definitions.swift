extension Formula {
  /// The same with activations written as what they stand for: `1/(1 + exp(-x))` for `sigmoid(x)`.
  package var defined: Formula {
    switch self {
    case .number, .tensor, .symbol, .omitted: return self
    case .sum(let terms): return .sum(terms.map { $0.defined })
    case .product(let factors): return .product(factors.map { $0.defined })
    case .chain(let factors): return .chain(factors.map { $0.defined })
    case .quotient(let a, let b): return .quotient(a.defined, b.defined)
    case .power(let a, let b): return .power(a.defined, b.defined)
    case .negated(let a): return .negated(a.defined)
    case .matrixProduct(let a, let b): return .matrixProduct(a.defined, b.defined)
    case .transposed(let a): return .transposed(a.defined)
    case .comparison(let sign, let a, let b): return .comparison(sign, a.defined, b.defined)
    case .call(let name, let arguments):
      let inner = arguments.map { $0.defined }
      guard inner.count == 1, let definition = Self.definition(of: name, inner[0]) else {
        return .call(name, inner)
      }
      return definition
    }
  }

  /// The same for a formula that is to say what a function is, tanh too, whose name says enough
  /// elsewhere.
  package var definedAlone: Formula {
    guard case .call("tanh", let arguments) = self, let x = arguments.first else { return defined }
    let (rise, fall) = (Formula.call("exp", [x]), Formula.call("exp", [.negating(x)]))
    return .quotient(.sum([rise, .negated(fall)]), .sum([rise, fall]))
  }

  /// What an activation of one argument stands for; nil where its name says it.
  private static func definition(of name: String, _ x: Formula) -> Formula? {
    let fall = Formula.call("exp", [.negating(x)])
    switch name {
    case "sigmoid": return .quotient(.number(1), .sum([.number(1), fall]))
    case "tanh_half", "tanhHalf":
      return .quotient(.sum([.number(1), .negated(fall)]), .sum([.number(1), fall]))
    case "softplus": return .call("log", [.sum([.number(1), .call("exp", [x])])])
    case "swish": return .product([x, .call("sigmoid", [x])])
    default: return nil
    }
  }
}

extension Formula {
  /// −(t − y) as y − t, also where it is a factor.
  func turning(_ target: Formula, behind output: Formula) -> Formula {
    let difference = Formula.sum([target, .negated(output)])
    let turned = Formula.sum([output, .negated(target)])
    guard case .negated(let inner) = self else { return self }
    if inner == difference { return turned }
    guard case .product(var factors) = inner, let place = factors.firstIndex(of: difference)
    else { return self }
    factors[place] = turned
    return .product(factors)
  }
}
