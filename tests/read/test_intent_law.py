"""Whatever stands in checkrein.yaml, reading it ends with facts and sentences, never with a crash."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.model import Decision, Unread
from checkrein.read.intent import SECTIONS, read_intent, read_settings
from checkrein.read.intent.choices import IGNORE_KEYS, SETTINGS
from checkrein.read.intent.classes import KEYS
from checkrein.read.intent.resources import KEYS as RESOURCE_KEYS

WORDS = st.sampled_from([
    *SECTIONS, *KEYS, *RESOURCE_KEYS, *SETTINGS, *IGNORE_KEYS, "a/T", "T", "pii.email", "biz.x",
    "AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::Serverless::Function", "none", "", "x.y",
    "POST /x", "url", "rate(1 day)", "${a/T.Arn}", "${T}", "${}", "${", "Ref", "Fn::Sub", ".",
    "Handler", "Statement", "Effect", "(a+)+b", "[", "low", "2027-01-31", "a.b", "Policies",
])  # fmt: skip
SCALARS = st.one_of(WORDS, st.integers(-1, 11), st.booleans(), st.none(), st.floats(0, 1))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=14,
)
ENTRY = st.dictionaries(st.sampled_from(RESOURCE_KEYS), VALUES, max_size=5)
TYPED = st.builds(
    lambda entry, kind: {**entry, "type": kind},
    ENTRY,
    st.sampled_from(["AWS::Lambda::Function", "AWS::Serverless::Function", "AWS::S3::Bucket"]),
)
RESOURCES = st.dictionaries(WORDS, st.one_of(ENTRY, TYPED), max_size=3)
DOCUMENTS = st.one_of(
    VALUES,
    st.dictionaries(st.sampled_from(SECTIONS), VALUES),
    st.builds(lambda found: {"resources": found}, RESOURCES),
)


@settings(max_examples=40, deadline=None)
@given(DOCUMENTS, st.booleans())
def test_reading_never_fails(document: Any, complete: bool) -> None:  # noqa: FBT001
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "checkrein.yaml").write_text(json.dumps(document))
        found = read_intent(root, complete=complete)
        read_settings(root)
    wrong = [fact for fact in found if isinstance(fact, Unread)]
    assert not [fact.reason for fact in wrong if "please report" in fact.reason]
    assert all(fact.place.line == 1 for fact in found if isinstance(fact, (Decision, Unread)))
