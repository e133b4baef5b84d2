import GoldenNumbers
import TestSupport
import Testing

/// Training step by step, asked for in the language: batches, optimizers, the rain table, the
/// keras example.
@Suite struct TrainingNumberTests {
  @Test("The perceptron's rule learns AND and OR, and never XOR")
  func perceptron() throws {
    let expected = try Fixture.load("perceptron").at("expected")
    try onDeepStack {
      for gate in expected.keys {
        let known = try expected.at(gate)
        let states = try known.at("weights_after_epoch").list()
        let session = lectureSession()
        for (epochs, state) in states.enumerated() {
          session.run(
            """
            u = perceptron [2]
            run = train u (gate "\(gate.lowercased())") epochs=\(epochs) lr=1 shuffle=false quiet=true
            """)
          expectClose(
            try session.numbers("augmented u 1"), try state.numbers(), "\(gate) \(epochs)")
        }
        session.run(
          """
          u = perceptron [2]
          run = train u (gate "\(gate.lowercased())") epochs=20 lr=1 shuffle=false quiet=true
          """)
        #expect(try session.number("run.epochs") == (try known.at("epochs").number()))
        #expect(
          try session.number("(accuracy u (gate \"\(gate.lowercased())\")) == 1")
            == (try known.at("converged").number()))
      }
    }
  }

  @Test("One case at a time, two, or all; summed and averaged")
  func batches() throws {
    let fixture = try Fixture.load("batch_modes")
    let setup = try fixture.at("setup")
    try onDeepStack {
      for (mode, rows) in [("online", "1"), ("minibatch2", "2"), ("batch", "full")] {
        for reduction in ["sum", "mean"] {
          let session = lectureSession()
          session.run(
            try """
            net = mlp [2,2,1] tanh sigmoid loss=half_sse reduction=\(reduction)
            \(setup.assignments(to: "net"))
            d = data \(setup.at("X").source()) \(setup.at("T").source())
            """)
          for epoch in 1...2 {
            session.run("run = train net d epochs=1 lr=0.3 batch=\(rows) shuffle=false quiet=true")
            let state = try fixture.at("expected", "\(mode)_\(reduction)", String(epoch))
            try expectState(session, state, "\(mode) \(reduction) \(epoch)")
            expectClose([try session.number("loss net d")], [try state.at("loss").number()])
          }
        }
      }
    }
  }

  @Test("Every optimizer takes its ten steps")
  func optimizers() throws {
    let fixture = try Fixture.load("optimizers")
    let setup = try fixture.at("setup")
    try onDeepStack {
      for key in try setup.at("optimizers").keys {
        let optimizer = try setup.at("optimizers", key)
        let kind = try optimizer.at("kind").text()
        var options: [String] = []
        for name in optimizer.keys where !["kind", "lr"].contains(name) {
          if name == "betas" {
            let betas = try optimizer.at("betas").numbers()
            options += ["beta1=\(betas[0])", "beta2=\(betas[1])"]
          } else {
            options.append(
              "\(kind == "eq9" ? "momentum" : name)=\(try optimizer.at(name).number())")
          }
        }
        let word = kind == "eq9" ? "momentum" : kind
        let chosen = options.isEmpty ? word : "\(word)(\(options.joined(separator: ", ")))"
        for steps in [1, 2, 3, 5, 10] {
          let session = lectureSession()
          session.run(
            try """
            net = mlp [2,2,1] tanh sigmoid loss=half_sse
            \(setup.assignments(to: "net"))
            d = data \(setup.at("X").source()) \(setup.at("T").source())
            run = train net d epochs=\(steps) batch=full shuffle=false quiet=true \
            lr=\(optimizer.at("lr").number()) optimizer=\(chosen)
            """)
          let state = try fixture.at("expected", key, String(steps))
          try expectState(session, state, "\(key) after \(steps)", absolute: 1e-14)
          expectClose(
            [try session.number("loss net d")], [try state.at("loss").number()],
            absolute: 1e-14, key)
        }
      }
    }
  }

  /// The validation losses are those of the golden file: on the row trained on, a weight without
  /// bounds grows by 1 an epoch, and on the row watched the loss reads the course at that weight.
  @Test("Training stops where patience ends, and the best weights come back")
  func earlyStopping() throws {
    let known = try Fixture.load("data_prep").at("expected", "early_stopping")
    let losses = try known.at("validation_loss").list()
    for (key, options) in [
      ("patience2_delta0", "patience=2"), ("patience3_delta0", "patience=3"),
      ("patience3_delta0.001", "patience=3 min_delta=0.001"), ("patience10_delta0", "patience=10"),
    ] {
      try onDeepStack {
        let session = lectureSession()
        session.run(
          """
          course = \(try known.at("validation_loss").source())
          at(y) = {
            total = course[1]
            for k in 1..\(losses.count - 1) {
              total = total + (course[k + 1] - course[k])*clip(y - k, 0, 1)
            }
            total
          }
          scripted(y, t) = sum(t*at(y[1]) - (1 - t)*y)
          net = mlp [1,1] linear init=zeros loss=scripted
          run = train net (data [[0]] [[0]]) epochs=\(losses.count) lr=1 \
          valid=(data [[0]] [[1]]) quiet=true \(options)
          """)
        #expect(session.reports == [])
        let stopped = try known.at(key, "stopped_epoch")
        let epochs = stopped.isNothing ? losses.count : Int(try stopped.number())
        let watched = try session.numbers("run.valid_losses")
        expectClose(
          watched, try known.at("validation_loss").numbers().prefix(epochs).map { $0 },
          relative: 1e-12, key)
        let best = try known.at(key, "best_epoch").number()
        #expect(try session.number("run.best_epoch") == best, "\(key)")
        // The net has the weight of its best epoch, the number of that epoch.
        #expect(try session.number("net.b1[1]") == best, "\(key)")
        expectClose(
          [try session.number("at(net.b1[1])")], [try known.at(key, "best").number()],
          relative: 1e-12, key)
      }
    }
  }

  @Test("The rain table: sums over all cases, case by case, and with the velocity of equation (9)")
  func rain() throws {
    let fixture = try Fixture.load("rain_table")
    let expected = try fixture.at("expected")
    try onDeepStack {
      for (key, rows, optimizer) in [
        ("batch_sgd_eq8", "full", "sgd"), ("online_sgd", "1", "sgd"),
        ("batch_momentum_eq9", "full", "momentum(0.9)"),
        ("online_momentum_eq9", "1", "momentum(0.9)"),
      ] {
        for sweeps in 0...5 {
          let session = lectureSession()
          session.run(
            try """
            net = mlp [2,3,1] sigmoid bias=false loss=half_sse reduction=sum
            \(fixture.at("setup").assignments(to: "net"))
            scale = normalize rain
            table = scale rain
            train net table epochs=\(sweeps) lr=0.5 batch=\(rows) optimizer=\(optimizer) \
            shuffle=false quiet=true
            """)
          let state = try expected.at(key, String(sweeps))
          let what = "\(key) \(sweeps)"
          expectClose(
            [try session.number("loss net table")], [try state.at("C_total").number()], what)
          expectClose(try session.numbers("net.W1'"), try state.at("W1").numbers(), what)
          expectClose(try session.numbers("net.W2'"), try state.at("W2").numbers(), what)
          expectClose(try session.numbers("net table"), try state.at("a2").numbers(), what)
        }
      }
    }
  }

  @Test("The rain table backwards: δ, gradients of each case and their sum")
  func rainBackwards() throws {
    let fixture = try Fixture.load("rain_table")
    try onDeepStack {
      for (key, table) in [("batch_scaled", "scale rain"), ("batch_raw", "rain")] {
        let known = try fixture.at("expected", key)
        let session = lectureSession()
        session.run(
          try """
          net = mlp [2,3,1] sigmoid bias=false loss=half_sse reduction=sum
          \(fixture.at("setup").assignments(to: "net"))
          scale = normalize rain
          table = \(table)
          f = forward net table
          δ = deltas net table
          g = grad net table
          """)
        for (expression, name) in [
          ("f.z1", "z1"), ("f.a1", "a1"), ("f.z2", "z2"), ("f.a2", "a2"), ("δ.delta1", "delta1"),
          ("δ.delta2", "delta2"), ("g.W1'", "dC_dW1"), ("g.W2'", "dC_dW2"),
        ] {
          expectClose(
            try session.numbers(expression), try known.at(name).numbers(), relative: 1e-11,
            absolute: 1e-15, "\(key) \(name)")
        }
        for (place, gradient) in try known.at("per_case").list().enumerated() {
          session.run(
            "one = grad net (data table.x[\(place + 1)..\(place + 1),:] table.t[\(place + 1)..\(place + 1),:])"
          )
          expectClose(
            try session.numbers("one.W1'"), try gradient.at("dC_dW1").numbers(),
            relative: 1e-11, absolute: 1e-15)
          expectClose(
            try session.numbers("one.W2'"), try gradient.at("dC_dW2").numbers(),
            relative: 1e-11, absolute: 1e-15)
        }
      }
    }
  }

  @Test("The keras example from fixed weights")
  func keras() throws {
    let fixture = try Fixture.load("vitay_keras")
    let expected = try fixture.at("expected")
    let start = try """
    net = mlp [2,20,1] relu sigmoid init=zeros
    net.W1 = \(fixture.at("setup", "W1").source())
    net.W2 = \(fixture.at("setup", "W2").source())
    d = circles noise=0

    """
    try onDeepStack {
      let session = lectureSession()
      session.run(start)
      #expect(try session.number("net.count") == (try expected.at("params", "total").number()))
      expectClose(
        [try session.number("vc_bound net d")],
        [try expected.at("vc_rule_epsilon", "epsilon").number()])
      expectClose(
        [try session.number("loss net d")],
        [try expected.at("forward", "loss_mean_bce").number()])
      #expect(
        try session.number("accuracy net d") == (try expected.at("forward", "accuracy").number()))
      expectClose(
        try session.numbers("(net d)[1..3,:]"),
        try expected.at("forward", "first_outputs").numbers())
      session.run("g = grad net d")
      for (expression, key) in [("g.W2", "grad_W2"), ("g.b2", "grad_b2"), ("g.b1", "grad_b1")] {
        expectClose(
          try session.numbers(expression), try expected.at("gradient", key).numbers(),
          relative: 1e-11, absolute: 1e-15, key)
      }
      expectClose(
        [try session.number("norm(flatten g.W1)")],
        [try expected.at("gradient", "norm_W1").number()])
      expectClose(
        try session.numbers("(circles n=8 noise=0).x"),
        try expected.at("circles8_noise_free", "X").numbers(), absolute: 1e-15)
      for (sizes, count) in [("[2,2,2]", 12), ("[3,3,3,1]", 28), ("[784,128,64,10]", 109386)] {
        #expect(try session.number("(mlp \(sizes) sigmoid).count") == Double(count))
        #expect(
          try expected.at("other_counts").at(sizes, "total").number() == Double(count))
      }
      for rate in ["0.001", "0.1"] {
        for epochs in [1, 10, 100] {
          let session = lectureSession()
          session.run(
            start + "train net d epochs=\(epochs) lr=\(rate) batch=10 shuffle=false quiet=true")
          let state = try expected.at("train_batch10").at("lr=\(rate)", String(epochs))
          expectClose(
            [try session.number("loss net d")], [try state.at("loss").number()], relative: 1e-8,
            absolute: 1e-11)
          expectClose(
            try session.numbers("net.W2"), try state.at("W2").numbers(), relative: 1e-8,
            absolute: 1e-11)
          #expect(
            try session.number("accuracy net d") == (try state.at("accuracy").number()))
        }
      }
    }
  }

  private func expectState(
    _ session: TestSession, _ state: Fixture, _ what: String, absolute: Double = 1e-15
  ) throws {
    for layer in 1...2 {
      expectClose(
        try session.numbers("net.W\(layer)"),
        try state.at("W", String(layer - 1)).numbers(), absolute: absolute, what)
      expectClose(
        try session.numbers("net.b\(layer)"),
        try state.at("b", String(layer - 1)).numbers(), absolute: absolute, what)
    }
  }
}
