"""Texts that stand for a value which somebody is to put there: ``changeme``, ``<your-key>``."""

from __future__ import annotations

import re

from checkrein.late import regex

PLACEHOLDER = regex(  # words only: what holds digits too may be real
    r"^[^\d]*(change.?me|change.?it|replace|your|example|dummy|placeholder|todo|fixme|insert|please"
    r"|(?<![a-z])(fill.?(in|me|out|this)|set.?me|to.be.(set|filled|defined)|tb[ad])(?![a-z]))[^\d]*$"
    r"|^your[-_ ]|[-_ ]here$|x{3,}|\*{3,}|\.{3}|^<.*>$"
    r"|^(undefined|string|secret|password|default|unused|not[-_ ]?used|blank|empty|none|n/a)$",
    re.IGNORECASE,
)


def is_placeholder(text: str) -> bool:
    """Tell whether a text only says that a value belongs there."""
    return bool(PLACEHOLDER.search(text))
