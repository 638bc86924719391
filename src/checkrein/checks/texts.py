"""Whether what somebody chooses is a text, or may be any JSON."""

from __future__ import annotations

from checkrein.model import CallSite, Taint
from checkrein.model.values import alternatives

# fields of a request that hold texts; a body holds JSON
TEXTS = frozenset({
    "queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "headers",
    "multiValueHeaders", "cookies", "rawPath", "path", "rawQueryString", "requestContext",
    "arguments", "userName", "s3",
})  # fmt: skip


def may_be_object(taint: Taint) -> bool:
    """Tell whether a value may be an object where a text was meant: it was part of some JSON."""
    steps = [*taint.field.path.split("."), *taint.source.attribute.split(".")]
    return not TEXTS & {step.removesuffix("[]") for step in steps}


def is_itself(site: CallSite, taint: Taint) -> bool:
    """Tell whether an argument is the value itself, not a text that it was joined into."""
    return any(
        option == taint.source
        for argument in site.arguments
        if argument.path == taint.argument
        for option in alternatives(argument.value)
    )
