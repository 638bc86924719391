"""Changes made to what was read instead of to the files: the same app, but for these.

Paths here are those of the facts (CloudFormation's vocabulary, after SAM's translation), and all
count in the facts as they are. ``in_source`` says the same of the files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from msgspec.structs import replace

from checkrein.model import App, Change, Function, Path, Place, Resource, Summary
from checkrein.model.facts import Origin
from checkrein.read.coercion import coerce
from checkrein.write.plans import Plan, applied, planned

Kept = TypeVar("Kept", Place, Origin)
WHOLE: Path = ()


def changed(app: App, changes: Iterable[Change]) -> App:
    """Return what was read with changes made to the resources; derive it again.

    Like ``Change``, but of the facts: to remove the path ``()`` takes the resource itself away, and
    to ``add`` one makes the resource of that id. Raises CannotEdit where two changes contradict
    each other, or where a change is about something that is not there or stands under a condition.
    """
    by_resource: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        by_resource[change.resource].append(change)
    gone = {id for id, some in by_resource.items() if any(map(_takes_all, some))}
    added = [_made(c) for some in by_resource.values() for c in some if c.operation == "add"]
    kept = (_rest(fact, by_resource) for fact in app if not _is_of(fact, gone))
    return App([*kept, *added])


def once(changes: Iterable[Change]) -> list[Change]:
    """Return changes in order, each once; their values may hold lists."""
    found: list[Change] = []
    for change in changes:
        if change not in found:
            found.append(change)
    return found


def widest(changes: Iterable[Change]) -> list[Change]:
    """Return changes, each once, but those of what another takes away as a whole."""
    found = once(changes)
    return [each for each in found if not any(_covers(other, each) for other in found)]


def _covers(wide: Change, narrow: Change) -> bool:
    """Tell whether one removal takes what another does."""
    length = len(wide.path)
    return (
        wide != narrow
        and wide.operation == "remove"
        and wide.resource == narrow.resource
        and narrow.path[:length] == wide.path
    )


def in_source(app: App, change: Change) -> Change:
    """Return the change of the source resource that a change of a fact stands for."""
    resource = app.get(Resource, change.resource)
    if resource is None:
        return change
    origin = resource.origin(change.path)
    return replace(change, resource=origin.resource, path=origin.path)


def _takes_all(change: Change) -> bool:
    return change.operation == "remove" and change.path == WHOLE


def _is_of(fact: object, gone: set[str]) -> bool:
    """Tell whether a fact is a resource that goes, or the code that it runs."""
    if isinstance(fact, Summary):
        return fact.function in gone
    return isinstance(fact, (Resource, Function)) and fact.id in gone


def _made(change: Change) -> Resource:
    stack = change.resource.rpartition("/")[0]
    type, properties = change.value["Type"], change.value.get("Properties", {})
    return Resource(id=change.resource, stack=stack, type=type, properties=coerce(type, properties))


def _rest(fact: Any, changes: dict[str, list[Change]]) -> Any:
    """Return a fact as it is with the changes to it."""
    if not isinstance(fact, Resource) or fact.id not in changes:
        return fact
    plan = planned(fact.properties, [(c.path, c) for c in changes[fact.id] if c.operation != "add"])
    return replace(
        fact,
        properties=coerce(fact.type, applied(plan, fact.properties)),
        places=_moved(fact.places, plan),
        origins=_moved(fact.origins, plan),
    )


def _moved(known: dict[Path, Kept], plan: Plan) -> dict[Path, Kept]:
    """Return places or origins by the paths that they have after the plan."""
    found = {path: _path_after(path, plan) for path in known}
    return {now: known[path] for path, now in found.items() if now is not None}


def _path_after(path: Path, plan: Plan) -> Path | None:
    """Return where a path leads after the plan, None if what stands there is gone."""
    found: list[str | int] = []
    for key in path:
        gone = [k for k, below in plan.below.items() if below.operation == "remove"]
        if plan.operation == "set" or key in gone:
            return None
        before = sum(isinstance(k, int) and k < key for k in gone) if isinstance(key, int) else 0
        found.append(key - before if isinstance(key, int) else key)
        plan = plan.below.get(key) or Plan()
    return None if plan.operation == "remove" else tuple(found)
