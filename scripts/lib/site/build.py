"""Writes the documentation as pages that any browser opens, from a folder as from a server.

usage: build.py BP FOLDER, the program that makes pictures and colours, and where the pages go
"""
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import check
import frame
import pages
import pictures
from render import Renderer

HERE = pathlib.Path(__file__).resolve().parent
# The page that can be played with, and the worked examples of the lectures in it.
PLAY = '<p><a href="play.html">Open the page</a>, or a worked example in it: ' + ", ".join(
    f'<a href="play.html#example={key}">{name}</a>' for key, name in [
        ("cazenave", "Cazenave"), ("ceng506", "CENG 506"), ("goebels", "Goebels"), ("vitay", "Vitay"),
        ("llano", "Llano")]) + ".</p>\n"


class Site:
    def __init__(self, bp, out):
        self.bp = bp
        self.out = out
        self.index = []
        self.addresses = {name: f"{name.lower()}.html" for name in pages.names()}
        self.addresses["Language"] = "index.html"
        self.markdown = {
            name: pages.source(name).read_text() for name in pages.names() if name != "Talks"}
        self.opening, self.topics = pages.topics(self.markdown["Functions"])
        for topic, body in self.topics:
            file = f"functions-{pages.anchor(topic).lower()}.html"
            self.addresses[f"Functions#{pages.anchor(topic)}"] = file
            for name, _ in pages.functions(body):
                self.addresses[f"Functions#{pages.anchor(name)}"] = f"{file}#{pages.anchor(name)}"
        self.render = Renderer(bp, out, self.addresses)
        for name, text in self.markdown.items():
            self.render.titles[name] = pages.split(text)[0]
        self.render.titles |= {"Talks": "Talks", "Language": "bp"}
        (out / "bplang_lexer.py").unlink()
        self.sentence, self.install, self.why = pages.readme()

    def write(self, file, name, title, body, headings=(), wide=False):
        """A page within the frame that all have.

        name: the page that the menu marks.
        """
        menu = [
            (group, [(page, self.addresses[page], self.render.titles[page]) for page in group_pages])
            for group, group_pages in pages.MENU]
        text = frame.page(title, body, menu, name, headings, wide)
        (self.out / file).write_text(text)

    def find(self, title, address, kind, text=""):
        """Lets the search find something."""
        self.index.append([title, address, kind, re.sub(r"[`*]", "", text)])

    def build(self):
        # Where there is no engine for pages, the site does without.
        play = subprocess.run(
            [self.bp, "page", "--to", str(self.out / "play.html")], capture_output=True, text=True)
        self.has_play = play.returncode == 0
        (self.out / "pictures").mkdir()
        (self.out / "talks").mkdir()
        for name in pages.names():
            {"Functions": self.functions, "Gallery": self.gallery, "Talks": self.talks}.get(
                name, lambda: self.plain(name))()
        self.home()
        for file in ["style.css", "search.js"]:
            shutil.copy(HERE / file, self.out / file)
        order = {"page": 0, "function": 1, "section": 2, "talk": 3}
        self.index.sort(key=lambda entry: order[entry[2]])
        (self.out / "index.js").write_text(
            "const entries = " + json.dumps(self.index, ensure_ascii=False, separators=(",", ":")) + ";\n")

    def plain(self, name):
        title, abstract, rest = pages.split(self.markdown[name])
        body, headings = self.render.page(rest, name)
        address = self.addresses[name]
        self.find(title, address, "page", abstract)
        for _, text, anchor in headings:
            self.find(text, f"{address}#{anchor}", "section", title)
        if name == "Page" and self.has_play:
            body = PLAY + body
        self.write(address, name, title, self.head(title, abstract) + body, headings)

    def head(self, title, abstract):
        # What is longer than a sentence is text.
        kind = ' class="lead"' if len(abstract) <= 160 else ""
        lead = f"<p{kind}>{self.render.inline(abstract)}</p>\n" if abstract else ""
        return f"<h1>{html.escape(title)}</h1>\n{lead}"

    # Functions

    def functions(self):
        title, abstract, rest = pages.split(self.opening)
        self.find(title, "functions.html", "page", abstract)
        body = self.head(title, abstract) + self.render.page(rest, "Functions")[0]
        headings = []
        for topic, text in self.topics:
            file = self.addresses[f"Functions#{pages.anchor(topic)}"]
            headings.append((2, topic, pages.anchor(topic)))
            body += f'<h2 id="{pages.anchor(topic)}"><a href="{file}">{html.escape(topic)}</a></h2>\n'
            body += '<dl class="names">\n'
            for name, summary in pages.functions(text):
                address = self.addresses[f"Functions#{pages.anchor(name)}"]
                self.find(name, address, "function", summary)
                body += f'<div><dt><a href="{address}"><code>{html.escape(name)}</code></a></dt>'
                body += f"<dd>{self.render.inline(summary, 'Functions')}</dd></div>\n"
            body += "</dl>\n"
            self.topic(topic, text, file)
        self.write("functions.html", "Functions", title, body, headings)

    def topic(self, topic, text, file):
        inside, headings = self.render.page(text, "Functions", level=-1)
        # The form of a call stands out.
        inside = re.sub(r"(</h2>\n)<p>(<code>.*?</code>)</p>", r'\1<p class="form">\2</p>', inside)
        body = '<p class="path"><a href="functions.html">Functions</a></p>\n'
        body += f"<h1>{html.escape(topic)}</h1>\n{inside}"
        self.write(file, "Functions", topic, body, headings)

    # Gallery

    def picture(self, name, light, dark, alt):
        """Writes a picture on both grounds; gives the element that shows the one that fits."""
        (self.out / "pictures" / name).write_text(light)
        other = name.replace(".svg", "-dark.svg")
        (self.out / "pictures" / other).write_text(dark)
        width, height = pictures.size(light)
        return (
            f'<picture><source srcset="pictures/{other}" media="(prefers-color-scheme: dark)">'
            f'<img src="pictures/{name}" alt="{html.escape(alt)}" width="{width}" height="{height}"'
            ' loading="lazy"></picture>')

    def gallery(self):
        title, abstract, rest = pages.split(self.markdown["Gallery"])
        self.find(title, "gallery.html", "page", abstract)
        parts = re.split(r"^(### .+\n)", rest, flags=re.M)
        opening, headings = self.render.page(parts[0], "Gallery")
        body = self.head(title, abstract) + opening
        for heading, text in zip(parts[1::2], parts[2::2]):
            # Behind the last example of a group the next group begins.
            text, *group = re.split(r"^(?=## )", text, maxsplit=1, flags=re.M)
            before, code = re.match(r"(.*?)```bp\n(.*?)```", text, re.S).groups()
            words, found = self.render.page(heading + before, "Gallery")
            name, light, dark = pictures.drawn(self.bp, code)
            shown = light
            if name.endswith(".svg"):
                shown = self.picture(name, light, dark, found[0][1])
                if name == "border.svg":
                    self.first = (code, shown)
            self.find(found[0][1], f"gallery.html#{found[0][2]}", "section", title)
            body += f'<section class="shown"><div>{words}{self.render.code(code, "bp")}</div>'
            body += f"<figure>{shown}</figure></section>\n"
            if group:
                inside, more = self.render.page(group[0], "Gallery")
                body += inside
                headings += more
        headings = [entry for entry in headings if entry[0] == 2]
        self.write("gallery.html", "Gallery", title, body, headings, wide=True)

    # Talks

    def talks(self):
        abstract = "Scripts that follow a lecture from its first slide to its last, and shorter ones."
        self.find("Talks", "talks.html", "page", abstract)
        talks, others = "", ""
        for name, path, text in pictures.scripts():
            title = pages.title_of(text)
            file = f"script-{name}.html"
            source = self.render.code(text, "bp")
            links = f'<a href="{file}">the script</a>'
            slides = len(re.findall(r"^slide ", text, re.M))
            self.find(title, file, "talk", f"{name}.bp")
            if slides:
                pictures.talk(self.bp, path, self.out / f"talks/{name}.html", "light")
                pictures.talk(self.bp, path, self.out / f"talks/{name}-dark.html", "dark")
                slide_links = (
                    f'<a href="talks/{name}.html">{slides} slides</a> · '
                    f'<a href="talks/{name}-dark.html">on a dark ground</a> · ')
                talks += f'<li><strong>{html.escape(title)}</strong><br>{slide_links}{links}</li>\n'
            else:
                others += f'<li><strong>{html.escape(title)}</strong><br>{links}</li>\n'
            body = '<p class="path"><a href="talks.html">Talks</a></p>\n'
            body += f"<h1><code>{name}.bp</code></h1>\n<p class=\"lead\">{html.escape(title)}</p>\n"
            body += f"<p><code>bp {name}.bp</code> runs it, <code>bp -i {name}.bp</code> goes on at the "
            body += "prompt with all that it made.</p>\n" + source
            self.write(file, "Talks", f"{name}.bp", body)
        body = self.head("Talks", abstract)
        body += self.render.page(
            "Arrow keys turn the slides; printed, each is a page. `bp present lecture.bp` shows them at the "
            "prompt, where numbers can be changed, and `bp present lecture.bp --to talk.html` writes what is "
            "linked here, `--to talk.tex` the same for beamer. What each lecture contains, and where a slide "
            "is off, stands in <doc:Lectures>.\n", "Talks")[0]
        body += f'<h2 id="Lectures">Lectures</h2>\n<ul class="talks">\n{talks}</ul>\n'
        body += f'<h2 id="Scripts">Scripts</h2>\n<ul class="talks">\n{others}</ul>\n'
        self.write("talks.html", "Talks", "Talks", body, [(2, "Lectures", "Lectures"), (2, "Scripts", "Scripts")])

    # The first page

    def home(self):
        code, picture = self.first
        show = '<div class="hero"><div><h1>bp</h1>'
        show += f'<p class="lead">{self.render.inline(self.sentence)}:</p>'
        show += self.render.code(code, "bp")
        show += '<p class="ways"><a class="main" href="tutorial.html">Ten minutes</a>'
        show += '<a href="gallery.html">Gallery</a><a href="functions.html">Functions</a></p>'
        show += f"</div><figure>{picture}</figure></div>\n"
        body = show
        if self.install:
            body += '<h2 id="Installing">Installing</h2>\n' + self.render.page(self.install, "Installing")[0]
        *lines, last = self.why.strip().splitlines()
        body += '<h2 id="Why">Ask why</h2>\n'
        body += "<p>Whatever is computed from parameters can be asked why.</p>\n"
        body += self.render.code(self.why, "bp")
        body += f"<figure>{pictures.formulas(self.bp, chr(10).join(lines), last)}</figure>\n"
        for group, names in pages.MENU:
            body += f'<h2 id="{pages.anchor(group)}">{group}</h2>\n<div class="cards">\n'
            for name in names:
                abstract = (
                    pages.split(self.markdown[name])[1] if name in self.markdown
                    else "Five lectures as slides, and the scripts behind them.")
                sentence = re.split(r"(?<=[.:])\s", abstract)[0].rstrip(":.")
                # A card is a link, and holds none.
                sentence = re.sub(r"<doc:([^>]*)>", lambda match: self.render.title(match[1]), sentence)
                sentence = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", sentence)
                body += f'<a href="{self.addresses[name]}"><strong>{self.render.titles[name]}</strong>'
                body += f"<span>{self.render.inline(sentence)}</span></a>\n"
            body += "</div>\n"
        self.write("index.html", "Language", "bp", body, wide=True)


def main(bp, folder):
    folder = pathlib.Path(folder).resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / "index.js").exists():
        raise SystemExit(f"site: {folder} holds something else")
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = pathlib.Path(tempfile.mkdtemp(dir=folder.parent, prefix=".site-"))
    try:
        new.chmod(0o755)
        Site(bp, new).build()
        faults = check.faults(new)
        if faults:
            raise SystemExit("\n".join(f"site: {fault}" for fault in faults))
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    print(f"{len(list(folder.rglob('*.html')))} pages: {folder / 'index.html'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
