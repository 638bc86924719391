"""Every check proves its own examples, through the whole pipeline on real files.

Neighbouring fences of one verdict in a check's docstring are one application; a mark (``#!``,
``//!``; ``#?``, ``//?`` for auditors) stands where a finding must be, with its message. Code in a fence without a path is the
handler of a template in ``applications/``: a function that anyone may call, or that it names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from msgspec import Struct

from checkrein import checks, pipeline
from checkrein.model import Edit, Outcome, Persona, Verdict
from checkrein.model.result import Result
from checkrein.notation import parse, splice

FENCE = re.compile(
    r"^```(\w+) (bad|good|undecided)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
CODE = {"python": "app.py", "javascript": "app.js", "typescript": "app.ts"}
APPLICATIONS = Path(__file__).parent / "applications"
PUBLIC = "public"
MARK = re.compile(r"\s*(?:#|//)([!?]) (.+)$")
OUTCOMES = {"bad": Outcome.FAIL, "good": Outcome.PASS, "undecided": Outcome.UNDECIDED}

Said = tuple[str, int, str, str]  # path, line, message, persona
PERSONAS = {"!": "regular", "?": "auditor"}


class Example(Struct, frozen=True):
    """One application: its files, and what the check should say of it."""

    check: checks.Check
    verdict: str
    files: dict[str, str]

    @property
    def marked(self) -> set[Said]:
        """What the marks say, and where."""
        return {
            (path, number, mark[2], PERSONAS[mark[1]])
            for path, text in self.files.items()
            for number, line in enumerate(text.splitlines(), 1)
            if (mark := MARK.search(line))
        }


def examples(check: checks.Check) -> Iterator[Example]:
    """Yield the examples of a check: neighbouring fences of one verdict are one application."""
    found: list[tuple[int, str, dict[str, str]]] = []
    for fence in FENCE.finditer(check.docs):
        language, verdict, path, text = fence.groups()
        if path is None or "." not in path:
            found.append((-1, verdict, implied(path or PUBLIC, language, text)))
            continue
        near = found and found[-1][0] >= 0 and not check.docs[found[-1][0] : fence.start()].strip()
        if near and found[-1][1] == verdict and path not in found[-1][2]:
            found[-1] = (fence.end(), verdict, {**found[-1][2], path: text})
        else:
            found.append((fence.end(), verdict, {path: text}))
    yield from (Example(check, verdict, files) for _, verdict, files in found)


def implied(application: str, language: str, text: str) -> dict[str, str]:
    """Return the application of a code fence without a path: the handler of a known template."""
    template = (APPLICATIONS / f"{application}.yaml").read_text()
    runtime = "python3.14" if language == "python" else "nodejs24.x"
    return {CODE[language]: text, "template.yaml": template.replace("RUNTIME", runtime)}


def unmarked(files: dict[str, str]) -> dict[str, str]:
    """Return the files as a user would have written them; lines keep their numbers."""
    return {
        path: "\n".join(MARK.sub("", line) for line in text.split("\n"))
        for path, text in files.items()
    }


def write(folder: Path, files: dict[str, str]) -> Path:
    """Put the files of an application into a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def judged(result: Result, check: checks.Check) -> list[Verdict]:
    """Return the verdicts of one check."""
    return [verdict for verdict in result.verdicts if verdict.check == check.id]


def scan(folder: Path) -> Result:
    """Run the whole pipeline."""
    claims = tuple(sorted(folder.glob("*.sarif")))
    records = [str(folder / RECORDS)] if (folder / RECORDS).is_dir() else []
    wanted = pipeline.Wanted(Persona.AUDITOR, claims=claims)
    result = pipeline.scan((folder,), wanted=wanted, following=pipeline.observing(records))
    return pipeline.mend(result, result.findings)


def mend(folder: Path, result: Result, verdicts: list[Verdict]) -> None:
    """Apply every fix of some verdicts to the files."""
    edits: dict[str, list[Edit]] = {}
    for verdict in verdicts:
        for finding in verdict.findings:
            for edit in result.remedies[finding.fingerprint].edits:
                edits.setdefault(edit.place.path, []).append(edit)
    for path, found in edits.items():
        text = (folder / path).read_text()
        (folder / path).write_text(splice(text, dict.fromkeys(found)))


def as_json(text: str) -> str:
    """Return a YAML template in JSON."""
    return json.dumps(parse(text, "template.yaml").value, indent=2)


def in_flow(text: str) -> str:
    """Return a YAML template in flow style, long lines and all."""
    value = parse(text, "template.yaml").value
    return str(yaml.safe_dump(value, default_flow_style=True, width=100, sort_keys=False))


RECORDS = "observed"  # the folder of an example with what happened
NOTATIONS: dict[str, Callable[[str], str]] = {"block": str, "flow": in_flow, "json": as_json}


def in_notation(files: dict[str, str], notation: str) -> dict[str, str]:
    """Return the files with their templates in another notation; code stays."""
    convert = NOTATIONS[notation]
    return {path: convert(text) if path.endswith(".yaml") else text for path, text in files.items()}


CHECKS = checks.load()
ALL = [
    pytest.param(example, id=f"{check.id}-{example.verdict}-{number}")
    for check in CHECKS
    for number, example in enumerate(examples(check))
]


@pytest.mark.parametrize("example", ALL)
def test_example(example: Example, tmp_path: Path) -> None:
    result = scan(write(tmp_path, unmarked(example.files)))
    verdicts = judged(result, example.check)

    found = {
        (f.place.path, f.place.line, f.message, v.persona) for v in verdicts for f in v.findings
    }
    outcomes = {verdict.outcome for verdict in verdicts}
    assert found == example.marked
    assert Outcome.CRASHED not in outcomes
    if example.verdict == "good":
        assert outcomes <= {Outcome.PASS}
    else:
        assert OUTCOMES[example.verdict] in outcomes


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_fix_mends_the_bad_example(check: checks.Check, notation: str, tmp_path: Path) -> None:
    bad = next(example for example in examples(check) if example.verdict == "bad")
    folder = write(tmp_path, in_notation(unmarked(bad.files), notation))
    result = scan(folder)
    verdicts = [v for v in judged(result, check) if v.outcome is Outcome.FAIL]

    assert {f.message for v in verdicts for f in v.findings} == {
        said for _, _, said, _ in bad.marked
    }
    if any(finding.fix for verdict in verdicts for finding in verdict.findings):
        mend(folder, result, verdicts)
        left = judged(scan(folder), check)
        assert [f.message for verdict in left for f in verdict.findings] == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_documentation_is_complete(check: checks.Check) -> None:
    assert {"bad", "good"} <= {example.verdict for example in examples(check)}
    assert {"## Why", "## Fix", "## Examples"} <= set(check.docs.splitlines())
    assert check.title
    assert check.fault in {1, 2, 3}
    assert check.controls
