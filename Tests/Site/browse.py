"""Opens every page of the documentation in a browser: wide and as a phone, light and dark.

usage: browse.py BROWSER SITE SHOTS

A page must load nothing from elsewhere, complain of nothing, and fit into the width of the window; the
search must find a function, and the menu of a phone must open. Pictures of some pages go to SHOTS.
"""
import pathlib
import sys

from playwright.sync_api import sync_playwright

browser_path, site, shots = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
WINDOWS = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
SHOWN = {
    "index", "tutorial", "gallery", "reference", "functions", "functions-training", "installing", "teaching",
    "lectures", "talks", "script-circles", "benchmarks",
}
faults = []


def visit(context, path, name, grounds):
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request", lambda request: None if request.url.startswith(("file:", "data:"))
        else complaints.append(f"asks for {request.url}"))
    page.on("requestfailed", lambda request: complaints.append(f"cannot load {request.url}"))
    page.goto(path.as_uri())
    where = f"{path.relative_to(site)}, {name}"
    faults.extend(f"{where}: {complaint}" for complaint in complaints)
    # A phone's window grows with what is too wide for it.
    width, room = page.evaluate("document.documentElement.scrollWidth"), page.viewport_size["width"]
    if width > room:
        faults.append(f"{where}: {width} pixels wide in a window of {room}")
    if path.parent == site:
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        unseen = page.evaluate(
            "[...document.images].filter(i => i.loading !== 'lazy' && !i.naturalWidth).map(i => i.src)")
        faults.extend(f"{where}: {image} is not shown" for image in unseen)
    if path.parent == site and path.stem in SHOWN:
        page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
        page.wait_for_function("[...document.images].every(i => i.complete)")
        page.screenshot(path=shots / f"{path.stem}-{name}.png")
        if path.stem in ("index", "gallery"):
            page.screenshot(path=shots / f"{path.stem}-{name}-whole.png", full_page=True)
    page.close()


def search(context):
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type("train")
    page.screenshot(path=shots / "search.png")
    page.keyboard.press("Enter")
    page.wait_for_url("**/functions-*.html#train")
    if not page.locator("#train").is_visible():
        faults.append("the search does not lead to train")
    page.keyboard.press("/")
    page.keyboard.type("no such word")
    if page.locator("search li.none").count() != 1:
        faults.append("the search does not say that it finds nothing")
    page.close()


def menu(context):
    page = context.new_page()
    page.goto((site / "tutorial.html").as_uri())
    page.click("summary")
    page.screenshot(path=shots / "menu.png")
    page.click("details nav >> text=Gallery")
    page.wait_for_url("**/gallery.html")
    page.close()


with sync_playwright() as play:
    shots.mkdir(parents=True, exist_ok=True)
    browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
    grounds = {}
    count = 0
    for size, window in WINDOWS.items():
        for scheme in ["light", "dark"]:
            context = browser.new_context(
                viewport=window, color_scheme=scheme, is_mobile=size == "phone",
                device_scale_factor=2 if size == "phone" else 1)
            seen = grounds.setdefault(scheme, set())
            for path in sorted(site.rglob("*.html")):
                visit(context, path, f"{size}-{scheme}", seen)
                count += 1
            if scheme == "light":
                search(context) if size == "wide" else menu(context)
            context.close()
    browser.close()
if any(len(seen) != 1 for seen in grounds.values()) or grounds["light"] == grounds["dark"]:
    faults.append(f"the grounds of light and dark are {grounds}")
print("\n".join(faults) or f"{count} views: nothing is missing, loaded from elsewhere or too wide")
sys.exit(1 if faults else 0)
