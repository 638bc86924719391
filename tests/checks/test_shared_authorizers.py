"""A list of authorizers that several applications share is there to choose from."""

from __future__ import annotations

from pathlib import Path

from checkrein import pipeline

SHARED = """payload: '2.0'
authorizers:
  users: {identitySource: $request.header.Authorization, functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:users', type: request}
  staff: {identitySource: $request.header.Authorization, functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:staff', type: request}
"""
SERVICE = """service: %s
provider: {name: aws, runtime: python3.14, httpApi: '${file(../shared.yml)}'}
functions:
  open: {handler: app.handler, events: [{httpApi: GET /open}]}
  %s: {handler: app.handler, events: [{httpApi: {method: GET, path: /own, authorizer: {name: %s}}}]}
"""


def dangling(folder: Path, **services: str) -> list[str]:
    (folder / "shared.yml").write_text(SHARED)
    for name, authorizer in services.items():
        (folder / name).mkdir(exist_ok=True)
        text = SERVICE % (name, name, authorizer)
        (folder / name / "serverless.yml").write_text(text)
        (folder / name / "app.py").write_text("def handler(event, context):\n    return {}\n")
    verdicts = pipeline.scan((folder,)).verdicts
    failed = [v for v in verdicts if v.check == "dangling-authorizer" and v.findings]
    return sorted(verdict.subject.rpartition("/")[2] for verdict in failed)


def test_who_asks_another_of_a_shared_list_left_none_dangling(tmp_path: Path) -> None:
    assert dangling(tmp_path, shop="users", office="staff") == []


def test_copies_of_one_application_leave_the_same_dangling(tmp_path: Path) -> None:
    assert dangling(tmp_path, shop="users", again="users") == ["HttpApiAuthorizerStaff"] * 2
