"""Plugins that put folders of elsewhere beside a service's code."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.model import Function, Summary, Unread
from checkrein.pipeline import learn

SERVICE = """\
service: desk
provider: {name: aws, runtime: python3.14}
plugins: [PLUGIN]
custom: {KEY: ['../../common']}
functions:
  read: {handler: mail.handler}
"""
CODE = "from common.kept import table\ndef handler(event, context):\n    return table.scan()\n"
KEPT = "import boto3\ntable = boto3.resource('dynamodb').Table('letters')\n"


@pytest.mark.parametrize(
    ("plugin", "key", "expected"),
    [
        ("serverless-package-external", "packageExternal: {external", ["Scan"]),
        ("serverless-package-common", "packageCommon: {common", ["Scan"]),
        ("serverless-python-requirements", "packageExternal: {external", []),
    ],
)
def test_a_plugin_says_which_folders_come_along(
    plugin: str, key: str, expected: list[str], tmp_path: Path
) -> None:
    service, common = tmp_path / "api" / "services" / "desk", tmp_path / "api" / "common"
    for folder in (service, common):
        folder.mkdir(parents=True)
    text = SERVICE.replace("PLUGIN", plugin).replace("KEY", key).replace("common']}", "common']}}")
    (service / "serverless.yml").write_text(text)
    (service / "mail.py").write_text(CODE)
    (common / "kept.py").write_text(KEPT)

    app = learn([tmp_path]).app

    (function,) = app.every(Function)
    (summary,) = app.every(Summary)
    assert function.code
    assert function.code.layers == (("api",) if expected else ())
    assert [call.operation for call in summary.calls if call.kind == "sdk"] == expected
    assert not [each for each in app.every(Unread) if "table letters" not in each.reason]
