"""Rights that nobody chose: they came along in a policy of AWS's own that is needed."""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.catalog.actions import access_level
from checkrein.catalog.rights import is_content
from checkrein.catalog.sam_policies import is_only_size
from checkrein.checks.privilege import POLLING, Permit, given, is_named, still_needed
from checkrein.iam.actions import expand
from checkrein.model import App, Resource

LOOKS = frozenset({"List", "Read"})  # levels of access
SAME_CONTENT = {"s3-object-lambda": "s3"}  # services that hand out what another one keeps


def is_small_print(app: App, permit: Permit, actions: Iterable[str]) -> bool:
    """Tell whether unused rights came with a named policy, and there is no smaller or no harm.

    That is a policy template of SAM's that has one size, or rights that only look at how things are
    set up. To leave them out takes a policy of one's own instead of AWS's.
    """
    if not is_named(app, permit.grants[0]) or not still_needed(app, permit):
        return False
    kept = tuple(still_needed(app, permit))
    return is_only_size(permit.actions) or all(
        _only_looks(each) or _doubles(each, kept) for each in expand(actions)
    )


def came_with_triggers(app: App, permit: Permit) -> bool:
    """Tell whether a framework wrote a statement by itself, for triggers that it reads for."""
    grant = permit.grants[0]
    holder = app.get(Resource, grant.resource)
    unwritten = holder is not None and grant.path not in holder.places
    return unwritten and {*permit.actions} <= POLLING


def _doubles(action: str, kept: tuple[str, ...]) -> bool:
    """Tell whether an action reaches only what another that stays reaches already."""
    service, _, operation = action.partition(":")
    beside = SAME_CONTENT.get(service.lower())
    return beside is not None and bool(given(kept, (f"{beside}:{operation}",)))


def _only_looks(action: str) -> bool:
    return access_level(action) in LOOKS and not is_content(action)
