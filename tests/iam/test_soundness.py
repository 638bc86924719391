"""What is said of partly known requests holds for every request that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.iam import Arns, Authorizer, Policies, Request, Symbols
from checkrein.model import Symbol, Value
from checkrein.model.values import substitute, text

ACCOUNT, NAME = Symbol("@aws", "AccountId"), Symbol("api@parameter", "Name")
CHOICES: Mapping[Symbol, tuple[str, ...]] = {
    ACCOUNT: ("111122223333", "444455556666"),
    NAME: ("a", "ab", "b/x", ""),
}


def texts(*parts: Any) -> st.SearchStrategy[Value]:
    return st.lists(st.sampled_from(parts), min_size=1, max_size=3).map(text)


names = texts("a", "b", "/", "*", "?", NAME, "${k}", "${k, 'a'}")
plain_names = texts("a", "b", "/", "x", NAME)
accounts = st.sampled_from([ACCOUNT, "111122223333", "444455556666"])


@st.composite
def arns(draw: st.DrawFn, parts: st.SearchStrategy[Value]) -> Value:
    owner = draw(st.sampled_from(["111122223333", ACCOUNT]))
    return text(["arn:aws:sqs:eu:", owner, ":", draw(parts)])


patterns = st.one_of(
    arns(names), st.sampled_from(["*", "arn:aws:sqs:eu*", NAME, "arn:aws:sqs:e*u:*:a"])
)
principals = accounts.flatmap(
    lambda account: st.sampled_from(
        [text(["arn:aws:iam::", account, ":", kind]) for kind in ("user/ann", "role/p/app", "root")]
        + [text(["arn:aws:sts::", account, ":assumed-role/app/one"])]
    )
)
operators = st.sampled_from(
    [
        "StringEquals", "StringNotEquals", "StringLike", "StringNotLikeIfExists", "Null",
        "ForAllValues:StringLike", "ForAnyValue:StringEquals", "NumericLessThan", "ArnLike",
        "ForAnyValue:StringNotLike", "BoolIfExists", "IpAddress", "StringEqualsIgnoreCase",
    ]
)  # fmt: skip
values = st.one_of(names, accounts, arns(names), st.sampled_from(["true", "1", "10.0.0.0/8"]))
keys = st.sampled_from(["k", "K2"])
conditions = st.dictionaries(
    operators, st.dictionaries(keys, st.lists(values, max_size=2)), max_size=2
)


def statements(*, named: bool) -> st.SearchStrategy[Value]:
    fields: dict[str, st.SearchStrategy[Value]] = {
        "Effect": st.sampled_from(["Allow", "Allow", "Deny"]),
        "Action": st.sampled_from(["*", "sqs:*", "sqs:Send*", "s3:*"]),
        "Condition": st.one_of(st.just({}), conditions),
    }
    if named:
        named_by = st.one_of(principals, accounts, st.just("*"), st.just(NAME))
        fields["Principal"] = named_by.map(lambda value: {"AWS": value})
    elements = st.sampled_from(["Resource", "Resource", "NotResource"])
    return st.fixed_dictionaries(fields).flatmap(
        lambda fixed: st.tuples(elements, st.lists(patterns, min_size=1, max_size=2)).map(
            lambda named: {**fixed, named[0]: named[1]}
        )
    )


def documents(*, named: bool = False) -> st.SearchStrategy[Value]:
    return st.fixed_dictionaries(
        {
            "Version": st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17"]),
            "Statement": st.lists(statements(named=named), min_size=1, max_size=2),
        }
    )


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.none(), strategy)


questions = st.fixed_dictionaries(
    {
        "identity": st.lists(documents(), max_size=2).map(tuple),
        "resource": maybe(documents(named=True)),
        "boundary": maybe(st.lists(documents(), max_size=1).map(tuple)),
        "session": maybe(documents()),
        "service_control": st.lists(st.lists(documents(), min_size=1, max_size=1).map(tuple), max_size=1).map(tuple),
        "principal": principals,
        "place": arns(plain_names),
        "owner": st.one_of(st.just(""), accounts),
        "context": st.dictionaries(
            keys, st.one_of(plain_names, accounts, arns(plain_names), st.sampled_from(["true", "10.1.1.1", "0"]))
        ),
    }
)  # fmt: skip


KINDS = ("identity", "resource", "boundary", "session", "service_control")


def answer(asked: Mapping[str, Any], symbols: Symbols, *, open: bool) -> tuple[bool, bool]:
    def encoded(value: Value) -> str:
        return symbols.encode(value)[0]

    policies = Policies(**{name: asked[name] for name in KINDS})
    request = Request(
        principal=encoded(asked["principal"]),
        action="sqs:SendMessage",
        resource=encoded(asked["place"]),
        owner=encoded(asked["owner"]),
        context={
            key: value if isinstance(value, tuple) else encoded(value)
            for key, value in asked["context"].items()
        },
        open=open,
    )
    grade = Authorizer(policies, symbols).grade(request)
    assert grade.must <= grade.may
    assert not (grade.denied and grade.may)
    return grade.must, grade.may


def replaced(value: Any, choose: Callable[[Symbol], Value]) -> Any:
    if isinstance(value, tuple):
        return tuple(replaced(item, choose) for item in value)
    return substitute(value, choose)


@settings(max_examples=60, deadline=None)
@given(questions)
def test_symbols_stand_for_any_text_of_their_kind(asked: dict[str, Any]) -> None:
    must, may = answer(asked, Symbols(), open=False)
    for chosen in product(*CHOICES.values()):
        meaning = dict(zip(CHOICES, chosen, strict=True))
        concrete = {name: replaced(value, meaning.get) for name, value in asked.items()}
        certain, possible = answer(concrete, Symbols(), open=False)
        assert not must or certain
        assert may or not possible


def test_a_value_that_is_known_later_may_be_empty() -> None:
    """To ``ForAllValues`` an empty text is no value, so that all there are match."""
    condition: dict[str, Any] = {"ForAllValues:StringLike": {"k": []}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": ["*"], "Condition": condition}
    asked: dict[str, Any] = {
        "identity": ({"Version": "2012-10-17", "Statement": [statement]},),
        "resource": None,
        "boundary": None,
        "session": None,
        "service_control": (),
        "principal": "arn:aws:iam::111122223333:user/ann",
        "place": "arn:aws:sqs:eu:111122223333:a",
        "owner": "",
    }
    given = {
        value: answer({**asked, "context": {"k": value}}, Symbols(), open=False)
        for value in (NAME, "a", "")
    }
    assert given == {NAME: (False, True), "a": (False, False), "": (True, True)}


single = st.sampled_from(["a", "b", "true", "0", "10.1.1.1", "", "arn:aws:sqs:eu:111122223333:a"])
# A key of many values cannot be a variable, as `k` is in these policies.
completions = st.fixed_dictionaries(
    {}, optional={"k": single, "K2": single | st.sampled_from([("a", "b"), ()])}
)


@settings(max_examples=60, deadline=None)
@given(questions, completions)
def test_an_open_request_stands_for_every_context(
    asked: dict[str, Any], more: dict[str, Any]
) -> None:
    meaning = {ACCOUNT: "111122223333", NAME: "ab"}
    concrete = {name: replaced(value, meaning.get) for name, value in asked.items()}
    must, may = answer(concrete, Symbols(), open=True)
    known = {**more, **concrete["context"]}
    certain, possible = answer({**concrete, "context": known}, Symbols(), open=False)
    assert not must or certain
    assert may or not possible


SENT = ("sqs:SendMessage", "sqs:DeleteQueue", "s3:GetObject", "kms:Decrypt", "iam:DeleteRole")
PLACES = (
    "*",
    "arn:aws:sqs:eu:111122223333:a",
    "arn:aws:sqs:eu:444455556666:ab",
    "arn:aws:sqs:eu:111122223333:b/*",
    "arn:aws:kms:eu:111122223333:key/a",
    "arn:aws:iam::111122223333:role/aws-reserved/a",
)


@settings(max_examples=40, deadline=None)
@given(questions, st.booleans())
def test_a_table_says_what_single_decisions_say(
    asked: dict[str, Any],
    open: bool,  # noqa: FBT001
) -> None:
    symbols = Symbols()
    policies = Policies(**{name: asked[name] for name in KINDS})
    authorizer = Authorizer(policies, symbols)
    fixed: dict[str, Any] = {
        "principal": symbols.encode(asked["principal"])[0],
        "owner": symbols.encode(asked["owner"])[0],
        "context": {key: symbols.encode(v)[0] for key, v in asked["context"].items()},
        "open": open,
    }
    places = [*PLACES, symbols.encode(asked["place"])[0]]
    arns = Arns(places, authorizer.matcher)
    table = authorizer.table(Request(action="", resource="", **fixed), SENT, arns)
    for action, resource in product(SENT, places):
        grade = authorizer.grade(Request(action=action, resource=resource, **fixed))
        bit = 1 << arns.arns.index(resource)
        assert tuple(grade) == tuple(bool(bits & bit) for bits in table.outcomes[action])
