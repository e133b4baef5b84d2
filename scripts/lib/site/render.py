"""From Markdown to the inside of a page: links between pages, colours of code, anchors of headings."""
import html
import importlib.util
import pathlib
import re
import subprocess

from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

import pages

SHELL = re.compile(r"^(\$ |bp |scripts/|swift |sudo |apt|pip|python3? |dpkg|tar |docker|\./|:\w|git )")


class Renderer:
    """Turns Markdown into HTML.

    addresses: the file of each page by its name, and of each function as `Functions#name`.
    """

    def __init__(self, bp, work, addresses):
        self.bp = bp
        self.addresses = addresses
        self.lexer = self._lexer(work)
        self.formatter = HtmlFormatter(nowrap=True)
        self.parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        self.titles = {}

    def _lexer(self, work):
        """The lexer that bp writes from the tables of its own."""
        path = pathlib.Path(work) / "bplang_lexer.py"
        text = subprocess.run(
            [self.bp, "colours", "--as", "pygments"], capture_output=True, text=True, check=True).stdout
        path.write_text(text)
        spec = importlib.util.spec_from_file_location("bplang_lexer", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.BplangLexer(stripnl=False, ensurenl=False)

    # Code

    def code(self, text, language=""):
        """A block of code; without a language it is coloured where bp can read it."""
        text = text.rstrip("\n")
        if not language and self._is_bp(text):
            language = "bp"
        if language in ("bp", "bplang"):
            inside = highlight(text, self.lexer, self.formatter).rstrip("\n")
            kind = "bp"
        elif language and language != "text":
            try:
                lexer = get_lexer_by_name(language, stripnl=False)
                inside = highlight(text, lexer, self.formatter).rstrip("\n")
            except ClassNotFound:
                inside = html.escape(text, quote=False)
            kind = "other"
        else:
            inside = html.escape(text, quote=False)
            kind = "text" if language == "text" else "shell"
        return f'<pre class="{kind}" tabindex="0"><code>{inside}</code></pre>\n'

    def _is_bp(self, text):
        if any(SHELL.match(line.strip()) for line in text.splitlines()):
            return False
        result = subprocess.run([self.bp, "fmt", "-"], input=text + "\n", capture_output=True, text=True)
        return result.returncode == 0

    # Pages

    def page(self, markdown, name, up="", level=0):
        """The HTML of Markdown, and its headings as (level, text, anchor).

        name: of the page that it stands on, for links within it.
        level: how far headings move down.
        """
        tokens = self.parser.parse(markdown)
        headings = []
        taken = set()
        for place, token in enumerate(tokens):
            if token.type == "heading_open":
                text = self._text(tokens[place + 1])
                anchor = pages.anchor(text)
                while anchor in taken:
                    anchor += "-"
                taken.add(anchor)
                depth = int(token.tag[1]) + level
                token.attrSet("id", anchor)
                token.tag = tokens[place + 2].tag = f"h{depth}"
                headings.append((depth, text, anchor))
            if token.type == "inline":
                self._link(token.children, name, up)
        return self._html(tokens), headings

    def inline(self, markdown, name=""):
        """A sentence, without a paragraph around it."""
        tokens = self.parser.parseInline(markdown)
        self._link(tokens[0].children, name, "")
        return self.parser.renderer.render(tokens, self.parser.options, {})

    def _text(self, inline):
        return "".join(child.content for child in inline.children if child.type in ("text", "code_inline"))

    def _html(self, tokens):
        output = []
        run = []

        def flush():
            if run:
                output.append(self.parser.renderer.render(run, self.parser.options, {}))
                run.clear()

        for token in tokens:
            if token.type in ("fence", "code_block"):
                flush()
                language = token.info.split()[0] if token.info.strip() else ""
                if token.type == "fence" and not language:
                    language = "text"
                output.append(self.code(token.content, language))
            elif token.type == "table_open":
                flush()
                output.append('<div class="table" tabindex="0">')
                run.append(token)
            elif token.type == "table_close":
                run.append(token)
                flush()
                output.append("</div>\n")
            elif token.type == "html_block":
                raise SystemExit("site: HTML in Markdown is not taken: " + token.content[:60])
            else:
                run.append(token)
        flush()
        return "".join(output)

    def _link(self, children, name, up):
        """Points links to pages of the site; those to files that are no pages become text."""
        opened = []
        for place, token in enumerate(children):
            if token.type == "link_open":
                target = self.target(token.attrGet("href"), name)
                if target is None:
                    token.tag, token.attrs = "span", {}
                else:
                    outside = "//" in target
                    token.attrSet("href", target if outside or target.startswith("#") else up + target)
                if token.markup == "autolink" and token.info == "auto":
                    address = children[place + 1].content
                    if address.startswith("doc:"):
                        children[place + 1].content = self.title(address[4:])
                opened.append(target)
            elif token.type == "link_close" and opened.pop() is None:
                token.tag = "span"

    def title(self, reference):
        page, _, heading = reference.partition("#")
        return heading.replace("-", " ") if heading else self.titles.get(page, page)

    def target(self, address, name):
        """The address within the site of what a page links to; nil for a file that is no page."""
        if address.startswith(("https://", "http://")):
            return address
        if address.startswith("#"):
            return self.addresses.get(f"{name}{address}", address)
        page, _, heading = address.removeprefix("doc:").partition("#")
        if not address.startswith("doc:"):
            if not page.endswith(".md"):
                return None
            page = page.rsplit("/", 1)[-1].removesuffix(".md")
        if heading and f"{page}#{heading}" in self.addresses:
            return self.addresses[f"{page}#{heading}"]
        if page not in self.addresses:
            return None
        return self.addresses[page] + (f"#{heading}" if heading else "")
