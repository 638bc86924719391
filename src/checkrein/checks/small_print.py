"""Rights that nobody chose: they came along in a policy of AWS's own that is needed."""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.catalog.actions import access_level
from checkrein.catalog.rights import is_content
from checkrein.catalog.sam_policies import is_only_size
from checkrein.checks.privilege import (
    POLLING,
    Permit,
    called_actions,
    given,
    is_named,
    still_needed,
)
from checkrein.iam.actions import expand
from checkrein.model import App, Resource

LOOKS = frozenset({"List", "Read"})  # levels of access
# an action, and those of which some do all that it does to the same things, but for what comes to
# nothing by itself: tags, and locks of objects in a bucket that has none
SAME_POWER = {
    "dynamodb:putitem": (("dynamodb:updateitem",), ("dynamodb:batchwriteitem",)),
    "dynamodb:updateitem": (("dynamodb:putitem",), ("dynamodb:batchwriteitem",)),
    "dynamodb:deleteitem": (("dynamodb:batchwriteitem",),),
    "dynamodb:batchwriteitem": (
        ("dynamodb:putitem", "dynamodb:deleteitem"),
        ("dynamodb:updateitem", "dynamodb:deleteitem"),
    ),
    "dynamodb:getitem": (("dynamodb:batchgetitem",), ("dynamodb:scan",)),
    "dynamodb:batchgetitem": (("dynamodb:getitem",), ("dynamodb:scan",)),
    "dynamodb:query": (("dynamodb:scan",),),
    "dynamodb:conditioncheckitem": (("dynamodb:getitem",), ("dynamodb:batchgetitem",)),
    "kinesis:putrecord": (("kinesis:putrecords",),),
    "kinesis:putrecords": (("kinesis:putrecord",),),
    **dict.fromkeys(
        (f"s3:putobject{part}" for part in ("tagging", "versiontagging", "legalhold", "retention")),
        (("s3:putobject",),),
    ),
    "s3:abortmultipartupload": (("s3:putobject",),),
    "sqs:getqueueurl": (("sqs:receivemessage",), ("sqs:sendmessage",)),
    "sqs:getqueueattributes": (("sqs:receivemessage",), ("sqs:sendmessage",)),
    "bedrock:invokemodel": (("bedrock:invokemodelwithresponsestream",),),
    "bedrock:invokemodelwithresponsestream": (("bedrock:invokemodel",),),
    "firehose:putrecord": (("firehose:putrecordbatch",),),
    "firehose:putrecordbatch": (("firehose:putrecord",),),
}
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


def adds_nothing(app: App, permit: Permit, actions: Iterable[str]) -> bool:
    """Tell whether what the code calls by the same statement can do all that already."""
    kept = {action.lower() for action in expand(still_needed(app, permit))}
    called = kept & {action.lower() for action in called_actions(app, permit.identity)}
    return all(
        any(called.issuperset(others) for others in SAME_POWER.get(each.lower(), ()))
        for each in expand(actions)
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
