"""Where a request names a resource, and which names stand in a value."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.operations import Addressed
from checkrein.derive.content.paths import above, below, tokens
from checkrein.late import regex
from checkrein.model import CallSite, Open, Symbol, Text, Value
from checkrein.model.values import alternatives, text

URL_HEAD = regex(r"^\w+://(?:s3[.-][\w.-]*amazonaws\.com/)?")
S3_HOST = regex(r"\.s3[.-]")
QUOTED = regex(r"""["'`]([\w.-]+)["'`]""")


def names(value: Value, form: str) -> list[Value]:
    """Return the names inside a value, as the rule's form says where they stand."""
    if form == "head":
        return [_head(value)]
    if form == "url":
        return [_stored_at(value)]
    if form == "within" and isinstance(value, str):
        return list(dict.fromkeys(QUOTED.findall(value))) or [Open("named in a text")]
    return [value]


def _stored_at(value: Value) -> Value:
    """Return the bucket of a URL: ``s3://BUCKET/KEY``, ``https://BUCKET.s3.amazonaws.com/KEY``."""
    parts = list(value.parts) if isinstance(value, Text) else [value]
    if isinstance(parts[0], str):
        parts[0] = URL_HEAD.sub("", parts[0])
    head = _head(text(parts))
    name: list[Value] = []
    for part in head.parts if isinstance(head, Text) else (head,):
        before, *host = S3_HOST.split(part, maxsplit=1) if isinstance(part, str) else (part,)
        name.append(before)
        if host:
            break
    return text(name)


def _head(value: Value) -> Value:
    """Return what stands before the first slash of a text, symbols included."""
    if isinstance(value, str):
        return value.partition("/")[0]
    if not isinstance(value, Text):
        return value
    parts: list[Value] = []
    for part in value.parts:
        before, slash, _ = part.partition("/") if isinstance(part, str) else (part, "", "")
        parts.append(before)
        if slash:
            break
    return text(parts)


def values_at(site: CallSite, rule: Addressed) -> Iterator[Value]:
    """Yield what the code passes where the rule looks; the keys themselves for ``Name{}``."""
    keys = rule.path.endswith("{}")
    wanted = tokens(rule.path.removesuffix("{}"))
    for argument in site.arguments:
        path = tokens(argument.path)
        rest = below(wanted, path)
        if rest == () and not keys:
            yield argument.value
        elif keys and rest == ("{}",):
            yield argument.value  # a key that only running it would tell
        elif keys and rest and rest[0] != "{}":
            yield rest[0]
        elif rest == () or (path and rest is None and above(wanted, path)):
            yield from map(_unseen, alternatives(argument.value))


def is_null(site: CallSite, rule: Addressed) -> bool:
    """Tell whether null is all that is passed there: so code does on ways that it never goes."""
    wanted = tokens(rule.path.removesuffix("{}"))
    given = [a.value for a in site.arguments if above(wanted, tokens(a.path))]
    return bool(given) and all(value is None for value in given)


def _unseen(whole: Value) -> Value:
    """Return what stands somewhere in a value that is not known: another call's answer, or open."""
    answered = isinstance(whole, Symbol) and whole.owner.startswith("call:")
    return whole if answered else Open("not known")
