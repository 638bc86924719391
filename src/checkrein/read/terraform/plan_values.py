"""What a plan tells of one resource's arguments, beside what the module's files say of them."""

from __future__ import annotations

import hashlib
from typing import Any

from checkrein.model.values import Open, Symbol, Value
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.plan_references import References, Referred
from checkrein.read.terraform.structured import structured
from checkrein.read.terraform.unknowns import PARAMETER, is_known

KNOWN_LATER = Open("it is only known after the plan is applied")
# arguments that hold a document: what they refer to is a part of it, not all of it
DOCUMENTS = frozenset({
    "access_policies", "access_policy", "assume_role_policy", "body", "container_definitions",
    "content", "container_properties", "definition", "event_pattern", "filter_policy", "input",
    "inline_policy", "policy", "redrive_allow_policy", "redrive_policy", "resource_policy",
    "secret_string", "template_body", "user_data", "user_data_base64",
})  # fmt: skip
EMPTY: tuple[Any, ...] = (None, "", [], {})  # a plan has all arguments, those of nobody like this
NAMING = ("name", "id", "sid", "key", "priority")
WHOLE = ("json", "policy", "rendered", "content", "body", "value", "result")  # tell documents


class Planned:
    """Reads the values of a plan; ``references`` say what they refer to."""

    def __init__(self, references: References) -> None:
        self.references = references

    def values(
        self, address: str, told: dict[str, Any], unknown: dict[str, Any]
    ) -> dict[str, Value]:
        """Return a resource's arguments, those that are not known yet by what they refer to."""
        own = self.references.of(address)
        found = {
            name: self._read(value, unknown.get(name), own.get(name))
            for name, value in told.items()
            if value not in EMPTY or name in own
        }
        for name, later in unknown.items():
            if later and found.get(name) is None and name in own:
                found[name] = self._read(None, True, own[name])  # noqa: FBT003 - as the plan has it
        for name in DOCUMENTS & found.keys():
            if isinstance(found[name], Symbol) and not _is_document(found[name]):
                found[name] = KNOWN_LATER
        return found

    def _read(self, value: Any, later: Any, referred: Any) -> Value:
        if later is True:
            return referred.unknown if isinstance(referred, Referred) else KNOWN_LATER
        if isinstance(value, dict):
            return self._mapping(value, later, referred)
        if isinstance(value, list):
            return self._listing(value, later, referred)
        found = self.references.known(value, referred) if isinstance(referred, Referred) else value
        return structured(found, None) if isinstance(found, str) else found

    def _mapping(self, value: dict[str, Any], later: Any, referred: Any) -> Value:
        inner = later if isinstance(later, dict) else {}
        own = referred if isinstance(referred, dict) else {}
        if isinstance(referred, Referred):  # a map that is one expression
            own = dict.fromkeys([*value, *inner], referred)
        is_block = isinstance(referred, dict)
        found = {
            key: self._read(one, inner.get(key), own.get(key))
            for key, one in value.items()
            if one not in EMPTY or key in own or not is_block
        }
        missing = {k: self._read(None, v, own.get(k)) for k, v in inner.items() if v is True}
        return {**found, **{k: v for k, v in missing.items() if found.get(k) is None}}

    def _listing(self, value: list[Any], later: Any, referred: Any) -> Value:
        inner = later if isinstance(later, list) else []
        if not isinstance(referred, Referred):
            own = referred if isinstance(referred, list) else []
            return [self._read(v, _at(inner, i), _at(own, i)) for i, v in enumerate(value)]
        length = max(len(value), len(inner))
        items = [_at(value, i) if _at(inner, i) is not True else None for i in range(length)]
        found = [self._read(item, None, referred) for item in items]
        left = [symbol for symbol in referred.symbols if symbol not in found]
        open_ = [i for i in range(length) if _at(inner, i) is True]
        fitting = referred.whole and len(left) == len(open_)
        for index, symbol in zip(open_, left if fitting else [None] * len(open_), strict=True):
            found[index] = symbol or referred.unknown
        return found


def _is_document(symbol: Symbol) -> bool:
    return symbol.attribute.rpartition(".")[2].partition("[")[0] in WHOLE


def _at(values: list[Any], position: int) -> Any:
    return values[position] if position < len(values) else None


def better(written: Value, planned: Value) -> Value:
    """Return which says more: files keep who is meant and the order, the plan what is known."""
    if planned is None or (isinstance(planned, Open) and not isinstance(written, Open)):
        return written
    if isinstance(written, Json) and isinstance(planned, Json):
        return Json(better(written.value, planned.value))
    if isinstance(written, dict) and isinstance(planned, dict):
        return _better_mapping(written, planned)
    if isinstance(written, list) and isinstance(planned, list) and len(written) == len(planned):
        pairs = zip(written, _aligned(written, planned), strict=True)
        return [better(own, told) for own, told in pairs]
    if is_known(written):
        return written if isinstance(written, Json) or _is_hash(planned, written) else planned
    return planned if _is_undecided(written) and not _is_undecided(planned) else written


def _better_mapping(written: dict[str, Any], planned: dict[str, Any]) -> dict[str, Value]:
    """Return what a mapping holds, in the order of the files; the plan knows what is left out."""
    names = [name for name, v in written.items() if name in planned or not is_known(v)]
    found = {name: better(written[name], planned.get(name)) for name in names}
    return found | {name: v for name, v in planned.items() if name not in found}


def _aligned(written: list[Any], planned: list[Any]) -> list[Any]:
    """Return planned items in the order of the files: a plan sorts what is a set."""
    left = dict.fromkeys(range(len(planned)))
    chosen: dict[int, int] = {}
    for wanted in (_fits, _resembles):
        for index, own in enumerate(written):
            alike = (i for i in left if wanted(own, planned[i]))
            found = next(alike, None) if index not in chosen else None
            if found is not None:
                chosen[index] = found
                del left[found]
    rest = iter(left)
    return [planned[chosen[i] if i in chosen else next(rest)] for i in range(len(written))]


def _resembles(written: Any, planned: Any) -> bool:
    """Tell whether two blocks have the same name, or the like of one."""
    if not isinstance(written, dict) or not isinstance(planned, dict):
        return False
    return any(name in written and written[name] == planned.get(name) for name in NAMING)


def _fits(written: Any, planned: Any) -> bool:
    """Tell whether a planned value may be a written one; one thing at least has to agree."""
    if isinstance(written, dict) and isinstance(planned, dict):
        both = [(own, planned.get(name)) for name, own in written.items() if own is not None]
        plain = [(own, told) for own, told in both if is_known(own) and told is not None]
        return bool(plain) and all(_equals(own, told) for own, told in plain)
    return _equals(written, planned)


def _equals(written: Any, planned: Any) -> bool:
    if isinstance(written, list) and isinstance(planned, list):
        return len(written) == len(planned) and all(
            any(_fits(own, told) for told in planned) for own in written
        )
    if isinstance(written, dict):
        return _fits(written, planned)
    return bool(written == planned) or _text(written) == _text(planned)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, (bool, int, float)) else repr(value)[1:-1]


def _is_hash(planned: Value, written: Value) -> bool:
    """Tell whether a plan only has the hash of a text: of what starts a machine."""
    return (
        isinstance(planned, str)
        and isinstance(written, str)
        and hashlib.sha1(written.encode(), usedforsecurity=False).hexdigest() == planned
    )


def _is_undecided(value: Value) -> bool:
    """Tell whether something in a value is open, asked for, or depends on a condition."""
    if isinstance(value, Json):
        return _is_undecided(value.value)
    if isinstance(value, dict):
        return any(map(_is_undecided, value.values()))
    if isinstance(value, list):
        return any(map(_is_undecided, value))
    parts = getattr(value, "parts", ())
    if isinstance(value, Symbol):
        return value.owner == PARAMETER
    return isinstance(value, Open) or hasattr(value, "options") or any(map(_is_undecided, parts))
