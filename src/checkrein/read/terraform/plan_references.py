"""What refers to what in a plan: its ``configuration``, followed through modules."""

from __future__ import annotations

import re
from typing import Any

from checkrein.model.values import Open, Symbol, Value

KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
DEEPEST = 12
NAMES = ("each.", "count.", "path.", "terraform.", "self.")


class References:
    """The expressions of a plan's configuration, by address without indices."""

    def __init__(self, module: dict[str, Any]) -> None:
        self.module = module

    def of(self, address: str) -> dict[str, Any]:
        """Return, for each argument of a resource, a symbol for what it refers to.

        Nested blocks are lists of the same. What refers to several things is open.
        """
        modules, resource = _split(KEY.sub("", address))
        module, calls = self.module, []
        for name in modules:
            call = _of(_of(module, "module_calls"), name)
            calls.append((module, call))
            module = _of(call, "module")
        listed = module.get("resources", ())
        found: Any = next((r for r in listed if r.get("address") == resource), {})
        prefix = "".join(f"module.{name}." for name in modules)
        return {
            name: self._expression(one, prefix, calls)
            for name, one in _of(found, "expressions").items()
        }

    def _expression(self, value: Any, prefix: str, calls: list[Any]) -> Any:
        if isinstance(value, list):
            return [self._expression(one, prefix, calls) for one in value]
        if not isinstance(value, dict):
            return None
        if isinstance(value.get("references"), list):
            return self._referred(value["references"], prefix, calls, 0)
        if "constant_value" in value:
            return None
        return {name: self._expression(one, prefix, calls) for name, one in value.items()}

    def _referred(self, names: list[Any], prefix: str, calls: list[Any], depth: int) -> Value:
        texts = [name for name in names if isinstance(name, str) and not name.startswith(NAMES)]
        longest = [
            name for name in texts if not any(o != name and o.startswith(name) for o in texts)
        ]
        if len(longest) != 1 or depth > DEEPEST:
            return Open(f"it is made of {', '.join(sorted(longest)) or 'something else'}")
        return self._one(longest[0], prefix, calls, depth)

    def _one(self, name: str, prefix: str, calls: list[Any], depth: int) -> Value:
        kind, _, rest = name.partition(".")
        if kind == "var" and calls:
            call = calls[-1][1]
            given = _of(_of(call, "expressions"), rest.partition(".")[0]).get("references")
            outer = ".".join(prefix.rstrip(".").split(".")[:-2])
            names = given if isinstance(given, list) else []
            return self._referred(names, f"{outer}." if outer else "", calls[:-1], depth + 1)
        if kind == "module":
            return self._output(rest, prefix, calls, depth)
        if kind in ("var", "local"):
            return Open(f"{name} is only known after the plan is applied")
        parts = name.split(".")
        length = 3 if kind == "data" else 2
        attribute = ".".join(parts[length:])
        return Symbol(prefix + ".".join(parts[:length]), attribute or "id")

    def _output(self, rest: str, prefix: str, calls: list[Any], depth: int) -> Value:
        bare, _, output = KEY.sub("", rest).partition(".")
        module = calls and _of(calls[-1][1], "module")
        call = _of(_of(module or self.module, "module_calls"), bare)
        inner = _of(_of(_of(call, "module"), "outputs"), output.partition(".")[0])
        names = _of(inner, "expression").get("references")
        key = rest.partition(".")[0]
        below = f"{prefix}module.{key}."
        own = [*calls, (module or self.module, call)]
        return self._referred(names if isinstance(names, list) else [], below, own, depth + 1)


def _split(address: str) -> tuple[list[str], str]:
    """Return the modules on the way to a resource, and its address in the last."""
    modules = []
    while address.startswith("module."):
        name, _, address = address.removeprefix("module.").partition(".")
        modules.append(name)
    return modules, address


def _of(value: Any, name: str) -> dict[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}
