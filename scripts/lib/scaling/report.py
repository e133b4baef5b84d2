"""Fit, check and predictions as tables of Markdown."""
import json
import math

from . import plan, step
from .events import Cost, Simulation, closed

WEAK, STRONG = "rows of each node", "rows of the batch"
# The efficiency of which it is said how many rows a node it needs, and the most that are tried.
ENOUGH, MOST_ROWS = 0.8, 1 << 17


def save(times, path):
    def kept(row):
        return [float(f"{cell:.5g}") if isinstance(cell, float) else cell for cell in row]

    with open(path, "w") as file:
        rows = {key: ",\n  ".join(json.dumps(kept(row)) for row in value) for key, value in times.items()}
        file.write("{" + ",\n".join(f' "{key}": [\n  {lines}]' for key, lines in rows.items()) + "}\n")


def duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{digits(seconds / size)} {unit}"
    return f"{digits(seconds / 1e-9)} ns"


def digits(number):
    """Three of them."""
    if number <= 0:
        return "0"
    return f"{number:.{max(0, 2 - math.floor(math.log10(number)))}f}"


def size(count):
    return f"{digits(count / 1e6)} MB" if count >= 1e6 else f"{digits(count / 1e3)} kB"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def fit(fit, nets):
    rows = []
    for net in nets:
        update, shard, row = fit.costs[net.name]
        rows.append([net.name, size(net.bytes), duration(row),
                     f"{net.products / row / 1e9:.1f}" if row else "", duration(shard), duration(update)])
    return table(["net", "gradients", "a row", "GFLOP/s of its products", "a shard", "an update"], rows)


def exchange(fit):
    return table(["what the exchange costs here", "fitted"], [
        ["α, a message that is sent and taken in", duration(fit.message)],
        ["β, a byte that is sent", f"{duration(fit.byte)} ({digits(1e-9 / fit.byte) if fit.byte else '∞'} GB/s)"],
        ["a byte that is added, at most", duration(fit.add)],
        ["a byte of weights that is compared once an epoch", duration(fit.check)],
        ["a turn of a rank that shares its core", duration(fit.turn)],
        ["the end of an epoch", duration(fit.end)],
    ])


def check(fit):
    """Measured and predicted times of the nets that were not fitted with several ranks."""
    rows, worst = [], []
    names = [net.name for net in plan.CHECKED]
    for name, count, shards, ranks, steps, seconds in fit.measured["together"]:
        if name in names:
            found = fit.together(name, count, shards, ranks, steps)
            worst.append(found / seconds - 1)
            rows.append([name, count, ranks, duration(seconds), duration(found), f"{100 * worst[-1]:+.0f} %"])
    found = table(["net", "rows", "ranks", "measured", "by the fit", "error"], rows)
    mean = 100 * sum(map(abs, worst)) / len(worst)
    return found + f"\nThe mean error is {mean:.0f} %, the largest {100 * max(worst, key=abs):+.0f} %.\n"


def faster(cost, speed):
    return Cost(*(value / speed for value in (cost.update, cost.shard, cost.row, cost.add)))


def efficiency(net, cost, network, rows, ranks, kind, simulated=True):
    """The share of the time of `ranks` nodes that would be enough if the exchange took none.

    Of a batch that grows with the nodes: the time of one node for its rows, by the time of all for theirs. Of
    one that does not: the time of one node for all rows, by that of all nodes together.
    """
    batch = rows * ranks if kind == WEAK else rows
    shards = divided(net, batch, ranks)
    alone = cost.alone(rows, step.shards_of(net, rows))
    if simulated:
        seconds = Simulation(net.bytes, batch, shards, ranks, cost, network).run().seconds
    else:
        seconds = closed(net.bytes, batch, shards, ranks, cost, network)
    return alone / seconds / (1 if kind == WEAK else ranks), seconds


def divided(net, batch, ranks):
    """As many shards as the batch has by itself, or as shards= gives so that every rank has one."""
    own = step.shards_of(net, batch)
    if own >= ranks:
        return own
    return step.shards_of(net, batch, min(step.MOST_SHARDS, 2 * step.power_of_two(ranks - 1) if ranks > 1 else 1))


def predictions(fit, rows_of, links, nodes, kind, speed):
    rows = []
    for net, count in rows_of.items():
        for link, (latency, byte) in links.items():
            network = plan.Network(link, latency, byte, fit.message / 2)
            cost = faster(fit.cost(net.name), speed)
            cells = []
            for ranks in nodes:
                if kind == STRONG and ranks > count:
                    cells.append("")
                    continue
                share, seconds = efficiency(net, cost, network, count, ranks, kind)
                cells.append(f"{100 * share:.{1 if share < 0.1 else 0}f} %")
            rows.append([net.name, count, link, *cells])
    return table(["net", kind, "network", *[f"{ranks:,}" for ranks in nodes]], rows)


def needed(fit, nets, links, nodes, speed=1):
    """The fewest rows a node, as a power of two, with which an efficiency is enough, by the formula."""
    rows = []
    for net in nets:
        for link, (latency, byte) in links.items():
            network = plan.Network(link, latency, byte, fit.message / 2)
            cost = faster(fit.cost(net.name), speed)
            cells = []
            for ranks in nodes:
                count = 1
                while count <= MOST_ROWS and efficiency(
                        net, cost, network, count, ranks, WEAK, simulated=False)[0] < ENOUGH:
                    count *= 2
                cells.append(f"{count:,}" if count <= MOST_ROWS else "–")
            rows.append([net.name, f"{speed:g}", link, *cells])
    return table(["net", "speed", "network", *[f"{ranks:,}" for ranks in nodes]], rows)
