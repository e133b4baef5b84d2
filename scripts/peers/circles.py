"""The circles net of the lectures in NumPy, written as fast as it gets."""
import numpy as np

r = np.random.default_rng(1)
t = np.repeat([0.0, 1.0], 50)
a = np.tile(np.linspace(0, 2 * np.pi, 50, endpoint=False), 2)
x = np.where(t == 1, 0.3, 1.0)[:, None] * np.stack([np.cos(a), np.sin(a)], 1)
x += r.normal(0, 0.15, x.shape)
t = t[:, None]
w1, b1 = r.normal(0, 1, (2, 20)), np.zeros(20)
w2, b2 = r.normal(0, 0.3, (20, 1)), np.zeros(1)
for epoch in range(100):
    order = r.permutation(100)
    xs, ts = x[order], t[order]
    for i in range(0, 100, 10):
        xb, tb = xs[i : i + 10], ts[i : i + 10]
        h = np.maximum(xb @ w1 + b1, 0)
        y = 1 / (1 + np.exp(-(h @ w2 + b2)))
        d2 = (y - tb) / 10
        d1 = (d2 @ w2.T) * (h > 0)
        w2 -= 0.1 * (h.T @ d2)
        b2 -= 0.1 * d2.sum(0)
        w1 -= 0.1 * (xb.T @ d1)
        b1 -= 0.1 * d1.sum(0)
h = np.maximum(x @ w1 + b1, 0)
y = 1 / (1 + np.exp(-(h @ w2 + b2)))
print("accuracy", float(((y > 0.5) == t).mean()))
