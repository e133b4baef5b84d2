internal import CKernels

extension Primitive {
  /// The value for these operands, at once.
  ///
  /// Element-wise functions use the C library, which rounds better than the vector kernels of a
  /// program.
  /// - Throws: where the shapes of the operands do not go together.
  package func evaluate(_ inputs: [Tensor]) throws(ShapeError) -> Tensor {
    switch scalar {
    case .one(let function)? where inputs.count == 1:
      let x = inputs[0]
      if let number = x.number { return Tensor(function(number)) }
      return Tensor(x.shape, [Double](count: x.elements.count) { function(x.elements[$0]) })
    case .two(let function)? where inputs.count == 2:
      if let a = inputs[0].number, let b = inputs[1].number { return Tensor(function(a, b)) }
    default: break
    }
    let shape = try shape(of: inputs.map { $0.shape })
    var elements = [Double](repeating: 0, count: shape.count)
    if shape.count > 0, !Interruption.cutsShort() { run(inputs, shape, &elements) }
    if case .reduce(_, axis: _, mean: true, times: _) = kernel,
      elements.contains(where: { !$0.isFinite }),
      inputs[0].elements.allSatisfy({ $0.isFinite })
    {
      // The sum overflows where the mean does not: the mean of shares, times their number.
      let parts = 0x1p32
      let shares = Tensor(inputs[0].shape, inputs[0].elements.map { $0 / parts })
      run([shares], shape, &elements)
      elements = elements.map { $0 * parts }
    }
    return Tensor(shape, elements)
  }

  private func run(_ inputs: [Tensor], _ shape: Shape, _ elements: inout [Double]) {
    elements.withUnsafeMutableBytes { result in
      kernel.indices.withUnsafeBufferPointer { positions in
        withOperands(of: inputs[...], []) { operands in
          guard let base = result.baseAddress else { return }
          // Kernels without positions never look at theirs.
          let none = UnsafePointer<Int>(bitPattern: MemoryLayout<Int>.alignment)
          guard let indices = positions.baseAddress ?? none else { return }
          let steps = kernel.steps(
            operands, into: Kernel.Operand(at: base, shape: shape),
            width: MemoryLayout<Double>.size, indices: indices)
          steps.withUnsafeBufferPointer {
            Precision.float64.kernels.pointee.run($0.baseAddress, $0.count)
          }
        }
      }
    }
  }
}

extension Tensor {
  /// The product with a vector or matrix of a few numbers, by the kernel of all products; nil where the
  /// shapes do not go together, or where a vector is taken for a row or a column.
  package func product(few other: Tensor) -> Tensor? {
    switch (shape, other.shape) {
    case (.vector(let m), .vector(let n)) where m == n: multiplied(by: other, .scalar)
    case (.vector(let m), .matrix(let k, let n)) where m == k: multiplied(by: other, .vector(n))
    case (.matrix(let m, let k), .vector(let n)) where k == n: multiplied(by: other, .vector(m))
    case (.matrix(let m, let k), .matrix(let l, let n)) where k == l:
      multiplied(by: other, .matrix(m, n))
    default: nil
    }
  }

  private func multiplied(by other: Tensor, _ result: Shape) -> Tensor {
    product(of: Kernel.product(shape, other.shape), other, result)
  }

  /// All products of the elements of two vectors of a few numbers; nil for anything else.
  package func outer(few other: Tensor) -> Tensor? {
    guard case .vector(let m) = shape, case .vector(let n) = other.shape else { return nil }
    return product(
      of: BPProduct(
        m: m, n: n, k: 1, transposeA: false, transposeB: false, accumulate: false), other,
      .matrix(m, n))
  }

  private func product(of sizes: BPProduct, _ other: Tensor, _ result: Shape) -> Tensor {
    let products = [Double](unsafeUninitializedCapacity: result.count) { buffer, initialized in
      elements.withUnsafeBytes { a in
        other.elements.withUnsafeBytes { b in
          guard let a = a.baseAddress, let b = b.baseAddress, let y = buffer.baseAddress else {
            return
          }
          var step = BPStep.product(sizes, a, b, bias: nil, y, scratch: nil)
          Precision.float64.kernels.pointee.run(&step, 1)
          initialized = buffer.count
        }
      }
    }
    return Tensor(result, products)
  }
}

/// Calls the body with the addresses of all tensors, which hold for the call.
private func withOperands(
  of tensors: ArraySlice<Tensor>, _ found: [Kernel.Operand], _ body: ([Kernel.Operand]) -> Void
) {
  guard let tensor = tensors.first else { return body(found) }
  tensor.elements.withUnsafeBytes { bytes in
    // An empty tensor has no address; nothing is read through the one given here.
    let empty = UnsafeRawPointer(bitPattern: MemoryLayout<Double>.alignment)
    guard let base = bytes.baseAddress ?? empty else { return }
    let operand = Kernel.Operand(at: UnsafeMutableRawPointer(mutating: base), shape: tensor.shape)
    withOperands(of: tensors.dropFirst(), found + [operand], body)
  }
}
