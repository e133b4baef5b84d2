import Differentiation
import Testing

@testable import Learning

@Suite("Whether a hyperplane separates two sets of rows")
struct SeparabilityTests {
  private func isSeparable(_ rows: [[Double]], _ isSecond: [Bool]) -> Bool {
    Separability(rows, isSecond: isSecond).isSeparable
  }

  @Test func `gates are, xor is not`() {
    let rows: [[Double]] = [[0, 0], [0, 1], [1, 0], [1, 1]]
    #expect(isSeparable(rows, [false, false, false, true]))
    #expect(isSeparable(rows, [false, true, true, true]))
    #expect(!isSeparable(rows, [false, true, true, false]))
  }

  @Test func `one row of both sets is enough`() {
    #expect(!isSeparable([[1, 2], [3, 4], [1, 2]], [false, false, true]))
    #expect(isSeparable([[1, 2], [3, 4], [1, 2.000001]], [false, false, true]))
  }

  /// Rows on both sides of a random plane are separated by it; a row that is a mean of rows of the
  /// other side is not.
  @Test(arguments: 0..<200)
  func `random sets are told apart exactly where a plane does it`(seed: Int) {
    var random = RandomSource(seed: seed, stream: "separability")
    let width = 1 + seed % 6
    let count = 4 + seed % 40
    let normal = (0..<width).map { _ in random.normal() }
    let scales = (0..<width).map { _ in 1000 * random.uniform() + 0.01 }
    let rows = (0..<count).map { _ in (0..<width).map { scales[$0] * (random.normal() + 5) } }
    let isSecond = rows.map { row in
      var side = 0.0
      for k in 0..<width { side += normal[k] * (row[k] / scales[k] - 5) }
      return side > 0
    }
    #expect(isSeparable(rows, isSecond))
    let members = rows.indices.filter { isSecond[$0] }
    guard members.count > 1 else { return }
    let share = random.uniform()
    let (a, b) = (rows[members[0]], rows[members[members.count - 1]])
    let between = (0..<width).map { share * a[$0] + (1 - share) * b[$0] }
    #expect(!isSeparable(rows + [between], isSecond + [false]))
  }
}
