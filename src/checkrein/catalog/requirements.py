"""The small language of the tables that say which actions a call needs.

``ACTION``: every call; ``ACTION with PATH``: only calls that pass this request member; ``ACTION for
PATH``: one of several, needed by calls that pass this member, by all where none is passed or
nothing is known; ``ACTION for PATH~WORD``: the same, where the member's text begins with WORD;
``ACTION without PATH``: all but calls that pass this member with a text that is known (what a
variable holds may be nothing at all); ``ACTION about PATH``: every call, on what this member names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec


class Requirement(msgspec.Struct, frozen=True):
    """An action, and the calls that need it: ``when`` is always, with, without, for or about.

    ``path`` is the member that says what the action is about, where several may; ``about`` one
    the action is always needed.
    """

    action: str
    when: str = "always"
    path: str = ""
    word: str = ""


def requirement(line: str) -> Requirement:
    """Read one line of a table."""
    action, _, rest = line.partition(" ")
    when, _, path = rest.partition(" ")
    path, _, word = path.partition("~")
    return Requirement(action, when or "always", path, word)


def needed(
    written: Iterable[Requirement], request: Mapping[str, str] | None = None
) -> tuple[Requirement, ...]:
    """Return the requirements that count for a call, each once, in the table's order.

    ``request`` maps the paths that a call passes (``TransactItems[].Put.TableName``) to their
    text where it is known, else ""; None where nothing is known of it.
    """
    return tuple(dict.fromkeys(_needed(tuple(written), request or {})))


def _needed(written: tuple[Requirement, ...], request: Mapping[str, str]) -> Iterator[Requirement]:
    chosen = {one for one in written if one.when == "for" and _passes(request, one)}
    for one in written:
        match one.when:
            case "for":
                needs = not chosen or one in chosen
            case "with":
                needs = _passes(request, one)
            case "without":
                needs = not any(_texts(request, one))
            case _:
                needs = True
        if needs:
            yield one


def _passes(request: Mapping[str, str], one: Requirement) -> bool:
    """Say whether a request has the member, or one below it, with the text asked for."""
    return any(text.lstrip().upper().startswith(one.word) for text in _texts(request, one))


def _texts(request: Mapping[str, str], one: Requirement) -> list[str]:
    return [text for path, text in request.items() if _below(path, one.path)]


def _below(path: str, parent: str) -> bool:
    return path == parent or path.startswith((f"{parent}.", f"{parent}[", f"{parent}{{"))
