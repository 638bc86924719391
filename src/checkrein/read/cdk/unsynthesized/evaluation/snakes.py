"""Python's functions; MISSING where nothing is known."""

from __future__ import annotations

from checkrein.read.cdk.unsynthesized.evaluation import operators, values
from checkrein.read.cdk.unsynthesized.evaluation.access import member
from checkrein.read.cdk.unsynthesized.evaluation.asked import Asked, Handler
from checkrein.read.cdk.unsynthesized.evaluation.objects import MOST_ITEMS, from_entries
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    Builtin,
    Method,
    Own,
    Scope,
    Super,
)
from checkrein.read.cdk.unsynthesized.trace import Traced, Unknown


def _super(asked: Asked, *_arguments: Traced) -> Traced:
    scope: Scope | None = asked.scope
    while scope is not None:
        if scope.frame.home is not None:
            return Super(scope.frame.this, scope.frame.home)
        scope = scope.outer
    return MISSING


def _range(_asked: Asked, *bounds: Traced) -> Traced:
    return list(range(*bounds)[:MOST_ITEMS])


def _enumerate(asked: Asked, value: Traced, start: int = 0) -> Traced:
    items = asked.items(value)
    start = asked.named.get("start", start)
    return MISSING if items is None else [[i, one] for i, one in enumerate(items, start)]


def _zip(asked: Asked, *listed: Traced) -> Traced:
    found = [asked.items(one) for one in listed]
    return [list(row) for row in zip(*[one for one in found if one is not None], strict=False)]


def _length(_asked: Asked, value: Traced) -> Traced:
    return len(value) if isinstance(value, (str, list, dict)) else MISSING


def _dict(asked: Asked, value: Traced = None) -> Traced:
    found = from_entries(asked, value) if value is not None else {}
    return {**found, **asked.named} if isinstance(found, dict) else MISSING


def _sorted(asked: Asked, value: Traced) -> Traced:
    items = asked.items(value)
    if items is None:
        return MISSING
    return sorted(items) if all(isinstance(one, str) for one in items) else items


def _reversed(asked: Asked, value: Traced) -> Traced:
    items = asked.items(value)
    return MISSING if items is None else items[::-1]


def _mapped(asked: Asked, function: Traced, value: Traced) -> Traced:
    items = asked.items(value)
    return MISSING if items is None else [asked.call(function, one) for one in items]


def _filtered(asked: Asked, function: Traced, value: Traced) -> Traced:
    items = asked.items(value) or []
    kept = [one if function is None else asked.call(function, one) for one in items]
    return [one for one, test in zip(items, kept, strict=True) if asked.truth(test) is not False]


def _any(asked: Asked, value: Traced) -> Traced:
    tests = [asked.truth(one) for one in asked.items(value) or [Unknown("", asked.place)]]
    return True if True in tests else MISSING if None in tests else False


def _all(asked: Asked, value: Traced) -> Traced:
    tests = [asked.truth(one) for one in asked.items(value) or []]
    return False if False in tests else MISSING if None in tests else True


def _getattr(asked: Asked, whole: Traced, name: Traced, default: Traced = None) -> Traced:
    found = member(asked.run, whole, name, asked.place, asked.scope, optional=True)
    return default if found is None or isinstance(found, Method) else found


def _hasattr(_asked: Asked, whole: Traced, name: Traced) -> Traced:
    return name in whole.fields if isinstance(whole, Own) else MISSING


def _setattr(asked: Asked, whole: Traced, name: Traced, value: Traced) -> Traced:
    if isinstance(whole, Own):
        asked.run.put(whole.fields, name, value)
    return None


def _isinstance(_asked: Asked, value: Traced, kind: Traced) -> Traced:
    found = operators.compared("instanceof", value, kind)
    if isinstance(kind, Builtin) and isinstance(value, (str, list, dict, int)):
        found = type(value).__name__ == kind.name
    return MISSING if found is None else found


def _next(asked: Asked, value: Traced, default: Traced = None) -> Traced:
    items = asked.items(value)
    return MISSING if items is None else items[0] if items else default


def _sum(_asked: Asked, value: Traced) -> Traced:
    return sum(value)


def _variable(asked: Asked, name: Traced, default: Traced = None) -> Traced:
    found = Unknown(f"the environment variable {name}", asked.place)
    return found if default is None else values.choice([found, default])


PYTHON: dict[str, Handler] = {
    "super": _super,
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "len": _length,
    "dict": _dict,
    "sorted": _sorted,
    "reversed": _reversed,
    "map": _mapped,
    "filter": _filtered,
    "any": _any,
    "all": _all,
    "sum": _sum,
    "next": _next,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "isinstance": _isinstance,
    "os.getenv": _variable,
    "typing.cast": lambda _asked, _kind, value: value,
    "os.environ.get": _variable,
}
