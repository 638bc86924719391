"""What of a URL somebody chooses: all of it, its host, or only what stands behind the host."""

from __future__ import annotations

from checkrein.late import regex
from checkrein.model import Open, Symbol, Text, Value
from checkrein.model.values import alternatives

ENDED = regex(  # a host is written out, or there is none: a path, a query, another scheme
    r"(?:[a-z][\w+.-]*:)?//[^/?#\\]*[/?#\\]|/[^/\\]|[^:/]+/|[^:/]*[?#]|[a-z][\w+.-]*:(?!//|$)"
)
OWN = "x"  # stands for a part that is not theirs
PATHS = ("path", "rawPath", "requestContext.path", "requestContext.http.path")  # begin with a slash


def chooses_host(url: Value, chosen: Symbol) -> bool:
    """Tell whether some content of a URL says which host it is of.

    That is so where the content begins it, or stands before the slash that ends the host. A URL
    that begins with a setting, or with what is not known, is taken for one whose host is given.
    """
    return any(_in_host(option, chosen) for option in alternatives(url))


def _in_host(url: Value, chosen: Symbol) -> bool:
    if url == chosen:
        return chosen.attribute not in PATHS
    if not isinstance(url, Text):
        return False
    before = ""
    for part in url.parts:
        if ENDED.match(before):
            return False
        if part == chosen:
            return chosen.attribute not in PATHS
        if not before and isinstance(part, (Symbol, Open)):
            return False
        before += part if isinstance(part, str) else OWN
    return False
