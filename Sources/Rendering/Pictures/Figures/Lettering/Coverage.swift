/// How much of every pixel of an area an outline covers.
///
/// Every piece of an outline adds, in the rows that it crosses, the area to the right of it with the
/// sign of its direction; sums along a row are then the covered shares, as in libart and font-rs.
struct Coverage {
  let columns: Int
  let rows: Int
  private let stride: Int
  private var changes: [Double]

  init(columns: Int, rows: Int) {
    self.columns = max(columns, 0)
    self.rows = max(rows, 0)
    // What lies right of the last column changes nothing that is seen.
    stride = self.columns + 2
    changes = Array(repeating: 0, count: stride * self.rows)
  }

  /// Adds a closed outline of straight pieces.
  mutating func add(_ outline: [Point]) {
    guard var last = outline.last else { return }
    for point in outline {
      addPiece(last, point)
      last = point
    }
  }

  /// Adds a closed outline with bends (TrueType's quadratic curves).
  mutating func add(bent nodes: [(point: Point, isOnOutline: Bool)]) {
    guard let first = nodes.first, let final = nodes.last else { return }
    func middle(_ a: Point, _ b: Point) -> Point { Point((a.x + b.x) / 2, (a.y + b.y) / 2) }
    var outline: [Point] = []
    var start =
      first.isOnOutline
      ? first.point : final.isOnOutline ? final.point : middle(first.point, final.point)
    var bend: Point?
    for node in nodes + [(start, true)] {
      guard let control = bend else {
        if node.isOnOutline {
          outline.append(node.point)
          start = node.point
        } else {
          bend = node.point
        }
        continue
      }
      let end = node.isOnOutline ? node.point : middle(control, node.point)
      let steps = 6
      for step in 1...steps {
        let t = Double(step) / Double(steps)
        let (a, b, c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
        outline.append(
          Point(
            a * start.x + b * control.x + c * end.x, a * start.y + b * control.y + c * end.y))
      }
      start = end
      bend = node.isOnOutline ? nil : node.point
    }
    add(outline)
  }

  private mutating func addPiece(_ from: Point, _ to: Point) {
    guard from.y != to.y, from.isFinite, to.isFinite else { return }
    let direction: Double = from.y < to.y ? 1 : -1
    let (top, foot) = from.y < to.y ? (from, to) : (to, from)
    let slope = (foot.x - top.x) / (foot.y - top.y)
    let (low, high) = (max(top.y, 0), min(foot.y, Double(rows)))
    guard low < high else { return }
    for row in Int(clamped: low)..<min(Int(clamped: high.rounded(.up)), rows) {
      let (start, end) = (max(low, Double(row)), min(high, Double(row + 1)))
      guard start < end else { continue }
      let a = top.x + (start - top.y) * slope
      let b = top.x + (end - top.y) * slope
      addRow(row, from: min(a, b), to: max(a, b), height: (end - start) * direction)
    }
  }

  /// A piece within one row, from left to right.
  private mutating func addRow(_ row: Int, from left: Double, to right: Double, height: Double) {
    let limit = Double(columns)
    let (left, right) = (min(max(left, 0), limit), min(max(right, 0), limit))
    let (first, last) = (Int(clamped: left), Int(clamped: right.rounded(.up)))
    let base = row * stride
    if last <= first + 1 {
      // Within one pixel: the part to the right of the middle of the piece.
      let share = 1 - ((left + right) / 2 - Double(first))
      changes[base + first] += height * share
      changes[base + first + 1] += height * (1 - share)
      return
    }
    let perPixel = height / (right - left)
    var covered = 0.0
    for column in first..<last {
      let (start, end) = (max(left, Double(column)), min(right, Double(column + 1)))
      let part = perPixel * (end - start)
      let share = 1 - ((start + end) / 2 - Double(column))
      changes[base + column] += part * share
      changes[base + column + 1] += part * (1 - share)
      covered += part
    }
  }

  /// Calls `body` for every pixel that is covered, with its share from 0 to 1.
  func visit(_ body: (_ column: Int, _ row: Int, _ share: Double) -> Void) {
    for row in 0..<rows {
      var sum = 0.0
      for column in 0..<columns {
        sum += changes[row * stride + column]
        let share = min(abs(sum), 1)
        if share > 0.002 { body(column, row, share) }
      }
    }
  }
}
