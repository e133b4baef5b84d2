"""Whole processes, run in turn: processor time, medians, and memory at the peak."""
import os
import resource
import shutil
import statistics
import subprocess
import time

here = os.path.dirname(os.path.abspath(__file__))
ROUNDS = 7


def works(build, python):
    """Name of the work, and a command for each program; None for what is not installed."""
    def script(name): return os.path.join(here, name)

    def run(program, *arguments):
        found = program if os.path.isabs(program) else shutil.which(program)
        return [found, *arguments] if found and os.path.exists(found) else None

    bp, lua = os.path.join(build, "bp"), "lua5.4"
    return {
        "circles 2-20-1, 100 epochs": [
            ("bp", run(bp, script("circles.bp"))),
            ("C", run(os.path.join(build, "plain"), "circles")),
            ("numpy", run(python("numpy"), script("circles.py"))),
            ("scikit-learn", run(python("sklearn"), script("circles_sklearn.py"))),
            ("torch", run(python("torch"), script("circles_torch.py"))),
        ],
        "start and print 1": [
            ("bp", run(bp, "-e", "print 1")), ("python -S", run("python3", "-S", "-c", "print(1)")),
            ("lua", run(lua, "-e", "print(1)")),
        ],
        "fib(27)": [
            ("bp", run(bp, script("fib.bp"))), ("python", run("python3", script("fib.py"))),
            ("lua", run(lua, script("fib.lua"))),
        ],
        "10 million additions": [
            ("bp", run(bp, script("loop.bp"))), ("python", run("python3", script("loop.py"))),
            ("lua", run(lua, script("loop.lua"))),
        ],
    }


def measured(command):
    """Milliseconds of processor time, megabytes, and what was printed."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "BP_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               env=environment)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    return (usage.ru_utime + usage.ru_stime) * 1e3 if status == 0 else None, usage.ru_maxrss / 1024, output


def timed(command):
    """Seconds by the clock and of processor time, with as many threads as the program takes."""
    began, before = time.monotonic(), os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - began, spent


def megabytes(peak):
    """A new process counts what the one that started it took, so that less cannot be told."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{peak:.0f} MB" if peak > own + 0.5 else f"≤ {own:.0f} MB"


def by_hand(build, python):
    """Rows of a 2-2-2 net written with matrices in a loop: a step, without the start and the end."""
    count, rows, own = 20_000, [], None
    for name, command in [("bp", [os.path.join(build, "bp"), os.path.join(here, "by_hand.bp")]),
                          ("numpy", [python("numpy"), os.path.join(here, "by_hand.py")])]:
        if not os.path.exists(command[0]):
            rows.append(["2-2-2 by hand, a step", name, "", "not installed", ""])
            continue
        pairs = [[measured(command + [str(n)])[0] for n in (1, 1 + count)] for _ in range(ROUNDS)]
        step = statistics.median(long - short for short, long in pairs) / count * 1e3
        own = own or step
        rows.append(["2-2-2 by hand, a step", name, f"{step / own:.2f}", f"{step:.2f} µs", ""])
    return rows


def results(build, python, say):
    """Head and rows of the table."""
    rows = []
    for work, commands in works(build, python).items():
        say(f"whole processes: {work}")
        runs = {name: [] for name, command in commands if command}
        for _ in range(ROUNDS):
            for name, command in commands:
                if command: runs[name].append(measured(command))
        own = statistics.median(time for time, _, _ in runs["bp"])
        for name, command in commands:
            times = [time for time, _, _ in runs.get(name, []) if time is not None]
            if not times:
                rows.append([work, name, "", "not installed" if not command else "failed", ""])
                continue
            middle = statistics.median(times)
            peak = max(memory for _, memory, _ in runs[name])
            rows.append([work, name, f"{middle / own:.2f}", f"{middle:.1f} ms", megabytes(peak)])
    say("whole processes: a net by hand")
    rows += by_hand(build, python)
    say("whole processes: the worked example through the language")
    answers = [measured([os.path.join(build, "bp"), os.path.join(here, "worked_example.bp")])[2].split()
               for _ in range(ROUNDS)]
    seconds = statistics.median(float(answer[0]) for answer in answers)
    plain = subprocess.run([os.path.join(build, "plain"), "steps"], capture_output=True, text=True).stdout
    steps = [float(line.split("\t")[2]) for line in plain.splitlines() if line.startswith("2-2-2")]
    work = "worked example, 10,000 steps, `train` alone"
    rows.append([work, "bp", "1.00", f"{seconds * 1e3:.2f} ms", f"loss {answers[0][1]}"])
    if steps: rows.append([work, "C", f"{steps[0] / seconds / 100:.2f}", f"{steps[0] * 10:.2f} ms", ""])
    return ["work", "program", "time / bp", "processor time", "memory"], rows
