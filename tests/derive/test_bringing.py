"""Which slots bring another's content: precise while they are few, bounded when they are not."""

from itertools import permutations

from msgspec.structs import replace

from checkrein.derive.content.bringing import MOST_PATHS, Bringing
from checkrein.model import Basis, Flow, Slot

STORE = "app/Items"
EVENT = "app/Start"


def _flow(source: Slot, target: Slot, via: str = EVENT) -> Flow:
    names = f"{source.node}.{source.path}>{target.node}.{target.path}"
    return Flow(id=names, source=source, target=target, via=via, basis=Basis.CODED, certain=True)


def _everything(bringing: Bringing, asked: list[Slot]) -> set[Slot]:
    """Return every slot from which content of some may come."""
    work = [source for slot in asked for source, _ in bringing.to(slot, inner=False)]
    found = set(work)
    while work:
        new = {source for source, _ in bringing.to(work.pop(), inner=True)} - found
        found |= new
        work += new
    return found


def test_a_part_of_what_is_handed_on_stays_that_part() -> None:
    bringing = Bringing([
        _flow(Slot(STORE, "first"), Slot("app/Others", "copy")),
        _flow(Slot(EVENT, "event.body"), Slot(STORE, "first")),
    ])  # fmt: skip

    found = _everything(bringing, [Slot("app/Others", "copy.size.width")])

    assert found == {Slot(STORE, "first.size.width"), Slot(EVENT, "event.body.size.width")}


def test_a_steps_result_stands_in_the_place_of_what_the_input_had_there() -> None:
    machine, answer = "app/Machine", Slot("app/Work@response", "")
    bringing = Bringing([
        _flow(Slot("app/Api", "POST / body"), Slot(machine)),
        _flow(answer, Slot(machine, "made.of"), f"{machine}#Make"),
    ])  # fmt: skip

    brought = {
        path: {source.node for source, _ in bringing.to(Slot(machine, path), inner=False)}
        for path in ("made.of.it", "made", "other")
    }

    assert brought == {
        "made.of.it": {answer.node},
        "made": {answer.node, "app/Api"},
        "other": {"app/Api"},
    }


def test_attributes_written_back_under_other_names_make_no_path_of_every_two() -> None:
    fields = [f"field{number}" for number in range(40)]
    ways = [_flow(Slot(STORE, a), Slot(STORE, b)) for a, b in permutations(fields, 2)]
    bringing = Bringing([*ways, _flow(Slot(EVENT, "event.body"), Slot(STORE, fields[0]))])
    asked = [Slot(STORE, f"{field}.part{field}.text") for field in fields]

    found = _everything(bringing, asked)

    assert len([slot for slot in found if slot.node == STORE]) == MOST_PATHS + len(fields)
    assert Slot(EVENT, "event.body") in found


def test_content_comes_by_a_bus_only_in_events_that_a_rule_lets_through() -> None:
    def told(start: Slot, end: Slot, **events: tuple[str, ...]) -> Flow:
        return replace(_flow(start, end), events=tuple(events.items()))

    def heard(bus: str) -> list[str]:
        bringing = Bringing([
            told(Slot("app/People", "event"), Slot(bus), source=("people",), kind=("came",)),
            told(Slot("app/Payments", "event"), Slot(bus), source=("payments",)),
            _flow(Slot("app/Unknown", "event"), Slot(bus)),
            told(Slot(bus), Slot("app/Keeper", "event.detail"), source=("payments", "pets")),
            told(Slot(bus), Slot("app/Keeper", "event.detail"), kind=("went",), source=("people",)),
        ], {"app/Bus"})  # fmt: skip
        found = _everything(bringing, [Slot("app/Keeper", "event.detail")])
        return sorted({slot.node for slot in found if slot.node != bus})

    assert heard("app/Bus") == ["app/Payments", "app/Unknown"]
    assert heard("app@default-bus") == ["app/Payments", "app/Unknown"]


def test_no_content_comes_in_events_that_no_rule_lets_through() -> None:
    bus = Slot("app@default-bus")
    put = replace(_flow(Slot("app/People", "event"), bus), events=(("source", ("people",)),))
    got = replace(_flow(bus, Slot("app/Keeper", "event")), events=(("source", ("pets",)),))

    found = _everything(Bringing([put, got]), [Slot("app/Keeper", "event.x")])

    assert {slot.node for slot in found} == {"app@default-bus"}
