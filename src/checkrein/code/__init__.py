"""Code of functions: parsed, lowered to one small IR, and run over abstract values.

``summary`` goes through the floors: ``loading`` finds a module's file, ``lowering`` makes it a
tree, ``running`` runs that over values of ``domain``, asking ``libraries`` and ``frameworks`` what
functions of others do, and ``harm`` where a value does harm.

The result is a ``Summary``: what the code asks of services, sends, logs and answers, over the
symbols ``event``, ``env``, ``context`` and ``call:N``. Pure but for reading the function's files;
knows of the template only what the environment holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from checkrein.model import Environment, Function, Program, Summary

NESTED = "The code was not followed to the end: it is nested too deeply."
FAILED = "The analysis failed"


def analyse(root: Path, function: Function) -> Summary:
    """Return what a function's code does; see ``checkrein.code.summary.analyse``."""
    from checkrein.code import summary  # noqa: PLC0415 - only a scan pays for the interpreter

    return summary.analyse(root, function)


def alike(functions: Iterable[Function]) -> list[list[Function]]:
    """Group functions that run the same code from the same entry.

    One summary fits all of them in whose environment what it asked for is the same: ``fits``.
    """
    groups: dict[tuple[tuple[Program, ...], str, str], list[Function]] = {}
    for function in functions:
        same = (function.programs, function.language, function.handler)
        groups.setdefault(same, []).append(function)
    return list(groups.values())


def bare(function: Function) -> Function:
    """Return all of a function that its analysis rests on, but for its environment."""
    from checkrein.model import Function  # noqa: PLC0415 - as above

    return Function(
        id="",
        runtime="",
        language=function.language,
        handler=function.handler,
        code=function.code,
        others=function.others,
        before=function.before,
    )


def fits(summary: Summary, environment: Environment) -> bool:
    """Tell whether a summary holds where the code runs in an environment."""
    return all(environment.of(name) == known for name, known in summary.asked.items())


def failed(summary: Summary) -> bool:
    """Tell whether an analysis ended by what may be no matter of the code: depth, memory, a bug."""
    return FAILED in summary.partial or NESTED in summary.partial


def shared(summary: Summary, function: Function) -> Summary:
    """Return the summary of a function's code as another function's, which runs the same."""
    from msgspec.structs import replace  # noqa: PLC0415 - as above

    return replace(summary, id=function.id, function=function.id)
