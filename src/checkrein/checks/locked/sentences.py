"""What a finding about the lock says: who, what, which data, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.catalog.data_classes import FAMILIES
from checkrein.checks.exposure import anonymous
from checkrein.checks.locked.causes import Cause, is_caller, target_of
from checkrein.checks.locked.comparing import CELLS
from checkrein.checks.powers import CONTROL, DEEDS, Power, deeds
from checkrein.checks.privilege import holders
from checkrein.checks.questions import LOG, listed, short, titles, treasures
from checkrein.checks.worth import value, worst
from checkrein.model import NOWHERE, App, Evidence, Kind, Place, Row
from checkrein.model.surface import EVERYTHING, IF, KEYED, Changed, imported
from checkrein.model.values import written

MANY = 6  # classes, from which on their families are named
TELLING = (Kind.ENTRY, Kind.RIGHT, Kind.DENIAL, Kind.GAIN, *Kind)  # what comes first
LINES = 8  # that evidence spells out
NOUNS = {"fin": "financial data", "pii": "personal data", "phi": "health data",
         "special": "special categories of data", "code": "code and settings",
         "biz": "business data", "infra": "technical data"}  # fmt: skip


def data_named(app: App, classes: Iterable[str]) -> str:
    """Name classes, the most valuable first: by their titles, or by family where they are many."""
    known = sorted(set(classes), key=lambda data: (-value(app, data), data))
    if len(known) <= MANY:
        return titles(known)
    families = dict.fromkeys(data.partition(".")[0] for data in known)
    return listed(NOUNS.get(family) or FAMILIES.get(family, family) for family in families)


def named(app: App, node: str) -> str:
    """Name a node or an identity for a sentence."""
    if anonymous(node):
        return "anyone"
    if imported(node):
        return f"{imported(node)} of another stack"
    if node.startswith(("host:", "service:")):
        return node.partition(":")[2]
    if node.endswith("@logs"):
        return f"the log of {short(node)}"
    if node.rpartition("@")[2] in {"internet", "browser", "users", "recipients"}:
        return {"internet": "the internet", "browser": "the browser", "users": "signed-in users",
                "recipients": "e-mail and text messages"}[node.rpartition("@")[2]]  # fmt: skip
    row = app.get(Row, node)
    return f"the log {short(node)}" if row and row.type == LOG else short(node)


def actor(app: App, identity: str) -> str:
    """Name who acts as an identity: its functions, else itself."""
    functions = holders(app, identity)
    return listed(map(short, functions)) if functions else named(app, identity)


def place_of(cause: Cause) -> Place:
    """Return where what is new stands; where it is gone, the line of the lock."""
    for each in cause.lines:
        steps = [s for v in each.added if each.after for s in each.after.how(v)]
        if not steps:
            steps += (
                each.after.evidence if each.after else each.before.evidence if each.before else ()
            )
        found = [step.place for step in reversed(steps) if step.place.path]
        if found:
            return found[0]
    return NOWHERE


def way_to(changed: Changed, data: str) -> tuple[Evidence, ...]:
    """Return how a class comes to a node."""
    return changed.after.how(data) if changed.after else ()


def cells(cause: Cause, *kinds: Kind) -> dict[str, tuple[str, ...]]:
    """Return the classes that are new in each node, in cells of some kinds."""
    found: dict[str, set[str]] = {}
    for each in cause.lines:
        if each.kind in kinds:
            found.setdefault(each.owner, set()).update(each.added)
    return {node: (*sorted(classes),) for node, classes in found.items()}


def key_of(cause: Cause) -> tuple[str, ...]:
    """Return what makes a finding itself: what was accepted of it, and what was not."""
    return tuple(
        f"{each.kind} {each.owner} {each.key} {sign}{value}"
        for each in cause.first
        for sign, values in (("+", each.added), ("-", each.removed))
        for value in values or ("",)
    )


def told(app: App, cause: Cause, main: str = "") -> tuple[Evidence, ...]:
    """Return sentences about what is new and what follows, ``main`` left out."""
    said = [*dict.fromkeys(_said(app, cause))]
    kept = [each for each in said if each.text != main]
    more = len(kept) - LINES
    rest = (
        [Evidence(f"and {more} more lines that checkrein.lock does not know")] if more > 1 else []
    )
    return (*(kept[:LINES] if rest else kept), *rest)


def _said(app: App, cause: Cause) -> Iterator[Evidence]:
    entered = any(each.kind is Kind.ENTRY for each in cause.first)
    for each in sorted(cause.first, key=lambda one: TELLING.index(one.kind)):
        told = entered and each.kind is Kind.RIGHT and is_caller(each.owner)
        if each.kind not in CELLS and not told:
            yield Evidence(sentence(app, each), place_of(Cause((each,))))
    reached = cells(cause, Kind.CODED)
    for node in sorted(reached, key=lambda one: (-worst(app, reached[one])[0], one)):
        yield Evidence(by_code(app, node, reached[node]))
    could = cells(cause, Kind.POTENTIAL)
    for node in sorted(could, key=lambda one: (-worst(app, could[one])[0], one)):
        yield Evidence(f"{named(app, node)} could come to hold {data_named(app, could[node])}")


def by_code(app: App, node: str, classes: Iterable[str]) -> str:
    """Say that code brings data to a node."""
    return f"{data_named(app, classes)} would come to {named(app, node)} by code"


def sentence(app: App, each: Changed) -> str:
    """Say one new line."""
    words = listed(each.added, 4) if each.added else ""
    if each.kind is Kind.FLOW:
        carries = data_named(app, each.added) if each.added else "something"
        source = each.key.partition(" -> ")[0]
        return f"{named(app, each.owner)} takes {carries} from {source} to {named(app, target_of(each))}"
    if each.kind is Kind.CALL:
        return f"{named(app, each.owner)} calls {words} on {named(app, each.key)}"
    if each.kind is Kind.ENTRY:
        return f"{listed(visitors(app, each.added))} may {_entering(app, each)}"
    if each.kind is Kind.DENIAL:
        return f"{actor(app, each.owner)} is no longer {_denied(each, each.removed)}"
    if each.kind is Kind.GAIN:
        whom = listed(named(app, one) for one in each.added)
        return f"{actor(app, each.owner)} {_gaining(each.key, whom)}"
    return f"{actor(app, each.owner)} may do {words}{_over(app, each)}"


GAINS = {"takeover": "may take over", "influence": "may set to work"}
LIMITS = {"filter": "by its filter", "network": "by its network", "policy": "by its policy",
          "boundary": "by its boundary"}  # fmt: skip


def _entering(app: App, each: Changed) -> str:
    """Say what somebody does who uses an entry."""
    kind, _, rest = each.key.partition(" ")
    owner = named(app, each.owner)
    special = {
        "assumed": f"become {owner}",
        "identity": f"get {owner} of {rest}",
        "sign-up": f"sign up to {owner}",
        "connections": f"connect to what {owner} guards ({rest})",
        "network": f"reach {owner} over the network",
    }
    return special.get(kind) or f"use {route(each)} of {owner}"


def _gaining(key: str, whom: str) -> str:
    level, _, what = key.partition(" ")
    return f"{GAINS[level]} {whom} ({what})" if level in GAINS else f"{key} {whom}"


def _denied(each: Changed, words: tuple[str, ...]) -> str:
    """Say what somebody is denied: a trigger that hands on nothing is switched off."""
    if each.key == "filter" and words == (EVERYTHING,):
        return "switched off"
    return f"denied {listed(words, 4) if words else 'anything'}{_beside(each.key)}"


def _beside(key: str) -> str:
    """Say by what somebody is held back, or from what."""
    return f" {LIMITS[key]}" if key in LIMITS else f" on {key}"


def _over(app: App, each: Changed) -> str:
    """Say over what a right is."""
    target, _, right = each.key.rpartition(" ")
    if right in {*DEEDS, *CONTROL, "list", "invoke"} and target:
        return f" on {named(app, target)}"
    return f" on {written(each.key)}" if each.key != "*" else " on any resource"


def visitors(app: App, who: Iterable[str]) -> list[str]:
    """Name those who may use an entry; of nobody a line by hand may tell."""
    found = []
    for one in who:
        base, _, only = one.partition(IF)
        row = app.get(Row, one)
        if only:
            how = "with an API key" if only == KEYED else f"if {only}"
            found += [f"{each} {how}" for each in visitors(app, (base,))]
        elif imported(one):
            found.append(f"those whom {named(app, one)} lets in")
        elif one == "iam":
            found.append("whoever may sign requests")
        elif "://" in one:
            found.append(f"who has a token of {one}")
        elif row and "Cognito" in row.type:
            found.append(f"users of {short(one)}")
        elif " " not in one:
            found.append(named(app, one))
    return found or [f"whoever sends {one}" for one in who] or ["nobody"]


def route(entry: Changed) -> str:
    """Name a way in: ``POST /rides``, or its kind where it has no route."""
    kind, *rest = entry.key.split(" ")
    path = " ".join(rest[1:])
    return path or (f"the {kind} {short(rest[0])}" if rest else f"the {kind}")


def allowed(app: App, changed: Iterable[Changed]) -> str:
    """Say what rights let their holder do, those over valuable data first; "" for none."""
    rights = [Power(*_split(each), each.added) for each in changed if each.kind is Kind.RIGHT]
    rows = {right.target: app.get(Row, right.target) for right in rights}
    grave = [
        right
        for right in rights
        if (row := rows[right.target]) and treasures(app, row)
        if right.right in {*DEEDS, *CONTROL}
    ]
    if grave:
        return deeds(app, grave)
    verbs = DEEDS | CONTROL | {"invoke": "set to work", "list": "look at"}
    said = [f"{verbs[r.right]} {named(app, r.target)}" for r in rights if r.right in verbs]
    return listed(said) if said else ""


def _split(each: Changed) -> tuple[str, str]:
    """Return the right that a line is about, and over what."""
    target, _, right = each.key.rpartition(" ")
    return right, target


def _less(each: Changed) -> str:
    return "may now only within limits do" if each.is_limited(widens=False) else "may no longer do"


def lost(app: App, each: Changed) -> str:
    """Say one line that is gone."""
    who, acts = named(app, each.owner), actor(app, each.owner)
    if each.kind is Kind.FLOW:
        return f"{who} no longer moves {each.key}"
    if each.kind is Kind.ENTRY:
        gone = listed(visitors(app, each.removed))
        limited = each.is_limited(widens=False)
        return f"{gone} may {'now only under a condition' if limited else 'no longer'} {_entering(app, each)}"
    if each.kind is Kind.DENIAL:
        return f"{acts} is now {_denied(each, each.added)}"
    words = listed(each.removed, 4) if each.removed else "anything"
    said = {
        Kind.CALL: f"{who} no longer calls {words} on {named(app, each.key)}",
        Kind.RIGHT: f"{acts} {_less(each)} {words}{_over(app, each)}",
        Kind.GAIN: f"{acts} no longer gains {words} ({each.key})",
    }
    if each.kind in said:
        return said[each.kind]
    verb = "can no longer come" if each.kind is Kind.POTENTIAL else "no longer comes"
    return f"{data_named(app, each.removed)} {verb} to {who}" if each.removed else f"{who} is gone"
