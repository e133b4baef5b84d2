"""Loads ONNX models that scikit-learn, PyTorch (both exporters) and Keras write, and compares what bp
predicts with onnxruntime; then what bp writes of the nets it read.

Called by scripts/interoperability --models with the path of bp and an empty folder. Frameworks that
are not installed are left out, by name. Any disagreement ends it with status 1.
"""

import csv
import importlib.util
import io
import json
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
# Models of scikit-learn that are no net, and the operation that their refusal names.
FOREIGN = {"lengths": "Normalizer", "products": "ReduceProd", "huber": "Div", "counts": "Exp", "forest": "TreeEnsembleClassifier"}


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
    """The last output that is made of numbers, one row a sample; columns of their own beside each other."""
    columns = [np.asarray(output) for output in outputs if not isinstance(output, list)]
    columns = [column for column in columns if column.dtype.kind == "f" and column.ndim == 1]
    if len(columns) > 1:
        return np.stack(columns, axis=1)
    for output in reversed(outputs):
        if isinstance(output, list):
            output = np.array([list(answer.values()) for answer in output])
        if np.asarray(output).dtype.kind == "f":
            return np.asarray(output).reshape(count, -1)
    return None


def labels(outputs):
    """The class of every row, or the numbers of its labels from 1."""
    first = np.asarray(outputs[0])
    if first.ndim == 2 and first.dtype.kind in "iu":
        return [[int(place) for place in np.flatnonzero(row)] for row in first]
    return [str(name) for name in first]


def agree(found, expected, name):
    """One output of bp is the second of two that belong together: 1 - y and y, -y and y."""
    if expected.shape[1] == 2 * found.shape[1]:
        expected = expected[:, found.shape[1]:]
    difference = np.abs(found - expected) / np.maximum(1, np.abs(expected))
    assert difference.max() < TOLERANCE, f"{name}: {difference.max()}"


def bp(code):
    end = subprocess.run([BP, "-e", code], capture_output=True, text=True, timeout=120)
    return end.stderr if end.returncode else None


def compare(path, count=7, has_classes=False, first_label=0):
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
        agree(found, expected, path)
    if has_classes:
        with open("c.json") as file:
            classes = json.load(file)["c"]
        classes = [[int(x) - first_label for x in c] if isinstance(c, list) else str(c) for c in classes]
        assert classes == labels(outputs), f"{path}: {classes}, {labels(outputs)}"
    again = session("again.onnx")
    kind = np.float64 if "double" in again.get_inputs()[0].type else np.float32
    back = again.run(None, {again.get_inputs()[0].name: rows.astype(kind)})[0].reshape(found.shape)
    assert np.abs(back - found).max() < TOLERANCE * max(1, np.abs(found).max()), f"{path} written again"


def compare_table(path, columns, has_classes):
    """A model of several columns, some of texts: bp predict against onnxruntime, and what bp writes of it."""
    model = session(path)
    feeds = {}
    if len(model.get_inputs()) == 1:
        feeds[model.get_inputs()[0].name] = np.stack(list(columns.values()), axis=1).astype(np.float32)
    else:
        for value in model.get_inputs():
            column = np.asarray(columns[value.name])
            feeds[value.name] = column.astype(np.float32 if "float" in value.type else object).reshape(-1, 1)
    outputs = model.run(None, feeds)
    count = len(next(iter(columns.values())))
    expected = numbers(outputs, count)
    with open("table.csv", "w", newline="") as file:
        # In another order than the model has them, where it has names.
        names = list(columns) if len(feeds) == 1 else list(reversed(columns))
        table = csv.writer(file)
        table.writerow(names)
        table.writerows(zip(*(columns[name] for name in names)))
    for name in (path, "again.onnx"):
        if name == "again.onnx":
            error = bp(f'n = load "{path}"; save n "again.onnx"')
            assert error is None, f"{path} written again: {error}"
        options = ["--probabilities"] if has_classes else []
        end = subprocess.run([BP, "predict", name, "table.csv", *options], capture_output=True, text=True, timeout=120)
        assert end.returncode == 0 and "no answer" not in end.stderr, f"{path}: {end.stderr}"
        rows = list(csv.reader(io.StringIO(end.stdout)))[1:]
        if has_classes:
            assert [row[0] for row in rows] == labels(outputs), f"{path}: {rows}"
            rows = [row[1:] for row in rows]
        found = np.array(rows, np.float64)
        agree(found, expected, f"{path} as {name}")


def scikit_learn():
    from sklearn.compose import ColumnTransformer
    from sklearn.decomposition import PCA
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import (
        ElasticNet, Lasso, LinearRegression, LogisticRegression, Perceptron, PoissonRegressor, Ridge, RidgeClassifier,
        SGDClassifier, SGDRegressor)
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import (
        MaxAbsScaler, MinMaxScaler, Normalizer, OneHotEncoder, PolynomialFeatures, RobustScaler, StandardScaler)
    from sklearn.svm import LinearSVC, LinearSVR
    from skl2onnx import to_onnx

    random = np.random.default_rng(0)
    x = (random.normal(size=(80, 3)) * [1, 5, 0.2] + [0, 3, 1]).astype(np.float32)
    two = (x[:, 0] + 0.2 * x[:, 1] > 0.6).astype(int)
    three = np.digitize(x[:, 0], [-0.5, 0.5])
    names = np.array(["setosa", "versicolor", "virginica"])[three]
    words = np.array(["no", "yes"])[two]
    number = x[:, 0] * 2 + x[:, 1]
    several = np.c_[two, x[:, 1] > 3, x[:, 2] > 1].astype(int)

    def classifier(*sizes, **options):
        return MLPClassifier(sizes, max_iter=150, random_state=1, **options)

    def regressor(*sizes, **options):
        return MLPRegressor(hidden_layer_sizes=sizes, max_iter=150, random_state=1, **options)

    def scaled(*steps):
        return make_pipeline(StandardScaler(), *steps)

    def some(*columns, rest="drop"):
        return ColumnTransformer([("s", StandardScaler(), list(columns))], remainder=rest)

    models = {
        "two": (classifier(5), two), "two_names": (classifier(5, activation="tanh"), words),
        "three": (classifier(5, 4, activation="logistic"), three), "three_names": (classifier(6), names),
        "no_hidden": (classifier(5, activation="identity"), three),
        "scaled": (scaled(classifier(5)), names),
        "normalized": (make_pipeline(MinMaxScaler(), classifier(5)), two),
        "clipped": (make_pipeline(MinMaxScaler(clip=True), classifier(5)), two),
        "robust": (make_pipeline(RobustScaler(), MaxAbsScaler(), classifier(5)), two),
        "components": (scaled(PCA(2), classifier(5)), names),
        "filled": (make_pipeline(SimpleImputer(), StandardScaler(), classifier(5)), names),
        "number": (regressor(5), number), "numbers": (regressor(5, 4, activation="tanh"), np.c_[number, -number]),
        "scaled_number": (scaled(regressor(5)), number),
        "labels": (classifier(5), several), "two_labels": (classifier(5), several[:, :2]),
        "some": (make_pipeline(some(0, 1, rest="passthrough"), classifier(5)), names),
        "others": (make_pipeline(some(2, 0), classifier(5)), names),
        "logistic_two": (LogisticRegression(), two), "logistic_words": (scaled(LogisticRegression()), words),
        "logistic_three": (LogisticRegression(), three), "logistic_names": (scaled(LogisticRegression()), names),
        "discriminant_two": (LinearDiscriminantAnalysis(), two), "discriminant": (LinearDiscriminantAnalysis(), names),
        "margin_two": (LinearSVC(), two), "margin_words": (LinearSVC(), words), "margin": (LinearSVC(), names),
        "steps_two": (scaled(SGDClassifier(random_state=1)), two), "steps": (scaled(SGDClassifier(random_state=1)), names),
        "steps_logistic_two": (scaled(SGDClassifier(loss="log_loss", alpha=0.1, random_state=1)), words),
        "steps_logistic": (scaled(SGDClassifier(loss="log_loss", alpha=0.1, random_state=1)), names),
        "perceptron_two": (Perceptron(), words), "perceptron": (Perceptron(), names),
        "ridge_two": (RidgeClassifier(), two), "ridge_names": (RidgeClassifier(), names),
        "least_squares": (LinearRegression(), number), "least_squares_two": (LinearRegression(), np.c_[number, -number]),
        "ridge": (Ridge(), number), "lasso": (Lasso(0.01), number), "elastic": (ElasticNet(0.01), number),
        "margin_number": (LinearSVR(), number), "steps_number": (scaled(SGDRegressor()), number),
        "lengths": (make_pipeline(Normalizer(), classifier(5)), names),
        "products": (make_pipeline(PolynomialFeatures(2), LinearRegression()), number),
        "huber": (scaled(SGDClassifier(loss="modified_huber")), names), "counts": (PoissonRegressor(), np.abs(number)),
        "forest": (RandomForestClassifier(3), names),
    }
    count = 0
    for name, (model, target) in models.items():
        model.fit(x, target)
        last = model.steps[-1][1] if hasattr(model, "steps") else model
        is_classifier = hasattr(last, "classes_")
        has_scores_only = isinstance(last, (LinearSVC, RidgeClassifier))
        for zips in [True, False, "columns"] if is_classifier and not isinstance(last, LinearSVC) else [True]:
            # skl2onnx names two classes for the four columns that it writes of two labels.
            if name == "two_labels" and zips is not False:
                continue
            options = {id(last): {"zipmap": zips}} if is_classifier and not isinstance(last, LinearSVC) else None
            path = f"{name}_{zips}.onnx".lower() if is_classifier else f"{name}.onnx"
            with open(path, "wb") as file:
                file.write(to_onnx(model, x[:1], options=options).SerializeToString())
            if name in FOREIGN:
                error = bp(f'n = load "{path}"')
                assert error and FOREIGN[name] in error, f"{path}: {error}"
                continue
            # Without ZipMap the labels have no names, and count from 1.
            compare(path, has_classes=is_classifier, first_label=1 if "labels" in name and zips is not True else 0)
            count += 1
    return count + tables(to_onnx)


def tables(to_onnx):
    """Pipelines whose columns are prepared in different ways."""
    import pandas
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    random = np.random.default_rng(3)
    size = 90
    age, height = random.normal(40, 9, size).astype(np.float32), random.normal(170, 12, size).astype(np.float32)
    city, sex = random.integers(0, 3, size), random.integers(1, 3, size)
    named = dict(age=age, city=np.array(["Rome", "Oslo", "Bern"])[city], height=height, sex=np.array(["f", "m"])[sex - 1])
    numbered = dict(age=age, city=city, height=height, sex=sex)
    target = np.array(["low", "middle", "high"])[np.digitize(age + 5 * city, [38, 50])]
    scale, encode = lambda: StandardScaler(), lambda **options: OneHotEncoder(handle_unknown="ignore", **options)
    filled = lambda: make_pipeline(SimpleImputer(), StandardScaler())
    net = lambda: MLPClassifier((5,), max_iter=150, random_state=1)

    def split(data, numbers, texts, prepare, encoder, last, rest="drop"):
        places = list(data)
        pick = (lambda c: c) if data is named else (lambda c: [places.index(n) for n in c])
        steps = [("n", prepare(), pick(numbers))] if prepare else []
        return make_pipeline(ColumnTransformer(steps + [("c", encoder, pick(texts))], remainder=rest), last)

    cases = {
        "encoded": (named, split(named, ["age", "height"], ["city", "sex"], scale, encode(), net()), target),
        "encoded_other_way": (named, split(named, ["height", "age"], ["sex", "city"], scale, encode(), net()), target),
        "encoded_filled": (named, split(named, ["age", "height"], ["city", "sex"], filled, encode(), LinearRegression()), age),
        "encoded_passing": (named, split(named, [], ["city", "sex"], None, encode(), LogisticRegression(max_iter=500), "passthrough"), target),
        "encoded_first_left_out": (named, split(named, ["age", "height"], ["city", "sex"], scale, OneHotEncoder(drop="first"), net()), target),
        "encoded_numbers": (numbered, split(numbered, ["age", "height"], ["city", "sex"], scale, encode(), net()), target),
        "encoded_numbers_first_left_out": (numbered, split(numbered, ["age", "height"], ["city", "sex"], scale, OneHotEncoder(drop="first"), net()), target),
    }
    for name, (data, model, right) in cases.items():
        frame = pandas.DataFrame(data)
        sample = frame[:1] if data is named else frame.to_numpy(np.float32)[:1]
        model.fit(frame if data is named else frame.to_numpy(np.float32), right)
        path = f"{name}.onnx"
        with open(path, "wb") as file:
            file.write(to_onnx(model, sample).SerializeToString())
        compare_table(path, {key: column[:20] for key, column in data.items()}, has_classes=right is target)
    return len(cases)


def functions():
    """Models of two layers with functions between them that an exporter may write in float32."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(5)
    arrays = {"W": random.normal(size=(4, 5)), "b": random.normal(size=5), "V": random.normal(size=(5, 2)),
              "slopes": random.normal(size=5), "low": np.float32(-0.5), "high": np.float32(2), "two": np.float32(2)}
    constants = [numpy_helper.from_array(np.asarray(array, np.float32), name) for name, array in arrays.items()]
    chains = {
        "relu_tanh": [("Relu", {}), ("Tanh", {})], "three_in_a_row": [("Relu", {}), ("Tanh", {}), ("Elu", {"alpha": 0.5})],
        "clip_swish": [("Clip", "low high"), ("HardSwish", {})], "relu_doubled": [("Relu", {}), ("Mul", "two"), ("Sigmoid", {})],
        "steep_hardsigmoid": [("HardSigmoid", {"alpha": 0.3, "beta": 0.4})], "other_selu": [("Selu", {"alpha": 2.0, "gamma": 1.5})],
        "deep_elu": [("Elu", {"alpha": 2.5})], "steep_celu": [("Celu", {"alpha": 0.4})], "leaky": [("LeakyRelu", {"alpha": -0.3})],
        "slopes": [("PRelu", "slopes")], "tanh_slopes": [("Tanh", {}), ("PRelu", "slopes")], "slope": [("PRelu", "two")],
        "negative_elu": [("Elu", {"alpha": -1.0})], "threshold": [("ThresholdedRelu", {"alpha": 0.7})],
        "sine": [("Relu", {}), ("Sin", {})],
    }
    refused = {"negative_elu": "Elu", "threshold": "ThresholdedRelu", "sine": "Sin"}
    count = 0
    for name, chain in chains.items():
        for is_first in [False, True]:
            nodes, value = [], "x"
            if not is_first:
                nodes.append(helper.make_node("Gemm", ["x", "W", "b"], ["z"]))
                value = "z"
            elif "slopes" in str(chain):
                continue
            for place, (operation, rest) in enumerate(chain):
                inputs, attributes = (rest.split(), {}) if isinstance(rest, str) else ([], rest)
                nodes.append(helper.make_node(operation, [value, *inputs], [f"a{place}"], **attributes))
                value = f"a{place}"
            last = ["W", "b"] if is_first else ["V"]
            nodes.append(helper.make_node("Gemm", [value, *last], ["y"]))
            graph = helper.make_graph(
                nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4])],
                [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 5 if is_first else 2])], constants)
            model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
            path = f"{name}{'_first' if is_first else ''}.onnx"
            onnx.save(model, path)
            if name in refused:
                error = bp(f'n = load "{path}"')
                assert error and refused[name] in error, f"{path}: {error}"
                continue
            compare(path)
            count += 1
    return count


def pytorch():
    import torch
    from torch import nn

    torch.manual_seed(0)
    activations = dict(
        gelu=nn.GELU(), gelu_tanh=nn.GELU(approximate="tanh"), silu=nn.SiLU(), softsign=nn.Softsign(),
        hardtanh=nn.Hardtanh(), relu6=nn.ReLU6(), hardsigmoid=nn.Hardsigmoid(), selu=nn.SELU(), elu=nn.ELU(0.7),
        celu=nn.CELU(0.6), softplus=nn.Softplus(), steep=nn.Softplus(beta=2), leaky=nn.LeakyReLU(0.02),
        prelu=nn.PReLU(), prelu_units=nn.PReLU(5), mish=nn.Mish(), hardswish=nn.Hardswish(), relu=nn.ReLU(), tanh=nn.Tanh(),
        sigmoid=nn.Sigmoid(), logsigmoid=nn.LogSigmoid(), identity=nn.Identity(), tanhshrink=nn.Tanhshrink(),
        hardshrink=nn.Hardshrink(), softshrink=nn.Softshrink(),
        two=nn.Sequential(nn.ReLU(), nn.Tanh()), three=nn.Sequential(nn.Hardtanh(-2, 2), nn.SiLU(), nn.Sigmoid()))

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
for name, module, function in [("functions", "onnx", functions), ("scikit-learn", "skl2onnx", scikit_learn), ("PyTorch", "onnxscript", pytorch), ("Keras", "tf2onnx", keras)]:
    if importlib.util.find_spec(module) is None:
        print(f"models of {name} skipped: {module} is not installed")
        continue
    try:
        found = function()
        print(f"{name}: {found}")
        total += found
    except AssertionError as error:
        sys.exit(f"disagreement: {name}: {error}")
print(f"models: {total} models of other programs predict in bp what onnxruntime predicts")
