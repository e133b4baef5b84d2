import Differentiation
import Learning

/// A net as a PyTorch program, which also trains, alone or with several processes.
enum PyTorchProgram {
  static func text(_ network: Network) throws(FormatError) -> String {
    var modules: [String] = []
    var state: [String] = []
    var functions = PythonFunctions()
    for layer in network.layers {
      let bias = layer.hasBias ? "" : ", bias=False"
      modules.append("nn.Linear(\(layer.inputs), \(layer.units)\(bias))")
      if let module = try module(layer, &functions) { modules.append(module) }
    }
    for parameter in network.parameters {
      let name = NetworkFile.sequentialName(of: parameter, in: network)
      let array = parameter.role == .slope ? "np.atleast_1d(\(parameter.name))" : parameter.name
      state.append("        \"\(name)\": torch.as_tensor(\(array), dtype=DTYPE),\n")
    }
    let loss = try loss(network)
    var text = """
      \"\"\"\(ProgramText.title(network)).

      python FILE.py                      shows the net
      python FILE.py DATA.csv             trains it further and writes FILE.pt
      torchrun --nproc_per_node=4 FILE.py DATA.csv    the same with four processes

      DATA.csv has names in its first line, then in each row the raw features and the targets, as
      write_csv writes a data set.
      \"\"\"
      import csv
      import os
      import sys

      import numpy as np
      import torch
      from torch import nn

      DTYPE = torch.\(network.precision.rawValue)
      INPUTS = \(network.pipeline?.featureNames.count ?? network.inputCount)
      OUTPUTS = \(network.outputCount)
      CLASSES = \(ProgramText.names(network.classes ?? []))
      CATEGORIES = \(categories(network))


      """
    text += ProgramText.numpyArrays(network)
    text += "\n\n" + Dialect.torch.helpers(calledBy: functions.definitions + loss)
    if !functions.definitions.isEmpty { text += functions.definitions + activationClass }
    text += ProgramText.numpyPreparation(network)
    text += "\n\ndef build():\n    net = nn.Sequential(\n"
    text += modules.map { "        \($0),\n" }.joined()
    text += "    ).to(DTYPE)\n    net.load_state_dict({\n" + state.joined()
    text += "    })\n    return net\n\n\n"
    text += """
      def predict(rows, net=None):
          net = build() if net is None else net
          with torch.no_grad():
              return net(torch.as_tensor(prepare(rows), dtype=DTYPE)).numpy()\(ProgramText.numpyUnits(network))


      def read(path):
          \"\"\"Features as the net takes them, and targets, of a CSV file.\"\"\"
          def number(text, names):
              if text in ("", "NA", "NaN", "nan", "NULL", "null", "None", "?"):
                  return float("nan")
              return names.index(text) + 1.0 if names else float(text)

          with open(path, newline="") as file:
              rows = [row for row in csv.reader(file) if row][1:]
          x = np.array(
              [[number(row[i], CATEGORIES.get(i)) for i in range(INPUTS)] for row in rows])
          if CLASSES and len(rows[0]) == INPUTS + 1:
              codes = np.array([CLASSES.index(row[INPUTS]) for row in rows])
              t = np.eye(len(CLASSES))[codes] if OUTPUTS > 1 else codes[:, None]
      \(network.loss.outputRequirement == .signedScores ? "        t = 2 * t - 1\n" : "")\
          else:
              t = np.array([[float(text) for text in row[INPUTS:INPUTS + OUTPUTS]] for row in rows])
      \(scaledTargets(network))\(dropped(network))    return torch.as_tensor(prepare(x), dtype=DTYPE), torch.as_tensor(t, dtype=DTYPE)


      def loss\(loss)


      def train(net, x, t, epochs=100, lr=0.01, batch=32, seed=1):
          \"\"\"Trains on rows x (prepared) and targets t; every process takes its share of them.\"\"\"
          world, rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
          model = net
          if world > 1:
              torch.distributed.init_process_group("gloo")
              model = nn.parallel.DistributedDataParallel(net)
          optimizer = torch.optim.Adam(net.parameters(), lr=lr)
          order = torch.Generator().manual_seed(seed)
          for epoch in range(epochs):
              # The same order everywhere; rows that do not divide evenly are left out.
              rows = torch.randperm(len(x), generator=order)
              rows = rows[: len(rows) // world * world][rank::world]
              total = 0.0
              for part in rows.split(batch):
                  optimizer.zero_grad()
                  value = loss(model(x[part]), t[part]).mean()
                  value.backward()
                  optimizer.step()
                  total += value.item() * len(part)
              if rank == 0 and (epoch + 1) % max(1, epochs // 10) == 0:
                  print(f"epoch {epoch + 1}: loss {total / max(1, len(rows)):.6g}")
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

  /// The names of categories by feature, from 0.
  private static func categories(_ network: Network) -> String {
    let categories = (network.pipeline?.categories ?? [:]).sorted { $0.key < $1.key }
    return "{"
      + categories.map { "\($0.key): \(ProgramText.names($0.value))" }
      .joined(separator: ", ") + "}"
  }

  /// Targets as the net learns them.
  private static func scaledTargets(_ network: Network) -> String {
    guard let scaling = network.pipeline?.targetScaling else { return "" }
    return "    t = (t - np.array(\(ProgramText.list(scaling.shift))))"
      + " / np.array(\(ProgramText.list(scaling.scale)))\n"
  }

  /// Rows that the net's preparation leaves out have no targets either.
  private static func dropped(_ network: Network) -> String {
    let leavesOut = (network.pipeline?.steps ?? []).contains {
      if case .dropMissing = $0 { true } else { false }
    }
    return leavesOut
      ? "    keep = ~np.isnan(x).any(axis=1)\n    x, t = x[keep], t[keep]\n" : ""
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
