"""The circles net of the lectures in scikit-learn."""
import numpy as np
from sklearn.neural_network import MLPClassifier

r = np.random.default_rng(1)
t = np.repeat([0, 1], 50)
a = np.tile(np.linspace(0, 2 * np.pi, 50, endpoint=False), 2)
x = np.where(t == 1, 0.3, 1.0)[:, None] * np.stack([np.cos(a), np.sin(a)], 1)
x += r.normal(0, 0.15, x.shape)
net = MLPClassifier([20], solver="sgd", momentum=0, batch_size=10, learning_rate_init=0.1,
                    max_iter=100, n_iter_no_change=1000, alpha=0)
net.fit(x, t)
print("accuracy", net.score(x, t))
