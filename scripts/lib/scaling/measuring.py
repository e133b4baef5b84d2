"""Times of bp's steps: one process by its processor time, several under mpirun by the clock of rank 0.

Both take the least of several: what else the machine does only adds.
"""
import os
import shutil
import subprocess
import tempfile

# How often few and many epochs are timed in turn.
TURNS = 5
# Root may start processes too, and more of them than there are processors.
ENVIRONMENT = dict(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", BP_THREADS="1")


def launcher():
    """The words that start several processes; None where there is no mpirun."""
    program = shutil.which("mpirun")
    if not program:
        return None
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return [program, "--oversubscribe"] if "Open MPI" in version else [program]


def script(net, rows, shards, steps, epochs):
    """Trains so many epochs once; where `epochs` is a pair, first the one and then the other, several times, and writes
    how long each took in units of 10 ns. Nothing is asked at the end of epochs, as the loss of all rows would be."""
    layers = " ".join(["relu"] * (len(net.sizes) - 2) + ["softmax"])
    count = rows * steps
    text = (f"seed 5\nnet = mlp [{', '.join(map(str, net.sizes))}] {layers} dtype=float32\n"
            f"d = data (rand({count}, {net.sizes[0]})) (rand({count}, {net.sizes[-1]}))\n")

    def train(epochs):
        return f"train net d epochs={epochs} batch={rows} shards={shards} optimizer={net.rule} lr=0.00001 loss=ce shuffle=false quiet=true\n"

    if isinstance(epochs, int):
        return text + train(epochs)
    few, many = epochs
    return (f"{text}for k in 1..{TURNS} {{\na = clock()\n{train(few)}b = clock()\n{train(many)}"
            "c = clock()\nprint round((b - a)*1e8), round((c - b)*1e8)\n}\n")


class Bench:
    def __init__(self, bp, words, folder):
        self.bp, self.words, self.folder = bp, words, folder
        self.environment = dict(os.environ, **ENVIRONMENT)

    def _start(self, command, text):
        path = os.path.join(self.folder, "step.bp")
        with open(path, "w") as file:
            file.write(text)
        return subprocess.Popen([*command, self.bp, path], env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def _processor_time(self, text):
        process = self._start([], text)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        if status:
            raise SystemExit(f"scaling: bp failed: {errors}")
        return usage.ru_utime + usage.ru_stime

    def alone(self, net, rows, shards, seconds=0.3, runs=4):
        """Processor time of a step of one process: what more epochs take more."""
        # An epoch of about a tenth of `seconds` at 50 GFLOP/s, whose data still lie in memory.
        steps = max(1, min(16, 4096 // rows, round(0.1 * seconds * 50e9 / (net.products * rows))))
        few, many = 2, 4
        base = self._processor_time(script(net, rows, shards, steps, few))
        while True:
            more = self._processor_time(script(net, rows, shards, steps, many))
            if more - base >= seconds / 3 or many > 1 << 20:
                break
            many *= 4
        took = (more - base) / (many - few)
        many = few + max(2, round(seconds / took))
        base = min([base] + [self._processor_time(script(net, rows, shards, steps, few)) for _ in range(runs)])
        more = min(self._processor_time(script(net, rows, shards, steps, many)) for _ in range(runs))
        return (more - base) / (many - few) / steps

    def together(self, net, rows, shards, ranks, steps, seconds, runs=2):
        """By the clock, the time of a step: the least of many epochs less the least of few. Each epoch has so many steps."""
        command = [*self.words, "-n", str(ranks)] if ranks > 1 else []
        few, many = 1, 4
        took = self._times(command, net, rows, shards, steps, (few, many))
        # As many as fit into the time where the machine is quiet, within limits where it is not.
        many = few + max(3, min(4000, round(seconds / TURNS / max(1e-7, (took[1] - took[0]) / (many - few)))))
        times = [self._times(command, net, rows, shards, steps, (few, many)) for _ in range(runs)]
        least, most = (min(column) for column in zip(*times))
        return (most - least) / (many - few) / steps

    def _times(self, command, net, rows, shards, steps, epochs):
        """The least seconds of few epochs, and of many."""
        process = self._start(command, script(net, rows, shards, steps, epochs))
        output, errors = process.communicate(timeout=600)
        if process.returncode:
            raise SystemExit(f"scaling: bp failed: {errors}")
        return [min(column) for column in zip(*([float(word) * 1e-8 for word in line.split()] for line in output.splitlines()))]


def folder():
    return tempfile.TemporaryDirectory()
