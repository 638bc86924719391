"""Which slots bring another's content: precise while they are few, bounded when they are not."""

from itertools import permutations

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
