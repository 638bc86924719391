"""The module and function that a command line starts."""

from __future__ import annotations

import shlex

from checkrein.late import regex

HANDLER = regex(r"^[\w./-]+\.[A-Za-z_$][\w$]*$")
SCRIPT = regex(r"^[\w./-]+\.(py|js|mjs|cjs|ts)$")
SERVED = regex(r"^[\w.]+:\w+$")  # uvicorn main:app


def started(word: str) -> str:
    """Return the handler that one word of a command line names, or "".

    ``app.handler`` names itself, ``main:app`` is ``main.app`` and a script ``app.py`` is
    ``app.__main__``.
    """
    if SERVED.match(word):
        return word.replace(":", ".")
    if SCRIPT.match(word):
        return f"{word.rpartition('.')[0]}.__main__"
    return word if HANDLER.match(word) else ""


def started_by_script(text: str) -> tuple[str, ...]:
    """Return what a shell script starts, the last line first: web servers and scripts only."""
    handlers = []
    for line in reversed(text.splitlines()):
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            continue
        named = [word for word in reversed(words) if SERVED.match(word) or SCRIPT.match(word)]
        handlers += [started(word) for word in named]
    return tuple(handlers)
