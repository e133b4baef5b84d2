import Learning
import Testing

/// The data sets that come with the program, against sums that NumPy takes of scikit-learn's arrays.
@Suite struct CollectedDataTests {
  struct Case: CustomTestStringConvertible {
    let name: String
    let rows: Int
    let features: Int
    let sum: Double
    let squares: Double
    /// Of classes counted from 0, or of the targets.
    let targets: Double
    var testDescription: String { name }
  }

  @Test(
    "every number is that of the source",
    arguments: [
      Case(name: "iris", rows: 150, features: 4, sum: 2078.7, squares: 9539.29, targets: 150),
      Case(
        name: "cancer", rows: 569, features: 30, sum: 1056474.4596356, squares: 955069324.085005,
        targets: 357),
      Case(
        name: "optdigits", rows: 1797, features: 64, sum: 561718, squares: 6_907_012, targets: 8070),
      Case(
        name: "diabetes", rows: 442, features: 10, sum: 276404.2336, squares: 33042240.401514962,
        targets: 67243),
    ])
  func numbers(_ expected: Case) throws {
    let data = try DataGenerator.required(expected.name, as: .data).generated()
    #expect(data.count == expected.rows)
    #expect(data.featureCount == expected.features)
    #expect(Set(data.featureNames).count == expected.features)
    let sum = data.x.elements.reduce(0, +)
    let squares = data.x.elements.reduce(0) { $0 + $1 * $1 }
    #expect(abs(sum - expected.sum) < 1e-12 * expected.sum)
    #expect(abs(squares - expected.squares) < 1e-12 * expected.squares)
    switch data.target {
    case .classes(let numbers, let names):
      #expect(Double(numbers.reduce(0) { $0 + $1 - 1 }) == expected.targets)
      #expect(Set(numbers) == Set(1...names.count))
    case .values(let values): #expect(values.elements.reduce(0, +) == expected.targets)
    }
  }
}
