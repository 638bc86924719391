"""Where in the model something stands that only a place in a file or a name tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from checkrein.checks.context import PHYSICAL, owners
from checkrein.checks.questions import grouped
from checkrein.late import regex
from checkrein.model import App, Function, Place, Resource, Row, Summary, Symbol, Text
from checkrein.model.asking import of_app
from checkrein.model.values import Value, alternatives

ARN = regex(r"arn:[\w-]+:([\w-]+):")
ANY = r"[\w.-]+"  # what names are made of
PSEUDO = {"AccountId": r"\d{12}", "Region": r"[a-z]{2}(?:-[a-z]+)+-\d"}
SHORTEST = 4  # letters that a name must have of its own
MADE = regex(r"-([A-Za-z0-9]+)-[A-Za-z0-9]{8,13}$")  # stack-LogicalId-random, as AWS names


def standing(app: App, place: Place) -> list[str]:
    """Return the nodes that a place in a file belongs to, those with data of their own.

    A line of a template is of the resource around it, a file of code of the functions that use
    it, any other file of the functions in whose folder it lies.
    """
    if not place.path:
        return []
    inside = [r for r in _by_file(app).get(place.path, []) if _holds(r, place.line)]
    if inside:
        return about(app, max(inside, key=lambda resource: resource.place.line))
    users = [s.function for s in app.every(Summary) if place.path in s.files]
    return users or _below(app, place.path)


def named(app: App, name: str) -> list[str]:
    """Return the nodes that an ARN, a physical name or a logical id means."""
    last = re.split(r"[:/]", name)[-1]
    made = MADE.search(last)
    found = {r.id for r in app.every(Resource) if last in {r.name, r.logical} or _made(r, made)}
    for id in sorted(found | (owners(app, last) or _composed(app, name, last))):
        resource = next(iter(app.alternatives(Resource, id)), None)
        if resource is not None:
            return about(app, resource)
    return []


def _composed(app: App, name: str, last: str) -> set[str]:
    """Return the one resource whose name, put together when deployed, may be this: the closest.

    ``!Sub receipts-${AWS::AccountId}`` is `receipts-111122223333`; of an ARN the service counts.
    """
    service = ARN.match(name)
    found = [
        (known, id)
        for known, pattern, type, id in _patterns(app)
        if (not service or type.split("::")[1].lower() == service[1]) and pattern.fullmatch(last)
    ]
    most = max((known for known, _ in found), default=None)
    closest = {id for known, id in found if known == most}
    return closest if len(closest) == 1 else set()


@of_app
def _patterns(app: App) -> list[tuple[tuple[int, int], re.Pattern[str], str, str]]:
    """Return names that hold what only deploying tells, with how much of each is known."""
    found = []
    for resource in app.every(Resource):
        for property in PHYSICAL:
            for option in alternatives(resource.properties.get(property)):
                if not isinstance(option, Text):
                    continue
                letters = sum(len(part) for part in option.parts if isinstance(part, str))
                parts = [_part(part) for part in option.parts]
                if letters >= SHORTEST:
                    known = (-parts.count(ANY), letters)
                    found.append((known, re.compile("".join(parts)), resource.type, resource.id))
    return found


def _part(part: Value) -> str:
    if isinstance(part, str):
        return re.escape(part)
    known = isinstance(part, Symbol) and part.owner == "@aws"
    return PSEUDO.get(part.attribute, ANY) if known and isinstance(part, Symbol) else ANY


def _made(resource: Resource, made: re.Match[str] | None) -> bool:
    """Tell whether AWS made a name of a resource's logical id; buckets' names are small letters."""
    return made is not None and made[1].casefold() in {
        resource.name.casefold(),
        resource.logical.casefold(),
    }


def about(app: App, resource: Resource) -> list[str]:
    """Return the nodes whose data depend on a resource: it, who acts as it, what it names."""
    if app.alternatives(Row, resource.id):
        return [resource.id]
    acting = [f.id for f in grouped(app, Function, "identity").get(resource.id, [])]
    return acting or sorted(id for id in owners(app, resource.properties) if _has_row(app, id))


def _has_row(app: App, id: str) -> bool:
    return bool(app.alternatives(Row, id))


def _holds(resource: Resource, line: int) -> bool:
    return resource.place.line <= line <= resource.place.end_line


@of_app
def _by_file(app: App) -> Mapping[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for resource in app.every(Resource):
        found.setdefault(resource.place.path, []).append(resource)
    return found


def _below(app: App, path: str) -> list[str]:
    """Return the functions in whose folder a file lies: those of the nearest folder."""
    folders: dict[PurePosixPath, list[str]] = {}
    for function in app.every(Function):
        for folder in {each.code.folder for each in function.programs} - {""}:
            folders.setdefault(PurePosixPath(folder), []).append(function.id)
    near = next((p for p in PurePosixPath(path).parents if p in folders), None)
    return folders[near] if near is not None else []
