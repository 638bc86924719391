"""One application for the reports: what they all must tell, and what none may repeat."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checkrein import checks, pipeline
from checkrein.model.result import Result
from checkrein.report.run import Rule, Run
from tests.report.application import CODE, TEMPLATE, scanned


@pytest.fixture(scope="session")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return a scan, with its remedies, of a service in a folder of a repository."""
    repository = tmp_path_factory.mktemp("repository")
    (repository / ".git").mkdir()
    folder = repository / "services" / "shop"
    (folder / "code | <1>").mkdir(parents=True)
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "code | <1>" / "report.py").write_text(CODE)
    (folder / "broken.yaml").write_text("Resources:\n  A: {Type: AWS::SNS::Topic\n  B: [\n")
    found = scanned(folder)
    return pipeline.mend(found, found.findings)


@pytest.fixture(scope="session")
def run() -> Run:
    """Return the circumstances: a fixed time, the folder below its repository."""
    return Run(
        at=datetime(2026, 3, 1, 12, 30, 5, tzinfo=UTC),
        rules={c.id: Rule(c.id, c.domain, c.title, c.docs, c.frameworks) for c in checks.load()},
        below="services/shop",
        exit_code=1,
        account="111122223333",
        region="eu-west-1",
    )
