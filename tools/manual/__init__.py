"""The manual: a site of what people wrote and of what the code says of itself."""

from __future__ import annotations

from tools.manual import checks, commands, frameworks, guides, model
from tools.manual.page import Page

PARTS = (guides, commands, checks, frameworks, model)


def pages() -> list[Page]:
    """Return every page, in the order of the list beside them."""
    return [page for part in PARTS for page in part.pages()]
