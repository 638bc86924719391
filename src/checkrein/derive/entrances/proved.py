"""Ways in that anyone may use, to functions whose own code asks first who calls.

An API lets everybody through, but all that the code does comes after a secret, a signature or a
token was checked (``CallSite.proof``): who gets further is who holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from checkrein.derive.entrances.authorizers import ANYONE
from checkrein.model import CallSite, Entry, Evidence, Summary

SECRET, TOKEN, CLAIMS = "secret", "token", "claims"
KEY = "key"  # by which a REST API counts calls: not the code asks for it, but the route
ASKING = frozenset({"http", "websocket", "url"})  # kinds of entry whose callers show something
HARMLESS = frozenset({  # families of use that nothing happens by
    "token", "signature", "hash", "random", "clock", "credential", "tls", "cors", "cipher",
    "caller", "log", "regex",
})  # fmt: skip
KEEPING = frozenset({  # where a secret is read before anybody can be asked for it
    ("secretsmanager", "GetSecretValue"), ("ssm", "GetParameter"), ("ssm", "GetParameters"),
    ("ssm", "GetParametersByPath"), ("kms", "Decrypt"),
})  # fmt: skip


def proved(entries: Iterable[Entry], summaries: Iterable[Summary]) -> Iterator[Entry]:
    """Yield the entries, with what the code asks of those whom the API lets through unasked."""
    asking = {each.function: found for each in summaries if (found := _asks(each))}
    for entry in entries:
        known = asking.get(entry.function)
        if known and entry.kind in ASKING and entry.identity == ANYONE:
            yield replace(entry, proof=known[0], evidence=(*entry.evidence, known[1]))
        else:
            yield entry


def _asks(summary: Summary) -> tuple[str, Evidence] | None:
    """Return what a function's code asks for before it does anything, and a place behind that.

    None where it does something for anyone, or was not followed to its end.
    """
    if summary.partial:
        return None
    found = [site for site in summary.calls if site.proof and not _is_idle(site)]
    if not found or not all(site.proof or _is_idle(site) for site in summary.calls):
        return None
    kind = next(each for each in WORDS if any(site.proof == each for site in found))
    return kind, Evidence(f"the code asks for {WORDS[kind]} before this", found[0].place)


WORDS: Mapping[str, str] = {  # who could get the furthest first
    CLAIMS: "what an authorizer says of the caller",
    TOKEN: "a token that it verifies",
    SECRET: "a secret",
}


def _is_idle(site: CallSite) -> bool:
    """Tell whether a call does nothing that a stranger could want: it refuses, logs, prepares."""
    if site.kind == "log" or (site.service, site.operation) in KEEPING:
        return True
    sources = [symbol for argument in site.arguments for symbol in argument.sources]
    if site.kind == "use":
        return site.service in HARMLESS or not sources
    if site.kind == "response":
        return not any(symbol.owner.startswith("call:") for symbol in sources)
    return site.kind == "http" and site.operation == "GET" and not _of_event(sources)


def _of_event(sources: Iterable[object]) -> bool:
    return any(getattr(symbol, "owner", "") == "event" for symbol in sources)
