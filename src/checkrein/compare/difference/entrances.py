"""Ways in that are new, gone or open to others, and the points that tell of them."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.compare.difference.side import ANYONE, Side, fresh, split_node, titles
from checkrein.compare.words import either
from checkrein.derive.content.words import short
from checkrein.model import Changed, Kind, Line
from checkrein.model.difference import Part, Point
from checkrein.model.surface import IF, KEYED, imported

CALLED = frozenset({"http", "websocket", "url", "appsync"})  # people use these
OPEN, CHECKED, INSIDE = 3, 2, 1  # how many can use an entry
WEIGHTS = {OPEN: 2.0, CHECKED: 1.3, INSIDE: 0.6}
NAMES = {"url": "its URL", "direct": "invocations", "schedule": "the schedule"}
ASKED = "authorizer "
MOST = 4  # classes that a sentence names
BODY = "whatever body"
TOKENS = "://"  # in the address of who issues tokens
SERVICE = "service:"  # before the host of one of AWS's
EVERYWHERE = frozenset({"*", "0.0.0.0/0", "::/0"})
OTHERS = {  # ways in that run no function: what they let people do
    "assumed": "act as it",
    "identity": "get it from an identity pool",
    "network": "reach its address on the network",
    "sign-up": "sign up by themselves",
    "connections": "connect to it",
}


def points(changed: list[Changed], before: Side, after: Side) -> Iterator[Point]:
    """Tell who may now use which way into a function, or no longer may."""
    for each in changed:
        if each.kind is Kind.ENTRY:
            beside = each.key.partition(" ")[0] in OTHERS
            yield (_beside if beside else _point)(each, before, after)


def _beside(changed: Changed, before: Side, after: Side) -> Point:
    """Tell of a way in that runs no function: whom a role trusts, who reaches a database."""
    widens = bool(changed.added)
    side, other = (after, before) if widens else (before, after)
    line = (changed.after if widens else changed.before) or changed.after or changed.before
    assert line
    words = changed.added if widens else changed.removed
    kind, _, rest = changed.key.partition(" ")
    deed = OTHERS[kind] + (f" ({rest})" if kind == "connections" and rest else "")
    who = either([_person(word, side) for word in words]) if words else "somebody"
    free = any(word in EVERYWHERE or word.endswith(ANYONE) for word in words)
    worth = max(2, side.worth(side.behind(changed.owner)))
    head = side.titled(changed.owner)
    return Point(
        mark="+" if changed.before is None else "-" if changed.after is None else "~",
        part=Part.ENTRY,
        widens=widens,
        weight=round(worth * WEIGHTS[OPEN if free else INSIDE], 2),
        subject=changed.owner,
        head=head,
        text=f"lets {who} {deed}" if widens else f"no longer lets {who} {deed}",
        data=tuple(side.valuable(side.behind(changed.owner))),
        cause=fresh(line.how(words[0]) if words else line.evidence, other),
        clause=f"lets {who} {deed.replace(' it', f' {head}', 1)}" if widens else "",
    )


def _point(changed: Changed, before: Side, after: Side) -> Point:
    old, new = _openness(changed.before), _openness(changed.after)
    widens = new > old or (new == old and bool(changed.added))
    side, other = (after, before) if changed.after else (before, after)
    line = changed.after or changed.before
    assert line
    weight = WEIGHTS[max(old, new)] * max(2, side.worth(side.held(changed.owner)))
    return Point(
        mark="+" if not changed.before else "-" if not changed.after else "~",
        part=Part.ENTRY,
        widens=widens,
        weight=round(weight * (0.9 if new != old else 0.5), 2),
        subject=changed.owner,
        head=_way(changed.key, side),
        text=_text(changed, side),
        data=tuple(side.valuable(side.held(changed.owner))),
        cause=fresh(line.evidence, other),
        clause=_clause(changed, side) if widens else "",
    )


def _openness(line: Line | None) -> int:
    if line is None:
        return 0
    kind = line.key.partition(" ")[0]
    if any(value.endswith(ANYONE) for value in line.values):
        return OPEN
    return CHECKED if kind in CALLED else INSIDE


def _way(key: str, side: Side) -> str:
    """Return what people call a way in: ``POST /orders``, ``Uploads s3:ObjectCreated:*``."""
    kind, _, rest = key.partition(" ")
    source, route = split_node(side, rest)
    if kind in CALLED and route:
        return route
    if imported(route):
        return f"{imported(route)} of another stack"
    named = NAMES.get(kind) if kind == "url" else short(source) if source else NAMES.get(kind)
    return " ".join(filter(None, (named or kind, route)))


def _text(changed: Changed, side: Side) -> str:
    """Say whom it lets in, or how that differs."""
    runs = f"runs {short(changed.owner)}"
    old, new = (_people(line, side) for line in (changed.before, changed.after))
    if changed.before and changed.after:
        if old != new:
            return f"{old} -> {new} may use it ({runs})"
        unchecked = any(value.startswith(BODY) for value in changed.added)
        return f"bodies are {'no longer' if unchecked else 'now'} checked ({runs})"
    who = new if changed.after else old
    if changed.key.startswith(ASKED):
        return f"is {'' if changed.after else 'no longer '}asked about requests of {who} ({runs})"
    if _openness(changed.after or changed.before) == INSIDE:
        return runs if changed.after else f"no longer {runs}"
    return f"{who} may {'use' if changed.after else 'no longer use'} it ({runs})"


def _people(line: Line | None, side: Side) -> str:
    if line is None:
        return "nobody"
    named = [_person(value, side) for value in line.values if not value.startswith(BODY)]
    return either(named) if named else "nobody"


def _person(value: str, side: Side) -> str:
    base, _, only = value.partition(IF)
    if only:
        if only == KEYED:
            return f"{_person(base, side)} with an API key"
        joint = " and is" if only.startswith("in ") else IF.rstrip()
        return f"{_person(base, side)}{joint} {only}"
    if value.endswith(ANYONE) or value in EVERYWHERE:
        return "anyone"
    if TOKENS in value:
        return f"callers with a token of {value}"
    if imported(value):
        return f"callers whom {imported(value)} of another stack lets in"
    value = value.removeprefix(SERVICE)
    node = side.node(value)
    kinds = {
        value == "iam": "callers with rights of AWS",
        node.type == "AWS::Cognito::UserPool": f"callers signed in to {short(value)}",
        node.service == "Lambda": f"callers whom {short(value)} lets in",
    }
    return kinds.get(True, short(value))


def _clause(changed: Changed, side: Side) -> str:
    line = changed.after
    handled = side.held(changed.owner)
    about = f", which handles {titles(handled, side, MOST)}" if handled else ""
    if line is None or _openness(line) == INSIDE:
        return f"lets {_way(changed.key, side)} run {short(changed.owner)}{about}"
    if _people(changed.before, side) == _people(line, side):
        return f"leaves bodies of {_way(changed.key, side)} unchecked"
    deed = "make it ask" if changed.key.startswith(ASKED) else "use"
    return f"lets {_people(line, side)} {deed} {_way(changed.key, side)}{about}"
