"""What refers to what in a plan: its ``configuration``, followed through modules.

A plan says which resources an argument is made of, not how. So what is known in it is turned
back into a reference only where it is what one of them tells, and what is not known where there
is nothing else that it could be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from checkrein.late import regex
from checkrein.model.values import Open, Symbol, Value, text

KEY = regex(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
STEP = regex(r'([^.\[\]]+)((?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])*)(?:\.|\Z)')
DEEPEST = 12
OWN_KEY = ("each.", "count.")  # what tells the instances of a block apart
NAMES = (*OWN_KEY, "path.", "terraform.", "self.")
TELLING = ("id", "arn", "name")  # what is looked at first where no attribute is named


class Frame(NamedTuple):
    """A module's part of the configuration, and how it was come to.

    ``prefix`` is the module's address, ``key`` that of the instance which asks, if it has one.
    ``calls`` are the frames of the modules outside, with what they pass in.
    """

    module: dict[str, Any]
    prefix: str
    key: str
    calls: tuple[tuple[Frame, dict[str, Any]], ...]


class Referred(NamedTuple):
    """What an expression refers to: resources' attributes, and whether there is more to it."""

    symbols: tuple[Symbol, ...]
    whole: bool
    names: tuple[str, ...]

    @property
    def unknown(self) -> Value:
        """Return what the expression stands for where its value is not known."""
        if self.whole and len(self.symbols) == 1:
            return self.symbols[0]
        return Open(f"it is made of {', '.join(sorted(self.names)) or 'something else'}")


class References:
    """The expressions of a plan's configuration; ``values`` are all resources' by address."""

    def __init__(self, module: dict[str, Any], values: Mapping[str, dict[str, Any]]) -> None:
        self.module = module
        self.values = values
        self.addresses: defaultdict[str, list[str]] = defaultdict(list)
        for address in values:
            self.addresses[KEY.sub("", address)].append(address)
        self._declared: dict[int, dict[str, dict[str, Any]]] = {}  # by the module's identity
        self._meant: dict[str, list[str]] = {}

    def of(self, address: str) -> dict[str, Any]:
        """Return, for each argument of a resource, what it refers to; nested blocks as lists."""
        frame, name, key = self._frame(address)
        found = self._resources(frame.module).get(name, {})
        own = frame._replace(key=key)
        return {n: self._expression(one, own) for n, one in _of(found, "expressions").items()}

    def _resources(self, module: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Return what a module declares, by its address there."""
        found = self._declared.get(id(module))
        if found is None:
            listed = module.get("resources")
            every = (
                [each for each in listed if isinstance(each, dict)]
                if isinstance(listed, list)
                else []
            )
            found = {str(each.get("address")): each for each in reversed(every)}
            self._declared[id(module)] = found
        return found

    def known(self, value: Value, referred: Referred) -> Value:
        """Return a reference to what tells a value that is known, or the value itself."""
        if not isinstance(value, str) or not value:
            return value
        return next(self._telling(value, referred), value)

    def _telling(self, value: str, referred: Referred) -> Iterator[Value]:
        """Yield what tells a value: an attribute that is named, or one of those that name."""
        for symbol in referred.symbols:
            told = self.values.get(symbol.owner, {})
            named = (symbol.attribute, *(TELLING if symbol.attribute == "id" else ()))
            yield from (Symbol(symbol.owner, name) for name in named if told.get(name) == value)
            arn = told.get(symbol.attribute)
            if isinstance(arn, str) and arn.startswith("arn:") and _is_part(value, arn):
                yield text([symbol, value.removeprefix(arn)])

    def _frame(self, address: str) -> tuple[Frame, str, str]:
        """Return the module that a resource lies in, its address there, and its key."""
        frame, steps = Frame(self.module, "", "", ()), STEP.findall(address)
        while len(steps) > 2 and steps[0][0] == "module":  # noqa: PLR2004 - a name follows
            name, key = steps[1]
            frame, steps = _inner(frame, name, key), steps[2:]
        name = ".".join(name for name, _ in steps)
        return frame, name, steps[-1][1] if steps else ""

    def _expression(self, value: Any, frame: Frame) -> Any:
        if isinstance(value, list):
            return [self._expression(one, frame) for one in value]
        if not isinstance(value, dict):
            return None
        if isinstance(value.get("references"), list):
            return self._referred(value["references"], frame, 0)
        if "constant_value" in value:
            return None
        return {name: self._expression(one, frame) for name, one in value.items()}

    def _referred(self, names: list[Any], frame: Frame, depth: int) -> Referred:
        texts = dict.fromkeys(name for name in names if isinstance(name, str))
        asked = [name for name in texts if not name.startswith(NAMES)]
        longest = tuple(n for n in asked if not any(_is_below(o, n) for o in asked))
        if not any(name.startswith(OWN_KEY) for name in texts):
            frame = frame._replace(key="")  # the expression is the same for all instances
        symbols: list[Symbol] = []
        whole = bool(longest) and depth <= DEEPEST
        for name in longest if whole else ():
            one = self._one(name, frame, depth)
            symbols += one.symbols
            whole = whole and one.whole
        return Referred(tuple(dict.fromkeys(symbols)), whole, longest)

    def _one(self, name: str, frame: Frame, depth: int) -> Referred:
        steps = STEP.findall(name)
        kind = steps[0][0] if steps else ""
        if kind == "var" and frame.calls and len(steps) > 1:
            outside, call = frame.calls[-1]
            given = _of(_of(call, "expressions"), steps[1][0]).get("references")
            return self._referred(given if isinstance(given, list) else [], outside, depth + 1)
        if kind == "module" and len(steps) > 2:  # noqa: PLR2004 - its name, and an output's
            return self._output(steps, frame, depth)
        if kind in ("var", "local", "module", ""):
            return Referred((), whole=False, names=(name,))
        length = 3 if kind == "data" else 2
        own = ".".join(f"{word}{key}" for word, key in steps[:length])
        attribute = ".".join(f"{word}{key}" for word, key in steps[length:]) or "id"
        found = self._instances(f"{frame.prefix}{own}", frame.key)
        symbols = tuple(Symbol(each, attribute) for each in found)
        return Referred(symbols, whole=True, names=(name,))

    def _output(self, steps: list[tuple[str, str]], frame: Frame, depth: int) -> Referred:
        (name, key), (output, position) = steps[1], steps[2]
        inner = _inner(frame, name, key or frame.key)
        told = _of(_of(_of(inner.module, "outputs"), output), "expression").get("references")
        found = self._referred(told if isinstance(told, list) else [], inner, depth + 1)
        number = position.strip("[]")
        if number.isdigit() and int(number) < len(found.symbols):
            return found._replace(symbols=(found.symbols[int(number)],))
        return found

    def _instances(self, address: str, key: str) -> list[str]:
        """Return the instances that an address means, of modules and resources with keys."""
        if address in self.values:
            return [address]
        if f"{address}{key}" in self.values:
            return [f"{address}{key}"]
        if address not in self._meant:
            alike = self.addresses.get(KEY.sub("", address), [])
            self._meant[address] = [each for each in alike if _is_one_of(each, address)]
        return self._meant[address] or [address]


def _inner(frame: Frame, name: str, key: str) -> Frame:
    """Return the frame of a module that another one calls."""
    call = _of(_of(frame.module, "module_calls"), name)
    # what a call passes in belongs to the module's own instance
    outside = frame._replace(key=key)
    prefix = f"{frame.prefix}module.{name}{key}."
    return Frame(_of(call, "module"), prefix, "", (*frame.calls, (outside, call)))


def _is_one_of(each: str, address: str) -> bool:
    """Tell whether an instance has the keys that an address names."""
    pairs = zip(STEP.findall(each), STEP.findall(address), strict=False)
    return all(own == asked or not asked[1] for own, asked in pairs)


def _is_below(longer: str, name: str) -> bool:
    return longer.startswith((f"{name}.", f"{name}["))


def _is_part(longer: str, arn: str) -> bool:
    """Tell whether an ARN is of something in what another one is of."""
    return longer.startswith((f"{arn}/", f"{arn}:"))


def _of(value: Any, name: str) -> dict[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}
