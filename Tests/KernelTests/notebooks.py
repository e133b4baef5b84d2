"""Runs notebooks with the kernel bp, as nbclient and other front ends do.

usage: notebooks.py PROGRAM LECTURES, with JUPYTER_PATH naming a folder in which the kernel is installed

PROGRAM is bp, LECTURES a folder of scripts, each of which is run as a notebook, a slide a cell.
BP_RESTARTS says how often a kernel is started and ended (30).
"""
import json
import os
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time

import nbformat
import zmq
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

program = pathlib.Path(sys.argv[1]).resolve()
lectures = pathlib.Path(sys.argv[2]).resolve()
failures = []


def expect(holds, what):
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}", flush=True)


def cells(text):
    """The script in pieces that begin with a slide."""
    return [piece for piece in re.split(r"(?m)^(?=slide )", text) if piece.strip()]


def run_lectures():
    """Every lecture is a notebook without an error, and its checks hold."""
    pictures = 0
    for script in sorted(lectures.glob("*.bp")):
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(piece) for piece in cells(script.read_text())])
        client = NotebookClient(
            notebook, kernel_name="bp", timeout=120, resources={"metadata": {"path": str(lectures)}})
        client.execute()
        outputs = [output for cell in notebook.cells for output in cell.outputs]
        pictures += sum("image/svg+xml" in output.get("data", {}) for output in outputs)
        errors = [o for o in outputs if o.output_type == "error"]
        complaints = [o.text for o in outputs if o.get("name") == "stderr" and "check failed" in o.text]
        expect(not errors and not complaints, f"{script.name}: {errors} {complaints}")
        print(f"{script.name}: {len(notebook.cells)} cells, {len(outputs)} outputs", flush=True)
    expect(pictures > 10, f"only {pictures} pictures in all lectures")


def execute(client, code):
    messages = []
    reply = client.execute_interactive(code, output_hook=messages.append, timeout=60)
    return reply["content"], messages


def try_interrupts():
    """A training that is interrupted keeps its net, and the cells behind it are not run."""
    manager, client = start_new_kernel(kernel_name="bp")
    try:
        execute(client, "net = mlp [2,64,64,1] relu sigmoid")
        for number, interrupt in enumerate([
            lambda: manager.interrupt_kernel(),
            lambda: client.control_channel.send(client.session.msg("interrupt_request", {})),
        ]):
            begun = client.execute("train net circles epochs=100000000")
            behind = client.execute("print 1")
            time.sleep(1)
            start = time.perf_counter()
            interrupt()
            reply = client.get_shell_msg(timeout=20)
            expect(reply["parent_header"]["msg_id"] == begun, "the training answers first")
            expect(reply["content"]["ename"] == "Interrupted", f"{reply['content']}")
            print(f"interrupted in {time.perf_counter() - start:.3f} s")
            reply = client.get_shell_msg(timeout=20)
            expect(reply["parent_header"]["msg_id"] == behind, "the cell behind it answers")
            expect(reply["content"]["status"] == "aborted", f"{reply['content']}")
        content, messages = execute(client, "accuracy net circles")
        expect(content["status"] == "ok", "the net is there after an interrupt")
        value = [m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] == "execute_result"]
        expect(value == ["1"], f"the net has learnt: {value}")
        # While nothing runs, an interrupt does nothing.
        manager.interrupt_kernel()
        expect(execute(client, "1 + 1")[0]["status"] == "ok", "an interrupt between cells")
    finally:
        manager.shutdown_kernel()


def try_clients():
    """Two front ends of one kernel see what the other one does."""
    manager, first = start_new_kernel(kernel_name="bp")
    second = manager.client()
    second.start_channels()
    second.wait_for_ready(timeout=30)
    try:
        execute(first, "x = 41")
        content, messages = execute(second, "x + 1")
        expect(content["status"] == "ok", "a second client")
        heard = []
        while len(heard) < 40:
            try:
                heard.append(first.get_iopub_msg(timeout=1))
            except Exception:
                break
        expect(
            any(m["content"].get("code") == "x + 1" for m in heard if m["msg_type"] == "execute_input"),
            "the first client hears of the second's input")
    finally:
        second.stop_channels()
        manager.shutdown_kernel()


def count_processes():
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    return sum(f"{program} kernel " in line for line in listing.splitlines())


def try_restarts(count):
    """Kernels leave neither processes nor ports behind."""
    before = count_processes()
    manager, client = start_new_kernel(kernel_name="bp")
    for _ in range(count):
        manager.restart_kernel(now=False)
        client.wait_for_ready(timeout=30)
    ports = [manager.shell_port, manager.iopub_port, manager.hb_port]
    manager.shutdown_kernel()
    client.stop_channels()
    time.sleep(0.2)
    expect(count_processes() == before, "kernels are left behind")
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    print(f"{count} restarts")


class Kernel:
    """A kernel that is spoken to by hand."""

    def __init__(self, transport="tcp"):
        self.folder = tempfile.TemporaryDirectory()
        self.key = secrets.token_hex(16)
        ports = dict(shell=1, iopub=2, stdin=3, control=4, hb=5)
        address = f"{self.folder.name}/k"
        if transport == "tcp":
            address = "127.0.0.1"
            probes = [socket.socket() for _ in ports]
            for probe in probes:
                probe.bind((address, 0))
            ports = {name: probe.getsockname()[1] for name, probe in zip(ports, probes)}
            for probe in probes:
                probe.close()
        self.ports, self.address, self.transport = ports, address, transport
        path = pathlib.Path(self.folder.name, "connection.json")
        path.write_text(json.dumps({
            **{f"{name}_port": port for name, port in ports.items()}, "ip": address,
            "transport": transport, "key": self.key, "signature_scheme": "hmac-sha256"}))
        self.start = time.perf_counter()
        self.process = subprocess.Popen([program, "kernel", path])

    def url(self, name):
        if self.transport == "ipc":
            return f"ipc://{self.address}-{self.ports[name]}"
        return f"tcp://{self.address}:{self.ports[name]}"

    def end(self):
        self.process.terminate()
        return self.process.wait(timeout=5)


def measure():
    """Time until the heart beats, and of an empty cell."""
    ready = []
    context = zmq.Context()
    for transport in ["tcp"] * 5 + ["ipc"]:
        kernel = Kernel(transport)
        beat = context.socket(zmq.REQ)
        beat.setsockopt(zmq.RECONNECT_IVL, 1)
        beat.connect(kernel.url("hb"))
        beat.send(b"ping")
        expect(beat.poll(10_000) and beat.recv() == b"ping", f"a heartbeat over {transport}")
        ready.append(time.perf_counter() - kernel.start)
        beat.close(0)
        expect(kernel.end() == 128 + signal.SIGTERM, "a kernel that is asked to end ends")
    manager, client = start_new_kernel(kernel_name="bp")
    times = []
    for _ in range(50):
        start = time.perf_counter()
        client.execute("")
        client.get_shell_msg(timeout=10)
        times.append(time.perf_counter() - start)
    manager.shutdown_kernel()
    print(f"ready after {min(ready) * 1e3:.0f} ms, an empty cell takes {sorted(times)[25] * 1e3:.1f} ms")


def try_strangers():
    """Whoever does not know the key or the protocol changes nothing."""
    kernel = Kernel()
    time.sleep(0.5)
    try:
        for bytes_ in [b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 5000, b"", os.urandom(100_000)]:
            for port in kernel.ports.values():
                with socket.create_connection(("127.0.0.1", port)) as stranger:
                    try:
                        stranger.sendall(bytes_)
                    except OSError:
                        pass
        context = zmq.Context()
        shell = context.socket(zmq.DEALER)
        shell.connect(kernel.url("shell"))
        header = json.dumps({"msg_id": "1", "msg_type": "execute_request", "session": "s"}).encode()
        content = json.dumps({"code": 'write "x" "stolen.txt"'}).encode()
        for signature in [b"", b"0" * 64, b"<IDS|MSG>"]:
            shell.send_multipart([b"<IDS|MSG>", signature, header, b"{}", b"{}", content])
        shell.send_multipart([b"<IDS|MSG>"] * 7)
        shell.send_multipart([b""] * 100)
        expect(not shell.poll(700), "an unsigned message is answered")
        shell.close(0)
        beat = context.socket(zmq.REQ)
        beat.connect(kernel.url("hb"))
        beat.send(b"ping")
        expect(beat.poll(5_000), "the heart still beats")
        beat.close(0)
    finally:
        kernel.end()


measure()
try_strangers()
try_interrupts()
try_clients()
run_lectures()
try_restarts(int(os.environ.get("BP_RESTARTS", "30")))
sys.exit(1 if failures else 0)
