import Differentiation
import Testing

/// What ranks get of work that is dealt.
@Suite("Work that is dealt") struct DealingTests {
  @Test(arguments: [1, 2, 3, 8], [1, 4, 8])
  func `everything is taken once, by whoever asks`(_ ranks: Int, _ most: Int) {
    let counts = [13, 1, 40, 0, 8]
    let deck = Deck(counts, for: ranks)
    for (group, count) in counts.enumerated() {
      var taken: [Int] = []
      var isFirst = true
      while true {
        let more = deck.take(of: group, most: most, isFirst: isFirst)
        if more.isEmpty { break }
        #expect(more.count <= most)
        taken += more
        isFirst = false
      }
      #expect(taken == Array(0..<count))
    }
    #expect(deck.take(of: 7, most: 1, isFirst: true).isEmpty)
  }

  @Test func `who begins gets as many as it has lanes, and the last ones go one by one`() {
    let deck = Deck([64], for: 4)
    #expect(deck.take(of: 0, most: 8, isFirst: true) == 0..<8)
    #expect(deck.take(of: 0, most: 8, isFirst: false) == 8..<15)
    var sizes: [Int] = []
    while case let more = deck.take(of: 0, most: 8, isFirst: false), !more.isEmpty {
      sizes.append(more.count)
    }
    #expect(sizes == sizes.sorted(by: >) && sizes.suffix(8) == [1, 1, 1, 1, 1, 1, 1, 1])
  }

  @Test func `a deck that is closed gives nothing`() {
    let deck = Deck([3], for: 2)
    #expect(deck.take(of: 0, most: 1, isFirst: true) == 0..<1)
    deck.close()
    #expect(deck.take(of: 0, most: 1, isFirst: true).isEmpty)
  }

  @Test(arguments: [1, 2, 3, 5, 30])
  func `a team that cannot ask has blocks of everything`(_ count: Int) {
    let counts = [5, 1, 0, 12]
    var taken = counts.map { [Int](repeating: 0, count: $0) }
    for rank in 0..<count {
      let team = Team(rank: rank, count: count, onStop: {}, carry: { _, _ in true })
      let dealing = team.deal(counts)
      for group in counts.indices {
        for place in dealing.take(of: group, most: 1, isFirst: true) { taken[group][place] += 1 }
        #expect(dealing.take(of: group, most: 1, isFirst: false).isEmpty)
      }
    }
    #expect(taken.allSatisfy { $0.allSatisfy { $0 == 1 } })
  }
}
