"""Questions about one thing: ``explain``, ``flows`` and ``can``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from checkrein.cli.commands import ASKED, DRAWN, Asked, Drawn, Observed, commands
from checkrein.cli.epilogues import CAN, EXPLAIN, FLOWS
from checkrein.cli.printing import OTHERWISE, draw, progress, write


@commands.command(help_epilogue=EXPLAIN)
def explain(
    subject: str,
    /,
    *,
    all: Annotated[bool, Parameter(negative="")] = False,
    observed: Observed = (),
    asked: Asked = ASKED,
) -> int:
    """Explain who reaches a resource, a function, a role or a class of data, and how.

    Parameters
    ----------
    subject
        An id or its end, a physical name, an ARN, or a class of data.
    all
        Show everything, not only about a screen.
    observed
        Records of what happened: files, folders, or RESOURCE=PATH.
    asked
        Where to look, and how to tell.
    """
    from checkrein import compare, pipeline  # noqa: PLC0415 - `--version` must not pay for it

    following = pipeline.observing(observed)
    result = pipeline.learn(asked.within or (Path(),), progress, following=following)
    progress("")
    found = compare.explain(result.app, subject)
    if asked.format == "json":
        from checkrein.report.answers import explanation  # noqa: PLC0415 - only where asked for

        write(explanation(result, found), asked.output)
    else:
        from checkrein.report.terminal.answers import explained  # noqa: PLC0415 - rich is heavy

        draw(explained(result, found, everything=all), asked.output)
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

    result = pipeline.learn(asked.within or (Path(),), progress)
    progress("")
    found = compare.flows(result.app, subject)
    if asked.format == "json":
        from checkrein.report.flows import document  # noqa: PLC0415 - only where asked for

        write(document(result, found), asked.output)
    elif asked.format == "mermaid":
        from checkrein.report import mermaid  # noqa: PLC0415 - only where asked for

        write(mermaid.document(found, everything=all), asked.output)
    else:
        from checkrein.report.terminal.flows import flows as shown  # noqa: PLC0415 - rich is heavy

        draw(shown(result, found, everything=all), asked.output)
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
    result = pipeline.learn(asked.within or (Path(),), progress)
    progress("")
    found = compare.can(result.app, principal, action, resource, known)
    if asked.format == "json":
        from checkrein.report.answers import decision  # noqa: PLC0415 - only where asked for

        write(decision(result, found), asked.output)
    else:
        from checkrein.report.terminal.answers import decided  # noqa: PLC0415 - rich is heavy

        draw(decided(result, found), asked.output)
    return OTHERWISE if expect not in {None, found.answer} else pipeline.answered(result)
