"""Values in three grades: known (plain JSON), symbolic (known by where it comes from), open.

One vocabulary serves templates and code. A template's ``!Ref Rides`` is
``Symbol("api/Rides", "Ref")``; a function's ``process.env.TABLE`` is ``Symbol("env", "TABLE")``
and its ``event.body.id`` is ``Symbol("event", "body.id")``. Binding code to a template is
substitution of symbols.

Owners of symbols:

===================  =====================================  ===============================
owner                attribute                              made by
===================  =====================================  ===============================
a resource's id      ``Ref``, ``Arn``, ``Outputs.X`` …      templates (Ref, Fn::GetAtt)
``STACK@parameter``  the parameter's name                   templates, where no default is
``STACK@stack``      ``StackName``, ``StackId``             pseudo parameters
``@aws``             ``AccountId Region Partition …``       pseudo parameters
``@export``          the export's name                      Fn::ImportValue
``@stack-output``    ``stack's name.output``                other notations (``${cf:…}``)
``@ssm``             the parameter's path                   ``{{resolve:ssm:…}}``, SSM types
``@secretsmanager``  the secret's name, ``:key`` if given   ``{{resolve:secretsmanager:…}}``
``event``            dotted access path, ``Records[].body`` code
``env``              the variable's name                    code
``context``          dotted access path                     code (the second argument)
``call:N``           dotted path in the result of call N    code
``error``            ``""``                                 code (a caught exception)
===================  =====================================  ===============================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any, Final

from checkrein.late import regex
from checkrein.model.special import RANDOM, Choice, Condition, Open, Symbol, Text, When

__all__ = [
    "RANDOM",
    "Choice",
    "Condition",
    "Open",
    "Symbol",
    "Text",
    "When",
]  # and what is made here

PARAMETER = regex(r"\$\{[^}.]*@\w+\.([^}]+)\}")
OWNER = regex(r"\$\{[^}]*/([^/}]+)\}")

Path = tuple[str | int, ...]  # keys and list indices


class Undecided(Exception):
    """Raised when a plain value is asked for and the value is symbolic, open or conditional."""


Value = Any  # plain JSON with Symbol, Text, Choice and Open at any depth
PATH: Final = "Path"  # in a method's metadata: its whole path, of which a part is made elsewhere
ELSEWHERE: Final = "Elsewhere"  # in an API's metadata: it is declared where nobody reads
SPECIAL: Final = (Symbol, Text, Choice, Open)
NO_PARTS: Final = frozenset((str, int, float, bool, type(None), Open))


def text(parts: list[Any]) -> Value:
    """Join parts into the simplest value: a str, the only Symbol, a Text, or a Choice of them.

    Plain numbers and booleans are rendered as CloudFormation does. A part that is a Choice
    multiplies (at most 16 results; beyond that the part becomes open).
    """
    if Choice not in map(type, parts):
        return _concatenate(parts)
    options = [options_of(part) for part in parts]
    total = 1
    for found in options:
        total *= len(found)
    if total > 16:  # noqa: PLR2004 - the design's bound on combinations
        options = [found if len(found) == 1 else [((), Open("many values"))] for found in options]
    joined = []
    for combination in product(*options):
        when = tuple(sorted({c for conditions, _ in combination for c in conditions}))
        if not contradictory(when):
            joined.append((when, _concatenate([value for _, value in combination])))
    return choice(joined)


def options_of(part: Value) -> list[tuple[When, Value]]:
    """Return every value that a value may be, with the conditions that it assumes."""
    return list(part.options) if type(part) is Choice else [((), part)]


def _concatenate(parts: list[Any]) -> Value:
    merged: list[str | Symbol | Open] = []
    plain: list[str] = []  # in a row; adding them up one by one takes quadratic time
    for part in parts:
        for piece in part.parts if type(part) is Text else (part,):
            said = piece if type(piece) is str else _piece(piece)
            if isinstance(said, str):
                if said:
                    plain.append(said)
                continue
            if plain:
                merged.append("".join(plain))
                plain = []
            merged.append(said)
    if plain:
        merged.append("".join(plain))
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else Text(tuple(merged))


def _piece(value: Value) -> str | Symbol | Open:
    """Return what a value that is no text is inside one."""
    if isinstance(value, (Symbol, Open)):
        return value
    return (
        Open("a structure inside a string")
        if isinstance(value, (dict, list))
        else plain_text(value)
    )


def plain_text(value: Any) -> str:
    """Render a scalar as CloudFormation puts it into a string: true, 5, empty for null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def choice(options: list[tuple[When, Any]]) -> Value:
    """Return the only option's value if all agree, else a flat Choice."""
    flat: list[tuple[When, Any]] = []
    for when, value in options:
        for inner, simple in options_of(value):
            both = tuple(sorted({*when, *inner}))
            if not contradictory(both) and (both, simple) not in flat:
                flat.append((both, simple))
    if not flat:
        return Open("no possible value")
    if all(value == flat[0][1] for _, value in flat):
        return flat[0][1]
    return Choice(tuple(flat))


def contradictory(when: When) -> bool:
    """Tell whether one condition is asked to be both true and false."""
    return any((name, not holds) in when for name, holds in when)


def alternatives(value: Value) -> list[Value]:
    """Return every value that ``value`` may have, without its conditions."""
    return [option for _, option in value.options] if type(value) is Choice else [value]


def symbols(value: Value) -> Iterator[Symbol]:
    """Yield every symbol inside a value, depth first, in order, repeats included."""
    waiting = [value]
    while waiting:  # no recursion: each level would hand on every symbol below it
        one = waiting.pop()
        if type(one) is Symbol:
            yield one
        elif type(one) not in NO_PARTS:
            inside = [each for each in _inside(one) if type(each) not in NO_PARTS]
            waiting += reversed(inside)


def mentioned(value: Value) -> set[Symbol]:
    """Return the symbols inside a value, each once."""
    found: set[Symbol] = set()
    waiting: list[Iterable[Value]] = [[value]]
    for one in waiting:  # which grows meanwhile
        for each in one:
            if type(each) is Symbol:
                found.add(each)
            elif type(each) not in NO_PARTS:
                waiting.append(_inside(each))
    return found


def leaves(value: Value) -> Iterator[str | Text]:
    """Yield the texts inside a value, also those with parts that are not known, in no order."""
    waiting: list[Iterable[Value]] = [[value]]
    for one in waiting:  # which grows meanwhile
        for each in one:
            if isinstance(each, (str, Text)):
                yield each
            elif type(each) not in NO_PARTS:
                waiting.append(_inside(each))


def _inside(value: Value) -> Iterable[Value]:
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, Text):
        return value.parts
    return [option for _, option in value.options] if isinstance(value, Choice) else ()


def at_path(value: Value, path: Path) -> Value:
    """Return what stands at a path inside a value, None if absent.

    A Choice on the way is followed into each option; any other special value on the way is the
    answer itself, since whatever lies below it is just as unknown.
    """
    for position, key in enumerate(path):
        if isinstance(value, dict):
            value = value.get(key if type(key) is str else str(key))
        elif value is None:  # most that is asked for is not there
            return None
        elif isinstance(value, list):
            value = value[key] if isinstance(key, int) and key < len(value) else None
        elif isinstance(value, Choice):
            rest = path[position:]
            return choice([(when, at_path(option, rest)) for when, option in value.options])
        elif isinstance(value, SPECIAL):
            return value
        else:
            return None
    return value


def parts_at(value: Value, path: Path, done: Path = ()) -> Iterator[tuple[Path, Value]]:
    """Yield what may stand at a path in a value, ``*`` being any key or index, and where."""
    for option in alternatives(value):
        if not path:
            yield done, option
        elif isinstance(option, dict):
            keys = list(option) if path[0] == "*" else [path[0]]
            for key in keys:
                yield from parts_at(option.get(key), path[1:], (*done, key))
        elif isinstance(option, list) and path[0] == "*":
            for index, item in enumerate(option):
                yield from parts_at(item, path[1:], (*done, index))


def substitute(value: Value, replace: Callable[[Symbol], Value | None]) -> Value:
    """Return the value with every symbol replaced where ``replace`` gives something."""
    if isinstance(value, Symbol):
        found = replace(value)
        return value if found is None else found
    if isinstance(value, Text):
        return text([substitute(p, replace) if isinstance(p, Symbol) else p for p in value.parts])
    if isinstance(value, Choice):
        return choice([(when, substitute(option, replace)) for when, option in value.options])
    if isinstance(value, dict):
        return {key: substitute(item, replace) for key, item in value.items()}
    if isinstance(value, list):
        return [substitute(item, replace) for item in value]
    return value


def plain(value: Value) -> Any:
    """Return plain JSON; raise Undecided naming the first part that is not."""
    if isinstance(value, SPECIAL):
        raise Undecided(str(value))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def items_of(value: Value, name: str) -> list[Value]:
    """Return the items of a list, none where no list stands; raise Undecided if unseen.

    This and ``members_of`` are for what stands inside a property, which may be anything: what
    CloudFormation would refuse counts as not set. ``name`` is what people know the value by.
    """
    _see(value, name)
    return value if isinstance(value, list) else []


def members_of(value: Value, name: str) -> dict[str, Value]:
    """Return the members of a mapping, none where none stands there; raise Undecided if unseen."""
    _see(value, name)
    return value if isinstance(value, dict) else {}


def _see(value: Value, name: str) -> None:
    if isinstance(value, SPECIAL):
        raise Undecided(f"{name} is {value}")


def written(value: Value) -> str:
    """Return a value as a template would say it: ``${Rides.Arn}`` for a resource's attribute."""
    said = OWNER.sub(r"${\1}", str(value)).replace("${@aws.", "${AWS::")
    return PARAMETER.sub(r"${\1}", said).replace(".Ref}", "}")
