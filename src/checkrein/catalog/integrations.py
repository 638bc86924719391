"""What a state machine's role needs for a task that calls a service.

Source: ``data/integrations.yaml``, written by hand, over the actions of
:mod:`checkrein.catalog.operations`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import msgspec

from checkrein.catalog import sdk_pack
from checkrein.catalog.operations import actions
from checkrein.catalog.tables import table
from checkrein.late import regex

FILE: Final = "integrations.yaml"
RESOURCE: Final = regex(r":states:::(aws-sdk:)?([\w-]+):(\w+)(?:\.(sync|wait))?")
RULE_ACTIONS: Final = ("events:PutRule", "events:PutTargets", "events:DescribeRule")


class Integration(msgspec.Struct, frozen=True):
    """A task's call and the rights it takes, by what they are needed on.

    ``actions`` on what the task addresses; ``follow`` on the job, execution or task that this
    starts (``.sync`` only); ``events:PutRule``, ``PutTargets`` and ``DescribeRule`` on the rule
    named ``rule``, if it is not "". ``service`` carries botocore's name, or the one written in the
    task where the service is no SDK's (``http``).
    """

    service: str
    operation: str
    actions: tuple[str, ...]
    follow: tuple[str, ...] = ()
    rule: str = ""

    @property
    def needed(self) -> tuple[str, ...]:
        """All actions, on whatever resource."""
        return (*self.actions, *self.follow, *(RULE_ACTIONS if self.rule else ()))


@cache
def integration(resource: str) -> Integration | None:
    """Return what a task's ``Resource`` (``arn:aws:states:::sqs:sendMessage``) calls and needs.

    None for what names no service: the ARN of a function or an activity.
    """
    found = RESOURCE.search(resource)
    if not found:
        return None
    sdk, written, name, pattern = found.groups()
    key, operation = f"{written}:{name}", name[:1].upper() + name[1:]
    service = table(FILE)["services"].get(key) or service_name(written)
    own = None if sdk else table(FILE)["actions"].get(key)
    job: dict[str, Any] = table(FILE)["jobs"].get(key, {}) if pattern == "sync" else {}
    return Integration(
        service,
        operation,
        actions(service, operation) if own is None else tuple(own),
        tuple(job.get("follow", ())),
        job.get("rule", ""),
    )


def service_name(written: str) -> str:
    """Return botocore's name of a service as tasks write it: ``sfn`` -> ``stepfunctions``.

    Tasks write the SDK's id of a service without its spaces: ``cognitoidentityprovider``.
    """
    given: str | None = table(FILE)["services"].get(written)
    return given or _by_id().get(written.replace("-", "")) or written


@cache
def _by_id() -> dict[str, str]:
    packages = sdk_pack.index()["packages"].items()
    ids = {name.removeprefix("client-").replace("-", ""): service for name, service in packages}
    return {name.replace("-", ""): name for name in sdk_pack.services()} | ids
