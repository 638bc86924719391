"""What would change, for programs: the document of ``diff``, and what would break."""

from __future__ import annotations

import msgspec

from checkrein.model.supposed import Supposed
from checkrein.report.difference import json
from checkrein.report.json import told


def document(found: Supposed) -> bytes:
    """Return the document of the difference, with ``breaks`` beside the rest."""
    content = msgspec.json.decode(json.document(found.difference))
    content["breaks"] = told(found.lost)
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"
