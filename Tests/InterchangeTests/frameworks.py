"""Runs exported programs in the frameworks they are for: PyTorch, alone and with two processes, and
Keras.

Called by scripts/interoperability --frameworks with the path of bp and an empty folder. Any
disagreement ends it with status 1.
"""

import contextlib
import importlib.util
import io
import os
import re
import subprocess
import sys

# Keras computes products of float64 in float32 unless TensorFlow does them.
BACKEND = "tensorflow" if importlib.util.find_spec("tensorflow") else "torch"
os.environ.update(KERAS_BACKEND=BACKEND, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import numpy as np
import torch

import catalog
from catalog import run

BP, FOLDER = sys.argv[1:3]
os.chdir(FOLDER)
def expect(condition, what):
    if not condition:
        sys.exit(f"disagreement: {what}")


def program(path):
    scope = {"__name__": "net"}
    exec(open(path).read(), scope)
    return scope


def own(functions):
    return "\n".join(functions.values()) + "\n"


def tolerance(framework, kind="float64"):
    is_double = kind == "float64" and (framework == "torch" or BACKEND == "tensorflow")
    return 1e-13 if is_double else 2e-6


def predictions():
    rows = np.random.default_rng(3).normal(size=(200, 4)) * 2
    np.save("rows.npy", rows)
    cases, code = [], 'x = load "rows.npy"\n' + own(catalog.ACTIVATIONS)
    hidden = [name for name in catalog.names(BP, "activations") if not name.endswith("softmax")]
    for activation in [catalog.configured(BP, name) for name in hidden] + list(catalog.ACTIVATIONS):
        for output, kind in [("softmax", "float64"), ("sigmoid", "float64"), ("sigmoid", "float32")]:
            name = f"n{len(cases)}{output}{kind}"
            cases.append((name, activation, kind))
            code += f"""
net = mlp [4, 6, 3] {activation} {output} seed={len(cases)} dtype={kind}
save (predict net x) "{name}.npy"
export net "{name}_torch.py" to=pytorch
export net "{name}_keras.py" to=keras
"""
    run(BP, "-", input=code)
    for name, activation, kind in cases:
        expected = np.load(f"{name}.npy")
        for framework in ["torch", "keras"]:
            found = program(f"{name}_{framework}.py")["predict"](rows)
            expect(found.dtype == kind, f"{name} {framework} is {found.dtype}")
            worst = np.abs(found - expected).max()
            expect(worst <= tolerance(framework, kind), f"{activation} {name} {framework}: {worst}")
    return 2 * len(cases)


def dropout():
    """Answers are those of all units; a training leaves units out and scales the others up."""
    rows = np.random.default_rng(5).normal(size=(200, 4))
    np.save("dropout.npy", rows)
    run(BP, "-", input="""
x = load "dropout.npy"
net = mlp [4, 50, 40, 3] prelu linear softmax dropout=0.25
save (predict net x) "kept.npy"
export net "dropout_torch.py" to=pytorch
export net "dropout_keras.py" to=keras
""")
    expected = np.load("kept.npy")
    for framework in ["torch", "keras"]:
        found = program(f"dropout_{framework}.py")["predict"](rows)
        worst = np.abs(found - expected).max()
        expect(worst <= tolerance(framework), f"a net with dropout in {framework}: {worst}")
    net = program("dropout_torch.py")["build"]().train()
    hidden = net[1](net[0](torch.as_tensor(rows)))
    dropped = net[2](hidden)
    share = (dropped == 0).double().mean().item()
    expect(abs(share - 0.25) < 0.03, f"{share} of the units are left out")
    kept = dropped != 0
    expect(torch.allclose(dropped[kept] * 0.75, hidden[kept]), "what stays is scaled up")
    return 4


def losses():
    random = np.random.default_rng(4)
    x, t = random.normal(size=(30, 2)), random.integers(0, 2, (30, 2)).astype(float)
    t[:, 1] = 1 - t[:, 0]
    np.savez("samples.npz", x=x, t=t)
    calls = [catalog.configured(BP, name) for name in catalog.names(BP, "losses")]
    outputs = {"ce": "softmax", "hinge": "linear"}
    code = 's = load "samples.npz"\nd = data s.x s.t\ne = data s.x (2*s.t - 1)\n' + own(catalog.LOSSES)
    for place, loss in enumerate(calls + list(catalog.LOSSES)):
        code += f"""
net = mlp [2, 3, 2] tanh {outputs.get(loss, "sigmoid")} loss={loss}
export net "loss{place}.py" to=pytorch
export net "keras{place}.py" to=keras
print "{{loss net {"e" if loss == "hinge" else "d"}:.14}}"
g = grad net {"e" if loss == "hinge" else "d"}
save g.W1 "grad{place}.npy"
"""
    found = [float(line) for line in run(BP, "-", input=code).split()]
    for place, (loss, value) in enumerate(zip(calls + list(catalog.LOSSES), found)):
        targets = 2 * t - 1 if loss == "hinge" else t
        scope = program(f"loss{place}.py")
        net = scope["build"]()
        mine = scope["loss"](net(torch.as_tensor(x)), torch.as_tensor(targets)).mean()
        expect(abs(mine.item() - value) < 1e-12, f"{loss} in PyTorch: {mine} {value}")
        mine.backward()
        worst = np.abs(net[0].weight.grad.numpy() - np.load(f"grad{place}.npy")).max()
        expect(worst < 1e-12, f"the gradient of {loss} in PyTorch: {worst}")
        model = program(f"keras{place}.py")["build"]()
        mine = model.evaluate(x, targets, verbose=0, return_dict=True)["loss"]
        expect(abs(mine - value) < tolerance("keras") * 10, f"{loss} in Keras: {mine} {value}")
    return 2 * len(found)


PIPELINE = """
flowers = csv "flowers.csv" target="species" quiet=true
prepared = standardize (onehot (impute flowers median))
net = mlp [5, 8, 3] tanh softmax
train net prepared epochs=5 quiet=true
write_csv flowers "raw.csv"
save (predict net flowers) "raw.npy"
save flowers.x "raw_x.npy"
export net "flowers_torch.py" to=pytorch
export net "flowers_keras.py" to=keras
print "{loss net prepared:.12}"

net = mlp [2, 8, 1] tanh sigmoid
write_csv (circles n=101) "circles.csv"
export net "circles.py" to=pytorch
print "{loss net (circles n=101):.12}"
"""


def training():
    samples = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts/lectures")
    with open(os.path.join(samples, "flowers.csv")) as file, open("flowers.csv", "w") as copy:
        copy.write(file.read())
    values = [float(line) for line in run(BP, "-", input=PIPELINE).split()]
    raw = np.load("raw_x.npy")
    for framework in ["torch", "keras"]:
        found = program(f"flowers_{framework}.py")["predict"](raw)
        worst = np.abs(found - np.load("raw.npy")).max()
        expect(worst < tolerance(framework), f"raw rows in {framework}: {worst}")
    folder = os.path.dirname(sys.executable)
    for name, table, value in [("flowers_torch", "raw.csv", values[0]), ("circles", "circles.csv", values[1])]:
        scope = program(f"{name}.py")
        x, t = (torch.as_tensor(part) for part in scope["read"](table))
        with torch.no_grad():
            mine = scope["loss"](scope["build"]()(x), t).mean().item()
        expect(abs(mine - value) < 1e-11, f"{name} on its file: {mine} {value}")
        for processes in [1, 2]:
            environment = dict(os.environ, OMP_NUM_THREADS="1", GLOO_SOCKET_IFNAME="lo")
            if processes == 1:
                text = run(sys.executable, f"{name}.py", table)
            else:
                words = ["--nproc_per_node=2", "--master_addr=127.0.0.1", "--master_port=29517"]
                text = run(f"{folder}/torchrun", *words, f"{name}.py", table, env=environment)
            steps = [float(number) for number in re.findall(r"loss (\S+)", text)]
            # As many epochs as bp trained it last, or as it would.
            count = 5 if name == "flowers_torch" else 10
            expect(len(steps) == count and steps[-1] < 0.9 * steps[0], f"{name} trains: {text}")
            net = scope["build"]()
            net.load_state_dict(torch.load(f"{name}.pt"))
            with torch.no_grad():
                trained = scope["loss"](net(x), t).mean().item()
            expect(trained < 0.9 * value, f"{name}.pt: {trained} {value}")
            print(f"{name}, {processes} process(es): loss {value:.4g} -> {trained:.4g}")
    return 2


OPTIONS = {
    "weight decay": "optimizer=sgd(weight_decay=0.02)",
    "momentum with decay": "optimizer=momentum(0.8, weight_decay=0.02)",
    "dampened": "optimizer=momentum(0.8, dampening=0.3)",
    "dampened, decaying rate": "optimizer=momentum(0.8, dampening=0.3) schedule=exponential",
    "momentum, decaying rate": "optimizer=momentum(0.8) schedule=cosine",
    "nesterov, decaying rate": "optimizer=nesterov(0.8) schedule=step(every=1)",
    "nesterov without momentum": "optimizer=nesterov(0)",
    "adam with decay": "optimizer=adam(0.8, 0.99, 0.001, weight_decay=0.1)",
    "lion with decay": "optimizer=lion(weight_decay=0.1)",
    "rmsprop with decay": "optimizer=rmsprop(weight_decay=0.1)",
    "a rule": "optimizer=own(beta=0.7)",
    "a rule, warming up": "optimizer=own schedule=warmup(2)",
    "penalties": "l1=0.01 l2=0.02",
    "clipped": "clip=0.05 lr=1",
    "frozen layer": "freeze=[\"W1\", \"b1\"]",
    "all rows": "batch=full lr=1",
    "uneven batches": "batch=7",
    "sum": "reduction=sum lr=0.01",
    "mse": "loss=mse optimizer=adam lr=0.01",
}
RULE = "own(w, g, step, lr=0.05, m=0.5, n=0, beta=0.9) = "
RULE += "[w: w - lr*m/(1 + n*step), m: beta*m + (1 - beta)*g, n: n + 1]\n"


def fits():
    """The training that a program repeats goes on as it does in bp."""
    cases = {name: f"optimizer={name}" for name in catalog.names(BP, "optimizers")} | OPTIONS
    code = RULE + 'd = circles n=40\nwrite_csv d "fit.csv"\n'
    for place, options in enumerate(cases.values()):
        code += f"""
net = mlp [2, 5, 1] tanh sigmoid
train net d epochs=4 batch=10 shuffle=false quiet=true {options}
export net "fit{place}_torch.py" to=pytorch
export net "fit{place}_keras.py" to=keras
train net d epochs=4 batch=10 shuffle=false quiet=true {options}
save (predict net d) "fit{place}.npy"
"""
    # The last word counts where an option is given twice.
    code = re.sub(r"batch=10 (.*)(batch=\S+)", r"\1\2", code)
    run(BP, "-", input=code)
    worst = {}
    for place, name in enumerate(cases):
        expected = np.load(f"fit{place}.npy")
        for framework in ["torch", "keras"]:
            text = open(f"fit{place}_{framework}.py").read()
            scope = program(f"fit{place}_{framework}.py")
            x, t = scope["read"]("fit.csv")
            model = scope["build"]()
            before = scope["predict"](x)
            if framework == "torch":
                with contextlib.redirect_stdout(io.StringIO()):
                    found = scope["train"](model, x, t)(torch.as_tensor(x)).detach().numpy()
            else:
                history = scope["fit"](model, x, t, verbose=0).history
                expect("accuracy" in history, f"{name}: the metrics of Keras are {list(history)}")
                found = model.predict(x, verbose=0)
            off = np.abs(found - expected).max()
            expect(np.abs(before - found).max() > 1e-6, f"{name} in {framework} does not move")
            isNear = "Keras adds epsilon" in text
            # Keras takes settings as float32 on their way to float64, and PyTorch adds 1e-6 to the
            # norm that it clips by.
            isExact = framework == "torch" and name != "clipped"
            limit = 1e-4 if isNear else 1e-11 if isExact else 1e-6
            expect(off <= limit, f"{name} trained on in {framework}: {off}")
            worst[framework, isNear] = max(off, worst.get((framework, isNear), 0))
    print("trained on:", ", ".join(f"{k[0]} {v:.1e}" for k, v in worst.items()))
    return 2 * len(cases)


METRICS = {
    "numbers": ("mlp [2, 4, 1] tanh linear", "data s.x s.y", "r2"),
    "signs": ("mlp [2, 4, 1] tanh linear loss=hinge", "data s.x s.signs", "accuracy"),
    "soft": ("mlp [2, 4, 1] tanh sigmoid", "data s.x s.soft", "accuracy"),
    "one hot": ("mlp [2, 4, 3] tanh softmax", "data s.x s.classes", "accuracy"),
    "labels": ("mlp [2, 4, 3] tanh sigmoid", "data s.x s.labels", "accuracy"),
}


def metrics():
    """What a program measures is what bp measures."""
    random = np.random.default_rng(6)
    x = random.normal(size=(40, 2))
    two = (x[:, :1] * x[:, 1:] > 0).astype(float)
    classes = np.eye(3)[(x[:, 0] * 1.5).clip(-1, 1).round().astype(int) + 1]
    labels = np.stack([x[:, 0] > 0, x[:, 1] > 0, x[:, 0] > x[:, 1]], axis=1).astype(float)
    arrays = dict(
        x=x, y=x[:, :1] - x[:, 1:] ** 2, signs=2 * two - 1, soft=0.1 + 0.8 * two, classes=classes,
        labels=labels)
    np.savez("metrics.npz", **arrays)
    code = 's = load "metrics.npz"\n'
    for place, (net, data, metric) in enumerate(METRICS.values()):
        code += f"""
net = {net}
train net ({data}) epochs=20 lr=0.05 quiet=true
export net "metric{place}.py" to=keras
print "{{{metric} net ({data}):.14}}"
"""
    found = [float(line) for line in run(BP, "-", input=code).split()]
    for place, (name, value) in enumerate(zip(METRICS, found)):
        _, data, metric = METRICS[name]
        targets = arrays[data.split(".")[-1]]
        model = program(f"metric{place}.py")["build"]()
        mine = model.evaluate(x, targets, verbose=0, return_dict=True)
        expect(metric in mine, f"{name}: Keras measures {list(mine)}")
        expect(abs(mine[metric] - value) < 1e-6, f"{metric} of {name}: {mine[metric]} {value}")
    return len(found)


def summary():
    """The table of Keras has the names and numbers of bp's."""
    code = 'net = mlp [2,20,1] relu sigmoid\nexport net "summary.py" to=keras\nsummary net\n'
    mine = run(BP, "-", input=code)
    lines = []
    program("summary.py")["build"]().summary(print_fn=lambda text, **_: lines.append(text))
    theirs = " ".join(lines)
    for layer in re.findall(r"(dense\S*) \(Dense\)\s+(\(None, \d+\))\s+(\d+)", mine):
        expect(all(word in theirs for word in layer), f"{layer} in the summary of Keras: {theirs}")
    for line in re.findall(r"(.*params: \d+)", mine):
        expect(line.lower() in theirs.lower(), f"{line} in the summary of Keras: {theirs}")
    return 1


count = fits() + metrics() + summary()
count += predictions() + dropout() + losses() + training()
print(f"{count} exported programs agree in PyTorch {torch.__version__} and in Keras on {BACKEND}")
