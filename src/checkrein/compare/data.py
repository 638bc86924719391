"""A class of data: where it is, how it comes there, who can read it, where it can leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.catalog.data_classes import FAMILIES
from checkrein.compare.chains import Chains
from checkrein.compare.flows.hops import RANK, WIRING, hops
from checkrein.compare.flows.trails import Trails, ways
from checkrein.compare.resource import Reachers
from checkrein.compare.scene import Scene
from checkrein.compare.words import listed
from checkrein.derive.content.carried import Holding
from checkrein.derive.content.words import likeness, short
from checkrein.model import Element, Explanation, Part, Reason, Row, Way
from checkrein.model.movement import Trail
from checkrein.model.workloads import runs_code

OUT = ("@internet", "@browser", "@recipients", "@users", "@host")  # rows outside the app
MANY = 8  # classes that are named one by one
LEVELS = {  # how a class could come to a row, by the level of its reason
    "direct": "by rights and wiring as they are",
    "takeover": "if one thing takes over another",
    "influence": "if one thing makes another act",
}


def data(scene: Scene, classes: tuple[str, ...]) -> Explanation:
    """Explain one class of data, or a family of them."""
    wanted = frozenset(classes)
    rows = [row for row in scene.rows.values() if wanted & {*row.intended, *row.potential}]
    stores = [row for row in rows if not is_outside(row) and wanted & {*row.coded, *row.intended}]
    kept = [row for row in stores if not runs_code(row.type)]
    readers = _readers(scene, kept)
    read = tuple(way for ways in readers.values() for way in ways)
    parts = (
        Part("goes", "Every place it goes", tuple(_goes(scene, wanted))),
        Part("coded", "Where code puts it", tuple(_held(rows, wanted, "coded"))),
        Part("readers", "Who can read it there", read),
        Part("leaves", "Where it leaves, or could", tuple(_left(rows, wanted))),
        Part("potential", "Where it could also come to", tuple(_held(rows, wanted, "potential"))),
    )
    known = sorted(wanted & {d for row in rows for d in (*row.intended, *row.potential)})
    family = FAMILIES.get(classes[0].partition(".")[0], "")
    name = listed(map(likeness, known), 3) if known else f"{family} data"
    name = likeness(classes[0]) if len(classes) == 1 else name
    return Explanation(
        subject=classes[0] if len(classes) == 1 else classes[0].partition(".")[0],
        kind="data",
        text=f"{name}: {_headline(rows, wanted, kept, readers.get('outside', []))}",
        described=listed(known or sorted(wanted), MANY),
        parts=tuple(part for part in parts if part.ways),
    )


def _goes(scene: Scene, wanted: frozenset[str]) -> Iterator[Way]:
    """Tell every use, host, caller, log and store that it comes to, each with its shortest way."""
    holding = Holding(scene.app.every(Element))
    found: dict[str, tuple[Trail, ...]] = {}
    for trail in Trails(scene, hops(scene, holding), holding).of(wanted):
        for way in ways(trail):
            last = way[-1]
            hop = last.hop
            passed_on = last.slot.path.partition(".")[0] in {"event", "response"}
            if hop is None or (hop.kind == WIRING and passed_on):
                continue
            place = f"{last.name.owner} ({hop.family})" if hop.family else last.name.owner
            known = found.get(place)
            if known is None or _length(way) < _length(known):
                found[place] = way
    for place, way in sorted(found.items(), key=_danger):
        steps = tuple(step for each in way if each.hop for step in each.hop.steps)
        yield Way(
            text=f"it goes from {way[0].name} to {place}",
            who=(way[0].slot.node,),
            target=(way[-1].slot.node,),
            data=way[0].data,
            certain=all(each.certain for each in way),
            steps=tuple(dict.fromkeys(steps)),
        )


def _danger(each: tuple[str, tuple[Trail, ...]]) -> tuple[int, bool, str]:
    place, way = each
    hop = way[-1].hop
    return RANK.index(hop.kind if hop else WIRING), _length(way)[0], place


def _length(way: tuple[Trail, ...]) -> tuple[bool, int]:
    return not all(each.certain for each in way), len(way)


def is_outside(row: Row) -> bool:
    """Tell whether a row stands for somebody outside the app."""
    return row.id.startswith("host:") or row.id.endswith(OUT)


def _headline(rows: list[Row], wanted: frozenset[str], kept: list[Row], outside: list[Way]) -> str:
    sent = [row for row in rows if is_outside(row) and wanted & {*row.coded}]
    said = []
    if outside:
        said.append(outside[0].text)
    if sent:
        said.append(f"code sends it to {listed((short(row.id) for row in sent), 3)}")
    if kept:
        said.append(f"it is kept in {listed((short(row.id) for row in _worst(kept)), 3)}")
    return "; ".join(said) or ("code handles it and keeps it nowhere" if rows else "not found here")


def _worst(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.risk, row.id))


def _held(rows: Iterable[Row], wanted: frozenset[str], basis: str) -> Iterator[Way]:
    """Tell which rows hold it on a basis, and how it comes there; stores before functions."""
    found = []
    for row in rows:
        reasons = [r for r in row.reasons if r.data in wanted and r.basis == basis]
        if basis == "potential":
            reasons = [r for r in reasons if not wanted & {*row.coded}]
        if reasons and not is_outside(row):
            found.append((row, min(reasons, key=_nearness)))
    for row, reason in sorted(found, key=lambda each: (runs_code(each[0].type), *_order(each))):
        verb = "handles" if runs_code(row.type) else "holds"
        how = "" if basis == "coded" else f" {LEVELS[reason.level]}"
        said = (
            f"{short(row.id)} {verb} it"
            if basis == "coded"
            else f"{short(row.id)} could get it{how}"
        )
        accepted = ", as intended" if basis == "coded" and wanted & {*row.intended} else ""
        yield _way(row, reason, said + accepted, wanted)


def _order(each: tuple[Row, Reason]) -> tuple[int, int, str]:
    row, reason = each
    return list(LEVELS).index(reason.level), -row.risk, row.id


def _nearness(reason: Reason) -> tuple[int, int, str]:
    return list(LEVELS).index(reason.level), len(reason.steps), reason.data


def _way(row: Row, reason: Reason, text: str, wanted: frozenset[str]) -> Way:
    return Way(
        text=text,
        who=(row.id,),
        target=(row.id,),
        level=reason.level if reason.basis == "potential" else "",
        data=tuple(sorted(wanted & {*row.intended, *row.potential})),
        steps=reason.steps,
    )


def _left(rows: Iterable[Row], wanted: frozenset[str]) -> Iterator[Way]:
    """Tell which rows outside the app get it, what code sends before what could be sent."""
    found = []
    for row in rows:
        reasons = [reason for reason in row.reasons if reason.data in wanted]
        if is_outside(row) and reasons:
            found.append((row, min(reasons, key=lambda r: (r.basis, _nearness(r)))))
    for row, reason in sorted(found, key=lambda each: (each[1].basis, *_order(each))):
        verb = "gets" if reason.basis == "coded" else "could get"
        how = "" if reason.basis == "coded" else f" {LEVELS[reason.level]}"
        yield _way(row, reason, f"{short(row.id)} {verb} it{how}", wanted)


def _readers(scene: Scene, rows: Iterable[Row]) -> dict[str, list[Way]]:
    """Return who can read the rows that keep it, by how; those outside first."""
    chains = Chains(scene)
    found: dict[str, list[Way]] = {"outside": []}
    for row in _worst(rows):
        for part in Reachers(scene, chains, row.id, short(row.id), ("read",)).near().parts:
            found.setdefault(part.id, []).extend(part.ways)
    return found
