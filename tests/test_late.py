"""What is made late is what it would have been at once: patterns, modules, names of a package."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import checkrein
from checkrein.late import Late, classes, hollow, module, offered, regex

WORDS = st.text("ab1.\n", max_size=8)
PATTERNS = st.sampled_from([r"a+", r"(?P<first>a)|b(1)?", r"^\.$", r"(?i)AB", r"\n", r""])


def test_all_that_stand_in_modules_are_patterns() -> None:
    found = 0
    package = Path(checkrein.__file__).parent
    for file in package.rglob("*.py"):
        if "checkrein.late import regex" in file.read_text():
            module = ".".join(file.relative_to(package.parent).with_suffix("").parts)
            for name, value in vars(importlib.import_module(module)).items():
                if isinstance(value, Late):
                    assert isinstance(value.compiled(), re.Pattern), (module, name)
                    found += 1
    assert found > 300  # else nothing is looked at here


@given(PATTERNS, WORDS)
def test_what_they_find_is_what_a_pattern_finds(text: str, word: str) -> None:
    late, plain = regex(text), re.compile(text)
    assert str(late.search(word)) == str(plain.search(word))
    assert str(late.match(word)) == str(plain.match(word))
    assert str(late.fullmatch(word, 1)) == str(plain.fullmatch(word, 1))
    assert late.sub("-", word) == plain.sub("-", word)
    assert late.split(word) == plain.split(word)
    assert late.findall(word) == plain.findall(word)
    assert [m.span() for m in late.finditer(word)] == [m.span() for m in plain.finditer(word)]
    assert (late.pattern, late.flags, late.groupindex) == (
        plain.pattern,
        plain.flags,
        plain.groupindex,
    )


def test_flags_and_bytes_are_heeded() -> None:
    assert regex("a", re.IGNORECASE).match("A")
    assert regex(rb"\d").findall(b"a1") == [b"1"]


def test_a_text_that_is_no_pattern_is_told_at_its_first_use() -> None:
    late = regex("(")
    with pytest.raises(re.error):
        late.match("a")


def test_a_package_offers_names_from_where_they_are_made() -> None:
    found = offered("checkrein.iam", {"patterns": ("matches",)})

    assert found("matches")("s3:*", "s3:GetObject")
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        found("missing")


def test_a_module_is_loaded_where_something_of_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "late_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "inner.py").write_text("import sys\nsys.late_times.append(1)\nvalue = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "late_times", [], raising=False)

    module("late_package.inner")
    inner = importlib.import_module("late_package.inner")
    importlib.import_module("late_package").inner.__name__  # noqa: B018 - its name says no more

    assert sys.late_times == []  # type: ignore[attr-defined] # set above
    assert (inner.value, inner.value) == (7, 7)
    assert sys.late_times == [1]  # type: ignore[attr-defined] # set above


def test_a_module_that_is_not_there_is_left_alone() -> None:
    module("checkrein.missing")
    assert "checkrein.missing" not in sys.modules


CLASSES = """
import sys
sys.late_times.append(1)
class Point:
    @classmethod
    def parsed(cls, text):
        return cls, text
"""


def test_classes_are_names_until_one_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "late_classes.py").write_text(CLASSES)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "late_times", [], raising=False)

    classes("late_classes")
    shapes = importlib.import_module("late_classes")

    early = shapes.Point
    assert early in (early | None).__args__  # as annotations that are evaluated
    assert sys.late_times == []  # type: ignore[attr-defined] # set above
    assert early.parsed("1") == (shapes.Point, "1")
    assert shapes.Point is not early
    assert sys.late_times == [1]  # type: ignore[attr-defined] # set above


def test_a_hollow_package_has_its_modules_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "late_hollow"
    package.mkdir()
    (package / "__init__.py").write_text("import sys\nsys.late_times.append(1)\n")
    (package / "inner.py").write_text("value = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "late_times", [], raising=False)

    with hollow("late_hollow"):
        assert importlib.import_module("late_hollow.inner").value == 7
    assert "late_hollow" not in sys.modules
    assert sys.late_times == []  # type: ignore[attr-defined] # set above
    with hollow("checkrein"), hollow("late_missing"):
        assert sys.modules["checkrein"] is checkrein
    importlib.import_module("late_hollow")
    assert sys.late_times == [1]  # type: ignore[attr-defined] # set above


MEMORY = """
import sys
from checkrein import __main__, late
late.module("urllib.parse", "quote_from_bytes")
__main__._load_without("msgspec", __main__.UNUSED)
for name in ("uuid", "decimal", "ipaddress"):
    assert name not in sys.modules, name
import pathlib
assert "ipaddress" not in sys.modules
assert pathlib.Path("/a b").as_uri() == "file:///a%20b"
import decimal, ipaddress, msgspec, uuid
assert decimal.Decimal("1.5") + 1 == decimal.Decimal("2.5")
assert uuid.UUID(int=1).int == 1 and hasattr(uuid, "uuid4")
class Fact(msgspec.Struct):
    id: str
    of: dict[str, tuple[int, ...]]
fact = Fact("a", {"b": (1, 2)})
assert msgspec.msgpack.decode(msgspec.msgpack.encode(fact), type=Fact) == fact
for other in (decimal.Decimal(1), uuid.uuid4()):
    try:
        msgspec.msgpack.encode(other)
    except TypeError:
        continue
    raise AssertionError(other)
"""


def test_what_facts_have_no_use_for_is_not_loaded_for_them() -> None:
    """And is what it always is for whoever asks for it later."""
    subprocess.run([sys.executable, "-c", MEMORY], check=True)
