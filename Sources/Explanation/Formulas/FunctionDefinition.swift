/// What a function of one number is: by cases where it is straight in pieces, else by one formula.
package struct FunctionDefinition {
  package enum Form {
    case cases(CaseFormula)
    case formula(Formula)
  }

  package let name: String
  package let variable: String
  package let form: Form

  package init(name: String, variable: String, form: Form) {
    (self.name, self.variable, self.form) = (name, variable, form)
  }

  /// For reading: cases below each other behind a brace.
  package func lines(number: @escaping (Double) -> String) -> [String] {
    let writing = Writing(.page, number: number)
    let left = "\(name)(\(variable)) = "
    switch form {
    case .formula(let formula): return [left + writing.text(formula)]
    case .cases(let cases):
      let rows = cases.cases(of: Symbol(name: variable)).map {
        (writing.text($0.formula), $0.condition.text(of: variable, number: number))
      }
      guard rows.count > 1 else { return [left + (rows.first?.0 ?? "")] }
      let width = rows.map { $0.0.count }.max() ?? 0
      let margin = String(repeating: " ", count: left.count)
      let middle = (rows.count - 1) / 2
      return rows.enumerated().map { index, row in
        let brace =
          index == 0 ? "⎧" : index == rows.count - 1 ? "⎩" : index == middle ? "⎨" : "⎪"
        return (index == middle ? left : margin) + brace + " " + row.0
          + String(repeating: " ", count: width - row.0.count + 3) + row.1
      }
    }
  }

  /// As it is set: `f(x)`, and what it is.
  package func equation(number: @escaping (Double) -> String) -> SetEquation {
    let setting = FormulaLayout(number: number)
    let variable = Symbol(name: variable)
    let right: MathLayout
    switch form {
    case .formula(let formula): right = setting.layout(formula)
    case .cases(let cases):
      let rows = cases.cases(of: variable).map { formula, condition in
        MathLayout.Case(
          value: setting.layout(formula),
          condition: condition.layout(of: variable.layout, number: setting.layout))
      }
      right = rows.count == 1 ? rows[0].value : .cases(rows)
    }
    return SetEquation(
      left: Symbol(function: name, of: [variable.text]).layout, steps: [right],
      alternative: lines(number: number).joined(separator: "\n"))
  }
}
