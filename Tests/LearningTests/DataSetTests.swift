import Differentiation
import Foundation
import GoldenNumbers
import Testing

@testable import Learning

@Suite("Data sets")
struct DataSetTests {
  func generated(
    _ name: String, _ positional: [Parameter.Value] = [],
    _ named: [(name: String, value: Parameter.Value)] = []
  ) throws -> DataSet {
    try DataGenerator.required(name, as: .data).configured(positional, named: named).generated()
  }

  @Test func `every generator makes finite rows and the same ones again`() throws {
    for generator in DataGenerator.all {
      let data = generator.generated()
      #expect(data == generator.generated())
      #expect(data.x.elements.allSatisfy { $0.isFinite })
      #expect(data.t.elements.allSatisfy { $0.isFinite })
      #expect(data.t.shape == .matrix(data.count, data.outputCount))
      #expect(data.title == generator.name)
      guard generator.settings.contains(where: { $0.name == "n" }) else { continue }
      for size in [1, 2, 3, 17] {
        let small = try generator.configured(named: [("n", .number(Double(size)))]).generated()
        #expect(small.count == size)
      }
    }
  }

  @Test func `a seed of its own draws other points`() throws {
    #expect(try generated("circles") != generated("circles", [], [("seed", .number(2))]))
  }

  @Test func `circles without noise are the rings of scikit-learn`() throws {
    let fixture = try Fixture.load("vitay_keras").at("expected", "circles8_noise_free")
    let data = try generated("circles", [], [("n", .number(8)), ("noise", .number(0))])
    expectClose(data.x.elements, try fixture.at("X").numbers(), absolute: 1e-15)
    #expect(data.t.elements == (try fixture.at("t").numbers()))
  }

  @Test func `the noise of circles has the deviation asked for`() throws {
    let data = try generated(
      "circles", [], [("n", .number(20000)), ("factor", .number(1))])
    let radii = stride(from: 0, to: data.x.elements.count, by: 2).map { index in
      let angle = 2 * Double.pi * Double(index / 2 % 10000) / 10000
      return data.x.elements[index] * cos(angle) + data.x.elements[index + 1] * sin(angle) - 1
    }
    let variance = radii.reduce(0) { $0 + $1 * $1 } / Double(radii.count)
    #expect(abs(variance.squareRoot() - 0.15) < 0.005)
  }

  @Test(arguments: [
    ("and", [0.0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0]), ("xnor", [1, 0, 0, 1]),
    ("nand", [1, 1, 1, 0]), ("nor", [1, 0, 0, 0]),
  ])
  func `a gate is its truth table`(_ kind: String, _ targets: [Double]) throws {
    let data = try generated("gate", [.word(kind)])
    #expect(data.x.elements == [0, 0, 0, 1, 1, 0, 1, 1])
    #expect(data.t.elements == targets)
  }

  @Test func `the tables of the lectures are theirs`() throws {
    let rain = try Fixture.load("rain_table").at("setup")
    #expect(try generated("rain").x.elements == (try rain.at("X_raw").numbers()))
    #expect(try generated("rain").t.elements == (try rain.at("T").numbers()))
    let mazur = try Fixture.load("mazur_forward").at("setup")
    #expect(try generated("mazur").x.elements == (try mazur.at("X").numbers()))
    #expect(try generated("mazur").t.elements == (try mazur.at("T").numbers()))
  }

  @Test func `in quadrants the class is the sign of the product of the coordinates`() throws {
    let data = try dataSet("quadrants")
    for row in 0..<data.count {
      let (x, y) = (data.x.elements[row * 2], data.x.elements[row * 2 + 1])
      #expect(data.t.elements[row] == (x * y > 0 ? 1 : 0))
      #expect(min(abs(x), abs(y)) >= 0.3)
    }
    #expect(Set(data.t.elements) == [0, 1])
  }

  @Test func `bumps are cones of height 1 that fall to 0 within 2`() throws {
    let data = try dataSet("bumps", ("n", .number(2000)))
    let centres = [
      (-4.0, -2.5, -1.0), (-4, 2.5, 1), (0, -2.5, 1), (0, 2.5, -1), (4, -2.5, -1), (4, 2.5, 1),
    ]
    for row in 0..<data.count {
      let (x, y) = (data.x.elements[row * 2], data.x.elements[row * 2 + 1])
      let heights = centres.map { cx, cy, sign in
        let d = ((x - cx) * (x - cx) + (y - cy) * (y - cy)).squareRoot()
        return sign * max(0, 1 - d / 2)
      }
      #expect(abs(data.t.elements[row] - heights.reduce(0, +)) < 1e-12)
    }
  }

  @Test func `two classes are one column for one output and one-hot for two`() throws {
    let xor = try generated("xor")
    #expect(xor.targets(outputs: 1)?.elements == [0, 1, 1, 0])
    #expect(xor.targets(outputs: 2)?.elements == [1, 0, 0, 1, 0, 1, 1, 0])
    #expect(xor.targets(outputs: 3) == nil)
    let blobs = try generated("blobs", [], [("n", .number(3))])
    #expect(blobs.t.elements == [1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(blobs.targets(outputs: 1) == nil)
  }

  @Test func `a stratified split keeps the shares of the classes and loses no row`() throws {
    let data = try generated("circles", [], [("n", .number(50))])
    let (first, second) = try data.split(fraction: 0.8, seed: 3, stratified: true)
    #expect(first.count == 40)
    #expect(second.count == 10)
    #expect(second.t.elements.reduce(0, +) == 5)
    let all = try first.joined(second).x.elements.sorted()
    #expect(all == data.x.elements.sorted())
    let again = try data.split(fraction: 0.8, seed: 3, stratified: true)
    #expect(again.first == first)
  }

  @Test func `shuffling keeps every row with its target`() throws {
    let data = try generated("linear", [], [("noise", .number(0))])
    let shuffled = try data.shuffled(seed: 5)
    #expect(shuffled.x != data.x)
    expectClose(shuffled.t.elements, shuffled.x.elements.map { 2 * $0 + 1 })
  }

  @Test func `rows and targets that do not fit are refused`() {
    let x = Tensor(.matrix(2, 2), [1, 2, 3, 4])
    #expect(throws: LearningError.self) {
      try DataSet(x: x, target: .values(Tensor(.matrix(3, 1), [1, 2, 3])))
    }
    #expect(throws: LearningError.self) {
      try DataSet(x: x, target: .classes(numbers: [1, 3], names: ["a", "b"]))
    }
    #expect(throws: LearningError.self) {
      try DataSet(x: Tensor(vector: [1, 2]), target: .classes(numbers: [1, 1], names: ["a"]))
    }
    #expect(throws: LearningError.self) { try generated("xor").rows([0, 4]) }
    #expect(throws: LearningError.self) { try generated("xor").split(fraction: 0.01, seed: 1) }
    #expect(throws: LearningError.self) { try generated("xor").joined(generated("mazur")) }
  }
}
