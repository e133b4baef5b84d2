"""Runs bp for what the site shows: pictures of the gallery, formulas, talks."""
import pathlib
import re
import subprocess
import tempfile

import pages


def run(bp, arguments, folder, text=None):
    result = subprocess.run(
        [bp, *arguments], cwd=folder, input=text, capture_output=True, text=True, timeout=600)
    if result.returncode != 0:
        raise SystemExit(f"site: bp {' '.join(arguments)} failed:\n{text or ''}\n{result.stderr}")
    return result.stdout


def drawn(bp, code):
    """The name of the one file that lines of bp write, and its text on a light and on a dark ground."""
    names = re.findall(r'"([\w-]+\.(?:svg|html))"', code)
    if len(names) != 1:
        raise SystemExit(f"site: an example of the gallery names one file:\n{code}")
    name = names[0]
    dark = code.replace(f'to="{name}"', f'to="{name}" theme=dark')
    texts = []
    for lines in [code, dark]:
        with tempfile.TemporaryDirectory() as folder:
            run(bp, ["--quiet", "-"], folder, lines)
            texts.append((pathlib.Path(folder) / name).read_text())
    return name, *texts


def formulas(bp, code, value):
    """What explain says of a value, as HTML with formulas in MathML."""
    with tempfile.TemporaryDirectory() as folder:
        run(bp, ["--quiet", "-"], folder, f'{code}\nsave ({value}) "formulas.html"\n')
        return (pathlib.Path(folder) / "formulas.html").read_text()


def size(svg):
    """Width and height that a picture says of itself."""
    return re.search(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"', svg).groups()


def scripts():
    """The scripts of the lectures as (name, path, text)."""
    folder = pages.ROOT / "scripts/lectures"
    return [(path.stem, path, path.read_text()) for path in sorted(folder.glob("*.bp"))]


def talk(bp, path, to, theme):
    """Writes a script as a talk."""
    run(bp, ["present", path.name, "--to", str(to), "--theme", theme], path.parent)
