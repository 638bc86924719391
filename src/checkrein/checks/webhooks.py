"""Functions that must be open, and know their callers by a signature in a header."""

from __future__ import annotations

import re

from checkrein.checks.questions import grouped
from checkrein.model import App, EventRead, Summary

SIGNATURE = re.compile(  # Stripe-Signature, X-Hub-Signature-256, X-Shopify-Hmac-Sha256 …
    r"^(?:multiValue)?headers\b.*(?:signature|hmac)", re.IGNORECASE
)


def signature_reads(app: App, function: str) -> list[EventRead]:
    """Return where code reads a signature from a request's headers."""
    return [
        read
        for summary in grouped(app, Summary, "function").get(function, [])
        for read in summary.reads
        if read.source.owner == "event" and SIGNATURE.search(read.source.attribute)
    ]
