"""What somebody asks for, word by word: ``--allow ROLE s3:PutObject Website --remove Uploads``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from checkrein.errors import UsageError

FORMS = {  # what each needs, and what it may have as well
    "allow": (("WHO", "ACTIONS", "RESOURCE"), ()),
    "deny": (("WHO", "ACTIONS", "RESOURCE"), ()),
    "revoke": (("WHO", "ACTIONS"), ("RESOURCE",)),
    "set": (("RESOURCE.PROPERTY=VALUE",), ()),
    "unset": (("RESOURCE.PROPERTY",), ()),
    "trigger": (("SOURCE", "FUNCTION"), ()),
    "no-trigger": (("SOURCE", "TARGET"), ()),
    "remove": (("RESOURCE",), ()),
}


class Wish(NamedTuple):
    """One change that is asked for: what to do, and its words."""

    verb: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((f"--{self.verb}", *self.words))


def wishes(words: Sequence[str]) -> list[Wish]:
    """Return what is asked for, in order; raise UsageError where the words have no such form."""
    if not words:
        raise UsageError("say what to change, as in --allow Orders s3:PutObject Uploads")
    return list(_wishes(list(words)))


def _wishes(words: list[str]) -> Iterator[Wish]:
    while words:
        verb = words.pop(0)
        if not verb.startswith("--"):
            raise UsageError(f"{verb} stands alone; put {_listed()} before it")
        name = verb.removeprefix("--")
        if name not in FORMS:
            close = get_close_matches(name, FORMS, n=1)
            meant = f"; did you mean --{close[0]}?" if close else f"; there are {_listed()}"
            raise UsageError(f"there is no {verb}{meant}")
        taken: list[str] = []
        needed, more = FORMS[name]
        while words and not words[0].startswith("--") and len(taken) < len(needed) + len(more):
            taken.append(words.pop(0))
        if len(taken) < len(needed):
            usage = " ".join((verb, *needed, *(f"[{each}]" for each in more)))
            raise UsageError(f"{verb} lacks {needed[len(taken)]}; write {usage}")
        yield Wish(name, tuple(taken))


def _listed() -> str:
    names = [f"--{name}" for name in FORMS]
    return f"{', '.join(names[:-1])} or {names[-1]}"
