"""Commands: parse arguments, call the pipeline, print. Decides nothing."""

from __future__ import annotations

import json
import os
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App as Commands
from cyclopts import CycloptsError, Parameter

from checkrein import __version__
from checkrein.epilogues import CAN, EXPLAIN, FLOWS, HELP, LEAST, MORE
from checkrein.errors import CheckreinError, UsageError

if TYPE_CHECKING:
    from checkrein.report.terminal.console import Draw

CLEAN, OTHERWISE, USAGE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130

commands = Commands(
    name="checkrein", help=HELP, help_epilogue=MORE, help_format="plaintext", version=__version__
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


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; what the user can mend is one sentence."""
    try:
        code = commands(
            arguments, exit_on_error=False, print_error=False, result_action="return_value"
        )
        sys.stdout.flush()
    except (CycloptsError, CheckreinError) as error:
        print(f"checkrein: {str(error).strip()}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:  # the reader has seen enough; Python must not complain at its exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever happens, one sentence
        print(f"checkrein: {_internal(error)}", file=sys.stderr)
        return FAILED
    return code if isinstance(code, int) else CLEAN


@commands.default
@commands.command
def scan(
    *paths: Path,
    format: Form = "text",
    facts: Annotated[bool, Parameter(negative="")] = False,
    fail_on: Level = "high",
    output: Path | None = None,
) -> int:
    """Show an application's table of data and its worst findings.

    Parameters
    ----------
    paths
        Folders or templates to read; the current folder if none.
    format
        text for people, json for programs.
    facts
        Add everything that is known about the application (json only).
    fail_on
        Exit with 1 if a finding is at least this severe.
    output
        Write to this file instead of the terminal.
    """
    from checkrein import pipeline  # noqa: PLC0415 - `--version` must not pay for it

    if facts and format != "json":
        raise UsageError("--facts needs --format json")
    result = pipeline.scan(paths or (Path(),), _progress)
    _progress("")
    if format == "json":
        from checkrein.report.json import document  # noqa: PLC0415 - only where asked for

        _write(document(pipeline.mend(result, result.findings), facts=facts), output)
    else:
        from checkrein.report.terminal import plain, render, worst  # noqa: PLC0415 - rich is heavy

        result = pipeline.mend(result, worst(result))
        if output:
            _write(plain(result).encode(), output)
        else:
            render(result)
    return pipeline.exit_code(result, fail_on)


@commands.command(help_epilogue=EXPLAIN)
def explain(
    subject: str,
    /,
    *,
    all: Annotated[bool, Parameter(negative="")] = False,
    asked: Asked = ASKED,
) -> int:
    """Explain who reaches a resource, a function, a role or a class of data, and how.

    Parameters
    ----------
    subject
        An id or its end, a physical name, an ARN, or a class of data.
    all
        Show everything, not only about a screen.
    asked
        Where to look, and how to tell.
    """
    from checkrein import compare, pipeline  # noqa: PLC0415 - `--version` must not pay for it

    result = pipeline.learn(asked.within or (Path(),), _progress)
    _progress("")
    found = compare.explain(result.app, subject)
    if asked.format == "json":
        from checkrein.report.answers import explanation  # noqa: PLC0415 - only where asked for

        _write(explanation(result, found), asked.output)
    else:
        from checkrein.report.terminal.answers import explained  # noqa: PLC0415 - rich is heavy

        _draw(explained(result, found, everything=all), asked.output)
    return pipeline.answered(result)


@commands.command(help_epilogue=FLOWS)
def flows(
    subject: str = "",
    /,
    *,
    all: Annotated[bool, Parameter(negative="")] = False,
    asked: Drawn = DRAWN,
) -> int:
    """Show where data goes: from which field, through which code, to which attribute of what.

    Parameters
    ----------
    subject
        A function, a class of data or a resource; the whole application if none.
    all
        Show everything, not only about two screens, or the edges that a picture holds.
    asked
        Where to look, and how to tell.
    """
    from checkrein import compare, pipeline  # noqa: PLC0415 - `--version` must not pay for it

    result = pipeline.learn(asked.within or (Path(),), _progress)
    _progress("")
    found = compare.flows(result.app, subject)
    if asked.format == "json":
        from checkrein.report.flows import document  # noqa: PLC0415 - only where asked for

        _write(document(result, found), asked.output)
    elif asked.format == "mermaid":
        from checkrein.report import mermaid  # noqa: PLC0415 - only where asked for

        _write(mermaid.document(found, everything=all), asked.output)
    else:
        from checkrein.report.terminal.flows import flows as shown  # noqa: PLC0415 - rich is heavy

        _draw(shown(result, found, everything=all), asked.output)
    return pipeline.answered(result)


@commands.command(help_epilogue=CAN)
def can(
    principal: str,
    action: str,
    resource: str,
    /,
    *,
    context: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    expect: Literal["yes", "maybe", "no"] | None = None,
    asked: Asked = ASKED,
) -> int:
    """Answer whether somebody may do something to a resource: yes, maybe or no, and why.

    Parameters
    ----------
    principal
        A role, a user, a function (its role), "anyone", a service's host, or an ARN.
    action
        An IAM action, or a pattern such as "s3:Get*".
    resource
        An id or its end, a name, an ARN, "*", or id/key for a part of it.
    context
        A condition key that the request brings, as KEY=VALUE; repeat it for more.
    expect
        Exit with 1 if the answer is another.
    asked
        Where to look, and how to tell.
    """
    from checkrein import compare, pipeline  # noqa: PLC0415 - `--version` must not pay for it

    known = compare.context_of(context)
    result = pipeline.learn(asked.within or (Path(),), _progress)
    _progress("")
    found = compare.can(result.app, principal, action, resource, known)
    if asked.format == "json":
        from checkrein.report.answers import decision  # noqa: PLC0415 - only where asked for

        _write(decision(result, found), asked.output)
    else:
        from checkrein.report.terminal.answers import decided  # noqa: PLC0415 - rich is heavy

        _draw(decided(result, found), asked.output)
    return OTHERWISE if expect not in {None, found.answer} else pipeline.answered(result)


@commands.command(help_epilogue=LEAST)
def least(
    *functions: str,
    write: Annotated[bool, Parameter(negative="")] = False,
    asked: Asked = ASKED,
) -> int:
    """Show what functions need, what they are granted without need, and the policies that fit.

    Exits with 0 where all have the least already, 1 where something is too much or missing.

    Parameters
    ----------
    functions
        Names of functions; all of them if none.
    write
        Make the changes in the files too.
    asked
        Where to look, and how to tell.
    """
    from checkrein import pipeline  # noqa: PLC0415 - `--version` must not pay for it
    from checkrein.report.least import document, text  # noqa: PLC0415 - only where asked for

    found = pipeline.least(asked.within or (Path(),), functions, _progress)
    _progress("")
    shown = document(found.leasts) if asked.format == "json" else text(found).encode()
    _write(shown, asked.output)
    if write:
        pipeline.apply(found.root, found.edits)
    return pipeline.least_code(found)


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
        fields = ("id", "domain", "title", "fault", "frameworks")
        listed = [{field: getattr(check, field) for field in fields} for check in found]
        _write(json.dumps(listed, indent=2).encode() + b"\n", None)
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
        _write(inventory.document(found), None)
    else:
        print(*inventory.lines(found), sep="\n")
    return CLEAN


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from None


def _draw(draw: Draw, output: Path | None) -> None:
    from checkrein.report.terminal.console import plain, show  # noqa: PLC0415 - rich is heavy

    if output:
        _write(plain(draw).encode(), output)
    else:
        show(draw)


def _internal(error: Exception) -> str:
    """Say where the tool itself failed, for a report of the fault."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    return f"failed in {where} ({type(error).__name__}: {error}); please report this"


def _progress(text: str) -> None:
    """Say on a terminal what takes its time; the line replaces itself and leaves nothing."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
