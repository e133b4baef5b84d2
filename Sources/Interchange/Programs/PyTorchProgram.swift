import Differentiation
import Learning

/// A net as a PyTorch program, which also trains, alone or with several processes.
enum PyTorchProgram {
  /// Options of a training that its loop does without.
  private static let missing = [
    "valid", "patience", "min_delta", "order", "class_weights", "sample_weights",
  ]

  static func text(
    _ network: Network, _ training: ProgramTraining, _ onNumbers: (Int) -> Void
  ) throws(FormatError) -> String {
    var modules: [String] = []
    var state: [String] = []
    var functions = PythonFunctions()
    for layer in network.layers {
      let bias = layer.hasBias ? "" : ", bias=False"
      modules.append("nn.Linear(\(layer.inputs), \(layer.units)\(bias))")
      if let module = try module(layer, &functions) { modules.append(module) }
      if network.dropout > 0, layer.number < network.layers.count {
        modules.append("nn.Dropout(\(Dialect.torch.number(network.dropout)))")
      }
    }
    for parameter in network.parameters {
      let name = NetworkFile.sequentialName(of: parameter, in: network, countsDropout: true)
      let array = parameter.role == .slope ? "np.atleast_1d(\(parameter.name))" : parameter.name
      state.append("        \"\(name)\": torch.as_tensor(\(array), dtype=DTYPE),\n")
    }
    let loss = try loss(network)
    let step = training.step(in: .torch, parameters: "net.parameters(), ", rate: "lr=lr", more: [])
    var text = """
      \"\"\"\(ProgramText.title(network)).

      python FILE.py                      shows the net
      python FILE.py DATA.csv             trains it further and writes FILE.pt
      torchrun --nproc_per_node=4 FILE.py DATA.csv    the same with four processes

      DATA.csv has names in its first line, then in each row the raw features and the targets, as
      write_csv writes a data set.
      \"\"\"
      import csv
      \(training.schedule == nil ? "" : "import math\n")\
      import os
      import sys

      import numpy as np
      import torch
      from torch import nn

      DTYPE = torch.\(network.precision.rawValue)


      """
    text += ProgramText.numpyArrays(network, onNumbers)
    text += "\n\n"
    text += Dialect.torch.helpers(calledBy: functions.definitions + loss + step.definition)
    if !functions.definitions.isEmpty { text += functions.definitions + activationClass }
    text += ProgramText.numpyPreparation(network)
    text += "\n\ndef build():\n    net = nn.Sequential(\n"
    text += modules.map { "        \($0),\n" }.joined()
    text += "    ).to(DTYPE)\n    net.load_state_dict({\n" + state.joined()
    text += "    })\n    return net\n\n\n"
    text += """
      def predict(rows, net=None):
          net = build() if net is None else net
          net.eval()
          with torch.no_grad():
              return net(torch.as_tensor(prepare(rows), dtype=DTYPE)).numpy()\(ProgramText.numpyUnits(network))


      \(ProgramText.numpyReading(network))\
      def loss\(loss)


      \(step.definition)\(training.schedule ?? "")\
      \(training.comment(missing: missing, remarks: step.remarks))\
      def train(net, x, t, epochs=\(training.options.epochs), lr=\(Dialect.torch.number(training.rate)), \
      batch=\(training.batch.map { "\($0)" } ?? "None"), seed=1):
          \"\"\"Trains on rows x (prepared) and targets t; every process takes its share of them.\"\"\"
          x, t = torch.as_tensor(x, dtype=DTYPE), torch.as_tensor(t, dtype=DTYPE)
          world, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
      \(frozen(network, training))\
          model = net.train()
          if world > 1:
              torch.distributed.init_process_group("gloo")
              model = nn.parallel.DistributedDataParallel(net)
          optimizer = \(step.expression)
          order = torch.Generator().manual_seed(seed)
          for epoch in range(epochs):
      \(training.schedule == nil ? "" : """
              for group in optimizer.param_groups:
                  group["lr"] = lr * rate_factor(epoch, epochs)

      """)\
              # The same order everywhere; rows that do not divide evenly are left out.
              rows = \(training.options.isShuffled
                ? "torch.randperm(len(x), generator=order)" : "torch.arange(len(x))")
              rows = rows[: len(rows) // world * world][rank::world]
              total = 0.0
              for part in rows.split(\(training.batch == nil ? "batch or len(rows)" : "batch")):
                  optimizer.zero_grad()
                  value = loss(model(x[part]), t[part]).\(network.reduction.rawValue)()
                  \(penalty(training.options))value.backward()
      \(training.options.clip.map { clip in
        "            nn.utils.clip_grad_norm_(net.parameters(), \(Dialect.torch.number(clip)))\n"
      } ?? "")\
                  optimizer.step()
                  total += value.item()\(network.reduction == .mean ? " * len(part)" : "")
              if rank == 0 and (epoch + 1) % max(1, epochs // 10) == 0:
                  print(f"epoch {epoch + 1}: loss {total\(network.reduction == .mean ? " / max(1, len(rows))" : ""):.6g}")
          if world > 1:
              torch.distributed.destroy_process_group()
          return net


      if __name__ == "__main__":
          net = build()
          if len(sys.argv) < 2:
              print(net)
          else:
              train(net, *read(sys.argv[1]))
              if int(os.environ.get("RANK", 0)) == 0:
                  torch.save(net.state_dict(), os.path.splitext(sys.argv[0])[0] + ".pt")

      """
    return text
  }

  /// Statements that keep parameters as they are.
  private static func frozen(_ network: Network, _ training: ProgramTraining) -> String {
    network.parameters.filter { $0.isFrozen(by: training.options.frozen) }.map { parameter in
      let name = NetworkFile.sequentialName(of: parameter, in: network, countsDropout: true)
      return "    net.get_parameter(\"\(name)\").requires_grad_(False)\n"
    }.joined()
  }

  /// The statement that adds the penalties on weights, and the indent of the next.
  private static func penalty(_ options: TrainingOptions) -> String {
    let terms = [
      (options.l2 / 2, "w.square().sum()"), (options.l1, "w.abs().sum()"),
    ].filter { $0.0 > 0 }.map { "\(Dialect.torch.number($0.0)) * \($0.1)" }
    guard !terms.isEmpty else { return "" }
    return "value = value + sum(\n                    \(terms.joined(separator: " + "))\n"
      + "                    for w in net.parameters() if w.dim() == 2)\n            "
  }

  private static let activationClass = """
    class Activation(nn.Module):
        def __init__(self, function, has_slope=False):
            super().__init__()
            self.function = function
            self.weight = nn.Parameter(torch.zeros(1)) if has_slope else None

        def forward(self, z):
            return self.function(z) if self.weight is None else self.function(z, self.weight)



    """

  /// A module for the activation; nil where the net inputs are the outputs.
  private static func module(
    _ layer: Layer, _ functions: inout PythonFunctions
  ) throws(FormatError) -> String? {
    guard !layer.activation.traits.contains(.linear) else { return nil }
    let graph = try TracedGraph(activationOf: layer)
    if let (primitive, row) = graph.single, let module = row.module {
      return PrimitiveRow.filled(module, with: primitive.constants, in: .torch)
    }
    let name = functions.name(for: try GraphText(graph, in: .torch), of: graph)
    return graph.leaves.count == 1 ? "Activation(\(name))" : "Activation(\(name), has_slope=True)"
  }

  /// Parameters and statements of the function that gives one number a row.
  private static func loss(_ network: Network) throws(FormatError) -> String {
    let graph = try TracedGraph(lossOf: network)
    return PythonFunctions.body(try GraphText(graph, in: .torch), of: graph, result: "x[:, 0]")
  }
}
