"""What stands for facts: texts that are equal only if the facts are.

To make one, facts become bytes. Resources and summaries do so slowly, for the values in them, and
are asked about several times in a scan: as what was read, as what rights follow from, by each
check. So what stands for each of these is remembered as long as few are.
"""

from __future__ import annotations

from collections.abc import Iterable

from checkrein import files
from checkrein.cache import codec
from checkrein.model import Fact, Summary

UNFIT = (TypeError, ValueError, OverflowError, RecursionError)  # nothing can stand for it
SLOW = frozenset({Summary, *codec.VALUES})
MOST = 5000  # facts that are remembered, and so are held

_known: dict[int, tuple[Fact, str]] = {}


def printed(facts: Iterable[Fact]) -> str:
    """Return what stands for facts, in their order; raise one of ``UNFIT`` where nothing can."""
    return files.digest(packed(facts))


def packed(facts: Iterable[Fact]) -> bytes:
    """Return facts as bytes, slow ones as what stands for them; raise one of ``UNFIT`` as above."""
    plain: list[Fact] = []
    slow: list[str] = []
    at: list[int] = []
    for number, fact in enumerate(facts):
        if type(fact) in SLOW:
            slow.append(_of(fact))
            at.append(number)
        else:
            plain.append(fact)
    return codec.packed((plain, slow, at))


def _of(fact: Fact) -> str:
    known = _known.get(id(fact))
    if known is None:
        if len(_known) >= MOST:
            _known.clear()
        known = _known[id(fact)] = fact, files.digest(codec.encode([fact]))
    return known[1]
