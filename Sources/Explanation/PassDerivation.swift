import Differentiation

extension StationGraph {
  /// The most stations that are written one by one.
  private static let mostStations = 120

  /// Forward and backward pass, value by value: what each is, its local derivatives, and what
  /// flows back to it.
  /// - Parameter targets: what is derived by; every parameter where empty.
  /// - Throws: where a derivative is missing.
  package func passes(to targets: [Node]) throws(DifferentiationError) -> Derivation {
    let last = stations.count - 1
    let top = stations[last]
    guard top.value.number != nil else { throw .outputIsNotANumber(top.value.shape) }
    var result = Derivation(
      title: "forward and backward pass of \(top.symbol.text)", result: top.value)
    for station in stations { result.values[station.symbol] = station.value }
    var varying = Set(targets.compactMap { place(of: $0) })
    if varying.isEmpty { varying = Set(stations.indices.filter { stations[$0].node.isParameter }) }
    for (place, station) in stations.enumerated()
    where station.inputs.contains(where: { varying.contains($0) }) {
      varying.insert(place)
    }
    result.add(heading: "forward")
    var left = 0
    for (place, station) in stations.enumerated() {
      guard let formula = station.formula else { continue }
      if place >= Self.mostStations {
        left += 1
      } else {
        result.add(station.symbol, formula, value: station.value)
      }
    }
    if left > 0 { result.add(remark: "\(left) further values are left out") }
    try addBackward(last, varying, to: &result)
    return result
  }

  private func addBackward(
    _ last: Int, _ varying: Set<Int>, to result: inout Derivation
  ) throws(DifferentiationError) {
    let top = stations[last]
    result.add(heading: "backward")
    var adjoints: [Int: [(formula: Formula, value: Tensor)]] = [:]
    var remarks: [String] = []
    var written = 0
    for place in stations.indices.reversed() where varying.contains(place) {
      let station = stations[place]
      let name = Symbol.derivative(of: top.symbol, by: station.symbol)
      var value = Tensor(1)
      if place != last {
        let parts = adjoints.removeValue(forKey: place) ?? []
        guard let first = parts.first else { continue }
        value = first.value
        for part in parts.dropFirst() {
          value.elements = zip(value.elements, part.value.elements).map { a, b in
            rounding.map { $0(a + b) } ?? a + b
          }
        }
        if written < Self.mostStations {
          let further: [Formula] =
            parts.count > 1 && parts.allSatisfy({ $0.value.number != nil })
            ? [.sum(parts.map { .number($0.value.number ?? 0) })] : []
          result.add(name, .adding(parts.map(\.formula)), value: value, further: further)
        }
        written += 1
      }
      result.values[name] = value
      let wanted = Set(station.inputs).intersection(varying)
      guard !wanted.isEmpty else { continue }
      if let upstream = value.number, station.value.number != nil {
        let locals = try localDerivatives(of: place, by: wanted)
        for (input, local) in locals {
          if let remark = local.remark, !remarks.contains(remark) { remarks.append(remark) }
          let part: (formula: Formula, value: Tensor)
          if place == last {
            part = (local.formula, local.value)
          } else {
            var product = local.value
            product.elements = product.elements.map { element in
              rounding.map { $0(upstream * element) } ?? upstream * element
            }
            part = (.chain([.symbol(name), local.formula]), product)
          }
          adjoints[input, default: []].append(part)
        }
      } else {
        let parts = try contributions(of: place, to: wanted, adjoint: (name, value))
        for (input, part) in parts { adjoints[input, default: []].append(part) }
      }
    }
    for remark in remarks { result.add(remark: remark) }
    if written > Self.mostStations {
      result.add(remark: "\(written - Self.mostStations) further derivatives are left out")
    }
  }
}

extension StationGraph {
  /// What flows back along each edge of the graph: by station, then by its input.
  /// - Parameter targets: what is derived by.
  package func edgeGradients(
    to targets: [Node]
  ) throws(DifferentiationError) -> [Int: [Int: Tensor]] {
    var varying = Set(targets.compactMap { place(of: $0) })
    for (place, station) in stations.enumerated()
    where station.inputs.contains(where: { varying.contains($0) }) {
      varying.insert(place)
    }
    var result: [Int: [Int: Tensor]] = [:]
    var adjoints: [Int: Tensor] = [stations.count - 1: Tensor(1)]
    for place in stations.indices.reversed() where varying.contains(place) {
      guard let adjoint = adjoints[place] else { continue }
      let wanted = Set(stations[place].inputs).intersection(varying)
      guard !wanted.isEmpty else { continue }
      let symbol = Symbol(name: "upstream")
      for (input, part) in try contributions(of: place, to: wanted, adjoint: (symbol, adjoint)) {
        result[place, default: [:]][input] = part.value
        var sum = adjoints[input] ?? Tensor(repeating: 0, shape: part.value.shape)
        sum.elements = zip(sum.elements, part.value.elements).map { a, b in
          rounding.map { $0(a + b) } ?? a + b
        }
        adjoints[input] = sum
      }
    }
    return result
  }
}
