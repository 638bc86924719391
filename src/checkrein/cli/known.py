"""What the tool knows: ``checks``, ``catalog`` and ``schema``."""

from __future__ import annotations

import difflib
from importlib import import_module
from typing import Literal

from checkrein.cli.commands import Form, commands
from checkrein.cli.epilogues import CATALOG, CHECKS, SCHEMA
from checkrein.cli.printing import CLEAN, tell, write
from checkrein.errors import UsageError

Document = Literal["scan", "diff", "graph", "intent"]
SCHEMAS = {  # the modules that publish them
    "scan": "report.schema",
    "diff": "report.difference.schema",
    "graph": "report.graphs.json",
    "intent": "read.intent.schema",
}


@commands.command(help_epilogue=CHECKS)
def checks(*ids: str, format: Form = "text") -> int:
    """List the checks, or explain some: why it matters, the fix, which controls it speaks to.

    Parameters
    ----------
    ids
        Checks to explain; all are listed if none.
    format
        text for people, json for programs.
    """
    from checkrein.checks import load, pages  # noqa: PLC0415 - `--version` must not pay for it

    found = load()
    for id in ids:
        if id not in {check.id for check in found}:
            near = difflib.get_close_matches(id, [check.id for check in found], 1)
            hint = f"did you mean {near[0]}?" if near else "see checkrein checks"
            raise UsageError(f"no check is named {id}; {hint}")
    chosen = [check for check in found if check.id in ids]
    write(pages.document(chosen or found) if format == "json" else pages.text(found, chosen), None)
    return CLEAN


@commands.command(help_epilogue=CATALOG)
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
        tell("".join(f"{line}\n" for line in inventory.lines(found)))
    return CLEAN


@commands.command(help_epilogue=SCHEMA)
def schema(document: Document = "scan", /) -> int:
    """Print the JSON Schema of what a command writes as JSON, or of checkrein.yaml.

    Parameters
    ----------
    document
        scan, diff and graph, for what these write with ``--format json``; intent, for
        checkrein.yaml: editors complete and check the file by it.
    """
    made = import_module(f"checkrein.{SCHEMAS[document]}")
    write(made.schema(), None)
    return CLEAN
