"""The law of changing the model: it is as if the files had been edited and read again."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein import derive
from checkrein.compare import edited
from checkrein.compare.cuts.editing import edits_of
from checkrein.compare.cuts.world import Worlds
from checkrein.compare.whatif.changes import changed
from checkrein.derive.surface import lines
from checkrein.model import App, Change
from checkrein.pipeline import reading
from checkrein.write import CannotEdit

EXAMPLE = Path(__file__).parents[2] / "examples/wild-rydes"
SET = [  # of the example's own resources, as CloudFormation has them
    Change("site/Website", ("PublicAccessBlockConfiguration", "BlockPublicPolicy"), "set", True),  # noqa: FBT003
    Change("site/Website", ("WebsiteConfiguration",), "remove"),
    Change("site/Website", ("VersioningConfiguration", "Status"), "set", "Enabled"),
    Change("template/Charge", ("Timeout",), "set", 30),
    Change("template/Payments", ("RedrivePolicy",), "remove"),
    Change("template/Charge", ("ReservedConcurrentExecutions",), "set", 3),
]


@cache
def known() -> tuple[reading.Read, App, App, list[tuple[Change, ...]]]:
    """Return the example as read and as derived, and all that can be changed in it."""
    read = reading.read([EXAMPLE], lambda _: None)
    facts = App(read.facts)
    app = derive.derive(facts)
    worlds = Worlds(facts, app, EXAMPLE)
    ways = [*worlds.statements.values(), *worlds.switches.values()]
    found = [*(each.changes for each in ways), *((change,) for change in SET)]
    return read, facts, app, [changes for changes in found if is_written(app, changes)]


def is_written(app: App, changes: tuple[Change, ...]) -> bool:
    """Tell whether the files have a place for changes; what a policy's name says has none."""
    try:
        return bool(edits_of(EXAMPLE, app, changes))
    except CannotEdit:
        return False


def surface(app: App) -> dict[str, tuple[str, ...]]:
    return {line.id: line.values for line in lines(app)}


@settings(max_examples=12)
@given(number=st.integers(0, 200))
def test_the_model_changes_as_the_files_would(number: int) -> None:
    read, facts, app, ways = known()
    changes = ways[number % len(ways)]
    texts = edited(EXAMPLE, edits_of(EXAMPLE, app, changes))
    again = derive.derive(App(reading.with_texts(read, texts)))
    assert surface(derive.derive(changed(facts, changes))) == surface(again)
