"""What would change, for the eye: as ``diff`` shows it, then what would break."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.model.supposed import Supposed
from checkrein.report.difference.text import drawn
from checkrein.report.terminal.answers import print_lines
from checkrein.report.terminal.console import Draw
from checkrein.report.terminal.ink import Paper, Text
from checkrein.report.wording import many

MOST = 8  # rights that are told


def shown(found: Supposed, *, everything: bool) -> Draw:
    """Return how the answer is drawn: about a screen of it, or all."""

    def draw(paper: Paper) -> None:
        drawn(found.difference, everything=everything)(paper)
        print_lines(paper, _broken(found, everything=everything))

    return draw


def _broken(found: Supposed, *, everything: bool) -> Iterator[Text]:
    if not found.lost:
        return
    yield Text(f"Breaks {many(len(found.lost), 'right')} that code needs", "bold red")
    told = found.lost if everything else found.lost[:MOST]
    for each in told:
        where = f" ({each.place})" if each.place.path else ""
        yield Text.assemble(f"  {each.text}", (where, "dim"))
    if len(told) < len(found.lost):
        yield Text(f"  … {len(found.lost) - len(told)} more: --all", "dim")
