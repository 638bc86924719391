"""The command line from outside: what it prints, how it exits, what it loads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from checkrein import __version__
from checkrein.cli import epilogues, run

HEAVY = ("samtranslator", "boto3", "botocore", "rich", "jinja2", "tree_sitter")

CLEAN = """Resources:
  Topic: {Type: AWS::SNS::Topic}
"""
OPEN = """Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: NONE
"""


def checkrein(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "checkrein", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


ONE = """
Resources:
  Show:
    Type: AWS::Lambda::Function
    Properties: {Code: src, Handler: app.handler, Runtime: python3.12, Role: "arn:aws:iam::1:role/r"}
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(OPEN)
    return tmp_path


def loaded(names: tuple[str, ...], *arguments: str) -> list[str]:
    """Return the modules of some packages that one command line loads."""
    code = (
        "import atexit, sys\n"
        "from checkrein.__main__ import main\n"
        f"sys.argv[1:] = {list(arguments)!r}\n"
        f"names = lambda: (name for name in sys.modules if name.startswith({names!r}))\n"
        "atexit.register(lambda: print(*names(), file=sys.stderr))\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.stderr.split()


def test_version_loads_nothing_heavy() -> None:
    assert checkrein("--version").stdout == f"{__version__}\n"
    assert loaded(HEAVY, "--version") == []


def test_a_report_for_a_pipe_loads_no_rich(app: Path) -> None:
    assert loaded(("rich", "samtranslator"), "scan", str(app)) == []


def test_a_scan_after_a_changed_line_loads_little_that_it_does_not_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHECKREIN_CACHE", raising=False)
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # tables are kept as modules are
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    app = tmp_path / "app"
    (app / "src").mkdir(parents=True)
    (app / "template.yaml").write_text(ONE)
    (app / "src" / "app.py").write_text("def handler(event, context):\n    return event['a']\n")
    loaded(("yaml",), "scan", str(app))
    (app / "src" / "app.py").write_text("def handler(event, context):\n    return event['b']\n")

    readers = ("yaml.reader", "checkrein.read.template", "checkrein.read.terraform")
    others = ("checkrein.notation.tree", "checkrein.iam.authorization", "inspect", "tempfile")
    assert loaded((*readers, *others), "scan", str(app)) == []


def test_a_scan_without_sam_loads_no_translator(app: Path) -> None:
    names = ("samtranslator", "boto3", "botocore", "rich", "jinja2", "checkrein.notation.hcl")
    for form in ("json", "sarif"):
        assert loaded(names, "scan", str(app), "--format", form) == []
    asked = ("explain", "Rides", "--in", str(app), "--format", "json")
    assert loaded(names, *asked) == []
    for form in ("json", "mermaid"):
        assert loaded(names, "flows", "--in", str(app), "--format", form) == []


def test_findings_decide_the_exit(app: Path) -> None:
    at_medium = checkrein("scan", str(app), "--fail-on", "medium")
    at_critical = checkrein("scan", str(app), "--fail-on", "critical")

    assert (at_medium.returncode, at_critical.returncode) == (1, 0)
    assert "anyone on the internet may call Rides" in at_medium.stdout
    assert "\x1b" not in at_medium.stdout
    assert at_medium.stderr == ""


def test_no_arguments_scan_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(CLEAN)

    done = checkrein(cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("checkrein read 1 template")


def test_json_goes_to_a_file(app: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.json"

    done = checkrein("scan", str(app), "--format", "json", "--output", str(target))

    assert done.stdout == ""
    assert json.loads(target.read_text())["schema"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scan", "no-such-folder"], "no-such-folder does not exist; give a folder or a template"),
        (["scan", "--facts"], "--facts needs --format json"),
        (["scan", "--format", "xml"], "unknown format 'xml'; choose from text, json, sarif, "),
        (["scan", "--format", "sarif="], "--format sarif= names no file"),
        (["scan", "--format", "text", "--format", "csv"], "only one report can go to the terminal"),
        (["scan", "--format", "asff"], "--format asff needs --account, the 12 digits"),
        (["scan", "--fial-on", "low"], "Unknown option: --fial-on."),
        (["scan", "--output", "/no/such/folder/x"], "cannot write /no/such/folder/x: No such file"),
    ],
)
def test_wrong_usage_is_one_sentence(
    arguments: list[str], said: str, app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at_app = [*arguments, str(app)] if arguments[1] != "no-such-folder" else arguments

    code = run(at_app)

    error = capsys.readouterr().err
    assert code == 2
    assert error.startswith(f"checkrein: {said}")
    assert error.count("\n") == 1


def test_nothing_to_read_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["scan", str(tmp_path)])

    assert code == 3
    said = capsys.readouterr().out
    assert "no template found here" in said
    assert said.endswith("\n0 findings in what could be read\n")


def test_a_program_that_was_not_run_is_no_empty_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cdk.json").write_text('{"app": "npx ts-node bin/app.ts"}')
    code = run(["scan", str(tmp_path)])

    said = capsys.readouterr().out
    assert (code, "CDK is used in .: run `npx cdk synth` there" in said) == (3, True)
    assert "no template found" not in said
    (tmp_path / "template.yaml").write_text(CLEAN)  # something is read then
    assert run(["scan", str(tmp_path)]) == 0
    assert "0 findings in what" not in capsys.readouterr().out


def test_checks_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["checks", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)

    fields = {"id", "domain", "title", "fault", "hygiene", "topics", "frameworks", "peers"}
    assert fields == set(listed[0])
    assert {each["domain"] for each in listed} == {
        *("infrastructure", "data", "code", "identity", "logging")
    }
    assert run(["checks"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(listed)


def test_a_check_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["checks", "logs-kept-forever"]) == 0
    page = capsys.readouterr().out

    assert page.startswith("logs-kept-forever: A log that receives valuable data is kept forever\n")
    assert "\nignore with: # checkrein: ignore[logs-kept-forever] reason\n" in page
    assert run(["checks", "logs-kept-for"]) == 2
    assert capsys.readouterr().err == (
        "checkrein: no check is named logs-kept-for; did you mean logs-kept-forever?\n"
    )


def test_the_catalogue_names_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalog", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)

    assert {"file", "bytes", "sources", "counts"} == set(found)
    assert run(["catalog"]) == 0
    text = capsys.readouterr().out
    for source in found["sources"]:
        assert all(source[field] in text for field in ("name", "version", "licence", "date"))
        assert source["newest"] in text
    assert f"{found['counts']['actions']:,}  actions" in text


def test_the_catalogue_is_told_without_the_engine() -> None:
    assert loaded((*HEAVY, "checkrein.pipeline"), "catalog") == []


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0

    assert "checkrein scan --format json --facts" in capsys.readouterr().out


def test_bad_input_is_a_sentence_each_and_harms_nothing(app: Path) -> None:
    (app / "half.yaml").write_text("Resources:\n  A:\n    Type: AWS::SNS::Topic\n  B: {")
    (app / "binary.yaml").write_bytes(b"AWS::SNS::Topic\n Resources:\0\xff")
    (app / "deep.yaml").write_text("Resources:\n  A: {Type: AWS::X::Y}\nX: " + "[" * 3000)
    (app / "above").symlink_to(app)

    done = checkrein("scan", str(app), "--format", "json", "--fail-on", "critical")
    content = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (3, "")
    unread = [each["path"] for each in content["unread"]]
    assert unread == ["above", "binary.yaml", "deep.yaml", "half.yaml"]
    assert content["read"]["functions"] == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("csv", "checkrein: could not read template.yaml: "),
        ("gitlab-codequality", "checkrein: could not read template.yaml: "),
        ("json", ""),
    ],
)
def test_a_form_that_cannot_tell_what_was_not_read_is_not_silent(
    form: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "template.yaml").write_text("Resources:\n  A:\n    Type: AWS::SNS::Topic\n  B: [")

    assert run(["scan", str(tmp_path), "--format", form]) == 3
    error = capsys.readouterr().err
    assert error.startswith(said) if said else error == ""


def test_what_is_said_below_help_fits_a_terminal() -> None:
    texts = {name: text for name, text in vars(epilogues).items() if name.isupper()}
    assert len(texts) > 15
    wide = [line for text in texts.values() for line in text.split("\n") if len(line) > 80]
    assert wide == []


def test_help_tells_defaults_that_say_something(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("scan", "explain"):
        run([command, "--help"])
    told = capsys.readouterr().out

    assert "[default: text]" in told
    assert not any(f"[default: {nothing}]" in told for nothing in ("()", "False", "None", '""'))
