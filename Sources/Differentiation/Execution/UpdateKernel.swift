internal import CKernels
import Glibc

/// The one call of a C kernel that carries out a step of a built-in optimizer: what its graph says,
/// faster. From a gradient g it changes a parameter w, with learning rate η; the formulas and
/// defaults are PyTorch's.
package struct UpdateKernel: Sendable {
  /// How many numbers are kept beside each parameter.
  package let stateCount: Int
  let function: BPUpdate
  /// The constants of a step: from the learning rate and the number of the step, counted from 1.
  let constants: @Sendable (_ rate: Double, _ step: Int) -> SIMD8<Double>
  /// Whether they are the same in every step.
  let isFixed: Bool

  private init(
    _ function: BPUpdate, stateCount: Int, isFixed: Bool = true,
    constants: @escaping @Sendable (_ rate: Double, _ step: Int) -> SIMD8<Double>
  ) {
    self.function = function
    self.stateCount = stateCount
    self.constants = constants
    self.isFixed = isFixed
  }

  /// w ← w − η (g + λ w).
  package static func sgd(weightDecay: Double = 0) -> UpdateKernel {
    UpdateKernel(BPUpdate.sgd, stateCount: 0) { rate, _ in
      SIMD8(rate, weightDecay, 0, 0, 0, 0, 0, 0)
    }
  }

  /// v ← μ v + (1−d) g, w ← w − η v; the first v is g.
  package static func momentum(
    _ momentum: Double = 0.9, dampening: Double = 0, weightDecay: Double = 0
  ) -> UpdateKernel {
    UpdateKernel(BPUpdate.momentum, stateCount: 1, isFixed: false) { rate, step in
      SIMD8(rate, momentum, step == 1 ? 1 : 1 - dampening, weightDecay, 0, 0, 0, 0)
    }
  }

  /// Δ ← μ Δ − η (g + λ w), w ← w + Δ: equation (9) of Rumelhart, Hinton and Williams, 1986.
  package static func rumelhart(
    _ momentum: Double = 0.9, weightDecay: Double = 0
  ) -> UpdateKernel {
    UpdateKernel(BPUpdate.rumelhart, stateCount: 1) { rate, _ in
      SIMD8(rate, momentum, 0, weightDecay, 0, 0, 0, 0)
    }
  }

  /// v ← μ v + g, w ← w − η (g + μ v).
  package static func nesterov(_ momentum: Double = 0.9, weightDecay: Double = 0) -> UpdateKernel {
    UpdateKernel(BPUpdate.nesterov, stateCount: 1) { rate, _ in
      SIMD8(rate, momentum, 1, weightDecay, 0, 0, 0, 0)
    }
  }

  /// s ← s + g², w ← w − η g / (√s + ε).
  package static func adagrad(epsilon: Double = 1e-10, weightDecay: Double = 0) -> UpdateKernel {
    UpdateKernel(BPUpdate.adagrad, stateCount: 1) { rate, _ in
      SIMD8(rate, 0, epsilon, weightDecay, 0, 0, 0, 0)
    }
  }

  /// s ← α s + (1−α) g², w ← w − η g / (√s + ε).
  package static func rmsprop(
    smoothing: Double = 0.99, epsilon: Double = 1e-8, weightDecay: Double = 0
  ) -> UpdateKernel {
    UpdateKernel(BPUpdate.rmsprop, stateCount: 1) { rate, _ in
      SIMD8(rate, smoothing, epsilon, weightDecay, 0, 0, 0, 0)
    }
  }

  /// m ← β₁ m + (1−β₁) g, v ← β₂ v + (1−β₂) g², both divided by 1−βᵗ; w ← w − η m / (√v + ε).
  package static func adam(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
  ) -> UpdateKernel {
    UpdateKernel(BPUpdate.adam, stateCount: 2, isFixed: false) { rate, step in
      let scale = corrections(beta1, beta2, step)
      return SIMD8(rate * scale.0, beta1, beta2, epsilon, scale.1, weightDecay, 0, 0)
    }
  }

  /// Adam with w ← w (1 − η λ) before the step instead of a gradient that knows of λ.
  package static func adamw(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01
  ) -> UpdateKernel {
    UpdateKernel(BPUpdate.adamW, stateCount: 2, isFixed: false) { rate, step in
      let scale = corrections(beta1, beta2, step)
      return SIMD8(rate * scale.0, beta1, beta2, epsilon, scale.1, 1 - rate * weightDecay, 0, 0)
    }
  }

  /// 1/(1−β₁ᵗ) and 1/√(1−β₂ᵗ).
  private static func corrections(_ beta1: Double, _ beta2: Double, _ step: Int)
    -> (Double, Double)
  {
    let t = Double(step)
    return (1 / (1 - pow(beta1, t)), 1 / (1 - pow(beta2, t)).squareRoot())
  }
}
