"""What is measured, and what is predicted."""
from .events import Network
from .step import Net

# Trained with usual batches: their times with several ranks are held against the fit.
SMALL = Net((8, 16, 8), "sgd")
MIDDLE = Net((784, 256, 128, 10), "adam")
LARGE = Net((1024, 2048, 2048, 1024), "sgd")
CHECKED = [SMALL, MIDDLE, LARGE]
# (rows, shards) of steps of one process.
ALONE = {
    SMALL: [(16, 1), (64, 1), (256, 1), (64, 8), (256, 8)],
    MIDDLE: [(64, 1), (256, 1), (1024, 1), (64, 8), (512, 8), (1024, 8)],
    LARGE: [(32, 1), (128, 1), (256, 1), (64, 8), (256, 8)],
}
# (rows, shards, steps an epoch) of the check.
STEPS = {SMALL: (64, 8, 16), MIDDLE: (128, 8, 1), LARGE: (64, 8, 1)}
CHECKED_RANKS = [1, 2, 4, 8]

# A row a shard, so that the exchange is most of the step: gradients of 3 kB to 8 MB.
EXCHANGED = [Net((16, 32, 16)), Net((32, 96, 32)), Net((64, 256, 64)), Net((256, 512, 256)), Net((512, 2048, 512))]
EXCHANGED_ALONE = [(8, 8), (2, 2), (8, 1), (1, 1)]
EXCHANGED_RANKS = [2, 3, 4, 6, 8]
EXCHANGED_STEPS = [16, 8, 2, 1, 1]
# Once more with other epochs, which tells what their ends cost: there the weights are compared.
OTHER_STEPS = [(Net((16, 32, 16)), 1, 1), (Net((16, 32, 16)), 1, 4), (Net((32, 96, 32)), 1, 1),
               (Net((64, 256, 64)), 2, 8), (Net((64, 256, 64)), 4, 8), (Net((256, 512, 256)), 2, 4),
               (Net((256, 512, 256)), 4, 4)]

# Latency and bytes a second of links; `own` is the fit's time of a processor for a message.
LINKS = {"100 Gbit/s, 2 µs": (2e-6, 8 / 100e9), "1 Gbit/s, 50 µs": (50e-6, 8 / 1e9)}
# A node of many cores, in cores of this machine.
FASTER = 32
NODES = [16, 32, 64, 128, 256, 512, 1024]
# Rows of a node where the batch grows with the nodes, and of the batch where it does not.
ROWS_A_NODE = {SMALL: 64, MIDDLE: 1024, LARGE: 512}
ROWS_OF_ALL = {SMALL: 4096, MIDDLE: 16384, LARGE: 16384}


def network(link, own):
    latency, byte = LINKS[link]
    return Network(link, latency, byte, own)


def measure(bench, say, quick=False):
    """All times, as lists that JSON holds."""
    alone, together = [], []
    most, turn = (0.05, 0.4) if quick else (0.25, 1.5)
    for net, points in {**ALONE, **{net: EXCHANGED_ALONE for net in EXCHANGED}}.items():
        for rows, shards in points:
            seconds = bench.alone(net, rows, shards, seconds=most, runs=2 if quick else 4)
            alone.append([net.name, rows, shards, seconds])
            say(f"{net.name}, {rows} rows in {shards} shards: {seconds * 1e6:.1f} µs of one process")
    if bench.words is None:
        return {"alone": alone, "together": together}
    wanted = [(net, 8, 8, ranks, steps) for net, steps in zip(EXCHANGED, EXCHANGED_STEPS) for ranks in EXCHANGED_RANKS]
    wanted += [(net, 8, 8, ranks, steps) for net, ranks, steps in OTHER_STEPS]
    wanted += [(net, *STEPS[net][:2], ranks, STEPS[net][2]) for net in CHECKED for ranks in CHECKED_RANKS]
    for net, rows, shards, ranks, steps in wanted:
        seconds = bench.together(net, rows, shards, ranks, steps, seconds=turn, runs=1 if quick else 3)
        together.append([net.name, rows, shards, ranks, steps, seconds])
        say(f"{net.name}, {rows} rows in {shards} shards, {ranks} ranks: {seconds * 1e6:.1f} µs")
    return {"alone": alone, "together": together}
