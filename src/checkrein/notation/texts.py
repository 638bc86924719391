"""Bytes to text, and text to lines, as positions count them."""

from __future__ import annotations

from checkrein.errors import InputError
from checkrein.late import regex

BREAK = regex(r"\r\n|\n|\r")
BYTE_ORDER_MARK = "\ufeff"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def decode(data: bytes, path: str = "") -> str:
    """Return a file's text without its byte order mark; raise InputError for a binary file.

    UTF-8 and, with a byte order mark, UTF-16. Bytes that are not UTF-8 in a file without NUL are
    taken as Latin-1, one character each, so that positions stay true.
    """
    if data[:2] in UTF_16:
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise InputError("this is a binary file, not a text; leave it out of the scan", path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def encode(text: str, before: bytes) -> bytes:
    """Return a text as bytes, encoded as the file's bytes were before.

    Raise UnicodeEncodeError where that encoding lacks one of its characters.
    """
    if before[:2] in UTF_16:
        order = "utf-16-le" if before[:2] == UTF_16[0] else "utf-16-be"
        return before[:2] + text.encode(order)
    mark = BYTE_ORDER_MARK.encode()
    if before.startswith(mark):
        return mark + text.encode()
    try:
        before.decode("utf-8")
        return text.encode()
    except UnicodeDecodeError:
        return text.encode("latin-1")


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, without what ends them."""
    return BREAK.split(text)


def line_starts(text: str) -> list[int]:
    """Return the offset at which each line begins; the first is 0."""
    return [0, *(found.end() for found in BREAK.finditer(text))]
