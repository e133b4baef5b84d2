#!/usr/bin/env python3
"""Makes a Python wheel that puts the program on the PATH; scripts/package calls it.

usage: scripts/lib/wheel.py --version VERSION --glibc 2.N --home URL TREE FOLDER

TREE is what scripts/lib/stage lays out. The same tree gives the same bytes. The tag names the glibc
that the program needs, so that pip refuses it where it would not run.
"""
import argparse
import base64
import hashlib
import os
import pathlib
import time
import zipfile

parser = argparse.ArgumentParser()
parser.add_argument("--version", required=True)
parser.add_argument("--glibc", required=True)
parser.add_argument("--home", default="")
parser.add_argument("tree", type=pathlib.Path)
parser.add_argument("folder", type=pathlib.Path)
given = parser.parse_args()

tag = f"py3-none-manylinux_{given.glibc.replace('.', '_')}_x86_64"
name = f"bplang-{given.version}"
date = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6]

MAIN = '''"""python -m bplang runs the program bp that was installed beside this module."""
import os
import sys
import sysconfig


def program():
    for scheme in (None, f"{os.name}_user"):
        folder = sysconfig.get_path("scripts", scheme) if scheme else sysconfig.get_path("scripts")
        path = os.path.join(folder, "bp")
        if os.path.exists(path):
            return path
    sys.exit("bplang: the program bp is not where pip puts programs; install the package again")


if __name__ == "__main__":
    os.execv(program(), ["bp", *sys.argv[1:]])
'''
LAUNCHER = '#!/bin/sh\n# The program, under the name that no other package has.\nexec "$(dirname "$0")/bp" "$@"\n'

files = {
    "bplang/__init__.py": (b'"""The program bp: python -m bplang, or bp on the PATH."""\n', 0o644),
    "bplang/__main__.py": (MAIN.encode(), 0o644),
    f"{name}.data/scripts/bp": ((given.tree / "bin/bplang").read_bytes(), 0o755),
    f"{name}.data/scripts/bplang": (LAUNCHER.encode(), 0o755),
}
# A wheel has no links: what leads to another file is that file once more.
for path in sorted((given.tree / "share").rglob("*")):
    if path.is_file() and "doc" not in path.relative_to(given.tree).parts:
        files[f"{name}.data/data/{path.relative_to(given.tree)}"] = (path.read_bytes(), 0o644)

metadata = ["Metadata-Version: 2.1", "Name: bplang", f"Version: {given.version}",
            "Summary: Build, train and explain multi-layer perceptrons"]
if given.home:
    metadata.append(f"Home-page: {given.home}")
metadata += ["Requires-Python: >=3.7", "License-File: copyright", "License-File: Apache-2.0.txt",
             "Description-Content-Type: text/markdown", "",
             "bp is a prompt and a small language for neural networks of fully connected layers: it trains",
             "them, draws them, and explains every number. `pip install` puts `bp` on the PATH (and",
             "`bplang`, the same program); `bp help start` shows where to begin.", ""]
info = f"{name}.dist-info"
files[f"{info}/METADATA"] = ("\n".join(metadata).encode(), 0o644)
files[f"{info}/WHEEL"] = (
    f"Wheel-Version: 1.0\nGenerator: bp\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(), 0o644)
for text in ("copyright", "Apache-2.0.txt"):
    files[f"{info}/{text}"] = ((given.tree / "share/doc/bplang" / text).read_bytes(), 0o644)

record = []
for path, (data, _) in sorted(files.items()):
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    record.append(f"{path},sha256={digest},{len(data)}\n")
files[f"{info}/RECORD"] = ("".join(record + [f"{info}/RECORD,,\n"]).encode(), 0o644)

with zipfile.ZipFile(given.folder / f"{name}-{tag}.whl", "w") as wheel:
    # What describes the wheel stands at its end, as the format recommends.
    for path in sorted(files, key=lambda path: (path.startswith(info), path)):
        data, mode = files[path]
        entry = zipfile.ZipInfo(path, date)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = (0o100000 | mode) << 16
        entry.create_system = 3
        wheel.writestr(entry, data, compresslevel=9)
