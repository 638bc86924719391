"""Answers for the eye: the most important sentence first, then each line with its places."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from checkrein.model import Evidence, Explanation, Part, Unread, Way
from checkrein.model.result import Result
from checkrein.report.terminal.console import Draw

MOST = 4  # lines below a heading
STEPS = 5  # below a line
LEVELS = {"outside": "bold red", "takeover": "bold yellow", "influence": "bold yellow"}


def explained(result: Result, found: Explanation, *, everything: bool) -> Draw:
    """Return how an explanation is drawn: about a screen of it, or all."""

    def draw(paper: Console) -> None:
        for line in (*_head(found), *_body(found, everything=everything), *unread(result)):
            indent = len(line.plain) - len(line.plain.lstrip(" "))
            paper.print(Padding(line[indent:], (0, 0, 0, indent)) if indent else line)

    return draw


def _head(found: Explanation) -> Iterator[Text]:
    where = f" · {found.place}" if found.place.path else ""
    yield Text(found.text, "bold")
    yield Text(found.described + where, "dim")
    for name, said in found.notes:
        yield Text.assemble((f"  {name}: ", "dim"), said)


def _body(found: Explanation, *, everything: bool) -> Iterator[Text]:
    for part in found.parts:
        yield from _part(part, everything=everything)


def _part(part: Part, *, everything: bool) -> Iterator[Text]:
    yield Text("")
    yield Text(part.title, LEVELS.get(part.id, "bold"))
    shown = part.ways if everything else part.ways[:MOST]
    for way in shown:
        yield Text(f"  {way.text}")
        yield from _steps(way, everything=everything)
    if len(shown) < len(part.ways):
        yield Text(f"  … {len(part.ways) - len(shown)} more: --all", "dim")


def _steps(way: Way, *, everything: bool) -> Iterator[Text]:
    """Tell how; of a right of one's own only where, since the line says it already."""
    steps = [step for step in way.steps if step.text or step.place.path]
    shown = steps if everything else steps[:STEPS]
    rest = f" and {len(steps) - len(shown)} more" if len(shown) < len(steps) else ""
    if way.level == "direct" and not everything:
        places = [str(step.place) for step in shown if step.place.path]
        if places:
            yield Text(f"      {' · '.join(dict.fromkeys(places))}{rest}", "dim")
        return
    yield from map(_step, shown)
    if rest:
        yield Text(f"      …{rest}", "dim")


def _step(step: Evidence) -> Text:
    where = f" ({step.place})" if step.place.path else ""
    return Text.assemble(("      ", "dim"), (step.text, "default"), (where, "dim"))


def unread(result: Result) -> Iterator[Text]:
    """Warn where the answer rests on less than everything."""
    number = sum(each.fatal for each in result.app.every(Unread))
    if number:
        said = "thing" if number == 1 else "things"
        yield Text(f"{number} {said} could not be read: the answer may lack what they hold "
                   "(checkrein scan names them)", "yellow")  # fmt: skip
