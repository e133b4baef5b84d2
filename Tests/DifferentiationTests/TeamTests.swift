import Differentiation
import Testing

/// Whom the ranks of a team send to.
@Suite("A team of ranks") struct TeamTests {
  @Test(
    "No two ranks send to the same one at once, and each to all others",
    arguments: [1, 2, 3, 8])
  func order(count: Int) {
    var receivers: [[Int]] = []
    for rank in 0..<count {
      var sent: [Int] = []
      let team = Team(
        rank: rank, count: count, onStop: {},
        carry: { outgoing, incoming in
          #expect(outgoing.map { $0.rank } == incoming.map { $0.rank })
          sent = outgoing.map { $0.rank }
          return false
        })
      _ = team.everybodysWords([1])
      #expect(Set(sent) == Set(0..<count).subtracting([rank]))
      receivers.append(sent)
    }
    for place in 0..<count - 1 {
      #expect(Set(receivers.map { $0[place] }).count == count)
    }
  }
}
