"""What Lift's constructs are called in the document, and what variables name of them."""

from __future__ import annotations

import re
from hashlib import md5
from typing import Any

from checkrein.model.values import Open, Symbol, Value, substitute
from checkrein.read.serverless.parts import Part

GIVEN = {  # what variables name: the construct below, and its attribute
    "storage": {"bucketArn": ("Bucket", "Arn"), "bucketName": ("Bucket", "Ref")},
    "queue": {
        "queueUrl": ("Queue", "Ref"), "queueArn": ("Queue", "Arn"),
        "dlqUrl": ("Dlq", "Ref"), "dlqArn": ("Dlq", "Arn"),
    },
    "database/dynamodb-single-table": {
        "tableName": ("Table", "Ref"), "tableArn": ("Table", "Arn"),
        "tableStreamArn": ("Table", "StreamArn"),
    },
    "webhook": {"busName": ("Bus", "Ref")},
    "static-website": {"cname": ("CDN", "DomainName"), "assetsBucketName": ("Bucket", "Ref")},
    "single-page-app": {"cname": ("CDN", "DomainName"), "assetsBucketName": ("Bucket", "Ref")},
}  # fmt: skip


def cdk_id(*path: str) -> str:
    """Return the logical id that the CDK gives to the resource at a path of constructs."""
    digest = md5("/".join(path).encode(), usedforsecurity=False).hexdigest()[:8].upper()
    words = [re.sub(r"[^A-Za-z0-9]", "", each) for each in path if each != "Resource"]
    kept = [each for index, each in enumerate(words) if words[index - 1 : index] != [each]]
    return "".join(kept) + digest


def given_by_constructs(value: dict[str, Any]) -> dict[str, Any]:
    """Return a service's value with what ``${construct:…}`` stands for, as far as that is known."""
    declared = Part(value, ())["constructs"]

    def given(symbol: Symbol) -> Value | None:
        if symbol.owner != "@construct":
            return None
        key, _, name = symbol.attribute.partition(".")
        below, attribute = GIVEN.get(declared[key]["type"].word, {}).get(name, ("", ""))
        if not below:
            return Open(f"what the construct {key} gives as {name}")
        return Symbol(cdk_id(key, below, "Resource"), attribute)

    found: dict[str, Any] = substitute(value, given)
    return found
