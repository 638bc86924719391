"""Programs that a shell's command starts to fetch a URL, and whether somebody chooses its host."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from checkrein.checks.addresses import chooses_host
from checkrein.late import regex
from checkrein.model import Symbol, Text, Value
from checkrein.model.values import alternatives

FETCHING = frozenset({"curl", "wget"})
ENDS = regex(r"[|;&\n(`]+")  # of a command, in a line of a shell
CHOSEN, OTHER = "\0", "x"
BARE = regex(  # options of curl and wget that take no value: what follows may be the URL
    r"-[sSLkfigGIvNjnqaJRVZ#0-9]+"
    r"|--(?:silent|show-error|location|insecure|fail|fail-with-body|compressed|verbose|include|head"
    r"|get|globoff|remote-name|progress-bar|no-progress-meter|http1\.[01]|http2|ipv[46]|url"
    r"|quiet|no-verbose|no-check-certificate|no-clobber|spider|continue|tlsv1\.[0-3])"
)


def fetches_from(command: Value, chosen: Symbol) -> bool:
    """Tell whether a command has ``curl`` or ``wget`` ask a host that some content says."""
    return any(
        _fetches(text.parts, at, chosen)
        for text in alternatives(command)
        if isinstance(text, Text)
        for at, part in enumerate(text.parts)
        if part == chosen
    )


def _fetches(parts: tuple[Value, ...], at: int, chosen: Symbol) -> bool:
    before = ENDS.split(_shown(parts[:at]))[-1]
    behind = ENDS.split(_shown(parts[at + 1 :]))[0]
    try:
        words = shlex.split(f"{before}{CHOSEN}{behind}")
    except ValueError:  # a quote without its other
        return False
    own = next(number for number, word in enumerate(words) if CHOSEN in word)
    if own == 0 or words[0].rpartition("/")[2] not in FETCHING:
        return False
    known = words[own].partition(CHOSEN)[0].removeprefix("--url=")
    option = words[own - 1].startswith("-") and not BARE.fullmatch(words[own - 1])
    return not option and chooses_host(Text((known, chosen)) if known else chosen, chosen)


def _shown(parts: Iterable[Value]) -> str:
    return "".join(part if isinstance(part, str) else OTHER for part in parts)
