"""The framework, control by control: which checks speak to it, and what they found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checkrein.catalog.frameworks import Framework
from checkrein.report.evidence.markdown import code, csv_of, escaped, page, table
from checkrein.report.evidence.tallies import COLUMNS, NOT_COVERED, Control, Tally

MEANING = (
    "A check that passed is evidence for a part of a control, never proof that the control is met; "
    "a subject passes, too, where it has nothing that could fail. "
    "*Held back* fails, but nothing known of the application depends on it; *accepted* fails, and "
    "somebody gave a reason; *undecided* could not be judged."
)


def controls_page(framework: Framework, controls: Sequence[Control]) -> bytes:
    """Return the page of controls; those that no check speaks to are listed at its end."""
    return page(_lines(framework, controls))


def _lines(framework: Framework, controls: Sequence[Control]) -> Iterator[str]:
    yield from (f"# {framework.title} {framework.version}: control by control", "", MEANING, "")
    for control in controls:
        if control.tallies:
            yield from (f"## {heading(control)}", "", f"**{control.standing}**", "")
            yield from table(("check", "what is wrong where it fails", *COLUMNS), _rows(control))
            yield ""
    missing = [control for control in controls if control.standing == NOT_COVERED]
    yield from (f"## Not covered ({len(missing)})", "")
    yield (
        "No check speaks to these. Most are about people, processes and places, which "
        "templates and code do not show."
    )
    yield ""
    yield from table(
        ("control", "about"), ((code(c.number), escaped(c.words) or "-") for c in missing)
    )


def heading(control: Control) -> str:
    """Return a control as a heading: its number and what it is about."""
    return escaped(f"{control.number} {control.words}".strip())


def _rows(control: Control) -> Iterator[tuple[object, ...]]:
    for tally in control.tallies:
        yield (_link(tally), escaped(tally.check.title), *tally.counts.values())


def _link(tally: Tally) -> str:
    failed = any(tally.counts[name] for name in COLUMNS if name != "passed")
    return f"[{tally.check.id}](findings.md#{tally.check.id})" if failed else tally.check.id


def controls_table(framework: Framework, controls: Sequence[Control]) -> bytes:
    """Return a line for each control and each check that speaks to it."""
    heading = ("framework", "control", "about", "standing", "check", *COLUMNS)
    return csv_of(heading, _table(framework, controls))


def _table(framework: Framework, controls: Sequence[Control]) -> Iterator[tuple[object, ...]]:
    for control in controls:
        begins = (framework.id, control.number, control.words, control.standing)
        for tally in control.tallies:
            yield (*begins, tally.check.id, *tally.counts.values())
        if not control.tallies:
            yield (*begins, "", *[""] * len(COLUMNS))
