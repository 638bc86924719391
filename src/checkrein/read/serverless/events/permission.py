"""The permission of a service to invoke a function."""

from __future__ import annotations

from typing import Any

from checkrein.read.serverless.document import Document
from checkrein.read.serverless.functions import Deployed
from checkrein.read.serverless.parts import Part

PERMISSION = "AWS::Lambda::Permission"


def permit(
    document: Document, function: Deployed, id: str, principal: Any, event: Part, **more: Any
) -> None:
    """Let a principal invoke a function; ``more`` are further properties of the permission."""
    document.put(
        id, PERMISSION,
        {
            "FunctionName": function.target,
            "Action": more.pop("action", "lambda:InvokeFunction"),
            "Principal": principal,
            **more,
        },
        event, DependsOn=function.alias_id,
    )  # fmt: skip
