"""Who outside can make a function do what its role may and its code never does.

A right that nothing uses does harm once somebody steers the code that holds it: through an
injection, or because the code asks services for what the caller names. An open route alone lets
callers have what the code does, and no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from checkrein.checks.policy_templates import named_template
from checkrein.checks.privilege import Permit, is_named
from checkrein.checks.questions import grouped
from checkrein.checks.tainted import (
    DOUBTFUL,
    EXECUTING,
    is_argument,
    is_harmless,
    is_verbatim,
    sites_of,
    tainted,
)
from checkrein.checks.unseen import gaps_in
from checkrein.model import App, CallSite, Evidence, Function, Resource, Summary, Taint
from checkrein.model.asking import settled_at
from checkrein.model.values import Text

OUTSIDERS = ("anyone", "a signed-in")  # how taints name those who hold no rights in the account
INJECTIONS = EXECUTING | {"path", "url"}  # a statement gives what the database's own user may
NAMING = frozenset({  # members that say which resource a call is about
    *("Bucket", "TableName", "QueueUrl", "TopicArn", "TargetArn", "FunctionName", "SecretId"),
    *("StreamName", "stateMachineArn", "UserPoolId", "Statement", "RoleArn"),
})  # fmt: skip
OF_AWS = ("arn:aws", ":policy/")  # in the name of a policy that AWS wrote, with its own account


def idle(app: App, functions: Collection[str]) -> bool:
    """Tell whether unused rights lie still: holders' code is read, and nobody outside steers it."""
    return not steered(app, functions) and all(is_seen(app, each) for each in functions)


@settled_at
def is_seen(app: App, id: str) -> bool:
    """Tell whether all that a function runs was read: of the rest nobody knows who steers it."""
    known = grouped(app, Summary, "function").get(id, [])
    whole = bool(known) and not any(summary.partial for summary in known)
    return whole and all(gap.service or gap.operation for gap in gaps_in(app, id))


def steered(app: App, functions: Collection[str]) -> bool:
    """Tell whether what somebody outside chooses can make one of some functions do other things."""
    return any(_steered(app, function) for function in functions)


def taken_over(app: App, function: str) -> bool:
    """Tell whether somebody outside can make a function run what they like."""
    return any(kind == "use" and what in EXECUTING for kind, what in _steered(app, function))


@settled_at
def _steered(app: App, id: str) -> frozenset[tuple[str, str]]:
    """Return by what somebody outside makes a function do other things: kinds and services."""
    function = app.get(Function, id)
    return frozenset(
        (site.kind, site.service)
        for site, taint in (_taints(app, function) if function else ())
        if taint.who.startswith(OUTSIDERS)
        and DOUBTFUL not in taint.harmless
        and _gives(site, taint)
    )


def _taints(app: App, function: Function) -> Iterator[tuple[CallSite, Taint]]:
    sites = sites_of(app, function)
    for index, taints in tainted(function, app).items():
        yield from ((sites[index], taint) for taint in taints)


def _gives(site: CallSite, taint: Taint) -> bool:
    """Tell whether somebody's choice is a fault that gives the function's own rights."""
    if site.kind == "use" and site.service in INJECTIONS:
        return is_argument(taint.argument) and not is_harmless(taint, site.service)
    return site.kind == "sdk" and taint.argument in NAMING and is_verbatim(site, taint)


def came_with(app: App, permit: Permit) -> tuple[Evidence, ...]:
    """Return the sentence that says which policy of AWS's own a place names, if it does."""
    name = of_aws(app, permit)
    if not name:
        return ()
    said = f"AWS wrote {name} for everybody: a policy of your own can allow less"
    return (Evidence(said, permit.place),)


def of_aws(app: App, permit: Permit) -> str:
    """Return the name of the policy of AWS's own that a place names, "" where it names none."""
    grant = permit.grants[0]
    if not is_named(app, grant) or named_template(app, permit.grants):
        return ""
    holder = app.get(Resource, grant.resource)
    named = holder.value(grant.path[:2]) if holder and grant.path else None
    parts = named.parts if isinstance(named, Text) else (named,)
    text = "".join(part for part in parts if isinstance(part, str))
    return text.rpartition("/")[2] if all(part in text for part in OF_AWS) else ""
