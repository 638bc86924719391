"""Answers for the eye: the most important sentence first, then each line with its places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.model import Answer, Decided, Evidence, Explanation, Part, Unread, Way
from checkrein.model.result import Result
from checkrein.report.terminal.console import Draw
from checkrein.report.terminal.ink import Paper, Text

MOST = 4  # lines below a heading
STEPS = 5  # below a line
ACTIONS = 6  # named in a line
COLOURS = {"yes": "bold green", "maybe": "bold yellow", "no": "bold red"}
LEVELS = {"outside": "bold red", "takeover": "bold yellow", "influence": "bold yellow"}


def explained(result: Result, found: Explanation, *, everything: bool) -> Draw:
    """Return how an explanation is drawn: about a screen of it, or all."""

    def draw(paper: Paper) -> None:
        print_lines(paper, (*_head(found), *_body(found, everything=everything), *unread(result)))

    return draw


def decided(result: Result, found: Decided) -> Draw:
    """Return how the answer to whether somebody may do something is drawn."""

    def draw(paper: Paper) -> None:
        lines = [Text(found.text, COLOURS[found.answer])]
        for answer in found.answers:
            lines += _answer(answer, several=len(found.answers) > 1)
        lines += _otherwise(found)
        print_lines(paper, (*lines, *unread(result)))

    return draw


def _answer(answer: Answer, *, several: bool) -> Iterator[Text]:
    if several:
        named = ", ".join(answer.actions[:ACTIONS])
        rest = len(answer.actions) - ACTIONS
        yield Text("")
        yield Text(f"{answer.answer}: {named}" + (f" and {rest} more" if rest > 0 else ""))
    for reason in answer.depends:
        yield Text(f"  {reason}")
    for ruling in answer.rulings:
        perhaps = "" if ruling.certain else ", perhaps"
        where = f" ({ruling.said.place})" if ruling.said.place.path else ""
        yield Text.assemble(f"  {ruling.said.text}", (f"{where} · {ruling.kind}{perhaps}", "dim"))


def _otherwise(found: Decided) -> Iterator[Text]:
    for way in found.otherwise[:1]:
        yield Text("")
        yield Text(f"otherwise: {way.text}", "bold yellow")
        yield from _steps(way, everything=False)
    if len(found.otherwise) > 1:
        yield Text(f"  … {len(found.otherwise) - 1} more: --format json", "dim")


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
    steps = [*way.steps, *(way.alike if everything else ())]
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
        things, they_hold = ("thing", "it holds") if number == 1 else ("things", "they hold")
        said = f"{number} {things} could not be read: the answer may lack what {they_hold}"
        yield Text(f"{said} (checkrein scan names them)", "yellow")


def print_lines(paper: Paper, lines: Iterable[Text]) -> None:
    """Print lines, each continued below its own beginning where it is too long."""
    for line in lines:
        indent = len(line.plain) - len(line.plain.lstrip(" "))
        if indent:
            paper.indent(line.after(indent), indent)
        else:
            paper.print(line)
