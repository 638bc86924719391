"""Items that only who was told something of them gets at: an invitation's token, a random id.

Such an attribute is made at random wherever code sets it, whoever asks names it, and nobody who
does not know it already is answered it. Then it is the key to the item, though no account is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checkrein.catalog.asking import is_shown
from checkrein.catalog.rights import DATABASE, deeds
from checkrein.catalog.tokens import is_caller
from checkrein.checks.questions import grouped
from checkrein.checks.unseen import read_in_full
from checkrein.detect.names import classify
from checkrein.late import regex
from checkrein.model import (
    Access,
    App,
    Call,
    CallSite,
    Function,
    Integration,
    Resource,
    Summary,
    Symbol,
    Text,
    Value,
)
from checkrein.model.asking import of_app
from checkrein.model.values import RANDOM, alternatives, symbols

CALL, CREDENTIAL = "call:", "cred."
ATTACHMENT = "AWS::Cognito::IdentityPoolRoleAttachment"  # of roles to users
REACHING = ("read", "write")
NAMES, VALUES, UPDATE = (
    "ExpressionAttributeNames.",
    "ExpressionAttributeValues.",
    "UpdateExpression",
)
CONDITIONS = ("KeyConditionExpression", "FilterExpression")
KEY = regex(r"Key\.([\w-]+)(?:\.[SN])?")
COLUMN = regex(r"Key\.([\w-]+\.[\w-]+)")  # of a database, known with its table
ROW = regex(r"Item\.([\w-]+\.[\w-]+)")
TABLE = "Of.table"
PUT = regex(r"(?:.*\.)?Item\.([\w-]+)(?:\.[SN])?")
KEYS = ("Key.", "KeyConditionExpression.", VALUES, "FilterExpression.")
LOOSE = regex(r"\b(?:OR|NOT)\b")  # of what stands there not all holds
AND = regex(r"\s+(?:AND|and)\s+")
EQUAL = regex(r"[\s(]*([#\w-]+)\s*=\s*(:\w+)[\s)]*")
ASSIGNED = regex(r"([#\w-]+)\s*=\s*(:\w+)")
WHOLE = regex(r"^(?:Items|Item|Attributes)?(?:\[\])?")  # of an answer: what it holds begins so


def held(app: App, function: str, index: int, store: str) -> str:
    """Return the attribute that whoever comes to a call site must know of an item, "" for none."""
    sites = _sites(app, function)
    for name, values in _asked(sites[index]):
        if all(_is_known(app, function, value, index) for value in values) and values:
            return name
        if all(_is_given(value) for value in values) and is_secret(app, store, name):
            return name
    return ""


def token_held(app: App, function: str, index: int, store: str) -> str:
    """Return the attribute as ``held`` does, where it is there to let its holder do something.

    Who knows the id of an order may look at it, and yet not say that it is paid.
    """
    for each in range(index + 1):
        name = (
            held(app, function, each, store)
            if store in _targets(app, function).get(each, ())
            else ""
        )
        match = classify(last(name)) if name else None
        if match and match.data.startswith(CREDENTIAL) and held(app, function, index, store):
            return name
    return ""


def shown(app: App, function: str, site: CallSite) -> str:
    """Return what callers have shown before a call site whose code first looked a token up.

    That is "known" where only who was told the token gets there, "perhaps" where nobody can tell,
    and "" where it is no token: others choose it, or are told it.
    """
    told = {_token(app, function, index) for index in site.held}
    return next((each for each in ("known", "perhaps") if each in told), "")


def _token(app: App, function: str, index: int) -> str:
    sites = _sites(app, function)
    if _is_hashed(sites, sites[index]):
        return "perhaps"  # what is kept of it is no random text
    for name, values in _asked(sites[index]):
        if not values or not all(map(_is_given, values)):
            continue
        named = is_shown(last(name)) or all(is_shown(_field(value)) for value in values)
        for store in _targets(app, function).get(index, ()):
            if is_secret(app, store, name):
                return "known" if named else "perhaps"
            begins = _beginning(values[0])
            if named and (
                _is_drawn_under(app, store, name, begins) or not _set_to(app, store, name)
            ):
                return "perhaps"
    return ""


def _beginning(value: Value) -> str:
    """Return the text that a value begins with: of what kind its items are."""
    first = value.parts[0] if isinstance(value, Text) else value
    return first if isinstance(first, str) else ""


def _is_drawn_under(app: App, store: str, name: str, begins: str) -> bool:
    """Tell whether items of one kind, by how an attribute begins, have a random text there."""
    known = [value for value in _set_to(app, store, name) if begins and _beginning(value) == begins]
    return bool(known) and all(map(_is_random, known))


def _is_hashed(sites: tuple[CallSite, ...], site: CallSite) -> bool:
    """Tell whether a store is asked for the hash of something: a token is kept so, an id is not."""
    asked = [a for a in site.arguments if a.path.startswith(KEYS) and a.sources]
    return any(all(_is_hash(sites, source) for source in each.sources) for each in asked)


def _is_hash(sites: tuple[CallSite, ...], symbol: Symbol) -> bool:
    if not symbol.owner.startswith(CALL):
        return False
    made = sites[int(symbol.owner.removeprefix(CALL))]
    return made.kind == "use" and made.service == "hash"


def _field(value: Value) -> str:
    parts = value.parts if isinstance(value, Text) else (value,)
    return next((part.attribute for part in parts if isinstance(part, Symbol)), "")


@of_app
def _set_to(app: App, store: str, name: str) -> list[Value]:
    """Return all that code is seen to set an attribute of a store's items to."""
    return [value for site in _writing(app, store) for value in _set(site, name)]


def _is_known(app: App, function: str, value: Value, index: int) -> bool:
    """Tell whether a value is of an item that the caller has shown to know, read before."""
    if not isinstance(value, Symbol) or not value.owner.startswith(CALL):
        return False
    before = int(value.owner.removeprefix(CALL))
    targets = _targets(app, function).get(before, ())
    return before < index and any(held(app, function, before, target) for target in targets)


def _is_given(value: Value) -> bool:
    parts = value.parts if isinstance(value, Text) else (value,)
    symbols = [part for part in parts if isinstance(part, Symbol)]
    return any(one.owner == "event" for one in symbols)


@of_app
def is_secret(app: App, store: str, name: str) -> bool:
    """Tell whether nobody can know an attribute of an item but who was told it."""
    alone = is_drawn(app, store, name) and not _is_told(app, store, name)
    return alone and not _is_reached_unseen(app, store)


@of_app
def is_drawn(app: App, store: str, name: str) -> bool:
    """Tell whether an attribute of a store's items is only ever set to what is made at random."""
    set_to = _set_to(app, store, name)
    made = [value for value in set_to if _is_random(value)]
    others = [value for value in set_to if value not in (None, "") and not _is_random(value)]
    return bool(made) and not others


def _is_random(value: Value) -> bool:
    return value == RANDOM or (isinstance(value, Text) and RANDOM in value.parts)


def _is_told(app: App, store: str, name: str) -> bool:
    """Tell whether an answer may bring an attribute to somebody who did not name it."""
    if grouped(app, Integration, "resource").get(store):
        return True
    for function, index in _reading(app, store):
        if any(each.partial for each in grouped(app, Summary, "function").get(function, [])):
            return True
        sites = _sites(app, function)
        if _is_of_another(sites[index], name) or _is_named(app, store, sites[index], name):
            continue
        for site in sites:
            if site.kind == "response" and _brings(site, f"{CALL}{index}", last(name)):
                return True
    return False


def _is_of_another(site: CallSite, name: str) -> bool:
    """Tell whether a request is about another table of a database than a column's."""
    tables = _values(site, TABLE)
    table = name.rpartition(".")[0]
    return bool(table and tables) and all(isinstance(t, str) and t != table for t in tables)


def last(name: str) -> str:
    """Return what an attribute is called, without its table."""
    return name.rpartition(".")[2]


def _is_reached_unseen(app: App, store: str) -> bool:
    """Tell whether nobody can say what others read or write there: code unread, users themselves.

    Users of an identity pool need no code in between, and list what they may read.
    """
    pools = grouped(app, Resource, "type").get(ATTACHMENT, [])
    users = {one.owner for pool in pools for one in symbols(pool.value("Roles"))}
    for access in grouped(app, Access, "target").get(store, []):
        if access.right in REACHING:
            behind = grouped(app, Function, "identity").get(access.identity, [])
            if access.identity in users or not all(read_in_full(app, one) for one in behind):
                return True
    return False


def _is_named(app: App, store: str, site: CallSite, name: str) -> bool:
    """Tell whether a request is for items that the caller can name by that, or the caller's own.

    What else was made at random names an item only to who was told it.
    """
    return any(
        asked == name or _are_callers(values) or (bool(values) and is_drawn(app, store, asked))
        for asked, values in _asked(site)
    )


def _are_callers(values: list[Value]) -> bool:
    """Tell whether values are what the platform says of the caller, or a text in its place."""
    said = [value for value in values if not isinstance(value, str)]
    return bool(said) and all(isinstance(v, Symbol) and is_caller(v) for v in said)


def _brings(site: CallSite, call: str, name: str) -> bool:
    for argument in site.arguments:
        for source, lacking in zip(argument.sources, _lacking(argument.lacking), strict=False):
            path = WHOLE.sub("", source.attribute).lstrip(".").partition(".")[0]
            if source.owner == call and path in ("", name) and name not in lacking:
                return True
    return False


def _lacking(known: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, ...]]:
    yield from known
    while True:
        yield ()


# ------------------------------------------------------------------------------ requests


def _asked(site: CallSite) -> Iterator[tuple[str, list[Value]]]:
    """Yield the attributes that items must have to be asked for, each with what they must be."""
    key_of = COLUMN if site.service == DATABASE else KEY
    for argument in site.arguments:
        if key := key_of.fullmatch(argument.path):
            yield key[1], list(alternatives(argument.value))
    for member in CONDITIONS:
        texts = _values(site, member) or _values(site, f"{member}.?")
        if len(texts) != 1 or not isinstance(texts[0], str) or LOOSE.search(texts[0].upper()):
            continue
        for part in AND.split(texts[0]):
            if equal := EQUAL.fullmatch(part):
                name = _named(site, equal[1])
                own = _values(site, f"{member}.{equal[2][1:]}")
                yield name, _values(site, f"{VALUES}{equal[2]}", f"{VALUES}{equal[2]}.S") or own


def _set(site: CallSite, name: str) -> Iterator[Value]:
    """Yield what a request sets an attribute to."""
    put_of = ROW if site.service == DATABASE else PUT
    for argument in site.arguments:
        put = put_of.fullmatch(argument.path)
        if put and put[1] == name:
            yield from alternatives(argument.value)
    for text in _values(site, UPDATE):
        for left, right in ASSIGNED.findall(str(text)):
            if _named(site, left) == name:
                yield from _values(site, f"{VALUES}{right}", f"{VALUES}{right}.S")


def answered_of(app: App, function: str, store: str) -> frozenset[str]:
    """Return the attributes that a function's requests to a store tell only as they set them."""
    calls = grouped(app, Call, "function").get(function, [])
    asked = [(call, _sites(app, function)[call.site]) for call in calls if call.target == store]
    own = [_overwritten(site) for call, site in asked if answers(call, site)]
    return frozenset.intersection(*own) if own else frozenset()


def named_of(app: App, function: str, store: str) -> frozenset[str]:
    """Return the attributes that callers must name whenever a function reads a store's items."""
    calls = grouped(app, Call, "function").get(function, [])
    asked = [(call, _sites(app, function)[call.site]) for call in calls if call.target == store]
    given = [
        frozenset(name for name, values in _asked(site) if values and all(map(_is_given, values)))
        for call, site in asked
        if answers(call, site)
    ]
    return frozenset.intersection(*given) if given else frozenset()


def answers(call: Call, site: CallSite) -> bool:
    """Tell whether a request's answer holds content."""
    reads = "read" in deeds(call.service, call.operation)
    return reads or _values(site, "ReturnValues") not in ([], ["NONE"])


def _overwritten(site: CallSite) -> frozenset[str]:
    """Return the attributes of which an update answers what its own request says they are now."""
    texts = _values(site, UPDATE)
    if _values(site, "ReturnValues") != ["ALL_NEW"] or len(texts) != 1:
        return frozenset()
    names = {_named(site, left) for left, _ in ASSIGNED.findall(str(texts[0]))}
    keys = {key[1] for each in site.arguments if (key := KEY.fullmatch(each.path))}
    return frozenset((names | keys) - {""})


def _named(site: CallSite, name: str) -> str:
    found = _values(site, f"{NAMES}{name}") if name.startswith("#") else [name]
    return str(found[0]) if len(found) == 1 else ""


def _values(site: CallSite, *paths: str) -> list[Value]:
    return [v for a in site.arguments if a.path in paths for v in alternatives(a.value)]


# ------------------------------------------------------------------------------ calls


def _sites(app: App, function: str) -> tuple[CallSite, ...]:
    found = grouped(app, Summary, "function").get(function, [])
    return found[0].calls if found else ()


@of_app
def _targets(app: App, function: str) -> dict[int, list[str]]:
    """Return what the calls of a function address, by their index."""
    found: dict[int, list[str]] = {}
    for call in grouped(app, Call, "function").get(function, []):
        if call.target:
            found.setdefault(call.site, []).append(call.target)
    return found


def _writing(app: App, store: str) -> Iterator[CallSite]:
    yield from (_sites(app, f)[index] for f, index in _doing(app, store, _writes))


def _reading(app: App, store: str) -> Iterator[tuple[str, int]]:
    yield from _doing(app, store, lambda _: True)  # an update answers, too


def _writes(call: Call) -> bool:
    return "write" in deeds(call.service, call.operation)


def _doing(app: App, store: str, counts: Callable[[Call], bool]) -> Iterator[tuple[str, int]]:
    for call in grouped(app, Call, "target").get(store, []):
        if counts(call) and call.site < len(_sites(app, call.function)):
            yield call.function, call.site
