"""Where names live: one scope for each module and each running function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.values import NOTHING, clean, families, join, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkrein.code import ir
    from checkrein.code.domain.things import Class, Structure
    from checkrein.model import Code, Symbol


FACTS: Final = "_<facts>"  # a frame keeps what tests have told under it; see ``harm.facts``
# the owners of facts that are of no symbol: who calls, and which request it is
PROOF: Final = "proof"
HELD: Final = "held:"  # begins what a proof says that rests on which call found something
REQUEST: Final = "request"
CHOSEN: Final = "chosen"  # which of several things a request asks for


class Source:
    """The file that code stands in: its path under the root, its language.

    ``inline`` is the text that stands inside a template, which knows where.
    """

    __slots__ = ("inline", "language", "path", "real")

    def __init__(self, path: str, language: str, real: str, inline: Code | None = None) -> None:
        self.path = path
        self.language = language
        self.real = real
        self.inline = inline


class Around:
    """A loop or switch that runs, and the names as they were where a break or continue left it.

    ``broken`` where a break did.
    """

    __slots__ = ("broken", "left", "loop")

    def __init__(self, *, loop: bool) -> None:
        self.loop = loop
        self.broken = False
        self.left: list[dict[str, Abstract]] = []


class Case(NamedTuple):
    """What is known of an answer that is a yes, and a no, None where it can not be that.

    ``forms`` are what it may be: True, False, None, "some" other yes, or "any".
    """

    yes: Abstract | None
    no: Abstract | None
    forms: frozenset[object]


class Answer(NamedTuple):
    """What the answer of a test tells of symbols, where it is a yes and a no; which test it was.

    Of a part, that holds until one of the structures it is of changes; ``when`` counts changes.
    """

    yes: dict[Symbol, int]
    no: dict[Symbol, int]
    test: int
    forms: frozenset[object]
    of: tuple[Structure, ...]
    when: int


def part_of(name: str, part: str) -> str:
    """Return what a part of a named answer is known by, of an empty part how they begin."""
    return f"{name}.{part}"


class Left:
    """The facts where a function ends: whatever it returns, and by what that is.

    So for each of the ``parts`` of what it returns.
    """

    __slots__ = ("always", "case", "parts")

    def __init__(self, always: Abstract, case: Case, parts: dict[str, Case]) -> None:
        self.always = always
        self.case = case
        self.parts = parts


class Scope:
    """Names and their values; closures share it, branches replace its ``names``."""

    __slots__ = (
        "answers",
        "around",
        "definition",
        "given",
        "left",
        "names",
        "outer",
        "owner",
        "parent",
        "receiver",
        "returned",
        "source",
        "tests",
        "yielded",
    )

    def __init__(self, source: Source, parent: Scope | None = None) -> None:
        self.source = source
        self.parent = parent
        self.names: dict[str, Abstract] = {}
        self.around: list[Around] = []  # innermost last
        self.outer: set[str] = set()  # declared ``global`` or ``nonlocal``
        self.returned: list[Abstract] = []
        self.left: list[Left] = []  # what was known at each end of a function
        self.yielded = NOTHING
        self.tests: dict[str, Answer] = {}  # by the name that it got, or name.part
        self.given: list[Abstract] | None = None  # all that the function was called with
        self.answers = False  # what it returns is the function's response
        self.owner: Class | None = None
        self.definition: ir.Lambda | None = None  # of the function that runs
        self.receiver = NOTHING

    def forget(self, name: str) -> None:
        """Forget what an answer told that a name stood for: it gets another value."""
        if self.tests:
            parts = part_of(name, "")
            for known in [one for one in self.tests if one == name or one.startswith(parts)]:
                del self.tests[known]

    def unsettle(self, ends: Iterable[dict[str, Abstract]]) -> None:
        """Let no answer tell anything whose name has none at one of several ends: ``var``."""
        every = list(ends) if self.tests else []
        for known, answer in self.tests.items():
            if not all(known.partition(".")[0] in names for names in every):
                self.tests[known] = answer._replace(yes={}, no={})

    def find(self, name: str) -> Abstract | None:
        scope: Scope | None = self
        while scope is not None:
            value = scope.names.get(name)
            if value is not None:
                return value
            scope = scope.parent
        return None

    def passed(self) -> list[Abstract] | None:
        """Return JavaScript's ``arguments``."""
        scope: Scope | None = self
        while scope is not None and scope.given is None:
            scope = scope.parent
        return scope.given if scope is not None else None

    def holder(self, name: str) -> Scope | None:
        """Return the nearest scope that has the name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.parent
        return scope

    def module(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


def merge(scope: Scope, branches: Iterable[dict[str, Abstract]]) -> None:
    """Make the scope's names the join of what the branches left behind."""
    first, *others = branches
    merged = dict(first)
    for names in others:
        for name, value in names.items():
            known = merged.get(name)
            merged[name] = (
                value if known is None else known if known is value else join(known, value)
            )
    if FACTS in merged:
        merged[FACTS] = common(names.get(FACTS, NOTHING) for names in (first, *others))
    scope.names = merged


def common(every: Iterable[Abstract]) -> Abstract:
    """Return the facts that hold in each of several cases."""
    first, *others = every
    found = {plain(atom): families(atom) for atom in first.atoms}
    for other in others if found else ():
        known = {plain(atom): families(atom) for atom in other.atoms}
        found = {s: bits & known[s] for s, bits in found.items() if known.get(s, 0) & bits}
    return Abstract(frozenset(clean(symbol, bits) for symbol, bits in found.items()))
