"""What a request tells of the items of a table, or objects of a bucket, that it is about.

Told is only what is literal, at the beginning and the end of a text. What may be anything (a
symbol, what only some ways pass, what a caller's dictionary may replace) is not told of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from checkrein.catalog.content import Content, content
from checkrein.derive.content.conditions import assignments, satisfying
from checkrein.derive.content.paths import Tokens, below, tokens
from checkrein.late import regex
from checkrein.model import Argument, CallSite, Symbol, Text, Value
from checkrein.model.items import Items, Pattern, both, united
from checkrein.model.values import alternatives

MOST_KINDS = 16
ENVIRONMENT = "env"
STRING = "S"  # DynamoDB's tag of texts; numbers are equal in several ways to be written
VALUES, NAMES = ("ExpressionAttributeValues",), ("ExpressionAttributeNames",)
EXPRESSION, STATEMENT, LEGACY = "UpdateExpression", "Statement", "AttributeUpdates"
UPDATES = ((), *(("TransactItems", "[]", "Update")[:end] for end in (1, 2, 3)))  # hold expressions
OWN = "?"  # of a condition that Python builds: its expression, beside the values
SOME = "\0"  # stands for what is not known in a URL
PATH = regex(r"(?:\w+://)?[^/?#]*((?:/[^/?#\0]+)*)")  # that of a URL, as far as it is known
SIMPLE = regex(r"[\w-]+")

Bind = Callable[[Value], Value]
Patterns = tuple[Pattern, ...]
Told = Mapping[str, Patterns]  # by attribute


def read(site: CallSite, bind: Bind, primary: frozenset[str]) -> Items:
    """Return the items that a request can read, () for any; ``primary`` names the table's key."""
    known = content(site.service, site.operation)
    if known.name:
        return named(site, bind, known)
    if known.key:
        return addressed(site, bind, known.key, primary)
    found: Items = ()
    for member in known.where:
        found = both(found, _where(site, bind, member), MOST_KINDS)
    return found


def answered_to(urls: Iterable[Value]) -> Items:
    """Return which of a host's answers are those to requests of some URLs, () for any.

    Those below a path may be of the same kind: ``/users`` and ``/users/1``.
    """
    found: dict[Pattern, None] = {}
    for option in (each for url in urls for each in alternatives(url)):
        parts = option.parts if isinstance(option, Text) else (option,)
        url = "".join(part if isinstance(part, str) else SOME for part in parts)
        path = PATH.match(url)
        if path is None or not path[1]:
            return ()
        found[path[1], ""] = None
    return ((("path", tuple(found)),),) if found else ()


def named(site: CallSite, bind: Bind, known: Content) -> Items:
    """Return the objects of a bucket that a request names."""
    told = attributes(site, (), bind)
    return (((known.name, told[known.name]),),) if known.name in told else ()


def addressed(site: CallSite, bind: Bind, member: str, primary: frozenset[str]) -> Items:
    """Return the items whose key stands in a member of a request."""
    told = attributes(site, tokens(member), bind)
    kind = tuple((name, told[name]) for name in sorted(told) if not primary or name in primary)
    return (kind,) if kind else ()


def attributes(site: CallSite, at: Tokens, bind: Bind) -> Told:
    """Return what is told of the attributes in a map that a request holds at a path."""
    found: dict[str, list[Pattern]] = {}
    lost: set[str] = set()
    around: list[tuple[Argument, str | None]] = []
    for argument in site.arguments:
        path = tokens(argument.path)
        rest = below(at, path)
        if rest:
            if rest[0] == "{}":
                return {}
            patterns = () if rest[1:] not in {(), (STRING,)} else texts(argument.value, bind)
            found.setdefault(rest[0], []).extend(patterns)
            lost |= set() if patterns else {rest[0]}
        elif rest is not None or below(path, at) is not None:
            around.append((argument, None if rest is not None else _step(path, at)))
    return {
        name: tuple(dict.fromkeys(patterns))
        for name, patterns in found.items()
        if name not in lost and not any(_may_say(one, step or name) for one, step in around)
    }


def is_given(site: CallSite, at: Tokens) -> bool:
    """Tell whether a request holds something at a path, or may."""
    for argument in site.arguments:
        path = tokens(argument.path)
        holds = below(path, at) is not None and _may_say(argument, _step(path, at))
        if holds or below(at, path) is not None:
            return True
    return False


def names(site: CallSite, at: Tokens) -> frozenset[str] | None:
    """Return the attributes that the map at a path of a request has; None where it may have any."""
    found: set[str] = set()
    for argument in site.arguments:
        path = tokens(argument.path)
        rest = below(at, path)
        if rest:
            found.add(rest[0])
        elif below(path, at) is not None and _may_say(argument, _step(path, at)):
            return None
    return None if "{}" in found else frozenset(found)


def _step(path: Tokens, at: Tokens) -> str:
    """Return which part of what stands at a path leads to another below it."""
    return next(iter(below(path, at) or ()), "")


def _may_say(around: Argument, name: str) -> bool:
    """Tell whether what holds a map may bring another value of a part of it."""
    without = dict(zip(around.sources, around.lacking, strict=False))
    for option in alternatives(around.value):
        if isinstance(option, Symbol):
            if option.owner != ENVIRONMENT and name not in without.get(option, ()):
                return True
        elif not isinstance(option, (str, int, float, Text)) and option is not None:
            return True
    return False


def texts(value: Value, bind: Bind) -> Patterns:
    """Return how the texts that a value may be begin and end; () where one may be any."""
    found: dict[Pattern, None] = {}
    for option in alternatives(bind(value)):
        if isinstance(option, str):
            found[option,] = None
            continue
        parts = option.parts if isinstance(option, Text) else ("", "")
        ends = tuple(part if isinstance(part, str) else "" for part in (parts[0], parts[-1]))
        if not any(ends):
            return ()
        found[ends] = None
    return tuple(found)


# ------------------------------------------------------------------------------ expressions


def _where(site: CallSite, bind: Bind, member: str) -> Items:
    """Return the items that satisfy a condition of a request, () for any."""
    found: Items | None = None
    values = {**_colons(site, VALUES, bind), **_colons(site, (member,), bind)}
    names = _names(site, bind)
    for expression in _expressions(site, member):
        items = satisfying(expression, names, lambda one: values.get(one, ()))
        found = items if found is None else united(found, items)
        if not found:
            return ()
    return found or ()


def _expressions(site: CallSite, member: str) -> list[str]:
    """Return what a condition may be; none where one of them is not known, or none may be given."""
    found: list[str] = []
    for argument in site.arguments:
        path = tokens(argument.path)
        if path in {(member,), (member, OWN)}:
            options = alternatives(argument.value)
            if not all(isinstance(option, str) for option in options):
                return []
            found += options
        elif not path and _may_say(argument, member):
            return []
    return found


def _colons(site: CallSite, at: Tokens, bind: Bind) -> dict[str, Patterns]:
    """Return what is told of values by the placeholder that expressions call them by."""
    told = attributes(site, at, bind)
    return {name if name.startswith(":") else f":{name}": told[name] for name in told}


def _names(site: CallSite, bind: Bind, at: Tokens = ()) -> Callable[[str], str]:
    """Return what tells the attribute of a name or placeholder, "" where that is not one."""
    told = attributes(site, (*at, *NAMES), bind)

    def attribute(name: str) -> str:
        if name.startswith("#"):
            exact = [one[0] for one in told.get(name, ()) if len(one) == 1]
            return exact[0] if len(exact) == 1 == len(told[name]) else ""
        return name if SIMPLE.fullmatch(name) else ""

    return attribute


# ------------------------------------------------------------------------------ updates


def assigned(site: CallSite, bind: Bind) -> dict[str, Patterns] | None:
    """Return the attributes that an update sets, and to which texts (() for any).

    None where it may set any.
    """
    found: dict[str, Patterns] = {}
    for argument in site.arguments:
        path = tokens(argument.path)
        if path in UPDATES and _may_say(argument, EXPRESSION):
            return None
        if path[-1:] == (STATEMENT,) or path in {(LEGACY,), (LEGACY, "{}")}:
            return None
        if path[:1] == (LEGACY,):
            found[path[1]] = ()
        elif path[-1:] == (EXPRESSION,):
            said = _assigned(site, bind, path[:-1], argument)
            if said is None:
                return None
            for name, patterns in said:
                known = found.get(name, patterns)
                found[name] = (*known, *patterns) if known and patterns else ()
    return found


def _assigned(
    site: CallSite, bind: Bind, at: Tokens, expression: Argument
) -> list[tuple[str, Patterns]] | None:
    """Return what an update's expression sets, None where not all of it is known."""
    found: list[tuple[str, Patterns]] = []
    values, names = attributes(site, (*at, *VALUES), bind), _names(site, bind, at)
    for option in alternatives(expression.value):
        if not isinstance(option, str):
            listed = None if expression.sources else _listed(site, at)
            return None if listed is None else [(name, ()) for name in sorted(listed)]
        for left, right in assignments(option):
            name = names(left.partition(".")[0].partition("[")[0])
            if not name:
                return None
            found.append((name, values.get(right.strip(), ())))
    return found


def _listed(site: CallSite, at: Tokens) -> frozenset[str] | None:
    """Return the attributes that an update names whose expression is put together, if it says all.

    Code that lists what may be set says ``#name`` and ``:name`` for each: every value has a name.
    """
    names, values = _placeholders(site, (*at, *NAMES)), _placeholders(site, (*at, *VALUES))
    said = [one for each in names.values() for one in each]
    if not names or not all(isinstance(one, str) for one in said):
        return None
    given = {one for one in (*names, *said) if isinstance(one, str)}
    filled = {one for one in (*values, *values.get("{}", ())) if isinstance(one, str)}
    if "{}" in values and "{}" not in names:
        return None
    beside = {f"#{one[1:]}" for one in filled if one.startswith(":")}
    told = {one for one in said if isinstance(one, str) and not one.startswith("#")}
    return frozenset(told) if beside and beside <= given else None


def _placeholders(site: CallSite, at: Tokens) -> dict[str, list[Value]]:
    """Return what a request says of each of its placeholders, ``{}`` for those of a loop."""
    found: dict[str, list[Value]] = {}
    for argument in site.arguments:
        path = tokens(argument.path)
        if path[:-1] == at:
            found.setdefault(path[-1], []).extend(alternatives(argument.value))
        elif path == at or path[: len(at)] == at:
            found.setdefault("", []).append(None)
    return found
