"""How a run ends where its reader leaves, its disk is full or its streams are closed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")
COMMAND = (sys.executable, "-m", "checkrein")
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
    Properties: {TargetFunctionArn: !GetAtt Rides.Arn, AuthType: NONE}
"""
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no full device here")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("app")
    (folder / "template.yaml").write_text(OPEN)
    return folder


def ended(app: Path, line: str) -> tuple[int, str, str]:
    """Return how a shell's line ends in which ``RUN`` is checkrein: code, output, complaints."""
    command = line.replace("RUN", " ".join(f"'{word}'" for word in COMMAND))
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, cwd=app, check=False
    )
    return done.returncode, done.stdout, done.stderr


@needs_full
@pytest.mark.parametrize("words", ["scan", "scan --format json", "--version", "--help"])
def test_a_full_disk_is_said_in_a_sentence(app: Path, words: str) -> None:
    code, _, complaints = ended(app, f"RUN {words} > /dev/full")

    assert (code, complaints.count("\n")) == (2, 1)
    assert complaints.startswith("checkrein: cannot write")
    assert "No space left on device" in complaints


@pytest.mark.parametrize("form", ["text", "html"])
def test_findings_decide_the_exit_though_nobody_reads_on(app: Path, form: str) -> None:
    line = f"{{ RUN scan --fail-on medium --format {form}; echo $? >&2; }} | true"

    assert ended(app, line)[1:] == ("", "1\n")
    assert ended(app, line.replace("medium", "critical"))[1:] == ("", "0\n")


@pytest.mark.parametrize("words", ["catalog", "checks", "schema"])
def test_what_nobody_reads_on_is_no_failure(app: Path, words: str) -> None:
    line = f"{{ RUN {words}; echo $? >&2; }} | {{ exec <&-; sleep 1; }}"

    assert ended(app, line)[1:] == ("", "0\n")


def test_a_closed_output_changes_no_exit(app: Path) -> None:
    assert ended(app, "RUN scan --fail-on medium >&-") == (1, "", "")
    assert ended(app, "RUN scan --fail-on critical --format json >&- 2>&-") == (0, "", "")


def test_complaints_stay_out_of_a_report_where_nobody_reads_them(app: Path) -> None:
    code, output, _ = ended(app, "RUN scan nowhere --format json 2>&-")

    assert (code, output) == (2, "")


def test_what_goes_to_files_is_whole(app: Path, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.json", "b.html", "c.txt")]
    forms = " ".join(
        f"--format {form}={file}"
        for form, file in zip(("json", "html", "text"), files, strict=True)
    )

    assert ended(app, f"RUN scan --fail-on critical {forms}") == (0, "", "")
    assert json.loads(files[0].read_text())["read"]["functions"] == 1
    assert files[1].read_text().rstrip().endswith("</html>")
    assert files[2].read_text().endswith("passed\n")
