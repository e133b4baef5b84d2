"""What stands around every page: the head, the menu, the search and the list of headings."""
import html


def page(title, body, menu, current, headings, wide):
    """A whole page.

    menu: groups of (name, address, title); current: the name of the page shown.
    headings: of the page, as (level, text, anchor).
    wide: whether the page needs the room of the list of headings.
    """
    whole = html.escape(title if title == "bp" else f"{title} · bp")
    contents = "" if wide else _contents(headings)
    kind = "wide" if wide else "listed" if contents else "plain"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{whole}</title>
<link rel="stylesheet" href="style.css">
<link rel="icon" href="data:image/svg+xml,{_icon()}">
<script src="index.js" defer></script>
<script src="search.js" defer></script>
</head>
<body class="{kind}">
<a class="skip" href="#content">To the text</a>
<header>
<a class="name" href="index.html">bp</a>
<search hidden><input type="search" placeholder="Search" aria-label="Search functions and pages"
 autocomplete="off"><ol hidden></ol></search>
<details class="small"><summary>Menu</summary><nav aria-label="Menu">{_menu(menu, current)}</nav></details>
</header>
<nav class="menu" aria-label="Pages">{_menu(menu, current)}</nav>
<main id="content">
{body}</main>
{contents}</body>
</html>
"""


def _icon():
    """A border between two colours, as text for an address."""
    icon = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><rect width='16' height='16' rx='3' "
        "fill='%23f5ad6a'/><circle cx='8' cy='8' r='4.5' fill='%230072b2'/></svg>")
    return icon.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")


def _menu(menu, current):
    text = ""
    for group, entries in menu:
        text += f"<h2>{html.escape(group)}</h2>\n<ul>\n"
        for name, address, title in entries:
            mark = ' aria-current="page"' if name == current else ""
            text += f'<li><a href="{address}"{mark}>{html.escape(title)}</a></li>\n'
        text += "</ul>\n"
    return text


def _contents(headings):
    """The headings of a page beside it: those of one level, where there are a few."""
    top = min((level for level, _, _ in headings), default=0)
    shown = [(text, anchor) for level, text, anchor in headings if level == top]
    if len(shown) < 3:
        return ""
    links = "".join(f'<li><a href="#{anchor}">{html.escape(text)}</a></li>\n' for text, anchor in shown)
    return f'<nav class="contents" aria-label="On this page"><h2>On this page</h2>\n<ul>\n{links}</ul></nav>\n'
