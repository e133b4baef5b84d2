import Syntax

/// A global variable.
struct Global {
  var value = Value.unassigned
  /// The user's function that the value is, if it is one: calls look here, and count no references.
  var callable: Unmanaged<UserFunction>?
}

/// Where a global variable is, for as long as the runtime is there.
struct GlobalPlace {
  private let global: UnsafeMutablePointer<Global>

  /// - Parameter room: for a variable, with nothing in it yet.
  init(_ room: UnsafeMutablePointer<Global>) {
    room.initialize(to: Global())
    global = room
  }

  /// Where its value is: the first member of a structure lies where the structure does.
  @inline(__always)
  var address: UnsafeMutablePointer<Value> {
    UnsafeMutableRawPointer(global).assumingMemoryBound(to: Value.self)
  }

  @inline(__always)
  var value: Value { address.pointee }

  @inline(__always)
  var callable: Unmanaged<UserFunction>? { global.pointee.callable }

  /// - Returns: the value before, where it was a user's function, which may be running.
  func set(_ value: Value) -> Value? {
    let old = global.pointee.callable == nil ? nil : global.pointee.value
    global.pointee.value = value
    if case .function(let function) = value, case .user(let user) = function.body {
      global.pointee.callable = .passUnretained(user)
    } else {
      global.pointee.callable = nil
    }
    return old
  }
}

/// Where a variable or a literal is: in a slot of the function at hand, or where it always is.
struct ValuePlace {
  /// All ones for a slot, so that one sum gives either without a choice: this is read for every
  /// number that is read.
  private let mask: UInt
  private let offset: UInt

  init(slot: Int) {
    (mask, offset) = (.max, UInt(bitPattern: slot &* MemoryLayout<Value>.stride))
  }

  init(at address: UnsafeMutablePointer<Value>) { (mask, offset) = (0, UInt(bitPattern: address)) }

  /// A place that holds no number, for what has to be evaluated.
  static let nowhere: ValuePlace = {
    let address = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    address.initialize(to: .unassigned)
    return ValuePlace(at: address)
  }()

  @inline(__always)
  func address(_ slots: Slots) -> UnsafeMutablePointer<Value> {
    // Never nil, and asking would cost every number that is read.
    UnsafeMutablePointer(bitPattern: UInt(bitPattern: slots) & mask &+ offset).unsafelyUnwrapped
  }

  /// The number that is there, if it is one.
  @inline(__always)
  func number(_ slots: Slots) -> Double? {
    if case .number(let number) = address(slots).pointee { number } else { nil }
  }

  /// Puts a number in the place of a number: nothing is released, and nothing is to be said.
  /// - Returns: whether there was one.
  @inline(__always)
  func replaceNumber(_ number: Double, _ slots: Slots) -> Bool {
    let address = address(slots)
    guard case .number = address.pointee else { return false }
    address.initialize(to: .number(number))
    return true
  }
}

/// A part of an expression, whose value is taken without a call where it is a literal or a number
/// in a variable: that is what most operands of a loop are.
struct Operand {
  let code: Code
  let place: ValuePlace

  init(_ code: Code) {
    self.code = code
    place = code.valuePlace ?? .nowhere
  }

  var range: SourceRange { code.range }
  var variableName: String? { code.variableName }

  /// The number, where nothing is to be evaluated for it.
  @inline(__always)
  func number(_ slots: Slots) -> Double? { place.number(slots) }

  /// The value of a variable that is no cell; that of an unassigned one for anything else.
  func variable(_ slots: Slots) -> Value { place.address(slots).pointee }

  @inline(__always)
  func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if let number = number(slots) { return .number(number) }
    return try code.evaluate(slots, runtime)
  }
}
