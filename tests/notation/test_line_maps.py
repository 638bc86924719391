"""Each decoded character of a scalar is found in the source, whatever the style."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.model import Code
from checkrein.notation import line_map, parse, position, segment_map, segments

STYLES = r"""
folded: >
  one
  two

  three
    more
    indented
  back


    again

  end


stripped: >-
  x
  y
kept: |+
  a


indented: |2
    x
   y
double: "a
  b

  c \
   d\n \u00e9 \x41
  "
single: 'it''s
  b'
plain: some
  more

  text
tagged: !Sub |
  abc
list:
- |1
  a
- >+

  b

- |+
- !Sub
  "abc"
last: |-
  the end"""

FOLDED = """\
Code:
  ZipFile: >
    const a = 1;

    handler = () => {
        log(a);

        return a;
    };

    first line
    joined to it
"""


def decoded(source: str) -> list[tuple[str, str]]:
    tree = parse(source)
    return [
        (node.value, "".join(s.text for s in segments(source, tree.places[path])))
        for path, node in tree.nodes.items()
        if isinstance(node, yaml.ScalarNode)
    ]


def test_segments_give_the_value_that_yaml_gives() -> None:
    pairs = decoded(STYLES)
    assert [ours for _, ours in pairs] == [theirs for theirs, _ in pairs]
    assert len(pairs) == 15


def test_surrogate_pairs_of_json() -> None:
    assert decoded('{"a": "\\ud83d\\ude00 x\\/y"}') == [("😀 x/y", "😀 x/y")]


def test_lines_of_a_folded_scalar() -> None:
    place = parse(FOLDED).places["Code", "ZipFile"]
    text = parse(FOLDED).value["Code"]["ZipFile"]
    assert dict(zip(text.split("\n"), line_map(FOLDED, place), strict=False)) == {
        "const a = 1;": (3, 5),
        "handler = () => {": (5, 5),
        "    log(a);": (6, 5),
        "": (7, 1),
        "    return a;": (8, 5),
        "};": (9, 5),
        "first line joined to it": (11, 5),
    }
    assert position(FOLDED, place, 7, len("first line ") + 1) == (12, 5)
    assert position(FOLDED, place, 7, 7) == (11, 11)


def test_code_knows_the_place_of_a_column_past_a_fold() -> None:
    place = parse(FOLDED).places["Code", "ZipFile"]
    pieces = segment_map(FOLDED, place)
    assert pieces == ((7, 1, 11, 5), (7, 11, 11, 15), (7, 12, 12, 5))
    code = Code(lines=line_map(FOLDED, place), segments=pieces)
    assert [code.position(*at) for at in [(3, 5), (7, 7), (7, 14), (9, 1)]] == [
        (6, 9),
        (11, 11),
        (12, 7),
        (11, 5),
    ]


@pytest.mark.parametrize("style", ["'", '"', "|", ">", None])
@given(text=st.text(st.sampled_from("ab \n\\'\"#:é\t"), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_text_in_any_style(style: str | None, text: str) -> None:
    source = yaml.dump({"key": [text, "x"]}, default_style=style, width=12, allow_unicode=True)
    assert all(theirs == ours for theirs, ours in decoded(source))
