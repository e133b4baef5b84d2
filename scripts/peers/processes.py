"""Whole processes, run alternately: CPU time, medians and ratios to bp."""
import os
import shutil
import statistics
import subprocess
import sys

bp = sys.argv[1]
here = os.path.dirname(os.path.abspath(__file__))
python, lua = sys.executable, shutil.which("lua5.4") or shutil.which("lua")
numpy = subprocess.run([python, "-c", "import numpy"], capture_output=True).returncode == 0


def script(name):
    return os.path.join(here, name)


WORK = {
    "start and print 1": [
        ("bp", [bp, "-e", "print 1"]),
        ("python -S", [python, "-S", "-c", "print(1)"]),
    ],
    "fib(27)": [
        ("bp", [bp, script("fib.bp")]),
        ("python", [python, script("fib.py")]),
        ("lua", lua and [lua, script("fib.lua")]),
    ],
    "10 million additions": [
        ("bp", [bp, script("loop.bp")]),
        ("python", [python, script("loop.py")]),
        ("lua", lua and [lua, script("loop.lua")]),
    ],
    "circles, 100 epochs": [
        ("bp", [bp, script("circles.bp")]),
        ("numpy", numpy and [python, script("circles.py")]),
    ],
}


def measure(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime


print(f"{'whole process':<24}{'':<12}{'CPU ms':>10}{'times bp':>10}")
for work, commands in WORK.items():
    runs = {name: [] for name, command in commands if command}
    for _ in range(9):
        for name, command in commands:
            if command:
                runs[name].append(measure(command))
    base = statistics.median(runs["bp"])
    for name, command in commands:
        if not command:
            print(f"{work:<24}{name:<12}not installed")
            continue
        cpu = statistics.median(runs[name])
        print(f"{work:<24}{name:<12}{cpu * 1e3:>10.1f}{cpu / base:>10.2f}")
