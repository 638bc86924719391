"""What all commands share: the program, where they look, and what they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App as Commands
from cyclopts import Parameter

from checkrein import __version__
from checkrein.cli.epilogues import HELP, MORE

commands = Commands(
    name="checkrein",
    help=HELP,
    help_epilogue=MORE,
    help_format="plaintext",
    version=__version__,
    default_parameter=Parameter(show_default=lambda value: value or None),  # no "default: ()"
)
commands.register_install_completion_command()

Level = Literal["low", "medium", "high", "critical"]
Form = Literal["text", "json"]


Within = Annotated[
    tuple[Path, ...],
    Parameter(
        name="--in",
        negative="",
        consume_multiple=False,
        help="Folder or template to read, the current folder if none; repeat it for more.",
    ),
]
Observed = Annotated[
    tuple[str, ...],
    Parameter(
        negative="",
        consume_multiple=False,
        help="Records of what happened (traces, audit and access logs, logs, stored items): a file "
        "or folder, or RESOURCE=PATH; repeat it for more.",
    ),
]
Output = Annotated[Path | None, Parameter(help="Write to this file instead of the terminal.")]


@Parameter(name="*")
@dataclass(frozen=True)
class Asked:
    """Where a question looks for its answer, and how it is told."""

    within: Within = ()
    format: Annotated[Form, Parameter(help="text for people, json for programs.")] = "text"
    output: Output = None


@Parameter(name="*")
@dataclass(frozen=True)
class Drawn:
    """Where a question looks for its answer, and how it is told or drawn."""

    within: Within = ()
    format: Annotated[
        Literal["text", "json", "mermaid"],
        Parameter(help="text for people, json for programs, mermaid for a picture in a document."),
    ] = "text"
    output: Output = None


ASKED = Asked()
DRAWN = Drawn()
