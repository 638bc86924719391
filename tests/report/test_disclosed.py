"""No report repeats a secret of a file that only lies beside the code."""

from __future__ import annotations

from pathlib import Path

from checkrein import pipeline
from checkrein.report import json, markdown
from checkrein.report.run import Run
from checkrein.report.terminal import plain, worst

SECRETS = ("eQ7nTz81kmykrZ", "kT7!x2pQ", "pQ9kT7x2!")


def test_no_report_repeats_what_settings_hold(tmp_path: Path, run: Run) -> None:
    (tmp_path / "template.yaml").write_text("Resources:\n  T: {Type: AWS::SNS::Topic}\n")
    (tmp_path / "prod.env").write_text(
        "MONGODB_URI=mongodb+srv://shop:eQ7nTz81kmykrZ@db.orders.eu,mongodb://shop:pQ9kT7x2!@b.orders.eu\n"
        "ADMIN_PASSWORD=kT7!x2pQ\n"
    )

    found = pipeline.scan((tmp_path,))
    result = pipeline.mend(found, worst(found))
    told = [verdict for verdict in result.verdicts if verdict.check == "secret-in-file"]
    reports = (
        plain(result),
        json.document(result, facts=True).decode(),
        markdown.document(result, run).decode(),
    )

    assert len(told) == len(SECRETS)
    assert not [text for text in SECRETS for report in reports if text in report]
