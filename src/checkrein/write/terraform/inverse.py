"""Properties of CloudFormation's types as arguments of Terraform's: the tables read backwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from checkrein.catalog.terraform_arguments import EMPTY, NEW, Route
from checkrein.model import Path
from checkrein.model.values import SPECIAL
from checkrein.write.refusals import CannotEdit

METHOD = "method_path"
NUMBER, TRUTH, JSON, TEXTS, TEXT = "number", "truth", "json", "texts", "text"


class Setting(NamedTuple):
    """One property at a path, the arguments that may say it (the first is the best), and what."""

    path: Path
    ways: tuple[tuple[Route, Any], ...]


def settings(routes: tuple[Route, ...], path: Path, value: Any) -> Iterator[Setting]:
    """Yield what arguments have to say so that a property has a value.

    Raise CannotEdit where nothing says it.
    """
    exact = [route for route in routes if route.at == new(path)]
    joint = [route for route in exact if route.rule.by == METHOD]
    ways = [(r, told) for r in exact if (told := argument(r, value)) is not None]
    if ways:
        yield Setting(path, tuple(ways))
    elif joint and isinstance(value, dict):
        rest = dict(value)
        way = rest.pop("ResourcePath", "/*"), rest.pop("HttpMethod", "*")
        yield Setting(path, ((joint[0], f"{way[0].strip('/').replace('~1', '/')}/{way[1]}"),))
        yield from settings_of(routes, path, rest)
    elif isinstance(value, (dict, list)) and value and _is_above(routes, path):
        yield from settings_of(routes, path, value)
    else:
        raise CannotEdit(f"no argument is known that says {'.'.join(map(str, path))}")


def settings_of(routes: tuple[Route, ...], path: Path, value: Any) -> Iterator[Setting]:
    """Yield the settings of everything inside a structure or list."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield from settings(routes, (*path, key), item)


def new(path: Path) -> Path:
    """Return a path in which no position in a list counts."""
    return tuple(NEW if isinstance(key, int) else key for key in path)


def _is_above(routes: tuple[Route, ...], path: Path) -> bool:
    way = new(path)
    return any(len(r.at) > len(way) and r.at[: len(way)] == way for r in routes)


def argument(route: Route, value: Any) -> Any:
    """Return what an argument says so that its property has a value, None where it cannot."""
    turn = BACKWARDS.get(route.rule.by)
    found = turn(value, route.rule.using) if turn else None
    if found is None or isinstance(found, SPECIAL):
        return found
    return found if _fits(found, route) else _converted(found, route.kind)


def _fits(value: Any, route: Route) -> bool:
    match route.kind:
        case "text":
            return isinstance(value, str)
        case "texts":
            return isinstance(value, list)
        case "truth":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "json" | "map" | "empty":
            return isinstance(value, dict)
    return route.kind.startswith("=") and isinstance(value, (str, int, bool))


def _converted(value: Any, kind: str) -> Any:
    if kind == TRUTH and str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    if kind == NUMBER and str(value).isdigit():
        return int(value)
    if kind == TEXT and isinstance(value, int):
        return str(value).lower()
    if kind == TEXTS and isinstance(value, tuple):
        return list(value)
    return None


def _same(value: Any, using: Any) -> Any:  # noqa: ARG001
    return value


def _word(value: Any, using: Any) -> Any:
    """Return the word for which a table gives a value; what it does not know is said as it is."""
    for word, meant in using.items():
        if meant == value and word != "*":
            return {"true": True, "false": False}.get(word, word)
    return None if str(value) in using else value


def _negated(value: Any, using: Any) -> Any:  # noqa: ARG001
    return not value if isinstance(value, bool) else None


def _only(value: Any, using: Any) -> Any:
    """Return the one item of a list, or what that holds by a name."""
    if not isinstance(value, list) or len(value) != 1:
        return None
    return value[0].get(using) if using and isinstance(value[0], dict) else value[0]


def _listed(value: Any, using: Any) -> Any:  # noqa: ARG001
    return [value]


def _constant(value: Any, using: Any) -> Any:
    return True if value == using else None


BACKWARDS = {
    "": _same,
    "words": _word,
    "negated": _negated,
    "listed": _only,
    "first": _listed,
    "constant": _constant,
}
NOTHING = EMPTY  # a block in which nothing needs to be said
