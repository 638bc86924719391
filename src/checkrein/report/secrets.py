"""What no report may repeat: the text of secrets, wherever code, a fix or a fact would show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from checkrein import files
from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model import Edit, Place
from checkrein.model.result import Remedy, Result
from checkrein.notation import decode

LEAST = 8  # characters that are hidden wherever they stand: fewer may be a word like any other
NAME = regex(r"[\w.-]+\s*[=:]\s*(?=[\"'])")  # before a text in quotes
TOKEN = regex(r"(?:[\w.-]+\s*[=:]\s*|\"[\w.-]+\"\s*:\s*)?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')")
WHY_NOT = "it holds a secret, which a report must not repeat; checkrein fix makes the change"


class Secrets(Struct, frozen=True):
    """The texts of secrets, by the file and the line that they stand in."""

    places: dict[tuple[str, int], tuple[str, ...]] = {}
    long: tuple[str, ...] = ()  # the longest first
    all: frozenset[str] = frozenset()

    def line(self, path: str, number: int, line: str) -> str:
        """Return a file's line with stars for what is secret, of the same length."""
        return self.text(line, self.places.get((path, number), ()))

    def text(self, text: str, near: Iterable[str] = ()) -> str:
        """Return a text with stars for long secrets, and for those that stand near."""
        for secret in (*self.long, *near):
            if secret in text:  # stars of megabytes for every text took minutes
                text = text.replace(secret, "*" * len(secret))
        return text

    def near(self, path: str, numbers: Iterable[int]) -> tuple[str, ...]:
        """Return the secrets on some lines of a file."""
        return tuple(text for number in numbers for text in self.places.get((path, number), ()))

    def value(self, value: Any) -> Any:
        """Return a value of JSON with stars in its texts; keys are no secrets."""
        return self._starred(value, {})

    def _starred(self, value: Any, known: dict[str, str]) -> Any:
        """Return a value with stars; each text is looked through once, however often it stands."""
        if isinstance(value, str):
            if value not in known:
                known[value] = "*" * len(value) if value in self.all else self.text(value)
            return known[value]
        if isinstance(value, list):
            return [self._starred(item, known) for item in value]
        if isinstance(value, dict):
            return {key: self._starred(item, known) for key, item in value.items()}
        return value


def secrets(result: Result) -> Secrets:
    """Gather what findings call secret, those too that are not told: another may show the line."""
    places: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    verdicts = (*result.verdicts, *result.held)
    spans = {f.place for verdict in verdicts for f in verdict.findings if f.secret}
    for span in sorted(spans):
        for number, text in _inner(span, lines(result.root, span.path)):
            places[span.path, number].append(text)
    texts = frozenset(text for known in places.values() for text in known)
    long = sorted((t for t in texts if len(t) >= LEAST), key=lambda text: (-len(text), text))
    return Secrets({at: tuple(known) for at, known in places.items()}, tuple(long), texts)


def _inner(place: Place, known: list[str]) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line of a span, without its name and quotes around it."""
    for number in range(max(1, place.line), min(max(place.line, place.end_line), len(known)) + 1):
        line = known[number - 1]
        start = place.column - 1 if number == place.line else 0
        end = place.end_column - 1 if number == place.end_line else len(line)
        text = (line[start:end] if place.end_line else _token(line, start)).strip()
        named = NAME.match(text)
        inner = text[named.end() if named else 0 :].strip("\"'")
        if inner:
            yield number, inner


def _token(line: str, start: int) -> str:
    """Return the text in quotes that begins at a place without an end, else all of the rest."""
    found = TOKEN.match(line, start)
    return found[1] if found else line[start:]


def without_secrets(result: Result) -> Result:
    """Return the result without edits whose new text holds a secret."""
    known = secrets(result)
    kept = {
        fingerprint: Remedy(why_not=WHY_NOT) if _tells(remedy.edits, known) else remedy
        for fingerprint, remedy in result.remedies.items()
    }
    return replace(result, remedies=kept)


def _tells(edits: Iterable[Edit], known: Secrets) -> bool:
    for edit in edits:
        last = max(edit.place.line, edit.place.end_line)
        near = known.near(edit.place.path, range(edit.place.line, last + 1))
        if known.text(edit.text, near) != edit.text:
            return True
    return False


def lines(root: Path, path: str) -> list[str]:
    """Return a file's lines, none where it cannot be read."""
    try:
        return decode(files.content(root / path)).splitlines()
    except (OSError, ValueError, InputError):
        return []
