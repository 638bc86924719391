"""A template's Conditions: decided where they depend on nothing open, else names to assume."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from checkrein.model.values import SPECIAL, Condition, Value, When, plain_text

Outcome = bool | Condition  # decided, or "this condition has this truth value"


class Conditions:
    """Answers whether a condition holds: True, False, or the literal it comes down to.

    A literal is ``("STACK#Name", True)``. A condition that is another one's negation, or is
    written like another one, comes down to that one, so that contradictions are seen. ``resolve``
    gives the value of an operand with unbound parameters left symbolic: a default is an
    assumption and decides nothing here.
    """

    def __init__(self, stack: str, declared: Any, resolve: Callable[[Any], Value]) -> None:
        self.stack = stack
        self.declared = declared if isinstance(declared, dict) else {}
        self.resolve = resolve
        self.known: dict[str, Outcome] = {}
        self.written: dict[str, str] = {}
        for name, expression in self.declared.items():
            self.written.setdefault(_text(expression), name)

    def outcome(self, name: str) -> Outcome:
        """Return what a condition comes down to; an undeclared one is a name to assume."""
        if name not in self.known:
            unknown = (f"{self.stack}#{name}", True)
            self.known[name] = unknown  # a cycle ends here
            if name in self.declared:
                found = self._evaluate(self.declared[name])
                self.known[name] = self._named(name) if found is None else found
        return self.known[name]

    def when(self, name: str) -> When | None:
        """Return the assumptions under which a condition holds, None where it never does."""
        found = self.outcome(name)
        if isinstance(found, bool):
            return () if found else None
        return (found,)

    def _named(self, name: str) -> Condition:
        """Name an open condition; of several written alike the first gives the name."""
        return (f"{self.stack}#{self.written[_text(self.declared[name])]}", True)

    def _evaluate(self, expression: Any) -> Outcome | None:
        if isinstance(expression, bool):
            return expression
        if not isinstance(expression, dict) or len(expression) != 1:
            return None
        ((name, argument),) = expression.items()
        if name == "Condition" and isinstance(argument, str):
            return self.outcome(argument)
        return self._operator(name, argument if isinstance(argument, list) else [argument])

    def _operator(self, name: str, arguments: list[Any]) -> Outcome | None:
        if name == "Fn::Equals" and len(arguments) == 2:  # noqa: PLR2004 - as CloudFormation says
            return self._equal(*arguments)
        if name == "Fn::Not":
            return self._not(arguments)
        if name in ("Fn::And", "Fn::Or"):
            return self._many(arguments, decisive=name == "Fn::Or")
        return None

    def _equal(self, left: Any, right: Any) -> bool | None:
        one, other = self.resolve(left), self.resolve(right)
        if one == other:
            return True
        if isinstance(one, SPECIAL) or isinstance(other, SPECIAL):
            return None
        return plain_text(one) == plain_text(other)

    def _not(self, arguments: list[Any]) -> Outcome | None:
        found = self._evaluate(arguments[0]) if arguments else None
        if isinstance(found, bool):
            return not found
        return (found[0], not found[1]) if found else None

    def _many(self, arguments: list[Any], *, decisive: bool) -> Outcome | None:
        """And, Or: one operand may decide; one left open is the answer; several stay a name."""
        found = [self._evaluate(argument) for argument in arguments]
        if decisive in found:
            return decisive
        left = {outcome for outcome in found if outcome is not (not decisive)}
        if not left:
            return not decisive
        return left.pop() if len(left) == 1 else None


def _text(expression: Any) -> str:
    return json.dumps(expression, sort_keys=True, default=str)
