"""A browser, and reports of small and large applications."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checkrein import checks, pipeline
from checkrein.compare.picture import picture
from checkrein.report.html import document
from checkrein.report.run import Rule, Run
from checkrein.report.secrets import without_secrets
from tools.browser import Browser, installed

Report = Callable[[Path], bytes]
EXAMPLE = Path(__file__).parents[3] / "examples" / "wild-rydes"


def report(folder: Path, *, judged: bool = True) -> bytes:
    """Return the report on a folder, at a fixed time, as the command line makes it.

    Where nobody judged, the picture and the table are all there is.
    """
    found = pipeline.scan((folder,)) if judged else pipeline.learn((folder,))
    result = without_secrets(pipeline.mend(found, found.findings))
    rules = {c.id: Rule(c.id, c.domain, c.title, c.docs, c.frameworks) for c in checks.load()}
    run = Run(at=datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC), rules=rules)
    return document(result, run, picture(result.app))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not installed():
        pytest.skip("no Chromium is installed (apt-get install chromium)")
    with Browser() as running:
        yield running


@pytest.fixture(scope="session")
def example() -> bytes:
    """Return the report on the project's own example."""
    return report(EXAMPLE)
