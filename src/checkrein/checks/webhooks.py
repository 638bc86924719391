"""Functions behind open doors that ask for themselves who calls: by a signature, by a token."""

from __future__ import annotations

import re

from checkrein.checks.questions import grouped
from checkrein.model import App, EventRead, Summary

SIGNATURE = re.compile(  # Stripe-Signature, X-Hub-Signature-256, X-Shopify-Hmac-Sha256 …
    r"^(?:multiValue)?headers\b.*(?:signature|hmac)", re.IGNORECASE
)

CREDENTIAL = re.compile(
    r"^(?:multiValue)?headers\b.*(?:signature|hmac|authorization|token|api[-_]?key|cookie|secret)"
    r"|^cookies\b",
    re.IGNORECASE,
)


def signature_reads(app: App, function: str) -> list[EventRead]:
    """Return where code reads a signature from a request's headers."""
    return _reads(app, function, SIGNATURE)


def credential_reads(app: App, function: str) -> list[EventRead]:
    """Return where code reads what a caller shows to be known by, from a request's headers."""
    return _reads(app, function, CREDENTIAL)


def _reads(app: App, function: str, named: re.Pattern[str]) -> list[EventRead]:
    return [
        read
        for summary in grouped(app, Summary, "function").get(function, [])
        for read in summary.reads
        if read.source.owner == "event" and named.search(read.source.attribute)
    ]
