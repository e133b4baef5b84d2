"""Tests of the model itself: simulation and formula against each other, the fit against costs that are known, and
the page against what was measured. None needs MPI or bp."""
import itertools
import json

from . import fitting, plan, report, step
from .events import Cost, Network, Simulation, Sums, closed

COST = Cost(update=3e-5, shard=2e-5, row=4e-6, add=1e-10)
NETWORKS = [Network("fast", 2e-6, 8e-11, 5e-7), Network("slow", 5e-5, 8e-9, 1e-6), Network("busy", 1e-6, 1e-12, 2e-5)]
# The columns of the page that are simulated again here.
NODES = [16, 64]

failures = []


def expect(holds, words):
    if not holds:
        failures.append(words)


def near(one, other, error=1e-9):
    return abs(one - other) <= error * max(abs(one), abs(other))


def tree():
    """Whoever computes which shards: the parts of all ranks add up to the one tree, with as many sums."""
    for level in range(0, 7):
        shards = 1 << level
        for ranks in (1, 2, 3, 5, 7, 8, 48, 64, 100):
            parts = [step.parts_of(step.shards_of_rank(shards, rank, ranks)) for rank in range(ranks)]
            sums = Sums()
            expect(sums.add(parts) == [(level, 0)], f"{shards} shards of {ranks} ranks are not added to one tree")
            expect(sums.added == sum(map(len, parts)) - 1, f"{shards} shards of {ranks} ranks: sums are missing")
            expect(sum(step.rows_of_rank(1000, shards, rank, ranks) for rank in range(ranks)) == 1000,
                   f"{shards} shards of {ranks} ranks leave rows out")
    expect(step.parts_of(range(2, 5)) == [(1, 1), (0, 4)], "shards 2 to 4 are the parts (1, 1) and (0, 4)")
    # As run.shards says of the nets of the page of machines.
    expect(step.shards_of(plan.MIDDLE, 4096) == 4, "a batch of 4,096 rows has 4 shards")
    expect(step.shards_of(plan.SMALL, 4096) == 1, "a small net is not divided")
    expect(plan.MIDDLE.bytes == 4 * (784 * 256 + 256 + 256 * 128 + 128 + 128 * 10) + 64, "bytes of 784-256-128-10")


def pieces():
    """Every byte is added by one rank, and what is sent is twice the gradients, without the rank's own piece."""
    for size, ranks in itertools.product((40_000 // 64 * 64, 941_248, 29_380_608), (2, 3, 7, 64, 1000)):
        cut = [step.piece_of(size, rank, ranks) for rank in range(ranks)]
        expect(sum(cut) == size, f"pieces of {ranks} ranks are not the whole of {size} bytes")
    for ranks in (2, 8, 64):
        size = 1 << 20
        messages, moved = step.sent_by(size, 64, 0, ranks)
        expect(messages == 3 * (ranks - 1), f"{messages} messages of one of {ranks} ranks")
        headers = (ranks - 1) * step.header_of(64, 0, ranks)
        expect(moved == 2 * size * (ranks - 1) // ranks + headers, f"{moved} bytes of one of {ranks} ranks")


def simulation():
    """The simulation comes to the formula where that is exact, and bytes are neither lost nor made."""
    for size, ranks, network in itertools.product((16_384, 1 << 20, 1 << 25), (1, 2, 4, 16, 64), NETWORKS):
        what = f"{size} bytes, {ranks} ranks, {network.name} network"
        made = Simulation(size, 8192, 64, ranks, COST, network).run()
        formula = closed(size, 8192, 64, ranks, COST, network)
        expect(near(made.seconds, formula), f"{what}: {made.seconds} s simulated, {formula} s by the formula")
        received = sum(made.received)
        sent = sum(step.sent_by(size, 64, rank, ranks)[1] for rank in range(ranks)) if ranks > 1 else 0
        expect(received == sent, f"{what}: {received} bytes received, {sent} sent")
    for size, ranks, shards, network in itertools.product((16_384, 941_248), (3, 7, 48), (8, 64), NETWORKS):
        what = f"{size} bytes, {ranks} ranks, {shards} shards, {network.name} network"
        made = Simulation(size, 8192, shards, ranks, COST, network, steps=3).run()
        expect(all(len(ends) == 3 for ends in made.ends), f"{what}: ranks are left behind")
        sent = 3 * sum(step.sent_by(size, shards, rank, ranks)[1] for rank in range(ranks))
        expect(sum(made.received) == sent, f"{what}: {sum(made.received)} bytes received, {sent} sent")
        least = max(COST.compute(8192, shards, rank, ranks) + COST.update
                    + step.sent_by(size, shards, rank, ranks)[1] * network.per_byte for rank in range(ranks))
        expect(made.seconds >= least, f"{what}: faster than a rank with its link")
    # All send to rank 0 first: its link takes all of that in, and nearly twice the time passes.
    behind, zero = (Simulation(1 << 25, 8192, 64, 64, COST, NETWORKS[1], order).run().seconds
                    for order in ("behind", "zero"))
    expect(1.8 < zero / behind < 2, f"sending to rank 0 first takes {zero / behind:.2f} times as long")


def fit():
    """Costs that made the times are found again."""
    nets = [*plan.EXCHANGED, *plan.CHECKED]
    known = fitting.Fit.__new__(fitting.Fit)
    known.factors = [2e-6, 3e-10, 2e-10, 4e-5, 7e-5]
    known.add = 1e-10
    known.costs = {net.name: tuple(share * net.bytes * known.add for share in (0.2, 0.5, 0.3)) for net in nets}
    points = {**plan.ALONE, **{net: plan.EXCHANGED_ALONE for net in plan.EXCHANGED}}
    times = {"alone": [[net.name, rows, shards, known.cost(net.name).alone(rows, shards)]
                       for net, all_of in points.items() for rows, shards in all_of],
             "together": [[net.name, 8, 8, ranks, steps, known.together(net.name, 8, 8, ranks, steps)]
                          for net in plan.EXCHANGED for ranks in [1, *plan.EXCHANGED_RANKS] for steps in (1, 4)]}
    found = fitting.Fit(times, [net.name for net in plan.CHECKED])
    for value, wanted in zip([found.add, *found.factors], [known.add, *known.factors]):
        expect(near(value, wanted, 1e-5), f"the fit finds {value}, and {wanted} made the times")
    for name, costs in known.costs.items():
        expect(all(near(*pair, 1e-5) for pair in zip(found.costs[name], costs)), f"the fit finds other costs of {name}")
    expect(fitting.least_squares([[1, 1], [2, 1], [3, 1]], [1, 0.5, 0.1])[0] == 0, "a cost below zero is fitted")


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def page(kept, path):
    """The page says what the times that were kept come to."""
    with open(kept) as file:
        times = json.load(file)
    with open(path) as file:
        text = file.read()
    made = fitting.Fit(times, [net.name for net in plan.CHECKED])
    for part in (report.fit(made, plan.CHECKED), report.exchange(made), report.check(made)):
        for line in part.splitlines():
            expect(line in text, f"{path} does not have the line\n  {line}")
    for speed in (1, plan.FASTER):
        for line in report.needed(made, plan.CHECKED, plan.LINKS, plan.NODES, speed).splitlines():
            expect(line in text, f"{path} does not have the line\n  {line}")
    lines = [cells(line) for line in text.splitlines() if line.startswith("|")]
    for rows_of, kind in ((plan.ROWS_A_NODE, report.WEAK), (plan.ROWS_OF_ALL, report.STRONG)):
        wanted = [cells(line) for line in report.predictions(made, rows_of, plan.LINKS, NODES, kind, 1).splitlines()]
        heads = [line for line in lines if line[:3] == wanted[0][:3]]
        if not heads:
            failures.append(f"{path} has no table of predictions with the {kind}")
            continue
        places = [heads[0].index(str(nodes)) for nodes in NODES]
        for row in wanted[2:]:
            there = [line for line in lines if line[:3] == row[:3]]
            expect(any([line[place] for place in places] == row[3:] for line in there),
                   f"{path} does not predict {row}, but {there}")


def run(kept, path):
    for part in (tree, pieces, simulation, fit):
        part()
    page(kept, path)
    for words in failures:
        print(f"scaling: {words}")
    return 1 if failures else 0
