"""Runs a page of MyST, as Jupyter Book has them, with the kernel bp.

usage: myst.py, with JUPYTER_PATH naming a folder in which the kernel is installed

MyST computes the cells and writes the content of a site; the theme that makes pages of it is loaded from
elsewhere and is not needed for that.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from server import serving

PAGE = """\
---
kernelspec:
  name: bp
  display_name: bp
---

# Circles

```{code-cell} bplang
net = mlp [2,20,1] relu sigmoid
train net circles epochs=100
```

```{code-cell} bplang
show net circles
```

```{code-cell} bplang
vars
```

The net has {eval}`net.count` parameters.
"""


def nodes(value):
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from nodes(part)


folder = pathlib.Path(tempfile.mkdtemp())
(folder / "circles.md").write_text(PAGE)
(folder / "myst.yml").write_text("version: 1\nproject:\n  toc:\n    - file: circles.md\nsite:\n  template: book-theme\n")
programs = pathlib.Path(sys.executable).parent
with serving("jupyter_server", folder, token="bp") as port:
    environment = dict(
        os.environ, PATH=f"{programs}:{os.environ['PATH']}", JUPYTER_TOKEN="bp",
        JUPYTER_BASE_URL=f"http://127.0.0.1:{port}")
    # The end status tells of the theme, too, which cannot be loaded without a network.
    built = subprocess.run(
        [programs / "myst", "build", "--site", "--execute"], cwd=folder, env=environment,
        capture_output=True, text=True, timeout=150)

pages = [json.loads(path.read_text()) for path in folder.glob("_build/site/content/*.json")]
if not pages:
    sys.exit(f"MyST wrote no page:\n{built.stdout}{built.stderr}")
outputs = [node["jupyter_data"] for node in nodes(pages) if node.get("jupyter_data")]
results = [node["result"] for node in nodes(pages)
           if node.get("type") == "inlineExpression" and node.get("result")]
texts = "".join("".join(output.get("text", "")) for output in outputs)
kinds = {kind for output in outputs for kind in output.get("data", {})}
failures = []
if "trained 100 epochs" not in texts:
    failures.append("the training says nothing")
if not {"image/svg+xml", "image/png", "text/html"} <= kinds:
    failures.append(f"picture and table are shown as {sorted(kinds)}")
if not results or "81" not in json.dumps(results[0].get("data")):
    failures.append(f"the expression in the text gives {results}")
if failures:
    sys.exit("MyST: " + "; ".join(failures) + "\n" + built.stdout)
print("MyST: a page with cells, a picture, a table and a value in its text")
