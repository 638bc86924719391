"""The page: one file that asks nobody for anything."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from checkrein.report.html.markup import Content, Markup, element, joined

PACKAGE = "checkrein.report.html"
SCRIPTS = ("reading.js", "sheet.js", "script.js")  # in this order
COMMENT = re.compile(r"(?ms)(?:^|\s)// .*?$|/\*.*?\*/")  # of the script, and of the style
BETWEEN = re.compile(r"\s*([{};,])\s*|(?<=:)\s+")  # space that says nothing in a style


def page(title: str, body: Content, data: Markup) -> Markup:
    """Return a document with the package's style and script; ``data`` is what the script reads.

    The policy lets nothing run or load but these two, each named by its hash: what gets into the
    text of a report by mistake still cannot act.
    """
    style, script = _part("style.css"), Markup("\n".join(map(_part, SCRIPTS)))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="generator", content="checkrein"),
        element("title", title),
        element("style", style),
    )
    end = (
        element("script", data, type="application/json", id="data"),
        element("script", script),
    )
    parts = joined([element("head", head), "\n", element("body", body, "\n", end)])
    return Markup(f"<!doctype html>\n{element('html', parts, lang='en')}\n")


def _part(name: str) -> Markup:
    """Return a file of this package, without the indentation and comments that its readers need."""
    text = COMMENT.sub("", files(PACKAGE).joinpath(name).read_text("utf-8"))
    text = "\n".join(line.strip() for line in text.splitlines() if line.strip())
    return Markup(
        BETWEEN.sub(lambda found: found[1] or "", text) if name.endswith(".css") else text
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
