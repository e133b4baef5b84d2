#!/usr/bin/env python3
"""Measures how long programs take to start, against Python without its site packages.

usage: scripts/lib/start.py PROGRAM...

Fails where `PROGRAM -e 'print 1'` takes more than half the time of `python3 -S -c 'print(1)'`, or its prompt
is not there within 5 ms, or two thirds of that time where Python itself is slow. Runs of all alternate, and the
fastest tenth of each is compared, of the prompt the fastest, so that a busy machine does not decide.
"""
import os
import pty
import sys
import tempfile
import time

RUNS = 60
MOST = 0.5
PROMPT = 5.0
quiet = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]


def milliseconds(words):
    began = time.perf_counter()
    _, status = os.waitpid(os.posix_spawn(words[0], words, os.environ, file_actions=quiet), 0)
    if status != 0:
        sys.exit(f"{words[0]} ended with {status}")
    return (time.perf_counter() - began) * 1e3


def prompt(program, home):
    began = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.execve(program, [program], {"HOME": home, "LANG": "C.UTF-8", "TERM": "xterm", "PATH": os.environ["PATH"]})
    screen = b""
    while b"bp>" not in screen:
        screen += os.read(terminal, 4096)
    took = (time.perf_counter() - began) * 1e3
    os.write(terminal, b"\x04")
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        pass
    os.waitpid(child, 0)
    os.close(terminal)
    return took


def fastest(times):
    return sorted(times)[len(times) // 10]


programs = [os.path.abspath(path) for path in sys.argv[1:]]
calls = [[sys.executable, "-S", "-c", "print(1)"]] + [[path, "-e", "print 1"] for path in programs]
times = [[] for _ in calls]
for _ in range(RUNS):
    for call, own in zip(calls, times):
        own.append(milliseconds(call))
python = fastest(times[0])
failed = False
with tempfile.TemporaryDirectory() as home:
    for path, own in zip(programs, times[1:]):
        line, ready = fastest(own), min([prompt(path, home) for _ in range(RUNS)])
        print(f"{os.path.relpath(path)}: a line in {line:.2f} ms, {line / python:.2f} of python3 -S; "
              f"the prompt in {ready:.2f} ms")
        failed = failed or line > MOST * python or ready > max(PROMPT, python * 2 / 3)
sys.exit(failed)
