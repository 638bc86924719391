"""What an expression may ask for, and the limits that it has to keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from checkrein.model import Place
from checkrein.model.values import Choice, Open, Value
from checkrein.read.terraform.unknowns import ModuleReference, Reference, weight

MOST_STEPS = 2_000_000  # expressions that are evaluated for one root module
LARGEST = 50_000  # items in a list or object that a function makes
HEAVIEST = 100_000  # values in one, with all that is in it
PER_STEP = 4  # values that are gone through for a step


class TooMuch(Exception):
    """A root module asks for more work than any real one."""


@dataclass
class Work:
    """What the evaluation of one root module has done so far, and the conditions it met."""

    conditions: dict[str, Any] = field(default_factory=dict)
    written: dict[int, tuple[Any, str, int, int]] = field(default_factory=dict)
    steps: int = 0

    def step(self, many: int = 1) -> None:
        self.steps += many
        if self.steps > MOST_STEPS:
            raise TooMuch(f"more than {MOST_STEPS:,} expressions")

    def borne(self, value: Value) -> Value:
        """Return a value that was made, and count what it weighs; one that is too heavy is open.

        Values that share their parts, each holding the last one twice, would grow without end.
        """
        found = weight(value)
        self.step(found // PER_STEP)
        return value if found <= HEAVIEST else Open(f"more than {HEAVIEST:,} values in one")

    def condition(self, name: str, definition: Any) -> Value:
        """Return true or false under a condition of that name."""
        if isinstance(definition, Open):  # two of one reason are two conditions
            definition = Open(f"{name}: {definition.reason}")
        self.conditions.setdefault(name, definition)
        return Choice(((((f"#{name}", True),), True), (((f"#{name}", False),), False)))

    def keep(self, value: Value, path: str, line: int, indent: int) -> Value:
        """Remember that a text is written in a file, from a line on."""
        if line and not isinstance(value, Open):
            self.written[id(value)] = (value, path, line, indent)
        return value


class Names(Protocol):
    """The module that an expression stands in."""

    prefix: str  # "module.users." or ""
    work: Work
    call_place: Place | None  # the user's block that calls a published module

    def given_place(self, name: str) -> Place | None:
        """Return where a variable's value is written by who calls the module."""

    def lookup(self, namespace: str, name: str) -> Value:
        """Return ``var.name``, ``local.name``, ``module.name`` or a resource, as a whole."""

    def data(self, type: str, name: str) -> Value:
        """Return a data source, as a whole."""

    def attribute(self, reference: Reference, name: str) -> Value:
        """Return an attribute of a resource or data source."""

    def output(self, reference: ModuleReference, name: str) -> Value:
        """Return an output of a module."""

    def settled(self, value: Value) -> Value:
        """Return a value with attributes of resources replaced by what is configured."""

    def file(self, path: str) -> Value:
        """Return a file's text, or Open saying why it cannot be had; raise Failed for none."""

    def place_of(self, path: str) -> str:
        """Return the path of a file from the scanned folder on."""

    def names(self, folder: str) -> frozenset[str] | None:
        """Return the names in a folder, None where it is outside or no folder."""


@dataclass(frozen=True)
class Scope:
    """A module, and the names that a loop, count or for_each adds."""

    module: Names
    names: dict[str, Value] = field(default_factory=dict)
    label: str = ""  # sets conditions of one turn of a loop apart from those of the next

    def within(self, names: dict[str, Value], label: str) -> Scope:
        return Scope(self.module, {**self.names, **names}, f"{self.label}{label}")
