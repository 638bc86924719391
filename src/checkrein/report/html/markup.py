"""Elements of HTML, in which text can only be text.

What a report shows comes from repositories that nobody trusts. Here a string is always escaped;
only another element stands as it is, so forgetting to escape is not possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from checkrein.report.drawing.words import UNSAFE
from checkrein.report.drawing.words import escaped as xml
from checkrein.report.harmless import SEEN, TURNING

VOID = {"input", "meta"}
EMPTY = {"path", "rect", "use"}  # of SVG
ENDED = {"li", "option", "td", "th", "tr", "tbody", "thead"}  # by what may follow them in a page
LONG = re.compile(r"\S{20,}")  # what may not fit in a line
# Where a long name may go on in the next line: behind what joins its words, and between these
SEAM = re.compile(r"(?<=[./_:])(?=[^\W_])|(?<=[a-z0-9])(?=[A-Z])")
TURNED = dict.fromkeys(TURNING, SEEN)
TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
BARE = re.compile(r"[\w#.,()-]+", re.ASCII)  # a value that needs no quotes


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Content = str | Markup | None | Iterable["Content"]
Attribute = str | int | bool | None


def element(name: str, /, *content: Content, **attributes: Attribute) -> Markup:
    """Return an element; ``class_`` is ``class``, ``data_row`` is ``data-row``.

    An attribute that is True stands alone, one that is None or False does not stand at all. Quotes
    and ends are left out where HTML lets them: they were a tenth of a large report.
    """
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in EMPTY:
        gap = "" if not told or told.endswith('"') else " "
        return Markup(f"<{name}{told}{gap}/>")
    end = "" if name in VOID | ENDED else f"</{name}>"
    return Markup(f"<{name}{told}>{joined(content)}{end}")


def joined(content: Content) -> Markup:
    """Return content in a row, its plain text escaped."""
    if content is None:
        return Markup()
    if isinstance(content, Markup):
        return content
    if isinstance(content, str):
        return escaped(content)
    return Markup("".join(map(joined, content)))


def breaking(text: str) -> Markup:
    """Return text whose long names go on in the next line between their words, not within one."""
    parts: list[str] = []
    done = 0
    for word in LONG.finditer(text):
        parts += [escaped(text[done : word.start()]), _seamed(word[0])]
        done = word.end()
    return Markup("".join([*parts, escaped(text[done:])]))


def _seamed(word: str) -> str:
    return "<wbr>".join(map(escaped, SEAM.split(word)))


def escaped(text: str) -> Markup:
    """Return text as HTML that shows it, in an element."""
    return Markup(plain(text).translate(TEXT))


def plain(text: str) -> str:
    """Return text without the characters that no file may hold, or that turn what follows."""
    return UNSAFE.sub(SEEN, text.translate(TURNED))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    text = str(value)
    return f" {name}={text}" if BARE.fullmatch(text) else f' {name}="{xml(plain(text))}"'
