"""What the tool knows: ``checks``, ``catalog`` and ``schema``."""

from __future__ import annotations

import json

from checkrein.cli.commands import CLEAN, Form, commands, write


@commands.command
def checks(*, format: Form = "text") -> int:
    """List the checks.

    Parameters
    ----------
    format
        text for people, json for programs.
    """
    from checkrein.checks import load  # noqa: PLC0415 - `--version` must not pay for it

    found = load()
    if format == "json":
        fields = ("id", "domain", "title", "fault", "topics")
        listed = [
            {field: getattr(check, field) for field in fields} | {"frameworks": check.controls}
            for check in found
        ]
        write(json.dumps(listed, indent=2).encode() + b"\n", None)
    else:
        width = max(len(check.id) for check in found)
        for check in found:
            print(f"{check.domain:14}  {check.id:{width}}  {check.title}")
    return CLEAN


@commands.command
def catalog(*, format: Form = "text") -> int:
    """Say where the knowledge about AWS's permissions comes from, and how fresh it is.

    Parameters
    ----------
    format
        text for people, json for programs.
    """
    from checkrein.catalog import inventory  # noqa: PLC0415 - `--version` must not pay for it

    found = inventory.inventory()
    if format == "json":
        write(inventory.document(found), None)
    else:
        print(*inventory.lines(found), sep="\n")
    return CLEAN


@commands.command
def schema() -> int:
    """Print the JSON Schema of what ``scan --format json`` writes."""
    from checkrein.report.schema import schema as published  # noqa: PLC0415 - only where asked for

    write(published(), None)
    return CLEAN
