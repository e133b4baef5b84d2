"""Two ranks on two cores of one machine: how much faster than one, and what of a step is exchange and waiting."""
from .plan import LARGE, MIDDLE

# (rows, shards), and what is aimed at on two quiet cores.
POINTS = [(MIDDLE, 2048, 2, "at least 1.7 times as fast"), (LARGE, 512, 2, "at most 10 % exchange")]

# Of an epoch: ranks compare their weights at its first step.
STEPS = 4


def table(bench, say, quick=False):
    """By the clock, the least of many steps: what a busy machine adds is left out where it can be."""
    lines = ["| net | rows | one rank | two ranks | faster | exchange and waiting | aim |", "| --- | --- | --- | --- | --- | --- | --- |"]
    seconds, runs = (2, 1) if quick else (6, 3)
    for net, rows, shards, aim in POINTS:
        one, two = (bench.together(net, rows, shards, ranks, STEPS, seconds, runs) for ranks in (1, 2))
        say(f"{net.name}: {one * 1e3:.2f} and {two * 1e3:.2f} ms a step")
        lines.append(f"| {net.name} | {rows} | {one * 1e3:.2f} ms | {two * 1e3:.2f} ms | {one / two:.2f} | "
                     f"{max(0, 1 - one / 2 / two) * 100:.0f} % | {aim} |")
    return "\n".join(lines)
