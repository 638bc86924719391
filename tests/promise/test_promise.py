"""The promise: every change of who can reach what is told, and nothing else is.

`make promise` tries all mutants; here are some of each kind, always the same.
"""

from __future__ import annotations

import pytest

from checkrein.model import Unread
from checkrein.pipeline import learn
from tests.promise.kinds import CHANGING, NEUTRAL, drawn
from tests.promise.mutants import FOLDERS, Kind
from tests.promise.surfaces import Surfaces, told_wrong

CHANGES, OTHERS = 1, 2  # mutants of a kind


@pytest.fixture(scope="module")
def surfaces(tmp_path_factory: pytest.TempPathFactory) -> Surfaces:
    return Surfaces(tmp_path_factory.mktemp("mutants"))


@pytest.mark.parametrize("application", FOLDERS)
def test_the_applications_are_read_whole(application: str) -> None:
    assert learn([FOLDERS[application]]).app.every(Unread) == []


@pytest.mark.parametrize("kind", CHANGING, ids=lambda kind: kind.__name__)
def test_a_change_of_access_is_told(kind: Kind, surfaces: Surfaces) -> None:
    found = list(drawn(kind, CHANGES))
    assert found
    assert {mutant.name: told_wrong(mutant, surfaces) for mutant in found} == {
        mutant.name: [] for mutant in found
    }


@pytest.mark.parametrize("kind", NEUTRAL, ids=lambda kind: kind.__name__)
def test_what_changes_nothing_is_not_told(kind: Kind, surfaces: Surfaces) -> None:
    found = list(drawn(kind, OTHERS))
    assert found
    told = {mutant.name: told_wrong(mutant, surfaces) for mutant in found}
    assert told == {mutant.name: [] for mutant in found}


def test_enough_is_tried() -> None:
    changing = [mutant for kind in CHANGING for mutant in drawn(kind, CHANGES)]
    neutral = [mutant for kind in NEUTRAL for mutant in drawn(kind, OTHERS)]
    assert len(changing) >= 60
    assert len(neutral) >= 25
    assert all(mutant.told for mutant in changing)
    assert not any(mutant.told for mutant in neutral)
