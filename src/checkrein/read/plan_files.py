"""Which files hold a plan of Terraform or OpenTofu, by their names and by what they begin with.

Plans are kept under many names: a name only makes a file worth a look.
"""

from __future__ import annotations

import re
from typing import Final

from checkrein import notation
from checkrein.errors import InputError
from checkrein.late import regex

USUAL: Final = ("plan.json", "terraform-plan.json", "tf-plan.json")  # and what ends as tfplan.json
JSON: Final = regex(r"(?:tf[^/]*|[^/]*(?:plan|terraform)[^/]*)\.json", re.IGNORECASE)
BINARY: Final = regex(
    r"(?:[^/]*[-_.])?(?:tf)?plan(?:\.(?:out|binary|bin|plan|zip))?|[^/]*\.tfplan", re.IGNORECASE
)
PLANNED: Final = '"planned_values"'
ZIP: Final = b"PK\x03\x04"
FIRST: Final = 4096  # bytes in which Terraform's own form names its parts
MESSAGES: Final = regex(r'\s*\{"@level"')
SHOW: Final = "`terraform show -json tfplan > plan.json`"


def is_usual(name: str) -> bool:
    """Tell whether a file's name is one that stands for its folder."""
    return name in USUAL or name.endswith("tfplan.json")


def is_named(name: str) -> bool:
    """Tell whether a file's name may be that of a plan, in JSON or in Terraform's own form."""
    lower = name.lower()
    if "plan" not in lower and not lower.endswith(".json"):  # nearly all files; patterns cost time
        return False
    return bool(JSON.fullmatch(name) or BINARY.fullmatch(name))


def is_plan(data: bytes) -> bool:
    """Tell whether bytes look like a plan in JSON."""
    try:
        return PLANNED in notation.decode(data)
    except InputError:
        return False


def advice(data: bytes) -> str:
    """Return why bytes that come from a plan are none in JSON, and what to do, "" for others."""
    if data.startswith(ZIP) and b"tfplan" in data[:FIRST]:
        return f"this is a plan in Terraform's own form, not in JSON: {SHOW} makes one"
    if MESSAGES.match(data[:FIRST].decode(errors="replace")):
        return f"these are the messages of `terraform plan -json`, not the plan: {SHOW} makes one"
    return ""
