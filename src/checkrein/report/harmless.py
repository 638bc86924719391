"""What stands in no report, whoever wrote the names and texts that it tells of.

A repository that nobody trusts says what resources, routes, fields and files are called, and its
code is quoted. None of that may command a terminal, turn the order of what is read, begin a line of
ours, or speak to the service that runs a build and reads what is printed.
"""

from __future__ import annotations

import re

from checkrein.late import regex

SEEN = "\ufffd"  # what stands for a character that does something
# These turn the order of what follows: code would read as it is not.
TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
BREAKING = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"  # ends of lines, to one reader or another
CONTROLS = {
    **dict.fromkeys((*range(9), *range(14, 32), *range(127, 160), *TURNING), SEEN),
    **dict.fromkeys(map(ord, BREAKING), " "),
}
# The same in UTF-8, but for the ends of lines that documents have themselves
HIDDEN = regex(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|\xc2[\x80-\x9f]"
    rb"|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]"
)
# What GitHub obeys where a line begins with it, and what it, Azure and TeamCity obey anywhere
COMMAND = regex(rb"(?m)^([ \t]*:)(?=:[A-Za-z-]+(?: [^\n]*)?::)")
MARK = regex(rb"##(?=(?:vso|teamcity)?\[)")


def line(text: str) -> str:
    """Return a text on one line, in which what would do something is seen."""
    return text if text.isprintable() else text.translate(CONTROLS)


def document(content: bytes, *, obeyed: bool = False) -> bytes:
    """Return a report without what it must not hold; one in JSON says the same as before.

    ``obeyed`` leaves commands to who runs the build: they are what the report is made of.
    """
    as_json = content.startswith((b"{", b"["))
    shown = HIDDEN.sub(_spelt if as_json else SEEN.encode(), content)
    if obeyed or content.startswith(b"<!"):  # a page is no log, and packs numbers in such letters
        return shown
    return _unheard(shown, rb"#\u0023" if as_json else b"# #")


def printed(text: str) -> str:
    """Return a text for people in which nobody who runs the build finds a command."""
    return _unheard(text.encode(), b"# #").decode() if "::" in text or "##" in text else text


def _unheard(content: bytes, mark: bytes) -> bytes:
    return MARK.sub(lambda _: mark, COMMAND.sub(rb"\1 ", content))


def _spelt(found: re.Match[bytes]) -> bytes:
    return b"".join(b"\\u%04x" % ord(letter) for letter in found[0].decode())
