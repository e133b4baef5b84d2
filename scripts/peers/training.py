"""Training steps and predictions of NumPy, JAX, scikit-learn and onnxruntime on the nets that bench
measures, one thread, processor time a step in microseconds, as lines `work<TAB>peer<TAB>number`.
Usage: training.py PEER. A peer that is not installed says so."""
import os
import sys
import time

os.environ.update({v: "1" for v in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")})
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_ENABLE_X64"] = "1"
peer = sys.argv[1]
try:
    import numpy as np
    if peer == "jax":
        import jax
        import jax.numpy as jnp
    if peer == "sklearn":
        from sklearn.neural_network import MLPClassifier
    if peer == "torch":
        import torch
        torch.set_num_threads(1)
    if peer == "onnxruntime":
        import onnx.helper as oh
        import onnxruntime
except ImportError as error:
    print(f"-\t{peer}\tnot installed ({error.name})")
    sys.exit()

NETS = {  # sizes, rows, batch, optimizer, steps
    "2-20-1 batch 10 sgd": ([2, 20, 1], 100, 10, "sgd", 1000),
    "2-2-2 batch 1 sgd": ([2, 2, 2], 1, 1, "sgd", 2000),
    "64-128-64-10 batch 32 adam": ([64, 128, 64, 10], 1600, 32, "adam", 200),
    "784-256-128-10 batch 128 adam": ([784, 256, 128, 10], 2560, 128, "adam", 20),
}
random = np.random.default_rng(1)


def best(body, steps, runs=5):
    body()
    times = []
    for _ in range(runs):
        start = time.process_time()
        body()
        times.append((time.process_time() - start) * 1e6 / steps)
    return min(times)


def report(work, kind, number):
    print(f"{work} {kind}\t{peer}\t{number:.3f}", flush=True)


def start(sizes, rows, kind):
    W = [random.uniform(-.2, .2, s).astype(kind) for s in zip(sizes, sizes[1:])]
    b = [np.zeros(n, kind) for n in sizes[1:]]
    x = random.standard_normal((rows, sizes[0])).astype(kind)
    k = sizes[-1]
    t = (random.random((rows, k)) < .5 if k < 3 else np.eye(k)[random.integers(0, k, rows)]).astype(kind)
    return W, b, x, t


def numpy_epochs(sizes, rows, batch, optimizer, steps, kind):
    W, b, x, t = start(sizes, rows, kind)
    flat = np.concatenate([p.ravel() for p in W + b])
    grad, m, v = np.zeros_like(flat), np.zeros_like(flat), np.zeros_like(flat)
    views, slopes, at = [], [], 0
    for p in W + b:
        views.append(flat[at:at + p.size].reshape(p.shape))
        slopes.append(grad[at:at + p.size].reshape(p.shape))
        at += p.size
    W, b, L, square = views[:len(W)], views[len(W):], len(W), sizes == [2, 2, 2]
    count = 0

    def step(X, T):
        nonlocal count
        count += 1
        A = [X]
        for i in range(L):
            z = A[-1] @ W[i]
            z += b[i]
            if square or (i == L - 1 and sizes[-1] == 1): z = 1 / (1 + np.exp(-z))
            elif i < L - 1: np.maximum(z, 0, out=z)
            else:
                z -= z.max(axis=1, keepdims=True)
                np.exp(z, out=z)
                z /= z.sum(axis=1, keepdims=True)
            A.append(z)
        y = A[-1]
        d = (y - T) * y * (1 - y) if square else (y - T) / len(X)
        for i in reversed(range(L)):
            np.matmul(A[i].T, d, out=slopes[i])
            d.sum(axis=0, out=slopes[L + i])
            if i: d = (d @ W[i].T) * (A[i] * (1 - A[i]) if square else A[i] > 0)
        if optimizer == "sgd": np.subtract(flat, .1 * grad, out=flat)
        else:
            m[:] = .9 * m + .1 * grad
            v[:] = .999 * v + .001 * grad * grad
            np.subtract(flat, .001 / (1 - .9**count) * m / (np.sqrt(v / (1 - .999**count)) + 1e-8), out=flat)

    order = random.permutation(rows)

    def run():
        for s in range(steps):
            at = s * batch % rows
            index = order[at:at + batch]
            step(x[index], t[index])
    return run


def jax_epochs(sizes, rows, batch, optimizer, steps, kind):
    W, b, x, t = start(sizes, rows, kind)
    L, square = len(W), sizes == [2, 2, 2]
    p = [jnp.asarray(a) for a in W + b]
    x, t = jnp.asarray(x), jnp.asarray(t)

    def loss(p, X, T):
        a = X
        for i in range(L):
            z = a @ p[i] + p[L + i]
            a = jax.nn.sigmoid(z) if square else jnp.maximum(z, 0)
        if square: return ((a - T)**2).sum() / 2
        if sizes[-1] == 1: return jnp.mean(jnp.logaddexp(0, z) - z * T)
        return -jnp.mean((T * jax.nn.log_softmax(z)).sum(axis=1))

    def step(state, index):
        p, m, v, k = state
        g = jax.grad(loss)(p, x[index], t[index])
        k = k + 1
        if optimizer == "sgd":
            return (([a - .1 * d for a, d in zip(p, g)]), m, v, k), None
        m = [.9 * a + .1 * d for a, d in zip(m, g)]
        v = [.999 * a + .001 * d * d for a, d in zip(v, g)]
        c, e = 1 - .9**k, 1 - .999**k
        p = [(a - .001 * (i / c) / (jnp.sqrt(j / e) + 1e-8)).astype(kind) for a, i, j in zip(p, m, v)]
        return (p, [a.astype(kind) for a in m], [a.astype(kind) for a in v], k), None

    zeros = [jnp.zeros_like(a) for a in p]
    order = np.concatenate([random.permutation(rows) for _ in range(steps * batch // rows + 1)])
    index = jnp.asarray(order[:steps * batch].reshape(steps, batch))
    loop = jax.jit(lambda s, i: jax.lax.scan(step, s, i)[0])
    state = (p, zeros, zeros, jnp.asarray(0., kind))
    return lambda: jax.block_until_ready(loop(state, index))


def sklearn_epochs(sizes, rows, batch, optimizer, steps, kind):
    _, _, x, t = start(sizes, rows, kind)
    y = t.argmax(axis=1) if sizes[-1] > 1 else t.ravel()
    classes = np.arange(max(2, sizes[-1]))
    net = MLPClassifier(sizes[1:-1], batch_size=batch, solver=optimizer, momentum=0, learning_rate_init=.01)

    def run():
        for _ in range(max(1, steps * batch // rows)): net.partial_fit(x, y, classes)
    return run


def torch_epochs(sizes, rows, batch, optimizer, steps, kind):
    W, b, x, t = (
        [torch.tensor(a) for a in part] if isinstance(part, list) else torch.tensor(part)
        for part in start(sizes, rows, kind))
    p, L, square = [a.requires_grad_() for a in W + b], len(sizes) - 1, sizes == [2, 2, 2]
    rule = torch.optim.SGD(p, lr=.1) if optimizer == "sgd" else torch.optim.Adam(p)
    order = torch.tensor(random.permutation(rows))

    def run():
        for s in range(steps):
            index = order[s * batch % rows:s * batch % rows + batch]
            a, T = x[index], t[index]
            for i in range(L):
                z = torch.addmm(p[L + i], a, p[i])
                a = torch.sigmoid(z) if square else torch.relu(z)
            f = torch.nn.functional
            if square: loss = ((a - T)**2).sum() / 2
            elif sizes[-1] == 1: loss = f.binary_cross_entropy_with_logits(z, T)
            else: loss = f.cross_entropy(z, T)
            rule.zero_grad()
            loss.backward()
            rule.step()
    return run


def onnx_prediction():
    W, b, x, _ = start([784, 256, 128, 10], 20_000, np.float32)
    nodes, arrays, last = [], [], "x"
    for i, (w, c) in enumerate(zip(W, b)):
        arrays += [oh.make_tensor(f"W{i}", 1, w.shape, w.tobytes(), raw=True),
                   oh.make_tensor(f"b{i}", 1, c.shape, c.tobytes(), raw=True)]
        nodes.append(oh.make_node("Gemm", [last, f"W{i}", f"b{i}"], [f"z{i}"]))
        last = f"z{i}"
        if i < 2:
            nodes.append(oh.make_node("Relu", [last], [f"a{i}"]))
            last = f"a{i}"
    value = lambda name, width: oh.make_tensor_value_info(name, 1, [None, width])
    model = oh.make_model(oh.make_graph(nodes, "net", [value("x", 784)], [value(last, 10)], arrays),
                          opset_imports=[oh.make_opsetid("", 13)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    report("prediction 20000 rows of 784-256-128-10", "float32", best(lambda: session.run(None, {"x": x}), 1))


if peer == "onnxruntime":
    onnx_prediction()
    sys.exit()
for work, (sizes, rows, batch, optimizer, steps) in NETS.items():
    for kind in (np.float64, np.float32):
        if peer == "sklearn" and sizes == [2, 2, 2]: continue
        run = globals()[f"{peer}_epochs"](sizes, rows, batch, optimizer, steps, kind)
        report(work, kind.__name__, best(run, steps))
if peer == "numpy":
    for kind in (np.float64, np.float32):
        W, b, x, _ = start([784, 256, 128, 10], 20_000, kind)

        def predict():
            a = np.maximum(x @ W[0] + b[0], 0)
            return np.maximum(a @ W[1] + b[1], 0) @ W[2] + b[2]
        report("prediction 20000 rows of 784-256-128-10", kind.__name__, best(predict, 1))
