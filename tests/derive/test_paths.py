import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.derive.content.paths import ByPath, attribute, below, joined, tokens

steps = st.lists(st.sampled_from(["a", "b", "c", "[]"]), max_size=5).map(tuple)


@pytest.mark.parametrize(
    ("path", "split"),
    [
        ("Items[].a.b", ("Items", "[]", "a", "b")),
        ("Records[0].body", ("Records", "[]", "body")),
        ("RequestItems{}[].Put", ("RequestItems", "{}", "[]", "Put")),
        ("GET /rides/{id} body.x", ("GET /rides/{id} body", "x")),
        ("", ()),
    ],
)
def test_tokens(path: str, split: tuple[str, ...]) -> None:
    assert tokens(path) == split


@pytest.mark.parametrize("path", ["Items[].a.b", "GET /rides/{id} body.x", "a"])
def test_joining_undoes_splitting(path: str) -> None:
    assert joined(tokens(path)) == path


@pytest.mark.parametrize(
    ("wanted", "path", "rest"),
    [
        ("Item", "Item.User", ("User",)),
        ("Items[]", "Items[].User", ("User",)),
        ("Items[]", "Items.User", ("User",)),
        ("Items", "Items[].User", ("User",)),
        ("RequestItems{}[].Put", "RequestItems.Rides[].Put.x", ("x",)),
        ("Item", "Items", None),
        ("a.b", "a", None),
    ],
)
def test_below(wanted: str, path: str, rest: tuple[str, ...] | None) -> None:
    assert below(tokens(wanted), tokens(path)) == rest


@given(steps, steps)
def test_what_is_appended_lies_below(head: tuple[str, ...], rest: tuple[str, ...]) -> None:
    assert below(head, (*head, *rest)) is not None


def test_type_tags_are_no_names() -> None:
    assert attribute(tokens("User.M.name.S")) == ("User", "name")
    assert attribute(("S",)) == ("S",)


anywhere = st.lists(st.sampled_from(["a", "b", "[]", "{}"]), max_size=4).map(tuple)


@given(st.lists(anywhere, max_size=8), anywhere)
def test_all_that_holds_a_path_or_lies_below_it_is_near(
    paths: list[tuple[str, ...]], wanted: tuple[str, ...]
) -> None:
    index: ByPath[int] = ByPath()
    for number, path in enumerate(paths):
        index.add(path, number)
    near = index.near(wanted)
    assert near == sorted(near)
    touching = {
        number
        for number, path in enumerate(paths)
        if below(path, wanted) is not None or below(wanted, path) is not None
    }
    assert touching <= set(near)
