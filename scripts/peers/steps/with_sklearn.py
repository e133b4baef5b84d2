"""scikit-learn's MLPClassifier, a pass over the data at a time."""
import warnings

import common as c
import numpy as np
from sklearn.neural_network import MLPClassifier

warnings.simplefilter("ignore")


def epochs(sizes, loss, rows, batch, optimizer, steps, kind):
    _, _, x, t = c.start(sizes, rows, kind)
    y = t.argmax(axis=1) if sizes[-1] > 1 else t.ravel()
    classes = np.arange(max(2, sizes[-1]))
    net = MLPClassifier(sizes[1:-1], batch_size=batch, solver=optimizer, momentum=0, learning_rate_init=0.01)

    def run():
        for _ in range(max(1, steps * batch // rows)): net.partial_fit(x, y, classes=classes)
    return run


# It trains on classes only.
c.measure_steps("sklearn", epochs, skip=lambda sizes: sizes == [2, 2, 2] or sizes[-1] > 10)
