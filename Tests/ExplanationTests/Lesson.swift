import Foundation
import GoldenNumbers
import Language
import Library

/// Runs scripts and reads their numbers.
final class Lesson {
  private(set) var output = ""
  private(set) var reports = ""
  private var interpreter: Interpreter?

  init() {
    interpreter = Interpreter(
      catalog: .standard,
      host: Host(
        write: { [unowned self] text in
          output += text
          return true
        },
        report: { [unowned self] text in reports += text }))
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  @discardableResult
  func run(_ script: String, name: String = "lesson.bp") throws -> String {
    output = ""
    guard let outcome = interpreter?.run(script, name: name), outcome == .done else {
      throw Failure(description: reports)
    }
    return output
  }

  var failedChecks: Int { interpreter?.session.checksFailed ?? -1 }
  var heldChecks: Int { interpreter?.session.checksHeld ?? -1 }

  /// All numbers of an expression's value, at full precision.
  func numbers(_ expression: String) throws -> [Double] {
    // The string makes a list of it whatever the values are: a list is written on one line.
    let text = try run("digits 17\nprint [\"\", \(expression)]\ndigits 9")
    return Lesson.numbers(in: text)
  }

  static func numbers(in text: String) -> [Double] {
    text.split { !("0123456789.+-einfa".contains($0)) }.compactMap { Double($0) }
  }

  /// The worked example with names, w1 to w8.
  static let mazur = """
    param w1 = .15, w2 = .20, w3 = .25, w4 = .30, w5 = .40, w6 = .45, w7 = .50, w8 = .55
    param b1 = .35, b2 = .60, i1 = .05, i2 = .10
    target_o1 = .01; target_o2 = .99
    net_h1 = w1*i1 + w2*i2 + b1
    out_h1 = sigmoid(net_h1)
    net_h2 = w3*i1 + w4*i2 + b1
    out_h2 = sigmoid(net_h2)
    net_o1 = w5*out_h1 + w6*out_h2 + b2
    out_o1 = sigmoid(net_o1)
    net_o2 = w7*out_h1 + w8*out_h2 + b2
    out_o2 = sigmoid(net_o2)
    E_o1 = 1/2*(target_o1 - out_o1)^2
    E_o2 = 1/2*(target_o2 - out_o2)^2
    E = E_o1 + E_o2

    """

  /// The worked example as a net.
  static let mazurNet = """
    net = mlp [2,2,2] sigmoid loss=half_sse
    net.W1 = [[.15, .20], [.25, .30]]; net.b1 = [.35, .35]
    net.W2 = [[.40, .45], [.50, .55]]; net.b2 = [.60, .60]
    case = data [[.05, .10]] [[.01, .99]]

    """
}

/// Numbers as the language reads them.
func written(_ numbers: [Double]) -> String {
  "[\(numbers.map { "\($0)" }.joined(separator: ", "))]"
}

func written(_ rows: Fixture) throws -> String {
  "[\(try rows.list().map { written(try $0.numbers()) }.joined(separator: ", "))]"
}
