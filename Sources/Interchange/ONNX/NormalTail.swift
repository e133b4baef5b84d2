import Differentiation

/// The probability of a normal number beyond a ≥ 0, from operations that every ONNX runtime has in
/// float64: q(a) = t·exp(g(2t - 1) - a²/2) with t = 1/(1 + a/3).
///
/// g interpolates log(q(a)/t) + a²/2 at 26 Chebyshev points of 0 < t < 1; a·q(a) is off by less than
/// 1e-16. It serves runtimes whose erf knows float32 only.
enum NormalTail {
  /// Of g, from the constant on.
  static let coefficients: [Double] = [
    -1.4145790409504042, 0.6985919295826191, 0.07147343255219259, -0.04192790611003774,
    -0.014978965396135892, 0.006896222189374664, 0.0033595824815207073, -0.001779676099653821,
    -0.0007466863285131973, 0.0005589562910761278, 0.00013409226704740393, -0.00017954001993859917,
    -5.7090148706110435e-06, 5.236252180959503e-05, -9.916623162347761e-06, -1.2287775949511807e-05,
    5.819498004857531e-06, 1.7504481568667127e-06, -2.0145891272242005e-06, 1.2826823352193757e-07,
    4.672176838406939e-07, -1.5582778962455224e-07, -6.663522431041994e-08, 4.174438833193017e-08,
    4.304624484133878e-09, -4.555870310464127e-09,
  ]

  /// The probability beyond each of `a`, none of them negative.
  static func probability(beyond a: Node) throws(ShapeError) -> Node {
    let t = try 1 / (1 + a * Node(number: 1.0 / 3))
    let place = try t * 2 - 1
    var sum = Node(number: coefficients[coefficients.count - 1])
    for coefficient in coefficients.dropLast().reversed() {
      sum = try sum * place + Node(number: coefficient)
    }
    return try t * (sum - a * a * 0.5).applying(.exp)
  }
}
