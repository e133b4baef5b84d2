"""Loads ONNX models that scikit-learn, PyTorch (both exporters) and Keras write, and compares what bp
predicts with onnxruntime; then what bp writes of the nets it read.

Called by scripts/interoperability --models with the path of bp and an empty folder. Frameworks that
are not installed are left out, by name. Any disagreement ends it with status 1.
"""

import importlib.util
import os
import subprocess
import sys
import warnings

import numpy as np
import onnxruntime

warnings.filterwarnings("ignore")
BP, FOLDER = sys.argv[1:3]
os.chdir(FOLDER)
TOLERANCE = 2e-5  # of the largest of 1 and the value: models have float32
# Nets that are no chain of layers, and functions that are no activation of bp.
REFUSED = {"skip", "tanhshrink", "hardshrink", "softshrink", "threshold"}


def session(path):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def rows_for(model, count):
    """Random values for every input, and the same as rows of one table."""
    random = np.random.default_rng(1)
    feeds = {}
    for value in model.get_inputs():
        shape = [size if isinstance(size, int) else count if axis == 0 else 1 for axis, size in enumerate(value.shape)]
        kind = np.float64 if "double" in value.type else np.float32
        feeds[value.name] = random.normal(size=shape).astype(kind)
    rows = [array.reshape(array.shape[0], -1) for array in feeds.values()]
    return feeds, np.concatenate(rows, axis=1).astype(np.float64)


def numbers(outputs, count):
    """The last output that is made of numbers, one row a sample."""
    for output in reversed(outputs):
        if isinstance(output, list):
            output = np.array([list(answer.values()) for answer in output])
        if np.asarray(output).dtype.kind == "f":
            return np.asarray(output).reshape(count, -1)
    return None


def labels(outputs):
    first = np.asarray(outputs[0])
    return first if first.dtype.kind in "iuUO" and first.ndim == 1 else None


def bp(code):
    end = subprocess.run([BP, "-e", code], capture_output=True, text=True, timeout=120)
    return end.stderr if end.returncode else None


def compare(path, count=7, has_classes=False):
    model = session(path)
    feeds, rows = rows_for(model, count)
    outputs = model.run(None, feeds)
    expected = numbers(outputs, len(rows))
    np.save("x.npy", rows)
    code = f'n = load "{path}"; x = load "x.npy"; y = predict n x; save y "y.npy"; save n "again.onnx"'
    if has_classes:
        code += '; save [c: classify n x] "c.json"'
    error = bp(code)
    name = path.rsplit("_", 1)[0] if path.endswith(("_old.onnx", "_new.onnx")) else path[:-5]
    if name in REFUSED:
        assert error and "error:" in error, f"{path} is read"
        return
    assert error is None, f"{path}: {error}"
    found = np.load("y.npy").reshape(len(rows), -1)
    if expected is not None:
        if found.shape[1] == 1 and expected.shape[1] == 2:
            expected = expected[:, 1:]
        difference = np.abs(found - expected) / np.maximum(1, np.abs(expected))
        assert difference.max() < TOLERANCE, f"{path}: {difference.max()}"
    if has_classes:
        import json
        classes = json.load(open("c.json"))["c"]
        right = labels(outputs)
        assert [str(x) for x in classes] == [str(x) for x in right], f"{path}: {classes}, {right}"
    again = session("again.onnx")
    kind = np.float64 if "double" in again.get_inputs()[0].type else np.float32
    back = again.run(None, {again.get_inputs()[0].name: rows.astype(kind)})[0].reshape(found.shape)
    assert np.abs(back - found).max() < TOLERANCE * max(1, np.abs(found).max()), f"{path} written again"


def scikit_learn():
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler
    from skl2onnx import to_onnx

    random = np.random.default_rng(0)
    x = (random.normal(size=(80, 3)) * [1, 5, 0.2] + [0, 3, 1]).astype(np.float32)
    two = (x[:, 0] + 0.2 * x[:, 1] > 0.6).astype(int)
    three = np.digitize(x[:, 0], [-0.5, 0.5])
    names = np.array(["setosa", "versicolor", "virginica"])[three]
    number = x[:, 0] * 2 + x[:, 1]

    def classifier(*sizes, **options):
        return MLPClassifier(sizes, max_iter=150, random_state=1, **options)

    def regressor(*sizes, **options):
        return MLPRegressor(hidden_layer_sizes=sizes, max_iter=150, random_state=1, **options)

    models = {
        "two": (classifier(5), two), "two_names": (classifier(5, activation="tanh"), np.array(["no", "yes"])[two]),
        "three": (classifier(5, 4, activation="logistic"), three), "three_names": (classifier(6), names),
        "no_hidden": (classifier(5, activation="identity"), three),
        "scaled": (make_pipeline(StandardScaler(), classifier(5)), names),
        "normalized": (make_pipeline(MinMaxScaler(), classifier(5)), two),
        "number": (regressor(5), number), "numbers": (regressor(5, 4, activation="tanh"), np.c_[number, -number]),
        "scaled_number": (make_pipeline(StandardScaler(), regressor(5)), number),
    }
    for name, (model, target) in models.items():
        model.fit(x, target)
        for zips in [True, False]:
            last = model.steps[-1][1] if hasattr(model, "steps") else model
            is_classifier = isinstance(last, MLPClassifier)
            if not is_classifier and not zips:
                continue
            options = {id(last): {"zipmap": zips}} if is_classifier else None
            path = f"{name}{'' if zips else '_arrays'}.onnx"
            with open(path, "wb") as file:
                file.write(to_onnx(model, x[:1], options=options).SerializeToString())
            compare(path, has_classes=is_classifier)
    return 2 * len(models)


def pytorch():
    import torch
    from torch import nn

    torch.manual_seed(0)
    activations = dict(
        gelu=nn.GELU(), gelu_tanh=nn.GELU(approximate="tanh"), silu=nn.SiLU(), softsign=nn.Softsign(),
        hardtanh=nn.Hardtanh(), relu6=nn.ReLU6(), hardsigmoid=nn.Hardsigmoid(), selu=nn.SELU(), elu=nn.ELU(0.7),
        celu=nn.CELU(0.6), softplus=nn.Softplus(), steep=nn.Softplus(beta=2), leaky=nn.LeakyReLU(0.02),
        prelu=nn.PReLU(), mish=nn.Mish(), hardswish=nn.Hardswish(), relu=nn.ReLU(), tanh=nn.Tanh(),
        sigmoid=nn.Sigmoid(), logsigmoid=nn.LogSigmoid(), identity=nn.Identity(), tanhshrink=nn.Tanhshrink(),
        hardshrink=nn.Hardshrink(), softshrink=nn.Softshrink())

    class Function(nn.Module):
        def __init__(self, function, *layers):
            super().__init__()
            self.net, self.function = nn.Sequential(*layers), function

        def forward(self, x):
            return self.function(self.net, x)

    def layers(inputs=4, outputs=2):
        return nn.Linear(inputs, 5), nn.Tanh(), nn.Linear(5, outputs)

    mean, deviation = torch.randn(4), torch.rand(4) + 0.5

    def normalized(layer):
        layer.running_mean.copy_(torch.randn(layer.num_features))
        layer.running_var.copy_(torch.rand(layer.num_features) + 0.5)
        return layer

    zero = [nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 5), nn.ReLU(), nn.Linear(5, 1)]
    for layer in zero[::2]:
        nn.init.zeros_(layer.bias)
    models = {name: nn.Sequential(nn.Linear(4, 5), layer, nn.Linear(5, 3), nn.Softmax(1)) for name, layer in activations.items()}
    models |= {
        "prepared": Function(lambda net, x: net((x - mean) / deviation), *layers()),
        "in_units": Function(lambda net, x: net(x) * torch.tensor([2.0, 3.0]) + torch.tensor([1.0, -1.0]), *layers()),
        "squeezed": Function(lambda net, x: net(x).squeeze(-1), *layers(outputs=1)),
        "complement": Function(lambda net, x: 1 - torch.sigmoid(net(x)), *layers(outputs=1)),
        "flat": Function(lambda net, x: torch.log_softmax(net(x.view(x.size(0), -1)), 1), *layers(12, 3)),
        "chosen": Function(lambda net, x: net(x.flatten(1)).argmax(1), *layers(12, 3)),
        "clamped": Function(lambda net, x: net(torch.clamp(x, -1, 1)), *layers()),
        "skip": Function(lambda net, x: net[2](x + net[1](net[0](x))), nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2)),
        "zero": nn.Sequential(*zero), "no_bias": nn.Sequential(nn.Linear(4, 5, bias=False), nn.Tanh(), nn.Linear(5, 2)),
        "dropout": nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Dropout(0.5), nn.Linear(5, 3)),
        "batch": nn.Sequential(
            normalized(nn.BatchNorm1d(4)), nn.Linear(4, 5), normalized(nn.BatchNorm1d(5)), nn.ReLU(),
            normalized(nn.BatchNorm1d(5)), nn.Linear(5, 2), normalized(nn.BatchNorm1d(2))),
        "weight_norm": nn.Sequential(
            nn.utils.parametrizations.weight_norm(nn.Linear(4, 5)), nn.Tanh(), nn.Linear(5, 2)),
        "log_softmax": nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3), nn.LogSoftmax(-1)),
    }
    count = 0
    for name, model in models.items():
        model.eval()
        x = torch.randn(2, 3, 4) if name in ("flat", "chosen") else torch.randn(2, 4)
        torch.onnx.export(model, (x,), f"{name}_old.onnx", dynamo=False, input_names=["x"], dynamic_axes={"x": {0: "n"}})
        torch.onnx.export(
            model, (x,), f"{name}_new.onnx", dynamo=True, dynamic_shapes=({0: torch.export.Dim("n")},)
            if not isinstance(model, Function) else {"x": {0: torch.export.Dim("n")}}, verbose=False)
        for path in (f"{name}_old.onnx", f"{name}_new.onnx"):
            compare(path)
            count += 1
    return count


def keras():
    os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
    import keras

    layers = keras.layers
    norm = layers.Normalization()
    norm.adapt(np.random.default_rng(2).normal(size=(50, 4)) * 3 + 1)
    models = {name: [layers.Dense(5, activation=name), layers.Dense(3, activation="softmax")] for name in
              ["relu", "tanh", "sigmoid", "gelu", "selu", "elu", "silu", "softplus", "softsign", "hard_sigmoid", "mish", "hard_silu", "leaky_relu", "relu6"]}
    models |= {
        "normalization": [norm, layers.Dense(5, activation="relu"), layers.Dense(1)],
        "rescaling": [layers.Rescaling(1 / 255, offset=-0.5), layers.Dense(5, activation="relu"), layers.Dense(1)],
        "batch_normalization": [layers.Dense(5), layers.BatchNormalization(), layers.ReLU(), layers.Dense(2)],
    }
    for name, stack in models.items():
        model = keras.Sequential([keras.Input((4,)), *stack])
        model(np.zeros((1, 4), np.float32))
        model.export(f"{name}.onnx", format="onnx", verbose=False)
        # tf2onnx writes operations that no operator set has, as Erfc, and constants as inputs.
        try:
            is_sound = len(session(f"{name}.onnx").get_inputs()) == 1
        except Exception:
            is_sound = False
        if not is_sound:
            print(f"Keras's {name} is left out: its exporter wrote a broken model")
            continue
        compare(f"{name}.onnx")
    return len(models)


total = 0
for name, module, function in [("scikit-learn", "skl2onnx", scikit_learn), ("PyTorch", "onnxscript", pytorch), ("Keras", "tf2onnx", keras)]:
    if importlib.util.find_spec(module) is None:
        print(f"models of {name} skipped: {module} is not installed")
        continue
    try:
        total += function()
    except AssertionError as error:
        sys.exit(f"disagreement: {name}: {error}")
print(f"models: {total} models of other programs predict in bp what onnxruntime predicts")
