"""Which published modules of Terraform have stand-ins here, in ``data/terraform/modules``."""

from __future__ import annotations

from pathlib import Path

from checkrein import files
from checkrein.late import regex

STAND_INS = Path(__file__).parent / "data" / "terraform" / "modules"
REGISTRY = regex(r"(?:(?:[\w-]+\.)+\w+(?::\d+)?/)?([\w-]+)/([\w-]+)/([\w-]+)(?://([\w./-]+))?\Z")
GIT = regex(
    r"(?:git::)?(?:https?://|ssh://|git@)?(?:[^/@]+@)?[\w.-]+[/:]([\w-]+)/"
    r"terraform-([a-z0-9]+)-([\w-]+?)(?:\.git)?(?://([\w./-]+?))?(?:\?.*)?\Z"
)


def stand_in(source: str) -> str | None:
    """Return the folder below ``STAND_INS`` that stands for a published module, None if none."""
    found = REGISTRY.match(source)
    if found:
        namespace, name, provider, inner = found.groups()
    else:
        found = GIT.match(source)
        if not found:
            return None
        namespace, provider, name, inner = found.groups()
    parts = [
        namespace,
        name,
        provider,
        *(p for p in (inner or "").split("/") if p not in ("", ".")),
    ]
    folder = "/".join(parts)
    if ".." in parts or not files.is_folder(STAND_INS / folder):
        return None
    return folder
