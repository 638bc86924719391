"""Names taken apart into words, so that case style and abbreviation do not matter."""

from __future__ import annotations

from functools import cache

from checkrein.catalog.data_classes import Lexicon, lexicon
from checkrein.late import regex

# IDs and URLs are acronyms in the plural; a digit stays with the letters before it (line1, cvv2).
PIECE = regex(r"[A-Z]{2,}s(?![a-z])\d*|[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")
SHORTEST_PART = 3
ID = "id"  # shorter than any other part: driverid
SHORTEST_COMPOUND = 6
S_IS_NO_PLURAL = ("ss", "us", "is")


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a name: singular where known, abbreviations written out."""
    found: list[str] = []
    for piece in PIECE.findall(name):
        found += _compound(_canonical(piece.lower(), lexicon()), lexicon())
    return tuple(found)


def _canonical(word: str, known: Lexicon) -> str:
    bare = word.rstrip("0123456789") or word
    for form in (word, bare, *singulars(bare)):
        if form in known.abbreviations:
            return known.abbreviations[form]
        if _is_known(form, known):
            return form
    return word


def _is_known(word: str, known: Lexicon) -> bool:
    return word in known.vocabulary or word in known.phrases


def singulars(word: str) -> tuple[str, ...]:
    """Return what a word may be the plural of."""
    if not word.endswith("s") or word.endswith(S_IS_NO_PLURAL):
        return (word[:-2],) if word.endswith("sses") else ()
    return (word[:-1], word[:-2], word[:-3] + "y")


def _compound(word: str, known: Lexicon) -> list[str]:
    """Split a word that was written together (``customeremail``), if all its parts are known."""
    if len(word) < SHORTEST_COMPOUND or _is_known(word, known):
        return [word]
    if word.endswith(ID) and word[: -len(ID)] in known.nouns:
        return [word[: -len(ID)], ID]
    for cut in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        parts = [_canonical(part, known) for part in (word[:cut], word[cut:])]
        if all(_is_known(part, known) for part in parts):
            return parts
    return [word]
