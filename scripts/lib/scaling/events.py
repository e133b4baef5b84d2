"""A divided step event by event: ranks, the ports of their links, messages, and sums in the order of the tree.

A rank computes its shards, posts its messages one after another, takes in those of the others, adds its piece
over all parts, sends the sum, and updates. A link carries one message at a time each way, and bytes in the
order in which they were posted; a message that finds a port busy waits there, and what it has waited for is
known only by going through all of them.
"""
import heapq
from dataclasses import dataclass

from . import step


@dataclass(frozen=True)
class Network:
    """A link to each rank and switches between that never fill up; LogGP's L, G and o."""
    name: str
    latency: float        # seconds from the first byte sent to the first received
    per_byte: float       # seconds of a byte on a link, each way
    per_message: float    # seconds of a processor to send a message, and as much to take one in


@dataclass(frozen=True)
class Cost:
    """What a net costs a processor, in seconds."""
    update: float
    shard: float
    row: float
    add: float            # of a byte that is added
    check: float = 0      # of a byte that is compared once an epoch

    def compute(self, batch, shards, rank, ranks):
        return (len(step.shards_of_rank(shards, rank, ranks)) * self.shard
                + step.rows_of_rank(batch, shards, rank, ranks) * self.row)

    def alone(self, batch, shards):
        return self.compute(batch, shards, 0, 1) + self.update


class Sums:
    """What a rank has of the tree; raises where parts come that the tree has no place for."""

    def __init__(self):
        self.added = 0

    def add(self, parts_of_ranks):
        stack = []
        for parts in parts_of_ranks:
            for part in parts:
                step.push(stack, part, self._add)
        return stack

    def _add(self, left, right):
        if left[0] != right[0] or left[1] + 1 != right[1]:
            raise ValueError(f"{left} and {right} are no neighbours")
        self.added += 1


class Simulation:
    """One or more steps of some ranks. `ends` are the moments at which each rank is done with a step."""

    def __init__(self, size, batch, shards, ranks, cost, network, order="behind", steps=1):
        self.size, self.batch, self.shards, self.ranks = size, batch, shards, ranks
        self.cost, self.network, self.order, self.steps = cost, network, order, steps
        self.phases = step.phases_of(size)
        everyone = range(ranks)
        self.parts = [step.parts_of(step.shards_of_rank(shards, rank, ranks)) for rank in everyone]
        self.pieces = [step.piece_of(size, rank, ranks) for rank in everyone]
        self.headers = [step.header_of(shards, rank, ranks) for rank in everyone]
        self.others = [step.others_of(rank, ranks, order) for rank in everyone]
        # A sum depends on the tree alone: one rank's order is that of all.
        sums = Sums()
        self.whole = sums.add(self.parts)
        self.adds = sums.added
        # From how many others something comes in each phase.
        full = sum(1 for piece in self.pieces if piece)
        self.expected = [[ranks - 1, full - (1 if piece else 0)] for piece in self.pieces]
        # When a rank has posted its messages and takes in those of others; None while it computes.
        self.posted = [None] * ranks
        self.outgoing = [0.0] * ranks
        self.incoming = [0.0] * ranks
        self.stage = [0] * ranks
        self.waiting = [{} for _ in everyone]
        self.received = [0] * ranks
        self.ends = [[] for _ in everyone]
        self.queue = []

    def run(self):
        for rank in range(self.ranks):
            self._compute(rank, 0.0)
        while self.queue:
            self._arrive(*heapq.heappop(self.queue))
        return self

    @property
    def seconds(self):
        """Of a step."""
        return max(ends[-1] for ends in self.ends) / self.steps

    def _compute(self, rank, moment):
        moment += self.cost.compute(self.batch, self.shards, rank, self.ranks)
        if self.ranks == 1:
            return self._end(rank, moment)
        self._post(rank, moment)

    def _message(self, rank, other, phase):
        """Messages to one rank and their bytes, which leave together."""
        if phase == 0:
            piece = self.pieces[other]
            return 1 + (len(self.parts[rank]) if piece else 0), self.headers[rank] + len(self.parts[rank]) * piece
        return (1, self.pieces[rank]) if self.pieces[rank] else (0, 0)

    def _post(self, rank, moment):
        """Posts all messages of a phase; the first goes on its way."""
        phase = self.stage[rank] % self.phases
        count = sum(self._message(rank, other, phase)[0] for other in self.others[rank])
        self.posted[rank] = moment + self.network.per_message * count
        self._send(rank, self.stage[rank], 0, moment)
        self._look(rank)

    def _send(self, rank, stage, place, posted):
        """Sends the message at one place of a rank's list, or the next that is none of no bytes."""
        others = self.others[rank]
        while place < len(others):
            count, size = self._message(rank, others[place], stage % self.phases)
            posted += self.network.per_message * count
            if count:
                begins = max(self.outgoing[rank], posted)
                self.outgoing[rank] = begins + size * self.network.per_byte
                heapq.heappush(
                    self.queue, (begins + self.network.latency, rank, stage, place, count, size, posted))
                return
            place += 1

    def _arrive(self, moment, rank, stage, place, count, size, posted):
        other = self.others[rank][place]
        done = max(self.incoming[other], moment) + size * self.network.per_byte
        self.incoming[other] = done
        self.received[other] += size
        here = self.waiting[other].setdefault(stage, [])
        here.append((done, count))
        self._send(rank, stage, place + 1, posted)
        if len(here) == self.expected[other][stage % self.phases]:
            self._look(other)

    def _look(self, rank):
        """Goes on where all has come that a rank waits for."""
        moment, stage = self.posted[rank], self.stage[rank]
        phase = stage % self.phases
        here = self.waiting[rank].get(stage, [])
        if moment is None or len(here) < self.expected[rank][phase]:
            return
        for done, count in sorted(here):
            moment = max(moment, done) + self.network.per_message * count
        moment = max(moment, self.outgoing[rank])
        self.waiting[rank].pop(stage, None)
        self.posted[rank] = None
        self.stage[rank] += 1
        if phase == 0:
            moment += self.adds * self.pieces[rank] * self.cost.add
        if self.stage[rank] % self.phases:
            self._post(rank, moment)
        else:
            self._end(rank, moment)

    def _end(self, rank, moment):
        moment += self.cost.update
        self.ends[rank].append(moment)
        if len(self.ends[rank]) < self.steps:
            self._compute(rank, moment)


def closed(size, batch, shards, ranks, cost, network):
    """The seconds of a step by the formula, which is exact where all ranks have equally much to do.

    A phase in which a rank sends m messages of b bytes to each of n others, those behind it first, so that
    at each moment one rank sends to each: bytes leave every max(o·m, b·G), the last arrives L later, and each
    takes o·m to be taken in (Alexandrov, Ionescu, Schauser, Scheiman 1995, LogGP).
    """
    if ranks == 1:
        return cost.alone(batch, shards)
    n = ranks - 1
    parts = len(step.parts_of(step.shards_of_rank(shards, 0, ranks)))
    piece = step.piece_of(size, 0, ranks)
    seconds = cost.compute(batch, shards, 0, ranks) + cost.update
    seconds += (ranks * parts - 1) * piece * cost.add
    sent = [(1 + parts, step.header_of(shards, 0, ranks) + parts * piece)]
    if step.phases_of(size) == 2:
        sent.append((1, piece))
    for messages, size_of_one in sent:
        own, wire = network.per_message * messages, size_of_one * network.per_byte
        pace = max(own, wire)
        seconds += max(
            2 * n * own,
            *(own + (place - 1) * pace + wire + network.latency + (n - place + 1) * own for place in (1, n)))
    return seconds
