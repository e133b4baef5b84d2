/// Lines of equal value through a grid (marching squares; Lorensen and Cline, 1987, in the plane).
enum ContourLines {
  /// - Returns: lines in the unit square, the first row of the grid at the bottom.
  static func lines(of field: Field, at level: Double) -> [[Point]] {
    guard field.isComplete, field.columns > 1, field.rows > 1 else { return [] }
    var field = field
    if field.levelValues.count == field.values.count { field.values = field.levelValues }
    var pieces: [(Edge, Edge)] = []
    for row in 0..<field.rows - 1 {
      for column in 0..<field.columns - 1 {
        append(square(column, row, field, level), to: &pieces)
      }
    }
    return joined(pieces).map { line in line.map { point(on: $0, field, level) } }
  }

  /// A side between two neighbours of the grid, from (column, row) to the right or upwards.
  private struct Edge: Hashable {
    var column: Int
    var row: Int
    var isUpright: Bool
  }

  private static func value(_ field: Field, _ column: Int, _ row: Int) -> Double {
    field.values[row * field.columns + column]
  }

  private static func append(_ edges: [Edge], to pieces: inout [(Edge, Edge)]) {
    for index in stride(from: 0, to: edges.count - 1, by: 2) {
      pieces.append((edges[index], edges[index + 1]))
    }
  }

  /// The sides of a square that the line crosses, two for every piece of it.
  private static func square(
    _ column: Int, _ row: Int, _ field: Field, _ level: Double
  ) -> [Edge] {
    let corners = [
      value(field, column, row), value(field, column + 1, row), value(field, column + 1, row + 1),
      value(field, column, row + 1),
    ]
    guard corners.allSatisfy({ $0.isFinite }) else { return [] }
    let sides = [
      Edge(column: column, row: row, isUpright: false),
      Edge(column: column + 1, row: row, isUpright: true),
      Edge(column: column, row: row + 1, isUpright: false),
      Edge(column: column, row: row, isUpright: true),
    ]
    let isAbove = corners.map { $0 > level }
    let crossed = (0..<4).filter { isAbove[$0] != isAbove[($0 + 1) % 4] }.map { sides[$0] }
    guard crossed.count == 4 else { return crossed }
    // A saddle: the middle says which corners belong together.
    let middle = corners.reduce(0) { $0 + $1 / 4 }
    return (middle > level) == isAbove[0]
      ? [crossed[0], crossed[1], crossed[2], crossed[3]]
      : [crossed[3], crossed[0], crossed[1], crossed[2]]
  }

  private static func joined(_ pieces: [(Edge, Edge)]) -> [[Edge]] {
    var places: [Edge: [Int]] = [:]
    for (index, piece) in pieces.enumerated() {
      places[piece.0, default: []].append(index)
      places[piece.1, default: []].append(index)
    }
    var isUsed = [Bool](repeating: false, count: pieces.count)
    func follow(_ start: Edge) -> [Edge] {
      var line: [Edge] = []
      var end = start
      while let next = places[end]?.first(where: { !isUsed[$0] }) {
        isUsed[next] = true
        end = pieces[next].0 == end ? pieces[next].1 : pieces[next].0
        line.append(end)
      }
      return line
    }
    return pieces.indices.compactMap { index in
      guard !isUsed[index] else { return nil }
      isUsed[index] = true
      return follow(pieces[index].0).reversed() + [pieces[index].0, pieces[index].1]
        + follow(pieces[index].1)
    }
  }

  private static func point(on edge: Edge, _ field: Field, _ level: Double) -> Point {
    let (column, row) = (Double(edge.column), Double(edge.row))
    let here = value(field, edge.column, edge.row)
    let there =
      edge.isUpright
      ? value(field, edge.column, edge.row + 1) : value(field, edge.column + 1, edge.row)
    let share = there == here ? 0.5 : min(max((level - here) / (there - here), 0), 1)
    return Point(
      (column + (edge.isUpright ? 0 : share) + 0.5) / Double(field.columns),
      (row + (edge.isUpright ? share : 0) + 0.5) / Double(field.rows))
  }
}
