"""Whatever stands anywhere in a service, it compiles, and what is not known is said or open."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.model import Unread
from checkrein.model.values import Choice, Open, Symbol, Text
from checkrein.notation import parse, text_tree
from checkrein.read.cloudformation import read_document
from checkrein.read.serverless.compiled import compiled
from checkrein.read.serverless.service import Service
from checkrein.read.template import Template
from tests.read.serverless import test_compiled_apis as apis
from tests.read.serverless import test_compiled_functions as functions
from tests.read.serverless import test_compiled_plugins as plugins
from tests.read.serverless import test_compiled_roles as roles

SERVICES = [
    parse(text, "serverless.yml").value
    for text in (
        *(apis.API, apis.HTTP, functions.FULL, roles.ROLE, roles.PER_FUNCTION),
        *(plugins.FLOW, plugins.GRAPH, plugins.LIFT),
    )
]
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(Open("not known"), Symbol("@ssm", "/a"), Text(("a", Symbol("@aws", "Region")))),
        Choice((((), "a"), ((), {"b": 1}))),
        *(None, True, False, 0, -1, "text", "arn:aws:x", [], {}, ["a"], [{"a": 1}], {"a": "b"}),
        *({"Ref": "X"}, {"Ref": []}, {"Fn::GetAtt": "A.B"}, {"Fn::GetAtt": [{}, "B"]}),
        *({"Fn::Join": "x"}, {"Fn::Join": ["", ["a", {"Ref": "B"}]]}, {"Fn::Sub": ["x"]}),
    ]
)


def replaced(value: Any, where: list[int], odd: Any) -> Any:
    """Return a service with something else at the place that a walk by numbers leads to."""
    found = deepcopy(value)
    at = found
    for number in where:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = keys[number % len(keys)]
        below = at[key]
        if number == where[-1] or not isinstance(below, (dict, list)) or not below:
            if key not in ("provider", "name"):
                at[key] = odd
            return found
        at = below
    return found


@settings(max_examples=60)
@given(st.sampled_from(SERVICES), st.lists(st.integers(0, 20), min_size=1, max_size=9), ODD)
def test_anything_anywhere_compiles_and_is_read(value: Any, where: list[int], odd: Any) -> None:
    service = Service("serverless.yml", replaced(value, where, odd), {})
    document, made = compiled(Path("not-there"), service)
    template = Template(text_tree("", "serverless.yml"), made, document)
    facts = read_document(Path("not-there"), template, "s", {})
    assert [f.reason for f in facts if isinstance(f, Unread) and "please report" in f.reason] == []
