"""Laws of sets of packets, and of the order of an ACL's rules."""

from hypothesis import given
from hypothesis import strategies as st

from checkrein.derive.network.acls import decided
from checkrein.derive.network.packets import (
    Box,
    Kind,
    Packets,
    answered,
    everything,
    meet,
    on,
    ports,
    without,
)

KIND = Kind(4, "tcp")
SMALL = st.integers(0, 6)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    low, high = sorted((draw(SMALL), draw(SMALL)))
    first, last = sorted((draw(SMALL), draw(SMALL)))
    return Box(low, high, first, last)


SETS = st.lists(boxes(), max_size=4).map(tuple)
RULES = st.lists(st.tuples(st.integers(1, 9), st.booleans(), SETS), max_size=5)
PACKET = st.tuples(SMALL, SMALL)


def holds(packets: Packets, packet: tuple[int, int]) -> bool:
    address, port = packet
    return any(b.low <= address <= b.high and b.first <= port <= b.last for b in packets)


@given(SETS, SETS, PACKET)
def test_a_packet_is_in_both_or_in_one_without_the_other(
    one: Packets, other: Packets, packet: tuple[int, int]
) -> None:
    inside, beside = holds(one, packet), holds(other, packet)

    assert holds(meet(one, other), packet) is (inside and beside)
    assert holds(without(one, other), packet) is (inside and not beside)
    assert holds(on(one, packet[1]), packet) is inside


@given(RULES, PACKET)
def test_the_first_rule_that_matches_decides(
    rules: list[tuple[int, bool, Packets]], packet: tuple[int, int]
) -> None:
    ordered = sorted(rules, key=lambda rule: rule[0])
    deciding = (allows for _, allows, about in ordered if holds(about, packet))

    assert holds(decided(rules, KIND), packet) is next(deciding, False)


@given(RULES, SETS)
def test_a_denial_with_a_lower_number_never_opens(
    rules: list[tuple[int, bool, Packets]], about: Packets
) -> None:
    before, after = decided(rules, KIND), decided([(0, False, about), *rules], KIND)

    assert not without(after, before)
    assert not meet(after, about)


def test_answers_need_all_ephemeral_ports_or_hopefully_some() -> None:
    high, some = Box(0, 9, 1024, 65535), Box(20, 29, 2000, 3000)

    sure = answered((high, some), KIND, hope=False)
    hoped = answered((high, some), KIND, hope=True)

    assert [holds(sure, (address, 443)) for address in (5, 25, 40)] == [True, False, False]
    assert [holds(hoped, (address, 443)) for address in (5, 25, 40)] == [True, True, False]


def test_ports_in_words() -> None:
    def said(*ranges: tuple[int, int]) -> str:
        return ports(tuple(Box(0, 1, *each) for each in ranges))

    assert said((443, 443)) == "port 443"
    assert said((443, 443), (80, 80)) == "ports 80, 443"
    assert said((0, 79), (80, 65535)) == "any port"
    assert said((1, 5), (3, 9), (20, 20)) == "ports 1-9, 20"
    assert ports(everything(KIND)) == "any port"
