"""Which files are looked into for secrets, and which of them count."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from checkrein.cache import Cache
from checkrein.model import Disclosed
from checkrein.pipeline import reading
from checkrein.read.disclosed import kind_of, read_disclosed

LINE = "DB_PASSWORD=kT7!x2pQ\n"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (".env", "settings"),
        ("api/env", "settings"),
        ("prod.env", "settings"),
        (".env.production", "settings"),
        ("config/settings.json", "settings"),
        ("serviceAccountKey.json", "settings"),
        ("notes.txt", "settings"),
        ("terraform.tfstate", "state"),
        ("terraform.tfstate.backup", "state"),
        ("infra/tfplan", "state"),
        ("AuthKey_1.p8", "key"),
        ("id_rsa", "key"),
        ("index.html", "page"),
        ("deploy.sh", "script"),
        ("scripts/users.py", "source"),
        ("src/users.py", ""),
        ("src/env.ts", ""),
        ("env.d.ts", ""),
        ("package.json", ""),
        ("requirements.txt", ""),
        ("environment.md", ""),
    ],
)
def test_a_path_tells_what_kind_of_file_it_is(path: str, kind: str) -> None:
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (".env", True),
        ("tests/.env", False),
        ("fixtures/a/.env", False),
        ("localstack_data/.env", False),
        (".env.test", False),
        (".env.example", False),
    ],
)
def test_what_nobody_deploys_does_not_count(tmp_path: Path, path: str, told: bool) -> None:  # noqa: FBT001
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(LINE)

    assert bool([*read_disclosed(tmp_path, [path])]) is told


def test_what_is_no_text_and_what_is_not_there_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\0\xff" + LINE.encode())

    assert [*read_disclosed(tmp_path, [".env", "gone.env"])] == []


def test_a_plan_is_looked_into(tmp_path: Path) -> None:
    instance = {"attributes": {"password": "kT7!x2pQ"}}
    resource = {"type": "aws_db_instance", "name": "it", "instances": [instance]}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as plan:
        plan.writestr("tfplan", b"...")
        plan.writestr("tfstate", json.dumps({"resources": [resource]}))
    (tmp_path / "tfplan").write_bytes(packed.getvalue())
    (tmp_path / "my.tfplan").write_bytes(packed.getvalue()[:50])

    (found,) = read_disclosed(tmp_path, ["tfplan", "my.tfplan"])

    assert (found.name, found.place.line) == ("aws_db_instance.it.password", 1)


def test_what_git_ignores_is_not_committed(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    git("init")
    (tmp_path / ".gitignore").write_text("*.env\n")
    for name in ("ignored.env", "forced.env", "secrets.json"):
        (tmp_path / name).write_text('{\n"dbPassword": "kT7!x2pQ"\n}')
    git("add", "--force", "forced.env")

    found = read_disclosed(tmp_path, ["ignored.env", "forced.env", "secrets.json"])

    assert [each.path for each in found] == ["forced.env", "secrets.json"]


def test_no_fact_holds_the_text(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(LINE)

    (found,) = read_disclosed(tmp_path, [".env"])

    assert "kT7!x2pQ" not in repr(found)


def test_a_copy_of_the_process_finds_the_same_in_many(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}\n")
    for number in range(220):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / ".env").write_text(LINE.replace("kT", f"kT{number}"))

    def found(*, kept: bool) -> list[Disclosed]:
        read = reading.read([tmp_path], lambda _: None, lambda folder: Cache(folder, wanted=kept))
        return [fact for fact in read.facts if isinstance(fact, Disclosed)]

    assert found(kept=False) == found(kept=True)
    assert len(found(kept=False)) == 220
