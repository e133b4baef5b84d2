"""Finds what is wrong with a site: links that lead nowhere, pages without a title, addresses of elsewhere.

usage: check.py FOLDER
"""
import pathlib
import sys
import urllib.parse
from html.parser import HTMLParser

# What a browser loads by itself must be in the folder.
LOADED = {"src", "srcset", "poster", "data"}


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.repeated, self.links, self.loads = set(), [], [], []
        self.title, self.headings, self._inside = "", 0, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            value = value or ""
            if name == "id":
                if value in self.ids:
                    self.repeated.append(value)
                self.ids.add(value)
            elif name == "href" and tag == "link" or name in LOADED:
                self.loads.append(value)
            elif name == "href":
                self.links.append(value)
        self.headings += tag == "h1"
        self._inside.append(tag)

    def handle_endtag(self, tag):
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data):
        # A picture within the page has a title of its own.
        if self._inside and self._inside[-1] == "title" and "svg" not in self._inside:
            self.title += data


def faults(folder):
    """A line for each fault."""
    folder = pathlib.Path(folder).resolve()
    found = []
    parsed = {path: Page(path.read_text()) for path in sorted(folder.rglob("*.html"))}
    if not parsed:
        return [f"{folder} has no pages"]
    for path, page in parsed.items():
        name = path.relative_to(folder)
        if not page.title.strip():
            found.append(f"{name} has no title")
        if not page.headings:
            found.append(f"{name} has no heading")
        found += [f"{name} has two places called {place}" for place in page.repeated]
        for link in page.loads:
            if link.startswith("data:"):
                continue
            if "//" in link or not (path.parent / urllib.parse.unquote(link)).is_file():
                found.append(f"{name} loads {link}, which is not in the folder")
        for link in page.links:
            if link.startswith(("https://", "http://", "data:")):
                continue
            address, _, place = link.partition("#")
            target = (path.parent / urllib.parse.unquote(address)).resolve() if address else path
            if target not in parsed:
                found.append(f"{name} links to {link}, which is no page")
            # What has an = sets something, as the page to play with takes it.
            elif place and "=" not in place and urllib.parse.unquote(place) not in parsed[target].ids:
                found.append(f"{name} links to {link}, where there is no such heading")
    return found


if __name__ == "__main__":
    lines = faults(sys.argv[1])
    print("\n".join(lines) or "all links lead to a place, and every page has a title")
    sys.exit(1 if lines else 0)
