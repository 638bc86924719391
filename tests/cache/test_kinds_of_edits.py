"""After edits of every kind that is timed: facts and verdicts are those of a scan that knows none."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.cache import EDITS, TEMPLATE, sources
from checkrein import files, pipeline
from checkrein.cache import VARIABLE, Cache, store
from checkrein.judge.kept import Judging, Said
from checkrein.model import App
from checkrein.pipeline import moved
from checkrein.pipeline.reading import read

ROOT = Path(__file__).parents[2]
APPS = {
    "rides": ROOT / "examples" / "wild-rydes",
    "parcels": ROOT / "tests" / "promise" / "apps" / "parcels",
    "clinic": ROOT / "tests" / "promise" / "apps" / "clinic",
}
KINDS = [*EDITS, TEMPLATE]
Found = tuple[list[str], list[Said]]


def found(root: Path, *, known: bool) -> Found:
    """Return what is derived and said, by what earlier scans ``known`` of it or anew."""
    with pytest.MonkeyPatch.context() as patch:
        if not known:
            patch.setenv(VARIABLE, "off")
        facts = read([root], lambda _: None).facts
        now, cache = pipeline.print_of(facts), Cache(root, judged=True, wanted=known)
        with files.scan(root), files.asking() as asked:
            earlier = moved.Earlier(root, wanted=known)
            app = pipeline.derived(App(facts), cache if known else None)
            judging = Judging(app, cache, earlier.shifted(facts, now) if known else None)
            said = list(judging.said())
            judging.keep()
    cache.save()
    earlier.keep(facts, app, said, asked)
    return [*map(repr, app)], said


@pytest.mark.parametrize("name", APPS)
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 9)), min_size=1, max_size=3))
def test_after_every_kind_of_edit_all_is_as_found_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, steps: list[tuple[str, int]]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.delenv(VARIABLE, raising=False)
    root = tmp_path / "app"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(APPS[name], root, ignore=shutil.ignore_patterns(store.FOLDER))
    code, templates = sources(root)
    found(root, known=True)

    for kind, number in steps:
        edited = templates if kind == TEMPLATE else code
        if edited:
            file = edited[number % len(edited)]
            edit, _ = EDITS["remark on top" if kind == TEMPLATE else kind]
            file.write_text(edit(file.read_text(), file.suffix, number))
        assert found(root, known=True) == found(root, known=False)
