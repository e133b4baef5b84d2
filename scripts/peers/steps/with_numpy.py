"""NumPy, written as fast as it gets: parameters side by side, results into arrays that are there."""
import common as c
import numpy as np


def epochs(sizes, loss, rows, batch, optimizer, steps, kind):
    W, b, x, t = c.start(sizes, rows, kind)
    flat = np.concatenate([p.ravel() for p in W + b])
    grad, m, v = np.zeros_like(flat), np.zeros_like(flat), np.zeros_like(flat)
    views, slopes, at = [], [], 0
    for p in W + b:
        views.append(flat[at:at + p.size].reshape(p.shape))
        slopes.append(grad[at:at + p.size].reshape(p.shape))
        at += p.size
    W, b, L = views[:len(W)], views[len(W):], len(W)
    is_sigmoid = sizes == [2, 2, 2]
    count, order = 0, c.order(rows)

    def step(X, T):
        nonlocal count
        count += 1
        A = [X]
        for i in range(L):
            z = A[-1] @ W[i]
            z += b[i]
            if i < L - 1 and not is_sigmoid: np.maximum(z, 0, out=z)
            elif i < L - 1 or loss != "ce": z = 1 / (1 + np.exp(-z))
            else:
                z -= z.max(axis=1, keepdims=True)
                np.exp(z, out=z)
                z /= z.sum(axis=1, keepdims=True)
            A.append(z)
        y = A[-1]
        d = (y - T) * y * (1 - y) if loss == "half_sse" else (y - T) / len(X)
        for i in reversed(range(L)):
            np.matmul(A[i].T, d, out=slopes[i])
            d.sum(axis=0, out=slopes[L + i])
            if i: d = (d @ W[i].T) * (A[i] * (1 - A[i]) if is_sigmoid else A[i] > 0)
        if optimizer == "sgd": np.subtract(flat, 0.1 * grad, out=flat)
        else:
            m[:] = 0.9 * m + 0.1 * grad
            v[:] = 0.999 * v + 0.001 * grad * grad
            root = np.sqrt(v / (1 - 0.999**count)) + 1e-8
            np.subtract(flat, 0.001 / (1 - 0.9**count) * m / root, out=flat)

    def run():
        for s in range(steps):
            index = order[s * batch % rows:s * batch % rows + batch]
            step(x[index], t[index])
    return run


c.measure_steps("numpy", epochs)
for kind in ("float64", "float32"):
    if c.wanted(f"{c.PREDICTION} {kind}"):
        W, b, x, _ = c.start([784, 256, 128, 10], 20_000, kind)

        def predict():
            a = np.maximum(x @ W[0] + b[0], 0)
            return np.maximum(a @ W[1] + b[1], 0) @ W[2] + b[2]
        c.report(f"{c.PREDICTION} {kind}", "numpy", c.best(predict, 1))
