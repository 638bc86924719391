"""What the interpreter knows of a value: a set of things it may be, and all that flowed into it.

An ``Abstract`` unites *atoms* (constants, symbols, texts), *things* (structures, functions,
clients; see ``things.py``), the *sources* that flowed in without being the value, and ``open``
(it may also be something else). The empty Abstract is "nothing yet", the neutral element of
``join``.
"""

from __future__ import annotations

from functools import cache, partial
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from checkrein.catalog.uses import bits
from checkrein.code.domain.abstract import EMPTY, Abstract, Arms, Sources
from checkrein.code.domain.cleaned import Cleaned
from checkrein.code.domain.configured import Configured
from checkrein.model import Choice, Open, Symbol, Text, Value
from checkrein.model.values import RANDOM, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from checkrein.code.domain.things import Thing

Atom = str | int | float | bool | Symbol | Text | None

PLAIN: Final = frozenset((str, int, float, bool, type(None)))  # kinds of atoms that hold no symbol
ATOMS: Final = 40  # more alternatives than this are "many"
SHOWN: Final = 16  # the model's bound on a Choice
THINGS: Final = 12
SEGMENTS: Final = 14  # access paths end somewhere, whatever a loop does
DEPTH: Final = 8
FIELDS = 24  # of a value are remembered to be missing


NOTHING: Final = Abstract()
UNKNOWN: Final = Abstract(open=True)


def constant(value: Atom) -> Abstract:
    return Abstract(atoms=frozenset((value,)))


def symbolic(owner: str, attribute: str = "") -> Abstract:
    return Abstract(atoms=frozenset((Symbol(owner, attribute),)))


def thing(*things: Thing) -> Abstract:
    return Abstract(things=things)


def derived(sources: Sources) -> Abstract:
    """Return a value of which only its origins are known."""
    return Abstract(sources=sources, open=True)


def join(left: Abstract, right: Abstract) -> Abstract:
    """Return the union of what two values may be."""
    if left is right or right is NOTHING:
        return left
    if not (right.atoms or right.things or right.sources or right.open):
        return left
    if left is NOTHING or not (left.atoms or left.things or left.sources or left.open):
        return right
    if type(left) is Configured and left == right:
        return left
    atoms = left.atoms | right.atoms if right.atoms else left.atoms
    sources = left.sources | right.sources if right.sources else left.sources
    is_open = left.open or right.open
    if len(atoms) > ATOMS:
        sources |= atom_sources(atoms)
        atoms, is_open = frozenset(), True
    things = left.things
    if right.things and right.things is not things:
        things = _united(things, right.things)
    if len(things) > THINGS:  # what flows into those that are cut off is not lost
        sources |= sources_of(Abstract(things=things[THINGS:]))
        things, is_open = things[:THINGS], True
    return Abstract(atoms, things, sources, is_open)


def _united(things: tuple[Thing, ...], more: tuple[Thing, ...]) -> tuple[Thing, ...]:
    if len(things) == 1 == len(more):  # nearly always; what is more would be compared in pairs
        return things if things[0] is more[0] or things[0] == more[0] else (*things, *more)
    known = set(things)
    new = [one for one in more if one not in known]
    return (*things, *new) if new else things


def join_all(values: Iterable[Abstract]) -> Abstract:
    result = NOTHING
    for value in values:
        result = join(result, value)
    return result


def tainted(value: Abstract, sources: Sources) -> Abstract:
    """Return the value with more sources flowing into it."""
    if not sources or sources <= value.sources:
        return value
    arms = _tainted_arms(value.arms, sources) if value.arms else None
    return Abstract(value.atoms, value.things, value.sources | sources, value.open, arms)


def _tainted_arms(arms: Arms, sources: Sources) -> Arms:
    values = tuple((arm, tainted(value, sources)) for arm, value in arms.values)
    rest = None if arms.rest is None else tainted(arms.rest, sources)
    return Arms(arms.branching, values, rest)


def atom_sources(atoms: Iterable[Any]) -> Sources:
    """Return the symbols that atoms are or contain."""
    found: list[Symbol] = []
    for atom in atoms:
        kind = type(atom)
        if kind is Text:
            found += [part for part in atom.parts if isinstance(part, Symbol)]
        elif kind not in PLAIN and isinstance(atom, Symbol):
            found.append(atom)
    return frozenset(found) if found else EMPTY


def sources_of(value: Abstract) -> Sources:
    """Return every symbol that flows into a value, through its structure too."""
    if not value.things:
        found_in = atom_sources(value.atoms) if value.atoms else EMPTY
        return value.sources | found_in if found_in else value.sources
    found: set[Symbol] = set()
    seen: set[int] = set()
    level = [value]
    for _ in range(DEPTH + 2):  # level by level: the order of parts must not tell what is too deep
        below: list[Abstract] = []
        for part in level:
            found |= part.sources
            found |= atom_sources(part.atoms)
            for inner in part.things:
                if id(inner) not in seen:
                    seen.add(id(inner))
                    below += inner.parts()
        level = below
    return frozenset(found)


def ordered(atoms: frozenset[Any]) -> Iterable[Any]:
    """Return alternatives in an order that is the same in every run."""
    return atoms if len(atoms) < 2 else sorted(atoms, key=repr)  # noqa: PLR2004 - nothing to order


def constants(value: Abstract) -> list[Any]:
    """Return the plain alternatives in a stable order."""
    return sorted((a for a in value.atoms if not isinstance(a, (Symbol, Text))), key=repr)


def strings(value: Abstract) -> list[str]:
    return sorted(atom for atom in value.atoms if isinstance(atom, str))


def only_string(value: Abstract) -> str | None:
    """Return the string that the value certainly is, else None."""
    if len(value.atoms) == 1 and not value.open and not value.things:
        (atom,) = value.atoms
        if isinstance(atom, str):
            return atom
    return None


# ------------------------------------------------------------------------------ harmless content


def plain(symbol: Symbol) -> Symbol:
    """Return a symbol without what is known of its content."""
    return Symbol(symbol.owner, symbol.attribute) if type(symbol) is Cleaned else symbol


def families(symbol: Symbol) -> int:
    """Return the families of use that a symbol's content is harmless for."""
    return symbol.families if type(symbol) is Cleaned else 0


def clean(symbol: Symbol, harmless: int) -> Symbol:
    """Return a symbol whose content is harmless for more families."""
    known = families(symbol)
    if known | harmless == known:
        return symbol
    return Cleaned(symbol.owner, symbol.attribute, known | harmless, lacking(symbol))


def lacking(symbol: Symbol) -> tuple[str, ...]:
    """Return the fields that a symbol's content does not have here, in order."""
    return symbol.lacking if type(symbol) is Cleaned else ()


def less(value: Abstract, fields: Iterable[str]) -> Abstract:
    """Return a value whose symbols lack some fields: ``{...body, password: undefined}``."""
    names = frozenset(fields)
    if not names or len(names) > FIELDS or not value:
        return value

    def change(symbol: Symbol) -> Symbol:
        missing = tuple(sorted(names.union(lacking(symbol))))
        return Cleaned(symbol.owner, symbol.attribute, families(symbol), missing)

    return _replaced(value, change)


def cleaned(value: Abstract, harmless: int) -> Abstract:
    """Return a value of which all that flowed in is harmless for more families.

    What stands in its structures stays as it is.
    """
    if not harmless or not value:
        return value
    return _replaced(value, lambda symbol: clean(symbol, harmless))


def parsed(value: Abstract) -> Abstract:
    """Return what is parsed out of texts: what is known of a text as such is not true of it."""
    text, every = bits("text property"), bits("all")

    def change(symbol: Symbol) -> Symbol:
        known = families(symbol)
        if not known & text or known & every == every:
            return symbol
        kept = known & ~text | bits("parsed")
        return Cleaned(symbol.owner, symbol.attribute, kept, lacking(symbol))

    return _replaced(value, change) if any(map(families, sources_of(value))) else value


def cleaned_symbols(value: Abstract, known: Mapping[Symbol, int]) -> Abstract:
    """Return a value in which some symbols, and what lies below them, are harmless for more."""
    for symbol in value.sources | atom_sources(value.atoms):
        harmless = known.get(plain(symbol))
        if harmless is not None and (value.things or _told(symbol, harmless) is not symbol):
            return _replaced(value, lambda symbol: _told(symbol, known.get(plain(symbol), 0)))
    return value


def _told(symbol: Symbol, harmless: int) -> Symbol:
    """Return a symbol with what a fact says, which of a text says nothing of what is parsed out."""
    if harmless and families(symbol) & bits("parsed"):
        every = bits("all")
        harmless &= -1 if harmless & every == every else ~bits("text property")
    return clean(symbol, harmless)


def _replaced(value: Abstract, change: Callable[[Symbol], Symbol], depth: int = 0) -> Abstract:
    if depth > DEPTH:
        return value
    arms = value.arms
    if arms is not None:
        values = tuple((arm, _replaced(part, change, depth)) for arm, part in arms.values)
        rest = None if arms.rest is None else _replaced(arms.rest, change, depth)
        arms = Arms(arms.branching, values, rest)
    atoms = frozenset(_replaced_atom(atom, change) for atom in value.atoms)
    sources = frozenset(change(symbol) for symbol in value.sources)
    deeper = partial(_replaced, change=change, depth=depth + 1)
    things = tuple(one.replaced(deeper) for one in value.things)
    return Abstract(atoms, things, sources, value.open, arms)


def _replaced_atom(atom: Any, change: Callable[[Symbol], Symbol]) -> Any:
    kind = type(atom)
    if kind in PLAIN:
        return atom
    if kind is Text:
        return Text(tuple(change(p) if isinstance(p, Symbol) else p for p in atom.parts))
    return change(atom) if isinstance(atom, Symbol) else atom


# ------------------------------------------------------------------------------ fields of symbols

ENVIRONMENT: Final = "env"  # plain strings
CALL: Final = "call:"  # begins the owner of what a call gives, before its number
ASKED: Final = "asked"  # what an error holds of a request: the attribute names the call
ERROR: Final = "error"  # what was caught: ``error.stack`` is another thing than ``error.message``


def extend(symbol: Symbol, name: str) -> Symbol:
    """Return the symbol of a field (``name``) or of an element (``[]``) of a symbol."""
    if symbol.owner == ENVIRONMENT or (symbol.owner == ERROR and name == "[]"):
        return symbol
    path = symbol.attribute
    if name == "[]":
        longer = path if path.endswith("[]") else path + "[]"
    elif path.count(".") >= SEGMENTS:
        return symbol
    else:
        longer = f"{path}.{name}" if path else name
    if type(symbol) is Cleaned and symbol.families:
        inherited = _inherited(symbol.families)
        return (
            Cleaned(symbol.owner, longer, inherited) if inherited else Symbol(symbol.owner, longer)
        )
    return Symbol(symbol.owner, longer)


@cache
def _inherited(harmless: int) -> int:
    """Return what a field is harmless for of a value that is harmless for some families.

    That a value is no object tells nothing of its items: it may be a list.
    """
    every = bits("all")
    return harmless if harmless & every == every else harmless & ~bits("text parsed")


# ------------------------------------------------------------------------------ strings


def concatenate(parts: list[Abstract]) -> Abstract:
    """Return the string that joins parts, keeping symbols in it where combinations stay few."""
    if len(parts) > 1 and _is_fixed(parts[0]):
        parts = [parts[0], *map(_below, parts[1:])]
    return chained(parts)


def _is_fixed(part: Abstract) -> bool:
    """Tell whether a text begins with something of the program's own."""
    return "" not in part.atoms and all(s.owner == ENVIRONMENT for s in sources_of(part))


def _below(part: Abstract) -> Abstract:
    """Return a part that has no ``..`` in it as one that stays below what stands before it."""
    if not any(type(s) is Cleaned for s in (*part.sources, *part.atoms)):
        return part
    resolved, path = bits("resolved"), bits("path")
    return _replaced(part, lambda s: clean(s, path if families(s) & resolved else 0))


def chained(parts: list[Abstract]) -> Abstract:
    """Return the string of parts of which each may be a whole path: ``os.path.join``."""
    options = [_pieces(part) for part in parts]
    total = 1
    for found in options:
        total *= len(found)
    if total > SHOWN:
        options = [found if len(found) == 1 else [Open("many values")] for found in options]
    atoms: set[Any] = set()
    is_open = False
    for combination in product(*options):
        value = text(list(combination))
        if isinstance(value, Open):
            is_open = True
        else:
            atoms.add(value)
    sources = frozenset().union(*(sources_of(part) for part in parts))
    return Abstract(frozenset(atoms), (), sources, is_open)


def _pieces(part: Abstract) -> list[Any]:
    pieces = list(ordered(part.atoms))
    if part.open or part.things or not pieces:
        pieces.append(_rest(part))
    return pieces


def _rest(value: Abstract) -> Open:
    """Return what a value is besides its atoms: nothing that is known, or made at random."""
    things = value.things
    made = bool(things) and not value.sources and all(one.is_random for one in things)
    return RANDOM if made else Open("not known")


# ------------------------------------------------------------------------------ to the model


def shown(value: Abstract) -> Value:
    """Return the value as the model says it: plain, Symbol, Text, Choice, or Open."""
    if len(value.atoms) == 1 and not value.open and not value.things:
        (atom,) = value.atoms
        return _replaced_atom(atom, plain)
    options = list(ordered(frozenset([_replaced_atom(atom, plain) for atom in value.atoms])))
    if value.open or value.things or not options:
        options.append(_rest(value))
    if len(options) == 1:
        return options[0]
    if len(options) > SHOWN:
        return Open("many values")
    return Choice(tuple(((), option) for option in options))
