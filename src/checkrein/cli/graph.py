"""``checkrein graph``: the picture of an application, for people and for other programs."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from checkrein.cli.commands import Observed, Output, Within, commands
from checkrein.cli.epilogues import GRAPH
from checkrein.cli.printing import progress, write

if TYPE_CHECKING:
    from checkrein.model.picture import Picture
    from checkrein.model.result import Result

Form = Literal["mermaid", "dot", "svg", "json", "otm", "cyclonedx"]
Wanted = Literal["intended", "coded", "potential", "observed"]
JUDGED = frozenset({"otm"})  # forms that tell findings as well


@commands.command(help_epilogue=GRAPH)
def graph(  # noqa: PLR0913 - each option says one thing
    subject: str = "",
    /,
    *,
    format: Form = "mermaid",
    basis: Wanted | None = None,
    data: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
    all: Annotated[bool, Parameter(negative="")] = False,
    within: Within = (),
    observed: Observed = (),
    output: Output = None,
) -> int:
    """Draw the application: who and what there is, and where data goes.

    Parameters
    ----------
    subject
        What the picture is to be about: a resource, a function, a role or a class of data.
    format
        mermaid, dot (Graphviz) or svg; json, otm (Open Threat Model) or cyclonedx for programs.
    basis
        Whose edges: what is meant, what is coded (the default), what could be, what was seen.
        json holds all of them if none is given.
    data
        Only where this class or family of data goes; repeat it for more.
    all
        Draw every edge, not the most valuable, or one way by which each class could come.
    within
        Where to look.
    observed
        Records of what happened: files, folders, or RESOURCE=PATH.
    output
        Write to this file instead of the terminal.
    """
    from checkrein import pipeline  # noqa: PLC0415 - `--version` must not pay for it
    from checkrein.compare.picture import picture  # noqa: PLC0415 - as above

    asked = within or (Path(),)
    read = pipeline.scan if format in JUDGED else pipeline.learn
    result = read(asked, progress, following=pipeline.observing(observed))
    progress("drawing")
    found = picture(result.app, subject, data)
    content = _content(result, found, format, basis, everything=all)
    progress("")
    write(content, output)
    return pipeline.answered(result)


def _content(
    result: Result, found: Picture, form: Form, asked: Wanted | None, *, everything: bool
) -> bytes:
    from checkrein.model import Basis  # noqa: PLC0415 - as above

    basis = Basis(asked or "coded")
    if form == "svg":
        from checkrein.report.drawing import svg  # noqa: PLC0415 - only where asked for

        return svg(found, [basis], everything=everything).encode()
    made = import_module(f"checkrein.report.graphs.{form}")
    content: bytes
    if form in {"mermaid", "dot"}:
        content = made.document(found, basis, everything=everything)
    else:
        content = made.document(result, found, basis if asked or form != "json" else None)
    return content
