internal import CKernels

/// The steps of a compiled program, carried out for several nets at once: the same list of kernel
/// calls over memory that holds each number once a net.
final class LaneProgram {
  /// The memory that programs of several stages share: that of a store.
  struct Shared {
    let values: Memory
    let gradients: Memory
    let frozen: [Memory]

    init(_ store: ParameterStore, lanes: Int) {
      values = Memory(bytes: store.values.bytes * lanes)
      gradients = Memory(bytes: store.gradients.bytes * lanes)
      frozen = store.frozen.map { Memory(bytes: $0.bytes * lanes) }
    }
  }

  private let program: Program
  private let precision: Precision
  private let lanes: BPLanes
  let steps: UnsafeMutablePointer<BPStep>
  private let regions: [Memory]
  private let places: [Memory]
  private let shared: Shared
  /// The factors of all scalings, one a net.
  private let factors: Memory
  private let scalings: [Int]
  private static let constantsPlace = 1
  private static let firstFrozen = 5

  /// - Parameter program: whose steps these are; others that are alike may join.
  init(_ program: Program, shared: Shared) {
    self.program = program
    self.shared = shared
    precision = program.precision
    lanes = precision.kernels.pointee.lanes
    let count = lanes.count
    regions = program.regions
    places = regions.enumerated().map { place, region in
      switch place {
      case 2: Memory(bytes: 0)
      case 3: shared.values
      case 4: shared.gradients
      case Self.firstFrozen...: shared.frozen[place - Self.firstFrozen]
      default: Memory(bytes: region.bytes * count)
      }
    }
    steps = .allocate(capacity: max(program.stepCount, 1))
    scalings = (0..<program.stepCount).filter { program.steps[$0].isScaling }
    factors = Memory(bytes: scalings.count * Memory.alignment)
    var filled = 0
    for place in 0..<program.stepCount {
      var step = program.steps[place]
      step.a = UnsafeRawPointer(address(of: step.a))
      step.b = UnsafeRawPointer(address(of: step.b))
      step.c = UnsafeRawPointer(address(of: step.c))
      step.d = UnsafeRawPointer(address(of: step.d))
      step.y = address(of: UnsafeRawPointer(step.y))
      step.before = address(of: UnsafeRawPointer(step.before))
      step.scratch = nil
      if step.isScaling {
        step.scratch = factors.base + filled * Memory.alignment
        filled += 1
      }
      (steps + place).initialize(to: step)
    }
  }

  deinit { steps.deallocate() }

  /// Where all nets have what one net has there.
  func address(of pointer: UnsafeRawPointer?) -> UnsafeMutableRawPointer? {
    guard let (region, offset) = Program.locate(pointer, regions) else { return nil }
    return places[region].base + offset * lanes.count
  }

  func isAlike(_ other: Program) -> Bool { program.isAlike(other) }

  /// Gives a lane what is its net's own: constants, and parameters that are not trained.
  func take(_ other: Program, lane: Int) {
    let theirs = other.regions
    for place in regions.indices where place == Self.constantsPlace || place >= Self.firstFrozen {
      let count = theirs[place].bytes / precision.width
      precision.spread(
        theirs[place], count: count, to: places[place].base, lane: lane, of: lanes.count)
    }
    for (number, place) in scalings.enumerated() {
      let target = factors.base + number * Memory.alignment + lane * precision.width
      precision.store(other.steps[place].p, to: target)
    }
  }

  var stepCount: Int { program.stepCount }

  /// How many nets there are.
  var width: Int { lanes.count }

  func run() { lanes.run(steps, program.stepCount) }
}

extension Program {
  fileprivate static func locate(
    _ pointer: UnsafeRawPointer?, _ regions: [Memory]
  ) -> (region: Int, offset: Int)? {
    guard let pointer else { return nil }
    for (place, region) in regions.enumerated() {
      let offset = pointer - UnsafeRawPointer(region.base)
      if offset >= 0, offset < region.bytes { return (place, offset) }
    }
    return nil
  }

  /// Whether another program has the same steps, whatever its constants.
  func isAlike(_ other: Program) -> Bool {
    guard other !== self else { return true }
    let (regions, theirs) = (regions, other.regions)
    guard other.precision == precision, other.stepCount == stepCount,
      theirs.map({ $0.bytes }) == regions.map({ $0.bytes })
    else { return false }
    func isSame(_ one: UnsafeRawPointer?, _ another: UnsafeRawPointer?) -> Bool {
      let (own, their) = (Self.locate(one, regions), Self.locate(another, theirs))
      return own?.region == their?.region && own?.offset == their?.offset
    }
    return (0..<stepCount).allSatisfy { place in
      let (one, another) = (steps[place], other.steps[place])
      return one.isAlike(another) && isSame(one.a, another.a) && isSame(one.b, another.b)
        && isSame(one.c, another.c) && isSame(one.d, another.d)
        && isSame(UnsafeRawPointer(one.y), UnsafeRawPointer(another.y))
        && isSame(UnsafeRawPointer(one.before), UnsafeRawPointer(another.before))
    }
  }
}

extension Precision {
  func store(_ number: Double, to place: UnsafeMutableRawPointer) {
    switch self {
    case .float64: place.storeBytes(of: number, as: Double.self)
    case .float32: place.storeBytes(of: Float(number), as: Float.self)
    }
  }

  func load(_ place: UnsafeRawPointer) -> Double {
    self == .float64 ? place.load(as: Double.self) : Double(place.load(as: Float.self))
  }

  /// Puts the numbers of one net among those of others.
  func spread(
    _ source: Memory, count: Int, to target: UnsafeMutableRawPointer, lane: Int, of lanes: Int
  ) {
    func spread<Scalar>(_: Scalar.Type) {
      let from = source.base.assumingMemoryBound(to: Scalar.self)
      let to = target.assumingMemoryBound(to: Scalar.self)
      for place in 0..<count { to[place * lanes + lane] = from[place] }
    }
    switch self {
    case .float64: spread(Double.self)
    case .float32: spread(Float.self)
    }
  }
}

extension BPStep {
  /// Multiplies by one number, in which nets may differ.
  fileprivate var isScaling: Bool {
    (operation == BPOperation.map || operation == BPOperation.smallMap)
      && function == BPMap.scale.rawValue
  }

  /// Whether it does the same, wherever the operands lie.
  fileprivate func isAlike(_ other: BPStep) -> Bool {
    operation == other.operation && function == other.function && joint == other.joint
      && (isScaling || p == other.p && q == other.q) && axis == other.axis
      && backward == other.backward && strides.isSame(other.strides)
      && product.isSame(other.product) && hasSameIndices(other)
  }

  private func hasSameIndices(_ other: BPStep) -> Bool {
    guard operation == BPOperation.take || operation == BPOperation.scatter,
      let own = indices, let theirs = other.indices
    else { return true }
    return (0..<strides.columns).allSatisfy { own[$0] == theirs[$0] }
  }
}

extension BPStrides {
  fileprivate func isSame(_ other: BPStrides) -> Bool {
    rows == other.rows && columns == other.columns && aRow == other.aRow
      && aColumn == other.aColumn && bRow == other.bRow && bColumn == other.bColumn
      && cRow == other.cRow && cColumn == other.cColumn
  }
}

extension BPProduct {
  fileprivate func isSame(_ other: BPProduct) -> Bool {
    m == other.m && n == other.n && k == other.k && transposeA == other.transposeA
      && transposeB == other.transposeB && accumulate == other.accumulate
  }
}
