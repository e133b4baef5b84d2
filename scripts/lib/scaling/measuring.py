"""Times of bp's steps: one process by its processor time, several under mpirun by the clock of rank 0.

Both take the least of several: what else the machine does only adds.
"""
import os
import shutil
import subprocess
import tempfile

# Root may start processes too, and more of them than there are processors.
ENVIRONMENT = dict(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", BP_THREADS="1")


def launcher():
    """The words that start several processes; None where there is no mpirun."""
    program = shutil.which("mpirun")
    if not program:
        return None
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return [program, "--oversubscribe"] if "Open MPI" in version else [program]


def script(net, rows, shards, steps, epochs, ticks):
    layers = " ".join(["relu"] * (len(net.sizes) - 2) + ["softmax"])
    tick = " every=(r -> { print round(clock()*1e8) })" if ticks else ""
    count = rows * steps
    return (f"seed 5\nnet = mlp [{', '.join(map(str, net.sizes))}] {layers} dtype=float32\n"
            f"train net (data (rand({count}, {net.sizes[0]})) (rand({count}, {net.sizes[-1]}))) epochs={epochs} "
            f"batch={rows} shards={shards} optimizer={net.rule} lr=0.00001 loss=ce shuffle=false quiet=true{tick}\n")


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
        base = self._processor_time(script(net, rows, shards, steps, few, False))
        while True:
            more = self._processor_time(script(net, rows, shards, steps, many, False))
            if more - base >= seconds / 3 or many > 1 << 20:
                break
            many *= 4
        took = (more - base) / (many - few)
        many = few + max(2, round(seconds / took))
        base = min([base] + [self._processor_time(script(net, rows, shards, steps, few, False)) for _ in range(runs)])
        more = min(self._processor_time(script(net, rows, shards, steps, many, False)) for _ in range(runs))
        return (more - base) / (many - few) / steps

    def together(self, net, rows, shards, ranks, steps, seconds, runs=2):
        """By the clock, the least time of a step over all epochs; each epoch has so many steps."""
        command = [*self.words, "-n", str(ranks)] if ranks > 1 else []
        epochs, least = 6, float("inf")
        for _ in range(runs + 1):
            process = self._start(command, script(net, rows, shards, steps, epochs, True))
            output, errors = process.communicate(timeout=600)
            if process.returncode:
                raise SystemExit(f"scaling: bp failed with {ranks} ranks: {errors}")
            ticks = [float(line) * 1e-8 for line in output.split()]
            took = sorted((after - before) / steps for before, after in zip(ticks, ticks[1:]))
            least = min(least, took[0])
            # As many as fit into the time where the machine is quiet, within limits where it is not.
            epochs = max(6, min(4000, round(seconds / (took[0] + took[len(took) // 2]) * 2 / steps)))
        return least


def folder():
    return tempfile.TemporaryDirectory()
