"""A picture as SVG: nothing overlaps, names stay in their boxes, the same app gives the same text."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.model import Basis
from checkrein.model.picture import COLUMNS, Edge, Node, Picture, Zone
from checkrein.report.drawing import svg
from checkrein.report.drawing.layout import HEIGHT, ROOMY, WIDTH, layout
from checkrein.report.drawing.ways import Ways
from checkrein.report.drawing.words import clipped, measured
from checkrein.report.html.svg import SIZE

SVG = "{http://www.w3.org/2000/svg}"
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


def node(id: str, column: int, **more: object) -> Node:
    fields: dict[str, object] = {"name": id, "kind": "store", "zone": "account:a", **more}
    return Node(id=id, column=column, **fields)  # type: ignore[arg-type]


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    ids = draw(st.lists(names, min_size=1, max_size=24, unique=True))
    nodes = [
        node(
            id,
            draw(st.integers(0, len(COLUMNS) - 1)),
            stack=draw(st.sampled_from(["", "a/one", "a/two", "b/three"])),
            deployment=draw(st.sampled_from(["a", "b", ""])),
            zone=draw(st.sampled_from(["account:a", "vpc:n"])),
            risk=draw(st.integers(0, 3)),
        )
        for id in ids
    ]
    ends = st.tuples(st.sampled_from(ids), st.sampled_from(ids), st.sampled_from(list(Basis)))
    drawn = draw(st.lists(ends.filter(lambda e: e[0] != e[1]), max_size=40, unique=True))
    edges = [Edge(*each, data=("pii.email",), worth=2) for each in sorted(drawn)]
    zones = (Zone("account:a", "account", "a"), Zone("vpc:n", "vpc", "n", "account:a"))
    return Picture(zones, tuple(sorted(nodes, key=lambda n: n.id)), tuple(edges))


@settings(max_examples=40)
@given(pictures())
def test_boxes_never_overlap_and_stay_on_the_paper(found: Picture) -> None:
    place = layout(found)
    boxes = sorted(place.boxes.values())
    for (x, y), (to, down) in pairwise(boxes):
        assert to - x >= WIDTH or (to == x and down - y >= HEIGHT)
    for x, y in boxes:
        assert 0 <= x <= place.width - WIDTH
        assert 0 <= y <= place.height - HEIGHT


def test_nodes_that_want_the_same_place_at_the_bottom_stand_above_each_other() -> None:
    stores = [node(f"s{number}", 5, stack="a") for number in range(6)]
    functions = [node(f"f{number}", 3, stack="a") for number in range(3)]
    edges = tuple(Edge(each.id, "s5", Basis.CODED) for each in functions)
    place = layout(Picture(nodes=(*functions, *stores), edges=edges))
    heights = sorted(place.boxes[each.id][1] for each in functions)
    assert all(below - above >= HEIGHT for above, below in pairwise(heights))
    assert heights[-1] == max(place.boxes[each.id][1] for each in stores)


@settings(max_examples=40)
@given(pictures())
def test_a_box_stands_in_its_column_and_in_its_stack(found: Picture) -> None:
    place = layout(found)
    frames = {(f.deployment, f.id): f for f in place.frames if f.kind == "stack"}
    for each in found.nodes:
        x, y = place.boxes[each.id]
        assert x == place.columns[each.column]
        frame = frames.get((each.deployment, each.stack))
        if each.stack and frame and 0 < each.column < len(COLUMNS) - 1:
            assert frame.y <= y <= frame.y + frame.height - HEIGHT


@settings(max_examples=40)
@given(pictures())
def test_every_node_and_edge_is_an_element_that_says_what_it_is(found: Picture) -> None:
    root = ET.fromstring(svg(found, list(Basis), everything=True))
    groups = root.iter(f"{SVG}g")
    by_class: dict[str, list[dict[str, str]]] = {"node": [], "edge": []}
    for group in groups:
        kind = group.get("class", "").partition(" ")[0]
        if kind in by_class:
            by_class[kind].append(group.attrib)
    ends = {id for edge in found.edges for id in (edge.source, edge.target)}
    drawn = [each for each in found.nodes if each.risk or each.id in ends]
    assert len(by_class["node"]) == len(drawn)
    assert len(by_class["edge"]) == len(found.edges)
    ids = [attributes["id"] for known in by_class.values() for attributes in known]
    assert len(set(ids)) == len(ids)


@given(names, st.integers(20, 300))
def test_a_name_is_cut_to_its_room(name: str, room: int) -> None:
    assert clipped(name, room) == "…" or measured(clipped(name, room)) <= room


def test_where_things_stand_does_not_depend_on_the_basis() -> None:
    found = Picture(
        nodes=(node("a", 3, stack="s"), node("b", 5, stack="s")),
        edges=(
            Edge("a", "b", Basis.CODED, ("pii.email",), worth=2),
            Edge("b", "a", Basis.POTENTIAL, ("pii.email",), worth=2, brings=("pii.email",)),
        ),
    )
    boxes = [
        [(g.get("id"), g.get("transform")) for g in ET.fromstring(text).iter(f"{SVG}g")]
        for text in (svg(found, [Basis.CODED]), svg(found, [Basis.POTENTIAL]))
    ]
    placed = [[each for each in known if each[1]] for known in boxes]
    assert placed[0] == placed[1]
    assert len(placed[0]) == 2


def test_a_potential_edge_that_brings_nothing_is_left_out_unless_asked_for() -> None:
    found = Picture(
        nodes=(node("a", 3), node("b", 5)),
        edges=(Edge("a", "b", Basis.POTENTIAL, ("pii.email",), worth=2),),
    )
    asked = [Basis.POTENTIAL]
    assert 'class="edge ' not in svg(found, asked)
    assert 'class="edge ' in svg(found, asked, everything=True)


def test_a_network_is_named_beside_its_boxes() -> None:
    zones = (Zone("account:a", "account", "a"), Zone("vpc:n", "vpc", "Net", "account:a"))
    inside = node("f", 3, zone="vpc:n", stack="s", risk=1)
    above = node("e", 3, stack="s", risk=1)
    root = ET.fromstring(svg(Picture(zones, (above, inside))))
    [frame] = [g for g in root.iter(f"{SVG}g") if g.get("class") == "vpc"]
    [text] = [each for each in root.iter(f"{SVG}text") if each.get("class") == "of-vpc"]
    rectangle = frame.find(f"{SVG}rect")
    assert rectangle is not None
    assert text.text == "Net"
    right = int(rectangle.get("x", "0")) + int(rectangle.get("width", "0"))
    assert int(text.get("x", "0")) > right


def test_names_of_frames_stand_above_the_edges_and_below_the_boxes() -> None:
    nodes = (node("a", 3, stack="s", risk=1), node("b", 5, stack="s", risk=1))
    text = svg(Picture(nodes=nodes, edges=(Edge("a", "b", Basis.CODED),)))
    assert text.index('class="edge ') < text.index('class="of-stack"') < text.index('class="node ')


def test_what_comes_back_does_not_lie_on_what_goes() -> None:
    found = Picture(nodes=(node("a", 3), node("b", 5)))
    ways = Ways(layout(found))
    assert (ways.of("a", "b"), ways.of("b", "a")) == ("M232,92H320", "M320,108H232")


def passed(path: str) -> list[tuple[float, float]]:
    """Return points of a path, a hundred of each curve, none of a straight line's ends."""
    x, y = map(int, re.match(r"M(\d+),(\d+)", path).groups())  # type: ignore[union-attr]
    found = []
    for curve, numbers in re.findall(r"([cH])([-\d,]+)", path):
        told = [int(number) for number in re.findall(r"-?\d+", numbers)]
        ends = [told[0] - x, 0] * 3 if curve == "H" else told
        for step in range(1, 100):
            t = step / 100
            a, b, c = 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
            found.append(
                (
                    x + a * ends[0] + b * ends[2] + c * ends[4],
                    y + a * ends[1] + b * ends[3] + c * ends[5],
                )
            )
        x, y = x + ends[4], y + ends[5]
    return found


@settings(max_examples=60)
@given(pictures())
def test_no_edge_lies_behind_a_box(found: Picture) -> None:
    for size in (ROOMY, SIZE):
        place = layout(found, size)
        ways = Ways(place, size)
        for edge in found.edges:
            path = ways.of(edge.source, edge.target)
            for x, y in passed(path):
                for left, top in place.boxes.values():
                    inside = left + 1 < x < left + size.width - 1
                    assert not (inside and top + 1 < y < top + size.height - 1), path


def test_hostile_names_stay_text() -> None:
    name = "</title><script>alert(1)</script>&\"'\x00\x1b"
    text = svg(Picture(nodes=(node("a", 3, name=name, risk=1),)))
    root = ET.fromstring(text)
    assert not list(root.iter(f"{SVG}script"))
    [title] = [
        t.text for g in root.iter(f"{SVG}g") if g.get("data-node") for t in g.iter(f"{SVG}title")
    ]
    assert title is not None
    assert title.startswith("</title><script>alert(1)</script>&\"'\ufffd\ufffd")


@pytest.mark.parametrize(
    "forbidden", ["<script", " style=", "href", "http://", "https://", "url(h"]
)
def test_nothing_is_run_or_loaded(forbidden: str) -> None:
    text = svg(Picture(nodes=(node("a", 3, risk=1),))).replace(
        'xmlns="http://www.w3.org/2000/svg"', ""
    )
    assert forbidden not in text
