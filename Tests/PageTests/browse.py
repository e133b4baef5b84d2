"""Uses the page as people do, and holds every number on it to the native program's.

browse.py BROWSER BP FOLDER SHOTS SEQUENCES
"""
import base64
import html
import json
import pathlib
import random
import re
import subprocess
import sys
import time

import axe_playwright_python
from playwright.sync_api import sync_playwright

browser_path, bp, folder, shots = sys.argv[1:5]
bp = str(pathlib.Path(bp).resolve())
sequences = int(sys.argv[5])
folder, shots = pathlib.Path(folder).resolve(), pathlib.Path(shots)
play_page = (folder / "play.html").as_uri()
sheet_page = (folder / "sheet.html").as_uri()
axe = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
problems = []


def expect(holds, words):
    if not holds:
        problems.append(words)
        print("  " + words, file=sys.stderr)


def open_page(browser, address, **options):
    page = browser.new_page(**options)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: problems.append(f"{address[:90]}: {error}"))
    page.goto(address)
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    outside = [url for url in asked if not url.startswith(("file:", "blob:", "data:"))]
    expect(not outside, f"the page asks the network: {outside[:3]}")
    return page


def until(page, condition, words):
    """Waits for a condition in the page; its own rules allow no other way of asking."""
    end = time.monotonic() + 60
    while not page.evaluate(condition):
        if time.monotonic() > end:
            raise SystemExit(f"the page: {words} took longer than a minute")
        page.wait_for_timeout(15)


def idle(page):
    """Waits until the engine has answered all that was asked."""
    for _ in range(2):
        until(page, "page.client.waiting.size === 0 && !page.isRunning", "an answer")
        page.wait_for_timeout(30)


def shown_numbers(page):
    """What the page shows of its net: the drawing's texts, the progress, and a card's formulas."""
    drawing = page.eval_on_selector_all(
        "#net [data-name]", "parts => parts.map(part => part.dataset.name + ': ' + part.getAttribute('aria-label'))")
    return drawing, page.inner_text("#progress")


def compare(page, words):
    """Every number on the page, against a native run of the page's own script."""
    script = page.evaluate("page.state.script()")
    sample = page.evaluate("page.state.settings.sample")
    drawing, progress = shown_numbers(page)
    table = page.evaluate("page.state.settings.file")
    if table["name"]:
        (folder / table["name"]).write_text(table["text"])
    card = page.evaluate(
        "page.client.ask({ask: 'run', code: page.why.stepLine()}).then(answer => answer.outputs.map(one => one.text).join(''))")
    has_run = "epoch" in progress
    step = page.evaluate("page.why.stepLine()")
    tail = "print \"=====\"\n" + (
        "print run.epochs, run.loss\n" if has_run else "print 0\n") + "print \"=====\"\n" + step + "\n"
    svg = folder / "native.svg"
    tail += f"show net d view=net sample={sample} names=true title=\"\" width=760 height=400 to=\"native.svg\"\n"
    run = subprocess.run(
        [bp, "-"], input=script + tail, capture_output=True, text=True, timeout=120, cwd=folder)
    parts = run.stdout.split("=====\n")
    if len(parts) != 3:
        expect(False, f"{words}: the native run failed: {run.stderr[:300]}\n{script}")
        return
    if has_run:
        epochs, loss = parts[1].split()
        expect(progress == f"epoch {epochs}: loss {loss}", f"{words}: {progress} is natively {parts[1]}")
    explained = parts[2].replace("native.svg is written\n", "")
    expect(card.split() == explained.split(), f"{words}: the derivation differs\n{script}")
    texts = re.findall(r"<text[^>]*>(.*?)</text>", svg.read_text())
    drawn = page.eval_on_selector_all("#net svg text", "all => all.map(one => one.innerHTML)")
    plain = lambda all: [html.unescape(re.sub("<[^>]*>", "", one)) for one in all]
    differing = [pair for pair in zip(plain(drawn), plain(texts)) if pair[0] != pair[1]][:3]
    expect(plain(drawn) == plain(texts), f"{words}: the drawing differs: {differing}\n{script}")
    expect(len(drawing) > 2, f"{words}: the drawing has no names")


def click(page, selector):
    page.click(selector)
    idle(page)


def begin(page):
    page.evaluate("page.state.settings = standardSettings(); page.state.deeds = []; page.rebuild()")
    idle(page)


def random_sequence(page, number):
    """Edits, trainings and steps by the controls of the page."""
    dice = random.Random(number)
    begin(page)
    for _ in range(dice.randint(3, 6)):
        deed = dice.choice(
            ["data", "units", "layers", "activation", "optimizer", "rate", "epoch", "batch", "sample",
             "weight", "notation", "back", "feature"])
        settings = page.locator("#settings")
        if deed == "data":
            choice = dice.choice(["circles", "moons", "xor", "blobs", "sine", "gaussians", "plane"])
            settings.locator("fieldset").nth(0).locator("select").first.select_option(choice)
        elif deed in ("units", "layers"):
            buttons = settings.locator(".count button:not([disabled])")
            if buttons.count():
                buttons.nth(dice.randrange(buttons.count())).click()
        elif deed == "activation":
            fields = settings.locator("fieldset").nth(1).locator("select")
            if fields.count():
                fields.nth(dice.randrange(fields.count())).select_option(
                    dice.choice(["tanh", "sigmoid", "relu", "softplus", "gelu"]))
        elif deed == "optimizer":
            settings.get_by_label("optimizer").select_option(dice.choice(["sgd", "adam", "momentum", "rmsprop"]))
        elif deed == "rate":
            field = settings.get_by_label("rate", exact=True)
            field.fill(dice.choice(["0.01", "0.03", "0.3"]))
            field.press("Enter")
        elif deed == "epoch":
            for _ in range(dice.randint(1, 3)):
                click(page, "#epoch")
        elif deed == "batch":
            click(page, "#batch-step")
        elif deed == "sample":
            page.fill("#sample", str(dice.randint(1, 4)))
            page.press("#sample", "Enter")
            idle(page)
            click(page, "#sample-step")
        elif deed == "weight":
            page.locator("#net [data-name^=W]").first.focus()
            page.keyboard.press("Enter")
            idle(page)
            field = page.locator("#pinned input").first
            field.fill(f"{dice.uniform(-2, 2):.3f}")
            field.press("Enter")
            idle(page)
            page.locator("#pinned button", has_text="close").first.click()
        elif deed == "notation":
            page.select_option("#notation", dice.choice(["mazur", "ng", "goebels", "vitay", "upc", "rumelhart"]))
        elif deed == "back":
            click(page, "#back")
        elif deed == "feature":
            boxes = settings.locator("input[type=checkbox]")
            if boxes.count():
                boxes.nth(dice.randrange(boxes.count())).click()
        idle(page)
    compare(page, f"sequence {number}")


def link_round_trip(browser, page):
    page.evaluate("page.runLine('net.W1[1,1] = 0.125')")
    idle(page)
    click(page, "#epoch")
    address, before = page.url, shown_numbers(page)
    other = open_page(browser, address)
    idle(other)
    expect(shown_numbers(other) == before, "a link opens other numbers")
    other.close()


def draw_points(page):
    """Points that are added and removed by clicks become the data, on the page and in its link."""
    begin(page)
    rows = page.evaluate("page.rows")
    page.select_option("#pen", "class 1")
    page.locator("#answers").scroll_into_view_if_needed()
    area = page.locator("#answers [data-area]").bounding_box()
    for share in (0.1, 0.5):
        page.mouse.click(area["x"] + share * area["width"], area["y"] + 0.04 * area["height"])
        idle(page)
        area = page.locator("#answers [data-area]").bounding_box()
    expect(page.evaluate("page.rows") == rows + 2, "a click adds no point")
    page.select_option("#pen", "remove")
    page.locator("#answers [data-name='sample 1']").click(force=True)
    idle(page)
    expect(page.evaluate("page.rows") == rows + 1, "a click removes no point")
    click(page, "#epoch")
    compare(page, "drawn points")
    page.select_option("#pen", "")


def earlier_epochs(page):
    """A point of the curve is explained by the net of its epoch."""
    begin(page)
    for _ in range(4):
        click(page, "#epoch")
    script = page.evaluate("page.state.script()").replace("epochs=4", "epochs=2")
    label = page.get_attribute("#curves [data-name='epoch 2']", "aria-label")
    page.locator("#curves [data-name='epoch 2']").click(force=True)
    idle(page)
    until(page, "document.querySelector('#pinned .card p')", "the card of an epoch")
    met, loss = subprocess.run([bp, "-"], input=script + "print run.losses[2], loss net d\n", capture_output=True, text=True).stdout.split()
    shown = page.evaluate("[...document.querySelectorAll('#pinned p')].map(one => one.title).join(' ')")
    expect(label.endswith(met), f"the curve says {label}, natively {met}")
    expect(loss in shown, f"the loss {loss} of an earlier epoch is not explained: {shown[:300]}")
    page.locator("#pinned button", has_text="close").first.click()


def own_notation(page):
    begin(page)
    page.evaluate("""page.runLine('notation [from: "ng", name: "mine", net: "s_<unit>"]')""")
    idle(page)
    expect(page.input_value("#notation") == "mine", "symbols of one's own are not in the list")
    for name in ("vitay", "mine"):
        page.select_option("#notation", name)
        idle(page)
    compare(page, "symbols of one's own")
    expect("s_{h1}" in page.evaluate("page.why.loadSteps().then(() => page.why.rows.map(r => r.row.html).join(''))")
           or "s_h1" in page.evaluate("page.why.rows.map(r => r.row.text).join(' ')"), "the symbols are not used")


def map_of_features(page):
    begin(page)
    page.locator("#settings").get_by_label("x1*x2", exact=True).click()
    idle(page)
    expect(page.locator("#answers image").count() > 0, "with a feature added there is no map")
    click(page, "#epoch")
    compare(page, "a feature added")


def worked_examples(browser):
    for key, number in [("cazenave", "0.2983711088"), ("ceng506", "0.2983711088"), ("goebels", None),
                        ("vitay", None), ("llano", "0.2983711088")]:
        page = open_page(browser, f"{play_page}#example={key}")
        idle(page)
        compare(page, f"the example {key}")
        if number:
            told = page.evaluate(
                "page.client.ask({ask: 'run', code: 'digits 10; print loss net d'}).then(a => a.outputs[0].text)")
            expect(told.strip() == number, f"the example {key} has the loss {told}")
        page.close()


def task_by_keyboard(browser):
    page = open_page(browser, sheet_page)
    idle(page)
    answers = ["w1*i1 + w2*i2 + b1", "sigmoid(net_h)", "sigmoid(w5*out_h + b2)", "1/2*(t - out_o)^2",
               "0.1", "0.2", "0.3"]
    # From the top of the page on by Tab alone.
    page.keyboard.press("Tab")
    for _ in range(80):
        if page.evaluate("document.activeElement.matches('#sheet input')"):
            break
        page.keyboard.press("Tab")
    for answer in answers:
        expect(page.evaluate("document.activeElement.matches('#sheet input')"), "a place is not reached by Tab")
        page.keyboard.type(answer)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    idle(page)
    page.wait_for_selector("#sheet textarea.code")
    code = page.input_value("#sheet textarea.code")
    grade = subprocess.run(
        [bp, "grade", "scripts/keys/backpropagation.bp", "--code", code, "--as", "json"],
        capture_output=True, text=True)
    expect(grade.returncode == 0, f"the code is not graded: {grade.stderr}")
    expect('"4711"' in grade.stdout, "the code does not tell the student")
    again = subprocess.run(
        [bp, "grade", "scripts/keys/backpropagation.bp", "--code", code[:-3]], capture_output=True, text=True)
    expect(again.returncode == 3 and "letters of the code" in again.stderr, "a cut code is graded")
    page.screenshot(path=shots / "task.png", full_page=True)
    page.close()


def hostile_links(browser):
    broken = base64.urlsafe_b64encode(json.dumps(
        {"v": 1, "s": {"hidden": "x", "before": "<img src=x onerror=alert(1)>"}, "d": []}).encode()).decode()
    script = base64.urlsafe_b64encode(json.dumps(
        {"v": 1, "s": {"data": "circles; exit 3", "dataSettings": {"n\"><script>": "1; x = 2"}},
         "d": [{"text": "print \"<img src=x onerror=window.hit=1>\""}]}).encode()).decode()
    for words, fragment in [
        # Chromium opens no address beyond two megabytes.
        ("two megabytes", "state=" + "A" * 1_900_000), ("damaged", "state=%%%"), ("of other types", broken),
        ("with markup", script), ("with a syntax error", "run=print%20("), ("damaged code", "run=%E0%A4%A"),
        ("that asks for memory", "run=x%20%3D%20zeros%201e9"),
        ("deep", "run=" + "(" * 5000), ("recursive", "run=f(x)%20%3D%20f(x)%0Aprint%20f(1)"),
    ]:
        page = open_page(browser, f"{play_page}#{fragment}")
        idle(page)
        click(page, "#epoch")
        expect("epoch 1" in page.inner_text("#progress"), f"a link {words} leaves the page unusable")
        expect(page.evaluate("window.hit") is None, f"a link {words} runs what is not bp")
        expect(page.locator("#transcript img, #transcript script").count() == 0, f"a link {words} brings markup")
        page.close()
    page = browser.new_page()
    page.goto(f"{play_page}#run=while%20true%20%7B%20%7D")
    page.wait_for_selector("#status button", timeout=60_000)
    page.click("#status button")
    until(page, "document.getElementById('status').textContent.includes('stopped')", "stopping")
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    click(page, "#epoch")
    expect("epoch 1" in page.inner_text("#progress"), "a loop in a link cannot be stopped")
    page.close()


def for_everyone(browser):
    for theme in ["light", "dark"]:
        for name, size in [("wide", (1400, 900)), ("phone", (390, 844))]:
            page = open_page(
                browser, play_page, color_scheme=theme, viewport={"width": size[0], "height": size[1]})
            idle(page)
            click(page, "#epoch")
            page.locator("#net [data-name='W1[1,2]']").focus()
            page.keyboard.press("Enter")
            idle(page)
            page.click("#step-next")
            idle(page)
            page.evaluate(axe)
            found = page.evaluate("axe.run()")["violations"]
            for rule in found:
                if rule["impact"] in ("serious", "critical"):
                    expect(False, f"{theme}, {name}: {rule['id']}: {rule['nodes'][0]['html'][:200]}")
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            expect(wide <= 0, f"{theme}, {name}: {wide} points too wide")
            page.screenshot(path=shots / f"{name}-{theme}.png", full_page=True)
            page.close()


def figures(browser):
    start = time.monotonic()
    page = browser.new_page()
    page.goto(play_page, wait_until="commit")
    page.wait_for_selector("h1")
    painted = page.evaluate(
        "new Promise(done => new PerformanceObserver(list => done(list.getEntries()[0].startTime))"
        ".observe({type: 'paint', buffered: true}))")
    page.wait_for_selector("body[data-ready]", timeout=60_000)
    ready = time.monotonic() - start
    page.select_option("#example", label="moons, two hidden layers")
    idle(page)
    page.evaluate("""() => { window.work = []; const take = page.client.take.bind(page.client);
      page.client.take = (data) => { work.push(data.milliseconds); take(data); } }""")
    page.click("#run")
    page.wait_for_timeout(4000)
    page.click("#run")
    idle(page)
    work = sorted(page.evaluate("work"))
    print(f"the page: first paint after {painted:.0f} ms, ready after {ready:.1f} s, a frame "
          f"{work[len(work) // 2]:.1f} ms of work (median of {len(work)}), "
          f"{(folder / 'play.html').stat().st_size / 1e6:.2f} MB")
    page.close()


with sync_playwright() as play:
    browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
    page = open_page(browser, play_page)
    idle(page)
    for number in range(sequences):
        random_sequence(page, number)
    draw_points(page)
    earlier_epochs(page)
    own_notation(page)
    link_round_trip(browser, page)
    map_of_features(page)
    page.close()
    worked_examples(browser)
    task_by_keyboard(browser)
    hostile_links(browser)
    for_everyone(browser)
    figures(browser)
    browser.close()
if problems:
    print(f"the page: {len(problems)} problems, the first: {problems[0]}", file=sys.stderr)
    sys.exit(1)
print(f"the page: {sequences} random sequences, links, examples, a task by keyboard, hostile links")
