"""From a page in Markdown to one in HTML that needs nothing from elsewhere."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from tools.manual.page import Page

HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'"
SHELL = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title} · checkrein</title>
<link rel="stylesheet" href="{root}style.css">
</head>
<body>
<a class="jump" href="#content">To the content</a>
<nav aria-label="Pages">
<p><a href="{root}index.html"><b>checkrein</b></a></p>
<p><input id="search" type="search" placeholder="Search the pages" aria-label="Search the pages"
 autocomplete="off"></p>
<ol id="found" aria-live="polite"></ol>
{pages}
</nav>
<main id="content">
{content}
</main>
<script src="{root}pages.js"></script>
<script src="{root}search.js" data-root="{root}"></script>
</body>
</html>
"""


def rendered(page: Page, pages: Iterable[Page]) -> str:
    """Return a page as a whole HTML document, with the list of all pages beside it."""
    tokens = _markdown().parse(page.text)
    _settle(tokens)
    content = _markdown().renderer.render(tokens, _markdown().options, {})
    return SHELL.format(
        policy=POLICY,
        title=html.escape(page.title),
        root="../" * page.path.count("/"),
        pages=_listed(page, pages),
        content=content.strip(),
    )


def styles() -> str:
    """Return the style sheet, with the colours of code for light and for dark."""
    light, dark = (HtmlFormatter(style=name) for name in ("friendly", "github-dark"))
    coloured = light.get_style_defs("pre"), dark.get_style_defs("pre")
    own = (HERE / "style.css").read_text()
    return f"{own}\n{coloured[0]}\n@media (prefers-color-scheme: dark) {{\n{coloured[1]}\n}}\n"


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "highlight": _coloured}).enable("table")


def _coloured(code: str, language: str, _attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language) if language else None
    except ClassNotFound:
        lexer = None
    return highlight(code, lexer, HtmlFormatter(nowrap=True)) if lexer else html.escape(code)


def _settle(tokens: list[Token]) -> None:
    """Give headings their ids, and links to pages the suffix that pages have."""
    taken: set[str] = set()
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _slug(tokens[index + 1].content, taken))
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrSet("href", _target(str(inner.attrGet("href"))))


def _slug(heading: str, taken: set[str]) -> str:
    """Return a heading's id, as the sites that show Markdown make it."""
    plain = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    slug, count = plain, 0
    while slug in taken:
        count += 1
        slug = f"{plain}-{count}"
    taken.add(slug)
    return slug


def _target(href: str) -> str:
    path, mark, anchor = href.partition("#")
    outside = "://" in path or not path.endswith(".md")
    return href if outside else f"{path.removesuffix('.md')}.html{mark}{anchor}"


def _listed(page: Page, pages: Iterable[Page]) -> str:
    sections: dict[str, list[Page]] = {}
    for each in pages:
        if each.section:
            sections.setdefault(each.section, []).append(each)
    return "\n".join(_section(name, listed, page) for name, listed in sections.items())


def _section(name: str, listed: list[Page], page: Page) -> str:
    """Return one section of the list, open where the page at hand stands in it."""
    among = page in listed or (page.section == "" and _folder(page) == _folder(listed[0]))
    items = "".join(
        f'<li><a href="{posixpath.relpath(each.path, _folder(page) or ".")}.html"'
        f"{' aria-current=page' if each == page else ''}>{html.escape(each.title)}</a></li>"
        for each in listed
    )
    opened = " open" if among else ""
    return f"<details{opened}><summary>{html.escape(name)}</summary><ul>{items}</ul></details>"


def _folder(page: Page) -> str:
    return posixpath.dirname(page.path)
