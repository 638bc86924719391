"""A way into a function, made of what a template says of it."""

from __future__ import annotations

from typing import Any

from checkrein.model import Entry, Evidence, Path, Resource


def entry(function: str, kind: str, identity: str, source: Resource, **extra: Any) -> Entry:
    """Make an Entry; ``at`` is the property path that says so, ``route`` its part of the source.

    ``said`` is how the source has the function run, "invokes" if it is not told, ``unless`` goes
    on that sentence.
    """
    at: Path = extra.pop("at", ())
    route = extra.pop("route", "")
    who = f"{source.name} {route}".strip()
    said = extra.pop("said", "invokes")
    return Entry(
        id=f"{function}<{kind}:{source.id}:{route}",
        function=function,
        kind=kind,
        identity=identity,
        source=extra.pop("origin", source.id),
        route=route,
        asynchronous=extra.pop("asynchronous", False),
        proxy=extra.pop("proxy", True),
        content=extra.pop("content", "event.body"),
        validated=extra.pop("validated", False),
        proof=extra.pop("proof", ""),
        scopes=extra.pop("scopes", ()),
        form=extra.pop("form", ""),
        evidence=(
            Evidence(
                f"{who} {said} {function.rpartition('/')[2]}{extra.pop('unless', '')}",
                extra.pop("place", source.where(at) if at else source.place),
            ),
        ),
        when=source.when,
    )
