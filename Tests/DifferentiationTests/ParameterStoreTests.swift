import TestSupport
import Testing

@testable import Differentiation

/// Where the values are while a net is trained.
@Suite struct ParameterStoreTests {
  /// A matrix that lies transposed, and a vector behind it.
  private static func store(
    _ rows: Int, _ columns: Int, _ precision: Precision
  ) -> (store: ParameterStore, weights: Node, biases: Node) {
    let weights = Node.parameter(Tensor(repeating: 0, shape: .matrix(rows, columns)), name: "W")
    let biases = Node.parameter(Tensor(repeating: 0, shape: .vector(3)), name: "b")
    let store = ParameterStore(
      trainable: [weights, biases], transposed: [ObjectIdentifier(weights)], starts: [],
      precision: precision)
    return (store, weights, biases)
  }

  @Test("A matrix that lies transposed comes back as it was set", arguments: Precision.allCases)
  func transposed(_ precision: Precision) throws {
    for (rows, columns) in [(1, 7), (33, 64), (70, 45), (32, 32)] {
      let (store, weights, biases) = Self.store(rows, columns, precision)
      let numbers = (0..<rows * columns).map { Double($0) + 0.5 }
      store.set(weights, to: Tensor(.matrix(rows, columns), numbers))
      store.set(biases, to: Tensor(vector: [-1, -2, -3]))
      #expect(try #require(store.value(of: weights)).elements == numbers)
      var read = [Double](repeating: 0, count: numbers.count)
      store.read(weights, into: &read)
      #expect(read == numbers)
      #expect(try #require(store.value(of: biases)).elements == [-1, -2, -3])
    }
  }

  @Test("One number that is not finite is found wherever it is", arguments: Precision.allCases)
  func finiteness(_ precision: Precision) {
    let (store, weights, biases) = Self.store(5, 9, precision)
    let isDouble = precision == .float64
    let large = isDouble ? Double.greatestFiniteMagnitude : Double(Float.greatestFiniteMagnitude)
    let small = isDouble ? Double.leastNonzeroMagnitude : Double(Float.leastNonzeroMagnitude)
    var numbers = (0..<45).map { [large, -large, small, -small, 0, -0.0, 1][$0 % 7] }
    store.set(weights, to: Tensor(.matrix(5, 9), numbers))
    #expect(store.isFinite)
    for place in numbers.indices {
      let kept = numbers[place]
      for bad in [Double.infinity, -.infinity, .nan] {
        numbers[place] = bad
        store.set(weights, to: Tensor(.matrix(5, 9), numbers))
        #expect(!store.isFinite, "\(bad) at \(place)")
      }
      numbers[place] = kept
    }
    store.set(weights, to: Tensor(.matrix(5, 9), numbers))
    #expect(store.isFinite)
    store.set(biases, to: Tensor(vector: [0, 0, .nan]))
    #expect(!store.isFinite)
  }

  @Test(
    "Every number, its sign and its place count in the checksum", arguments: Precision.allCases)
  func checksum(_ precision: Precision) {
    let (store, weights, biases) = Self.store(3, 7, precision)
    var seen: Set<UInt64> = []
    func note(_ numbers: [Double], _ last: Double = 0) {
      store.set(weights, to: Tensor(.matrix(3, 7), numbers))
      store.set(biases, to: Tensor(vector: [0, 0, last]))
      #expect(seen.insert(store.checksum).inserted, "\(numbers), \(last)")
    }
    let numbers = (1...21).map { Double($0) }
    note(numbers)
    note(numbers, 1)
    for place in numbers.indices {
      var other = numbers
      other[place] += 0.5
      note(other)
      for farther in numbers.indices.dropFirst(place + 1) {
        var swapped = numbers
        swapped.swapAt(place, farther)
        note(swapped)
        var turned = numbers
        turned[place].negate()
        turned[farther].negate()
        note(turned)
      }
    }
  }
}
