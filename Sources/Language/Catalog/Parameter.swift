import Learning
import Rendering

extension Parameter {
  /// As it stands in a signature: `lr=0.1`, `[seed]`, `net`.
  package var signature: String {
    switch standard {
    case .required: name
    case .absent: "[\(name)]"
    case .number(let number): "\(name)=\(briefText(number))"
    case .truth(let truth): "\(name)=\(truth)"
    case .string(let text): "\(name)=\"\(text)\""
    case .word(let word): "\(name)=\(word)"
    }
  }
}

/// A number in a signature or message: whole numbers without a point.
package func briefText(_ number: Double) -> String {
  NumberStyle.standard.text(number)
}
