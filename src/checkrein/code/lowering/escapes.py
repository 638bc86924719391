"""The text that a string literal with escapes stands for."""

from __future__ import annotations

import re
import unicodedata

_SINGLE = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a",
    "\n": "", "\r\n": "", "\u2028": "", "\u2029": "",
}  # fmt: skip
_ESCAPE = re.compile(
    r"\\(?:u\{(?P<point>[0-9a-fA-F]+)\}|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})"
    r"|x(?P<x>[0-9a-fA-F]{2})|N\{(?P<name>[^}]+)\}|(?P<octal>[0-7]{1,3})|(?P<single>\r\n|.))",
    re.DOTALL,
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_UNICODE = 0x110000


def python_text(literal: str) -> str:
    r"""Decode the inside of a Python literal; ``\q``, which Python keeps, stays."""
    return _decode(literal, kept="\\", dropped="")


def javascript_text(literal: str) -> str:
    r"""Decode the inside of a JavaScript literal; ``\q`` is ``q``."""
    return _decode(literal, kept="", dropped="a")


def _decode(literal: str, kept: str, dropped: str) -> str:
    if "\\" not in literal:
        return literal

    def one(match: re.Match[str]) -> str:
        single = match["single"]
        if single is None:
            return _character(match)
        if single in "\\'\"`":
            return single
        return _SINGLE[single] if single in _SINGLE and single not in dropped else kept + single

    text = _ESCAPE.sub(one, literal)
    if _SURROGATE.search(text):
        # JavaScript writes a character beyond 16 bits as two escapes.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _character(match: re.Match[str]) -> str:
    if match["name"]:
        try:
            return unicodedata.lookup(match["name"])
        except KeyError:
            return match[0]
    if match["octal"]:
        return chr(int(match["octal"], 8))
    code = int(match["point"] or match["u"] or match["U"] or match["x"], 16)
    return chr(code) if code < _UNICODE else match[0]
