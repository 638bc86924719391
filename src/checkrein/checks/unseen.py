"""Code that nobody here has seen: left unread, or inside packages that may call AWS themselves."""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.catalog.wrappers import EVERY, wrapped_services
from checkrein.checks.questions import grouped, listed, short
from checkrein.model import App, Function, Summary


def unseen(app: App, identity: str, actions: Iterable[str], *, state: bool = True) -> str:
    """Say why nobody can tell whether the functions of an identity use some actions.

    Empty where their code was read to its end and no package of theirs may use these services;
    with ``state`` false, packages that keep only state of their own there do not count.
    """
    functions = grouped(app, Function, "identity").get(identity, [])
    unread = [function for function in functions if not _read_in_full(app, function)]
    if unread:
        return _unread(app, unread)
    services = {action.partition(":")[0].lower() for action in actions}
    found: dict[str, list[str]] = {}
    for function in functions:
        for package in _packages(app, function):
            wrapped = wrapped_services(package, state=state)
            if wrapped & {*services, EVERY} or (wrapped and EVERY in services):
                found.setdefault(package, []).append(short(function.id))
    if not found:
        return ""
    who = listed(dict.fromkeys(name for names in found.values() for name in names))
    return (
        f"code may use its rights through {listed(sorted(found))}, which calls AWS itself ({who})"
    )


def _unread(app: App, functions: list[Function]) -> str:
    who = f"the code of {listed(short(function.id) for function in functions)}"
    foreign = sorted({function.runtime for function in functions if not function.language} - {""})
    if foreign:
        return f"{who} was not read ({listed(foreign)})"
    partial = [
        summary.partial.rstrip(".")
        for function in functions
        for summary in grouped(app, Summary, "function").get(function.id, [])
        if summary.partial
    ]
    return f"{who} was not read in full" + (f": {partial[0]}" if partial else "")


def _read_in_full(app: App, function: Function) -> bool:
    summaries = grouped(app, Summary, "function").get(function.id, [])
    return bool(summaries) and not any(summary.partial for summary in summaries)


def _packages(app: App, function: Function) -> set[str]:
    summaries = grouped(app, Summary, "function").get(function.id, [])
    return {package for summary in summaries for package in summary.packages}
