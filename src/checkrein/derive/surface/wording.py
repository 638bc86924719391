"""Statements of policies as words that do not depend on how they were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from checkrein.catalog.actions import documented
from checkrein.iam.actions import expand
from checkrein.iam.conditions import OF_AN_SDK
from checkrein.iam.patterns import WILD, matches
from checkrein.model import Grant, Value
from checkrein.model.surface import BUT, IF, STARS


def actions(grant: Grant) -> tuple[str, ...]:
    """Return a statement's action patterns, each once, without those that another covers."""
    kept = _kept(grant.actions)
    return (f"{BUT}{', '.join(kept)}",) if grant.not_actions else kept


@lru_cache(maxsize=4096)
def _kept(patterns: tuple[str, ...]) -> tuple[str, ...]:
    known = {_spelt(pattern) for pattern in patterns}
    wide = [pattern for pattern in known if WILD.search(pattern)]
    return tuple(sorted(o for o in known if not any(_tells(w, o) for w in wide if w != o)))


@lru_cache(maxsize=4096)
def named(
    patterns: tuple[str, ...], actions: tuple[str, ...], *, negated: bool = False
) -> frozenset[str]:
    """Return which of some actions a statement's Action names, or NotAction does not."""
    wide = [pattern for pattern in patterns if WILD.search(pattern)]
    plain = {pattern.lower() for pattern in patterns if pattern not in wide}
    found = {a for a in actions if a.lower() in plain or any(_names(w, a) for w in wide)}
    return frozenset(set(actions) - found if negated else found)


def _tells(wide: str, one: str) -> bool:
    """Tell whether a pattern makes another needless; of two that name the same only the first."""
    return _names(wide, one) and (wide < one or not _names(one, wide))


def _names(pattern: str, action: str) -> bool:
    """Tell whether a pattern names an action, or all that another pattern names."""
    if "*" not in action:
        return matches(pattern, action, fold=True)
    return all(matches(pattern, action.replace("*", star), fold=True) for star in STARS)


@lru_cache(maxsize=4096)
def _spelt(pattern: str) -> str:
    """Spell an action as AWS does; a pattern that names only one is that one."""
    if not WILD.search(pattern):
        return documented(pattern) or pattern
    only = expand((pattern,))
    service, colon, rest = pattern.partition(":")
    return next(iter(only)) if len(only) == 1 else f"{service.lower()}{colon}{rest}"


def condition(grant: Grant, *, met: bool = True) -> str:
    """Return a statement's conditions in one text, "" for none.

    ``met`` leaves out those on keys that every SDK brings, which the engine has decided.
    """
    return said(grant.conditions, met=met)


def said(conditions: Value, *, met: bool = False) -> str:
    """Return conditions in one text, in any order written; ``met`` as in ``condition``."""
    if not isinstance(conditions, Mapping):
        return str(conditions)
    parts = [
        f"{operator} {key} {rendered(wanted)}"
        for operator, keys in conditions.items()
        for key, wanted in (keys.items() if isinstance(keys, Mapping) else ())
        if not (met and key.lower() in OF_AN_SDK)
    ]
    return " and ".join(sorted(parts))


def under(word: str, said: str) -> str:
    """Return a word with the condition that it stands under, if any."""
    return f"{word}{IF}{said}" if said else word


def rendered(value: Value) -> str:
    """Return a value, or the values of a list in any order, as text."""
    if isinstance(value, (list, tuple)):
        return " or ".join(sorted(map(_plain, value)))
    return _plain(value)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def joined(words: Iterable[str]) -> str:
    """Return words in one text, each once, in order."""
    return ", ".join(sorted(set(words)))
