"""Words and paths, put together for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checkrein.catalog.data_classes import title
from checkrein.model import Place

MOST = 6  # names that braces hold
ROOM = 56  # columns for the names of classes


def many(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 flow``, ``1,234 flows``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def classes(data: Sequence[str], room: int = ROOM) -> str:
    """Return the titles of data classes, as many as there is room for."""
    titles = [title(id) for id in data]
    shown = titles[:1]
    for each in titles[1:]:
        if len(", ".join([*shown, each])) > room:
            break
        shown.append(each)
    rest = [f"{len(titles) - len(shown)} more"] if len(shown) < len(titles) else []
    return ", ".join([*shown, *rest])


def held(data: Sequence[str], perhaps: Sequence[str]) -> str:
    """Return the titles of classes, those that may be lost on the way as such."""
    said = [classes(data)] if data else []
    return ", ".join([*said, f"perhaps {classes(perhaps)}"] if perhaps else said)


def listed(names: Sequence[str], most: int) -> str:
    """Join names for a sentence: ``a, b and 4 more``."""
    known = list(dict.fromkeys(names))
    shown = known if len(known) <= most + 1 else [*known[:most], f"{len(known) - most} more"]
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def braced(paths: Iterable[str], most: int = MOST) -> str:
    """Put paths together: ``body.{card, name}``, ``{home, work}.{city, street}``."""
    return _braced([tuple(path.split(".")) for path in dict.fromkeys(paths)], most)


def _braced(paths: Sequence[tuple[str, ...]], most: int) -> str:
    rests: dict[str, list[tuple[str, ...]]] = {}
    for path in paths:
        rests.setdefault(path[0] if path else "", []).append(path[1:])
    first = next(iter(rests.values()))
    same = all(rest == first for rest in rests.values())
    if len(rests) == 1 or (same and first != [()]):
        inner = _braced(first, most) if first != [()] else ""
        head = _either(list(rests), most)
        return f"{head}.{inner}" if inner else head
    return _either([".".join(path) or "all" for path in paths], most)


def _either(names: list[str], most: int) -> str:
    if len(names) == 1:
        return names[0]
    shown = [*names[:most], f"{len(names) - most} more"] if len(names) > most + 1 else names
    return f"{{{', '.join(shown)}}}"


def way(places: Iterable[Place]) -> str:
    """Return the lines that lead somewhere: ``app.py:12 > 40 > store.py:8``."""
    said: list[str] = []
    last = ""
    for place in dict.fromkeys(places):
        if place.path:
            said.append(str(place.line) if place.path == last else str(place))
            last = place.path
    return " > ".join(said)
