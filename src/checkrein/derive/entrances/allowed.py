"""Whether an API may invoke the function behind a route: without a permission it answers 500."""

from __future__ import annotations

from checkrein.derive.entrances.authorizers import FUNCTION
from checkrein.derive.entrances.operations import Operation
from checkrein.derive.stacks.directory import Directory, once

PERMISSION = "AWS::Lambda::Permission"
CALLERS = ("apigateway.amazonaws.com", "*")


def is_refused(directory: Directory, operation: Operation, function: str) -> bool:
    """Tell whether a route names a function that its API was not permitted to invoke.

    Only where the same deployment permits an API other functions, so that nobody else does, and
    every permission says whose it is.
    """
    deployment = directory.deployment(function)
    if operation.integration.get("credentials") is not None:  # invokes as that role
        return False
    allowed = _allowed(directory)
    return (
        deployment == directory.deployment(operation.source.id)
        and deployment in allowed.values()
        and function not in allowed
    )


@once
def _allowed(directory: Directory) -> dict[str, str]:
    """Return the functions that APIs may invoke, with their deployments; none where one is open."""
    found: dict[str, str] = {}
    for permission in directory.of_type(PERMISSION):
        principal = permission.value("Principal")
        if isinstance(principal, str) and principal not in CALLERS:
            continue
        deployment = directory.deployment(permission.id)
        functions = directory.find(permission.value("FunctionName"), deployment, FUNCTION)
        if not functions:
            return {}
        found |= {function: directory.deployment(function) for function in functions}
    return found
