"""The logical ids that CDK gives resources, from the paths of their constructs.

Source: aws-cdk-lib 2.276, ``makeUniqueId``.
"""

from __future__ import annotations

import hashlib

from checkrein.late import regex

HIDDEN_FROM_PEOPLE, HIDDEN = "Resource", "Default"
LONGEST_ALONE, LONGEST = 255, 240
NOT_IN_NAMES = regex(r"[^A-Za-z0-9]")


def logical_id(path: tuple[str, ...]) -> tuple[str, str]:
    """Return (logical id, the part of it that people chose) of a path below its stack."""
    parts = [part for part in path if part != HIDDEN]
    if len(parts) == 1:
        alone = NOT_IN_NAMES.sub("", parts[0])
        if len(alone) <= LONGEST_ALONE:
            return alone, alone
    digest = hashlib.md5("/".join(parts).encode(), usedforsecurity=False).hexdigest()
    human: list[str] = []
    for part in parts:
        if part != HIDDEN_FROM_PEOPLE and not (human and human[-1].endswith(part)):
            human.append(part)
    name = NOT_IN_NAMES.sub("", "".join(human))[:LONGEST]
    return f"{name}{digest[:8].upper()}", name or digest[:8].upper()
