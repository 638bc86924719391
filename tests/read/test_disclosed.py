"""Which files are looked into for secrets, and which of them count."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from checkrein import files
from checkrein.cache import Cache
from checkrein.detect.disclosing import Told, disclosed
from checkrein.model import Disclosed, Unread
from checkrein.pipeline import reading
from checkrein.read.disclosed import LARGE, kind_of, read_disclosed
from checkrein.report.secrets import lines

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
        ("config/application.properties", "settings"),
        ("src/messages.properties", ""),  # words for people
        ("src/ui-labels_de.properties", ""),
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


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_a_text_in_another_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / ".env").write_text(f"{LINE}CITY=Zürich\n", encoding=encoding)

    (found,) = read_disclosed(tmp_path, [".env"])

    assert (found.place.line, found.place.column) == (1, len("DB_PASSWORD=") + 1)


def test_lines_are_counted_as_reports_count_them(tmp_path: Path) -> None:
    instance = {"attributes": {"password": "kT7!x2pQ"}}
    state = {"a": "\u2028", "resources": [{"type": "aws_db_instance", "instances": [instance]}]}
    file = tmp_path / "terraform.tfstate"
    file.write_text(json.dumps(state, ensure_ascii=False))

    (found,) = read_disclosed(tmp_path, [file.name])

    line = lines(tmp_path, file.name)[found.place.line - 1]
    assert line[found.place.column - 1 : found.place.end_column - 1] == "kT7!x2pQ"


def test_what_is_too_large_or_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("locked.env", "small.env", "words.txt", "large.env")
    for name in names:
        (tmp_path / name).write_text(LINE * (LARGE // len(LINE) + 1 if name[0] in "wl" else 1))
    (tmp_path / "locked.env").write_text(LINE)
    content = files.content

    def locked(path: Path) -> bytes:
        if path.name == "locked.env":
            raise PermissionError(13, "Permission denied")
        return content(path)

    monkeypatch.setattr(files, "content", locked)

    found = [*read_disclosed(tmp_path, names)]

    assert [(type(each), each.path) for each in found] == [
        (Unread, "large.env"),
        (Unread, "locked.env"),
        (Disclosed, "small.env"),
    ]


def test_a_file_on_which_it_fails_hides_no_other_and_is_told_without_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.env", "b.env"):
        (tmp_path / name).write_text(f"{LINE}FILE={name}\n")

    def failing(text: str, *_: object, **__: object) -> list[Told]:
        if "a.env" in text:
            raise KeyError(text)
        return disclosed(text, "settings")

    monkeypatch.setattr("checkrein.read.disclosed.disclosed", failing)

    lost, found = read_disclosed(tmp_path, ["a.env", "b.env"])

    assert (type(lost), lost.path, found.path) == (Unread, "a.env", "b.env")
    assert "kT7!x2pQ" not in repr(lost)


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
    assert isinstance(found, Disclosed)

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
