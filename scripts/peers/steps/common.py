"""What the measurements of all libraries share: the nets, the data and the clock.

A file with_LIBRARY.py prints lines `work<TAB>library<TAB>microseconds a step`. PEER_THREADS says how
many threads it may use; words on the command line pick the works that have them all in their name."""
import os
import sys
import time

THREADS = int(os.environ.get("PEER_THREADS", "1"))
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)
WORDS = sys.argv[1:]

# Sizes, loss, rows, batch, optimizer, steps a run.
NETS = {
    "2-20-1 batch 10 sgd": ([2, 20, 1], "bce", 100, 10, "sgd", 1000),
    "2-2-2 batch 1 sgd": ([2, 2, 2], "half_sse", 1, 1, "sgd", 2000),
    "64-128-64-10 batch 32 adam": ([64, 128, 64, 10], "ce", 1600, 32, "adam", 200),
    "784-256-128-10 batch 128 adam": ([784, 256, 128, 10], "ce", 2560, 128, "adam", 20),
    "1024-2048-2048-1024 batch 512 sgd": ([1024, 2048, 2048, 1024], "half_sse", 512, 512, "sgd", 1),
}
# Alike nets with rates of their own, beside the above: so many nets, of which net, steps of each a run.
LANES = {"64 nets of 2-20-1 batch 10 sgd": (64, "2-20-1 batch 10 sgd", 10_000)}
PREDICTION = "prediction 20000 rows of 784-256-128-10"


def wanted(work):
    return all(word in work for word in WORDS)


def clock():
    """One thread is measured by its own time, so that a busy machine does not count."""
    return time.process_time() if THREADS == 1 else time.perf_counter()


def best(body, steps, runs=5):
    """The fastest of several runs, in microseconds a step: what else a machine does only adds."""
    body()
    times = []
    for _ in range(runs):
        start = clock()
        body()
        times.append((clock() - start) * 1e6 / steps)
    return min(times)


def report(work, library, number):
    print(f"{work}\t{library}\t{number:.4f}", flush=True)


def start(sizes, rows, kind):
    """Weights (inputs × units), biases, samples and targets."""
    import numpy as np
    random = np.random.default_rng(1)
    W = [random.uniform(-0.2, 0.2, s).astype(kind) for s in zip(sizes, sizes[1:])]
    b = [np.zeros(n, kind) for n in sizes[1:]]
    x = random.standard_normal((rows, sizes[0])).astype(kind)
    k = sizes[-1]
    t = random.random((rows, k)) < 0.5 if k < 3 else np.eye(k)[random.integers(0, k, rows)]
    return W, b, x, t.astype(kind)


def order(rows):
    import numpy as np
    return np.random.default_rng(2).permutation(rows)


def measure_steps(library, make, kinds=("float64", "float32"), skip=lambda sizes: False):
    """`make(sizes, loss, rows, batch, optimizer, steps, kind)` gives what runs so many steps."""
    for work, (sizes, loss, rows, batch, optimizer, steps) in NETS.items():
        for kind in kinds:
            if skip(sizes) or not wanted(f"{work} {kind}"): continue
            body = make(sizes, loss, rows, batch, optimizer, steps, kind)
            report(f"{work} {kind}", library, best(body, steps, runs=2 if steps == 1 else 5))


def measure_lanes(library, make, kinds=("float64", "float32")):
    """The same for many nets at once: `make` is given their rates, too, and a step is one of one net."""
    for work, (nets, net, steps) in LANES.items():
        sizes, loss, rows, batch, optimizer, _ = NETS[net]
        rates = [0.05 * (1 + i / nets) for i in range(nets)]
        for kind in kinds:
            if not wanted(f"{work} {kind}"): continue
            body = make(sizes, loss, rows, batch, optimizer, steps, kind, rates)
            report(f"{work} {kind}", library, best(body, nets * steps, runs=3))
