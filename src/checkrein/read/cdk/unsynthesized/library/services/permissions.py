"""What lets a service run a function, for one source."""

from __future__ import annotations

from checkrein.model.values import Value
from checkrein.read.cdk.unsynthesized.library.things import Construct

PERMISSION, INVOKE = "AWS::Lambda::Permission", "lambda:InvokeFunction"


def permit(
    made: Construct, scope: Construct, id: str, service: str, source: Value, account: Value = None
) -> None:
    """Let a service run a function, for one source."""
    if made.key or made.told.get("imported"):
        target = made.attributes.get("functionArn") or made.of("Arn")
        scope.child(id).put(
            PERMISSION,
            {
                "Action": INVOKE,
                "FunctionName": target,
                "Principal": service,
                "SourceArn": source,
                "SourceAccount": account,
            },
        )
