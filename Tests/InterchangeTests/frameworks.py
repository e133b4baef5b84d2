"""Runs exported programs in the frameworks they are for: PyTorch, alone and with two processes, and
Keras.

Called by scripts/interoperability --frameworks with the path of bp and an empty folder. Any
disagreement ends it with status 1.
"""

import importlib.util
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
    hidden = [name for name in catalog.names(BP, "activations") if name != "softmax"]
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
        mine = float(program(f"keras{place}.py")["build"]().evaluate(x, targets, verbose=0))
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
        x, t = scope["read"](table)
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
            expect(len(steps) == 10 and steps[-1] < 0.8 * steps[0], f"{name} trains: {text}")
            net = scope["build"]()
            net.load_state_dict(torch.load(f"{name}.pt"))
            with torch.no_grad():
                trained = scope["loss"](net(x), t).mean().item()
            expect(trained < 0.8 * value, f"{name}.pt: {trained} {value}")
            print(f"{name}, {processes} process(es): loss {value:.4g} -> {trained:.4g}")
    return 2


count = predictions() + losses() + training()
print(f"{count} exported programs agree in PyTorch {torch.__version__} and in Keras on {BACKEND}")
