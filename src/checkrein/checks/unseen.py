"""Use that nobody here can see: code left unread or unfollowed, packages that call AWS, others.

A role that somebody else may assume is used by them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.catalog.actions import documented
from checkrein.catalog.methods import may_ask
from checkrein.catalog.wrappers import EVERY, layer_services, wrapped_services
from checkrein.checks.context import owners
from checkrein.checks.questions import grouped, listed, short
from checkrein.iam.patterns import matches
from checkrein.model import App, Function, Gap, Resource, Summary, Unread
from checkrein.model.asking import of_app, settled_at
from checkrein.model.values import alternatives
from checkrein.model.workloads import AGENTS, RUN_BY, unread_id

ABSENT = "There is no code to read."  # as summaries say it


def unseen(app: App, identity: str, actions: Iterable[str], *, state: bool = True) -> str:
    """Say why nobody can tell whether some actions of an identity are used, "" if all can.

    Empty where the code of its functions was read to its end and followed, no package of theirs may
    use these services, and nobody else acts with it; with ``state`` false, packages that keep only
    state of their own there do not count.
    """
    return _unseen(app, identity, tuple(actions), state=state)


@of_app
def _unseen(app: App, identity: str, wanted: tuple[str, ...], *, state: bool) -> str:
    functions = grouped(app, Function, "identity").get(identity, [])
    unread = [function for function in functions if not read_in_full(app, function)]
    if unread:
        return _unread(app, unread)
    return (
        _others(app, identity)
        or _unfollowed(app, functions, wanted)
        or _layered(functions, wanted)
        or _wrapped(app, functions, wanted, state=state)
    )


def _unread(app: App, functions: list[Function]) -> str:
    who = f"the code of {listed(short(function.id) for function in functions)}"
    foreign = sorted({function.runtime for function in functions if not function.language} - {""})
    if foreign:
        return f"{who} was not read ({listed(foreign)})"
    summaries = [
        summary
        for function in functions
        for summary in grouped(app, Summary, "function").get(function.id, [])
    ]
    absent = all(summary.partial == ABSENT for summary in summaries)
    told = [each.partial.rstrip(".") for each in summaries if each.partial not in ("", ABSENT)]
    told += [
        fact.reason
        for function in functions
        for fact in app.alternatives(Unread, unread_id(function.id))
    ]
    how = "is not here" if absent else "was not read in full"
    return f"{who} {how}" + (f": {told[0]}" if told else "")


def read_in_full(app: App, function: Function) -> bool:
    """Tell whether all that a function's code does is known."""
    return _is_whole(app, function.id)


@settled_at
def _is_whole(app: App, function: str) -> bool:
    summaries = grouped(app, Summary, "function").get(function, [])
    whole = bool(summaries) and not any(summary.partial for summary in summaries)
    return whole and not app.alternatives(Unread, unread_id(function))


# ------------------------------------------------------------------------------ others


@of_app
def _others(app: App, identity: str) -> str:
    """Say who else may act with a role: other services, accounts, identity providers."""
    role = app.get(Resource, identity)
    found = dict.fromkeys(_principals(role)) if role else {}
    others = [name for name in found if name not in RUN_BY]
    others += [f"the platform of {short(task.id)}" for task in _served(app, identity)]
    return f"{listed(others)} may act as {short(identity)} too" if others else ""


def _served(app: App, identity: str) -> list[Resource]:
    """Return the tasks whose images, secrets and logs are reached with a role, too."""
    runners = [task for type in AGENTS for task in grouped(app, Resource, "type").get(type, [])]
    return [task for task in runners if identity in owners(app, task.value(AGENTS[task.type]))]


def _principals(role: Resource) -> Iterator[str]:
    """Yield those whom a role's trust policy names."""
    statements = role.value("AssumeRolePolicyDocument.Statement")
    for statement in statements if isinstance(statements, list) else [statements]:
        if not isinstance(statement, dict) or statement.get("Effect") == "Deny":
            continue
        principal = statement.get("Principal")
        for names in principal.values() if isinstance(principal, dict) else [principal]:
            for name in names if isinstance(names, list) else [names]:
                yield from (str(one) for one in alternatives(name) if one is not None)


# ------------------------------------------------------------------------------ gaps


def _unfollowed(app: App, functions: list[Function], actions: tuple[str, ...]) -> str:
    """Say what code does that may use some actions and could not be followed."""
    for function in functions:
        for gap in gaps_in(app, function.id):
            if any(_may_use(gap, action) for action in actions):
                return f"{short(function.id)} {gap.text}"
    return ""


@settled_at
def gaps_in(app: App, function: str) -> tuple[Gap, ...]:
    """Return what a function's code does that could not be followed."""
    known = grouped(app, Summary, "function").get(function, [])
    return tuple(gap for summary in known for gap in summary.gaps)


def _may_use(gap: Gap, action: str) -> bool:
    prefix = action.partition(":")[0].lower()
    if prefix == EVERY or not (gap.service or gap.operation):
        return True
    asked = may_ask(gap.service, gap.operation, prefix)
    return asked is None or any(
        action.lower() == one.lower() or (documented(one) and matches(action, one, fold=True))
        for one in asked
    )


# ------------------------------------------------------------------------------ packages


def _wrapped(app: App, functions: list[Function], actions: tuple[str, ...], *, state: bool) -> str:
    """Say which packages may use the services of some actions."""
    services = {action.partition(":")[0].lower() for action in actions}
    found: dict[str, list[str]] = {}
    for function in functions:
        for package in _packages(app, function.id):
            wrapped = wrapped_services(package, state=state)
            if wrapped & {*services, EVERY} or (wrapped and EVERY in services):
                found.setdefault(package, []).append(short(function.id))
    if not found:
        return ""
    who = listed(dict.fromkeys(name for names in found.values() for name in names))
    itself = "calls AWS itself" if len(found) == 1 else "call AWS themselves"
    return f"code may use its rights through {listed(sorted(found))}, which {itself} ({who})"


def _layered(functions: list[Function], actions: tuple[str, ...]) -> str:
    """Say which layers that are not here may use the services of some actions."""
    services = {action.partition(":")[0].lower() for action in actions}
    for function in functions:
        for layer in function.code.foreign if function.code else ():
            name = _layer_name(layer)
            used = layer_services(name)
            if used & {*services, EVERY} or (used and EVERY in services):
                return f"{short(function.id)} uses the layer {name or layer}, which is not here"
    return ""


def _layer_name(layer: str) -> str:
    """Return the name in a layer's ARN, "" where it has none."""
    return layer.partition(":layer:")[2].partition(":")[0]


@settled_at
def _packages(app: App, function: str) -> frozenset[str]:
    summaries = grouped(app, Summary, "function").get(function, [])
    return frozenset(package for summary in summaries for package in summary.packages)
