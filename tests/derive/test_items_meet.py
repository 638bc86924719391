"""What is told of items excludes none that is of both: for any texts, and any expressions."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checkrein.derive.content.conditions import satisfying
from checkrein.model.items import Items, Pattern, both, meet, united

LETTERS = st.text("ab#", max_size=4)
NAMES = ("pk", "sk", "kind")
ITEMS = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, LETTERS))
Item = dict[str, str]


@st.composite
def told(draw: st.DrawFn, item: Item) -> Items:
    """Something that is true of an item, among things that need not be."""
    kind: list[tuple[str, tuple[Pattern, ...]]] = []
    for name in NAMES:
        text = item.get(name)
        if draw(st.booleans()):
            continue
        if text is None:
            kind.append((name, ()))
        else:
            head = draw(st.integers(0, len(text)))
            tail = draw(st.integers(head, len(text)))
            own: Pattern = draw(st.sampled_from([(text,), (text[:head], text[tail:])]))
            kind.append((name, (*draw(patterns), own)))
    others = draw(st.lists(st.tuples(st.tuples(st.sampled_from(NAMES), patterns)), max_size=2))
    return (*others, tuple(kind))


patterns = st.lists(st.one_of(st.tuples(LETTERS), st.tuples(LETTERS, LETTERS)), max_size=2).map(
    tuple
)


@given(st.data(), ITEMS)
def test_what_is_told_of_the_same_item_meets(data: st.DataObject, item: Item) -> None:
    some, others = data.draw(told(item)), data.draw(told(item))
    assert meet(some, others)
    assert meet(others, some)
    assert meet(both(some, others, 100), data.draw(told(item)))
    assert meet(united(some, others), data.draw(told(item)))


def test_what_excludes_each_other_does_not_meet() -> None:
    user, order = ((("pk", (("USER#", ""),)),),), ((("pk", (("ORDER#", ""),)),),)
    admin, absent = ((("pk", (("USER#ADMIN#", ""),)),),), ((("pk", ()),),)
    assert not meet(user, order)
    assert meet(user, admin)
    assert not meet(order, admin)
    assert not meet(user, absent)
    assert meet(absent, absent)
    assert not meet(((("sk", (("", "#a"),)),),), ((("sk", (("x#b",),)),),))
    assert not meet(((("sk", (("ab", "ba"),)),),), ((("sk", (("aba",),)),),)), "they overlap"


# ------------------------------------------------------------------------------ expressions

VALUES = st.sampled_from(["a", "b", "a#", "ab#"])
Test = tuple[Any, ...]


FORMS = {
    "eq": "{} = :{}",
    "ne": "{} <> :{}",
    "begins": "begins_with({}, :{})",
    "between": "{} BETWEEN :{} AND :{}",
    "in": "{} IN (:{}, :{})",
}


def rendered(test: Test) -> str:
    """Return a test as DynamoDB's expressions say it; values are ``:`` and their number."""
    word, *parts = test
    if word in FORMS:
        return FORMS[word].format(*parts)
    inner = [f"({rendered(one)})" for one in parts]
    return f"NOT {inner[0]}" if word == "not" else f" {word} ".join(inner)


def holds(test: Test, item: Item, values: dict[str, str]) -> bool:
    word, *parts = test
    if word not in FORMS:
        inner = [holds(one, item, values) for one in parts]
        return {"not": not inner[0], "AND": all(inner), "OR": any(inner)}[word]
    text, said = item.get(parts[0]), [values[f":{one}"] for one in parts[1:]]
    if text is None:
        return False
    if word == "between":
        return said[0] <= text <= said[1]
    if word == "begins":
        return text.startswith(said[0])
    return (text in said) is (word != "ne")


NUMBERS = st.sampled_from(["0", "1", "2"])
LEAVES = st.one_of(
    st.tuples(st.sampled_from(["eq", "begins", "ne"]), st.sampled_from(NAMES), NUMBERS),
    st.tuples(st.sampled_from(["between", "in"]), st.sampled_from(NAMES), NUMBERS, NUMBERS),
)
TESTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["AND", "OR"]), inner, inner),
        st.tuples(st.sampled_from(["AND", "OR"]), inner, inner, inner),
    ),
    max_leaves=8,
)


@given(TESTS, ITEMS, st.lists(LETTERS, min_size=3, max_size=3), st.sets(NUMBERS), st.data())
def test_an_item_that_satisfies_an_expression_is_not_excluded(
    test: Test, item: Item, texts: list[str], known: set[str], data: st.DataObject
) -> None:
    values = {f":{number}": text for number, text in enumerate(texts)}
    found = satisfying(
        rendered(test),
        lambda name: name,
        lambda one: ((values[one],),) if one[1:] in known else (),
    )
    if holds(test, item, values):
        assert meet(found, data.draw(told(item)))


def test_an_expression_excludes_what_it_says() -> None:
    values = {":a": (("a",),), ":b": (("b", ""),), ":open": ()}

    def told_of(text: str) -> Items:
        return satisfying(text, lambda name: name, lambda one: values[one])

    assert told_of("pk = :a") == ((("pk", (("a",),)),),)
    assert told_of(":a = pk") == told_of("pk=:a")
    assert told_of("begins_with (pk, :a) and kind = :b") == (
        (("pk", (("a", ""),)), ("kind", (("b", ""),))),
    )
    assert told_of("pk = :a OR sk = :b") == ((("pk", (("a",),)),), (("sk", (("b", ""),)),))
    assert told_of("pk = :a OR sk = :open") == ()
    assert told_of("pk = :a AND (sk = :open OR size(kind) > :b)") == told_of("pk = :a")
    for text in (
        "",
        "pk",
        "pk =",
        "(pk = :a",
        "pk = :a)",
        "pk = :a AND",
        "pk ; :a",
        "pk = :a OR x",
    ):
        assert told_of(text) == (), text
    deep = "(" * 2000 + "pk = :a" + ")" * 2000
    assert told_of(deep) == ()
