"""The page about checkrein.yaml and its published schema say what the reader takes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from checkrein.cli import run as command
from checkrein.model import Unread
from checkrein.notation import parse
from checkrein.read.intent import SECTIONS, read_intent
from checkrein.read.intent.choices import IGNORE_KEYS, SETTINGS
from checkrein.read.intent.classes import KEYS
from checkrein.read.intent.resources import KEYS as RESOURCE_KEYS
from checkrein.read.intent.schema import schema
from tests.read.test_intent import DECLARED, REFERENCES, WRONG

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "intent.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema()))
ONLY_READ = (  # what no schema can tell: other words of the file, files, what a pattern means
    "unknown data class", "no regular expression", "may take for ever",
    "matches a text", "stands twice", "unknown type", "has no property", "is for functions",
    "needs a type", "neither a statement", "of checkrein.yaml", "beside checkrein.yaml", "handler is not told", "needs a value",
)  # fmt: skip


def _is_valid(text: str) -> bool:
    return not list(VALIDATOR.iter_errors(parse(text).value))


def test_the_published_schema_is_what_is_printed(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert command(["schema", "intent"]) == 0
    told = capsysbinary.readouterr().out
    published = DOCS / "schema" / "intent.schema.json"
    assert published.read_bytes() == told  # else: checkrein schema intent > docs/schema/…
    VALIDATOR.check_schema(json.loads(told))


@pytest.mark.parametrize("text", [*EXAMPLES, DECLARED, REFERENCES, "", "data:\nignore:\n"])
def test_what_the_page_shows_is_right(tmp_path: Path, text: str) -> None:
    (tmp_path / "src" / "checkout").mkdir(parents=True)
    (tmp_path / "src" / "checkout" / "index.py").write_text("def handler(event, context): ...\n")
    (tmp_path / "checkrein.yaml").write_text(text)
    assert [fact.reason for fact in read_intent(tmp_path) if isinstance(fact, Unread)] == []
    assert _is_valid(text)


@pytest.mark.parametrize(("text", "line", "problem"), WRONG)
def test_what_the_reader_refuses_the_schema_refuses(text: str, line: int, problem: str) -> None:
    assert line
    assert _is_valid(text) is any(words in problem for words in ONLY_READ)


def test_the_page_tells_every_key() -> None:
    keys = {*SECTIONS, *KEYS, *RESOURCE_KEYS, *SETTINGS, *IGNORE_KEYS}
    shown = "\n".join(EXAMPLES)
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}:", shown + PAGE)] == []
