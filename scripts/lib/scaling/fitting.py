"""Costs from measured times: least squares of relative errors, without negative ones."""
import itertools

from . import step
from .events import Cost

CORES = 2


def solved(matrix, wanted):
    """The solution of a linear system by elimination; None where it has none or many."""
    size = len(wanted)
    rows = [list(row) + [value] for row, value in zip(matrix, wanted)]
    for place in range(size):
        best = max(range(place, size), key=lambda row: abs(rows[row][place]))
        if abs(rows[best][place]) < 1e-12:
            return None
        rows[place], rows[best] = rows[best], rows[place]
        for other in range(size):
            if other != place:
                factor = rows[other][place] / rows[place][place]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[place])]
    return [rows[place][size] / rows[place][place] for place in range(size)]


def least_squares(features, times, whole=None):
    """Non-negative factors of features that come nearest to the times, errors relative to `whole` or the times.

    Of every choice of features the normal equations are solved; the best without a negative factor counts.
    """
    count = len(features[0])
    # Equations are solved for features of like size.
    whole = whole or times
    scale = [max(abs(row[place]) / base for row, base in zip(features, whole)) or 1 for place in range(count)]
    rows = [[value / base / unit for value, unit in zip(row, scale)] for row, base in zip(features, whole)]
    sides = [time / base for time, base in zip(times, whole)]
    best, least = [0.0] * count, float("inf")
    for size in range(1, count + 1):
        for chosen in itertools.combinations(range(count), size):
            found = solved([[sum(row[i] * row[j] for row in rows) for j in chosen] for i in chosen],
                           [sum(row[i] * side for row, side in zip(rows, sides)) for i in chosen])
            if found is None or min(found) < 0:
                continue
            error = sum((sum(row[i] * x for i, x in zip(chosen, found)) - side) ** 2
                        for row, side in zip(rows, sides))
            if error < least - 1e-15:
                least, best = error, [0.0] * count
                for place, value in zip(chosen, found):
                    best[place] = value / scale[place]
    return best


def shared(values):
    """What takes so long for each rank takes this long for all, who share the processors."""
    return max(max(values), sum(values) / CORES)


def features_together(net, shards, ranks, steps):
    """Of a step on this machine beside its work: messages, bytes, bytes of weights at the end of an epoch, turns that
    are waited for, and ends of epochs, where ranks compare their weights."""
    ends = shared([1 / steps] * ranks)
    if ranks == 1:
        return [0, 0, net.bytes * ends, 0, ends]
    sent = [step.sent_by(net.bytes, shards, rank, ranks) for rank in range(ranks)]
    return [shared([messages for messages, _ in sent]), shared([moved for _, moved in sent]),
            net.bytes * ends, step.phases_of(net.bytes) * max(0, ranks / CORES - 1), ends]


def work(net, cost, rows, shards, ranks):
    """Everything but the exchange."""
    return shared([
        cost.compute(rows, shards, rank, ranks) + cost.update
        + (step.added_by(net.bytes, shards, rank, ranks) * cost.add if ranks > 1 else 0)
        for rank in range(ranks)])


class Fit:
    """What was measured, as costs."""

    def __init__(self, measured, held_out):
        """- held_out: nets whose times with several ranks are not fitted but predicted."""
        self.measured = measured
        self.costs = {}
        alone = {}
        for name, rows, shards, seconds in measured["alone"]:
            alone.setdefault(name, []).append((rows, shards, seconds))
        for name, points in alone.items():
            update, shard, row = least_squares(
                [[1, shards, rows] for rows, shards, _ in points], [seconds for *_, seconds in points])
            self.costs[name] = (update, shard, row)
        # A step of one row reads all weights, writes all gradients and changes all weights: to add takes no longer.
        largest = max((net for net in map(step.Net.named, alone) if net.name not in held_out),
                      key=lambda net: net.bytes)
        self.add = next(seconds for rows, shards, seconds in alone[largest.name] if (rows, shards) == (1, 1)
                        ) / largest.bytes
        features, rests, whole = [], [], []
        for name, rows, shards, ranks, steps, seconds in measured["together"]:
            if name not in held_out:
                net = step.Net.named(name)
                features.append(features_together(net, shards, ranks, steps))
                rests.append(seconds - work(net, self.cost(name), rows, shards, ranks))
                whole.append(seconds)
        self.factors = least_squares(features, rests, whole) if features else [0.0] * 5
        self.message, self.byte, self.check, self.turn, self.end = self.factors

    def cost(self, name):
        return Cost(*self.costs[name], self.add)

    def together(self, name, rows, shards, ranks, steps):
        """The seconds of a step of ranks that share the processors of this machine."""
        net = step.Net.named(name)
        return work(net, self.cost(name), rows, shards, ranks) + sum(
            factor * value for factor, value in zip(self.factors, features_together(net, shards, ranks, steps)))
