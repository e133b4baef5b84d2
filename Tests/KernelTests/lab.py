"""Uses the kernel bp in JupyterLab, in a browser, as a person does.

usage: lab.py BROWSER FOLDER, with JUPYTER_PATH naming a folder in which the kernel is installed

Runs a cell, completes with TAB, asks with shift-TAB, interrupts a training, looks at a picture and a
formula. Pictures of the page go to FOLDER.
"""
import contextlib
import json
import pathlib
import sys
import tempfile
import time

from playwright.sync_api import sync_playwright

from server import serving

browser_path, shots = sys.argv[1], pathlib.Path(sys.argv[2])
CELLS = [
    "net = mlp [2,20,1] relu sigmoid\ntrain net circles epochs=100\nshow net circles",
    'small = mlp [2,2,1] sigmoid; explain small (data [[0.05, 0.10]] [[0.01]]) "W1[1,1]"',
    "train net circles epochs=100000000",
    "1 + unknown",
    "describe circles",
]

folder = pathlib.Path(tempfile.mkdtemp())
(folder / "a.ipynb").write_text(json.dumps({
    "cells": [
        {"cell_type": "code", "id": f"c{k}", "metadata": {}, "source": source, "outputs": [],
         "execution_count": None} for k, source in enumerate(CELLS)],
    "metadata": {"kernelspec": {"name": "bp", "display_name": "bp", "language": "bplang"}},
    "nbformat": 4, "nbformat_minor": 5}))
failures = 0


def expect(holds, what):
    global failures
    print(("holds: " if holds else "FAILED: ") + what, flush=True)
    failures += not holds


with serving("jupyterlab", folder) as port, sync_playwright() as play, \
        contextlib.ExitStack() as stack:
    browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1400, "height": 1500})
    stack.callback(lambda: page.screenshot(path=shots / "last.png"))
    page.goto(f"http://127.0.0.1:{port}/lab/tree/a.ipynb", wait_until="domcontentloaded")
    cell = lambda k: page.locator(".jp-CodeCell").nth(k)
    cell(0).locator(".cm-content").wait_for(timeout=90_000)
    page.get_by_text("bp | Idle").first.wait_for(timeout=60_000)
    page.wait_for_timeout(2000)

    def text(k):
        return cell(k).locator(".cm-content").inner_text()

    def appears(holds, seconds=30):
        end = time.monotonic() + seconds
        while not holds() and time.monotonic() < end:
            page.wait_for_timeout(100)
        return holds()

    def type_in(k, line):
        cell(k).locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type(line)
        appears(lambda: text(k) == line)

    def run(k):
        cell(k).locator(".cm-content").click()
        page.keyboard.press("Control+Enter")

    run(0)
    picture = cell(0).locator(".jp-OutputArea-output img, .jp-OutputArea-output svg").first
    picture.wait_for(timeout=30_000)
    expect(picture.bounding_box()["width"] > 300, "a decision map is drawn")
    expect("trained 100 epochs" in cell(0).inner_text(), "a training says what it reached")
    run(1)
    cell(1).locator("mjx-container, .MathJax").first.wait_for(timeout=30_000)
    expect(True, "formulas are set")
    run(4)
    table = cell(4).locator(".jp-OutputArea-output table").first
    table.wait_for(timeout=30_000)
    expect("median" in table.inner_text(), "a table is set as one")
    page.screenshot(path=shots / "table.png")
    cell(1).scroll_into_view_if_needed()
    page.screenshot(path=shots / "map-and-formulas.png")

    type_in(3, "net = mlp [2,20,1] sigmoi")
    # JupyterLab drops a key that comes while it draws what came before.
    for _ in range(5):
        page.keyboard.press("Tab")
        if appears(lambda: "sigmoid" in text(3), seconds=3):
            break
    expect(text(3) == "net = mlp [2,20,1] sigmoid", "TAB completes sigmoid")
    type_in(3, "train")
    page.keyboard.press("Shift+Tab")
    tip = page.locator(".jp-Tooltip")
    tip.wait_for(timeout=10_000)
    expect("epochs" in tip.inner_text(), "shift-TAB shows the help on train")
    page.screenshot(path=shots / "tooltip.png")
    page.keyboard.press("Escape")

    run(2)
    expect(appears(lambda: "epoch" in cell(2).locator(".jp-OutputArea").inner_text()),
           "a training shows how far it is")
    page.screenshot(path=shots / "training.png")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.press("i")
    cell(2).get_by_text("Interrupted").first.wait_for(timeout=20_000)
    expect(True, "i i interrupts a training")
    type_in(3, "1 + unknown")
    page.keyboard.press("Control+Enter")
    cell(3).get_by_text("has no value").first.wait_for(timeout=20_000)
    expect(True, "an error says what happened")
    page.screenshot(path=shots / "interrupted.png")
sys.exit(1 if failures else 0)
