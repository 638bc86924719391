"""What all roles that have a statement need of it, action by action and resource by resource."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from checkrein.compare.least.names import Names
from checkrein.compare.least.pairs import Pair, Use
from checkrein.compare.least.rights import Role, is_generated
from checkrein.compare.least.scene import Atom, Scene
from checkrein.compare.least.statements import Cell
from checkrein.iam import matches
from checkrein.iam.symbols import Cover
from checkrein.model import Grant

SPARE = frozenset({Use.IDLE, Use.PART})


class Shared(Struct):
    """One statement of the files, and what each role that has it makes of it.

    ``holder`` is the role or policy that the template makes, in which the statement stands.
    """

    holder: str
    grant: Grant
    pairs: dict[str, list[Pair]]  # by role

    @property
    def is_spare(self) -> bool:
        """Tell whether every role could do without some of it."""
        return any(all(pair.use in SPARE for pair in same) for same in self.united().values())

    def united(self) -> dict[tuple[int, str], list[Pair]]:
        """Return the pairs that mean something, by resource and action."""
        found: defaultdict[tuple[int, str], list[Pair]] = defaultdict(list)
        for pairs in self.pairs.values():
            for pair in pairs:
                if pair.use is not Use.VOID:
                    found[pair.number, pair.action].append(pair)
        return found


def shared_statements(scene: Scene, roles: Mapping[str, Role]) -> list[Shared]:
    """Return every statement that allows something to roles of functions.

    One that somebody has who is no such role is left out: nobody knows what they need.
    """
    found: dict[str, Shared] = {}
    for identity, role in roles.items():
        assigned = _assigned(scene, role)
        for id, grant in role.grants.items():
            key = id.removeprefix(f"{identity}<")
            if grant.effect == "Allow":
                holder = key.partition(":")[0]
                one = found.setdefault(key, Shared(holder, grant, {}))
                one.pairs[identity] = assigned[id]
    others = {
        grant.id.removeprefix(f"{grant.identity}<")
        for identity in scene.identities()
        if identity not in roles
        for grant in scene.grants(identity)
    }
    return [one for key, one in found.items() if key not in others]


def _assigned(scene: Scene, role: Role) -> dict[str, list[Pair]]:
    """Return a role's pairs, where what several statements give counts for the narrowest only."""
    done: dict[str, list[Pair]] = {}
    taken: set[Atom] = set()
    for id in sorted(role.pairs, key=lambda each: _breadth(role, each)):
        pairs, fixed = role.pairs[id], is_generated(role.grants[id])
        if not fixed and any(pair.use in SPARE for pair in pairs):
            pairs = [_without(pair, taken) for pair in pairs]
        done[id] = pairs
        if not role.grants[id].conditions and not role.grants[id].when:
            taken |= {atom for pair in pairs for atom in _met(scene, pair)}
    return done


def _breadth(role: Role, id: str) -> tuple[bool, bool, int]:
    pairs = role.pairs[id]
    spare = sum(pair.use in SPARE for pair in pairs)
    return not is_generated(role.grants[id]), bool(spare), len(pairs)


def _without(pair: Pair, taken: set[Atom]) -> Pair:
    """Return a pair without the needs that are met elsewhere."""
    if pair.use not in {Use.PART, Use.WHOLE, Use.LOGS} or not pair.atoms:
        return pair
    rest = tuple(atom for atom in pair.atoms if atom not in taken)
    use = pair.use if rest else Use.IDLE
    return Pair(pair.grant, pair.number, pair.action, use, rest, pair.reason, pair.witness)


def _met(scene: Scene, pair: Pair) -> Iterable[Atom]:
    """Return the needs that a pair surely meets."""
    if pair.use in {Use.IDLE, Use.VOID}:
        return ()
    grant = pair.grant
    value = grant.resources[pair.number] if grant.resources and not grant.not_resources else "*"
    texts = scene.encode(value)
    return [
        atom
        for atom in pair.atoms
        if all(scene.matcher.cover(text, atom.arn) is Cover.ALL for text in texts)
    ]


def cells(shared: Shared, names: Names) -> tuple[list[Cell], list[str]]:
    """Return what stays of a statement, and the sentences on what could not be narrowed."""
    made: list[Cell] = []
    stuck: dict[str, None] = {}
    united = shared.united()
    for (number, action), same in united.items():
        if all(pair.use is Use.IDLE for pair in same):
            continue
        said = []
        if all(pair.use in SPARE for pair in same):
            atoms = [atom for pair in same for atom in pair.atoms]
            said = [(names.sayable(atom.value, shared.holder), atom.arn) for atom in atoms]
            if any(value is None for value, _ in said):
                stuck[f"{action} stays as wide as it is: {_why(atoms, said)}"] = None
                said = []
        made.append(Cell(number, action, said))
    return _with_wildcards(shared.grant, united, made), list(stuck)


def _why(atoms: list[Atom], said: list[tuple[object, str]]) -> str:
    names = {a.need.resource for a, (v, _) in zip(atoms, said, strict=True) if v is None}
    listed = ", ".join(sorted(name.rpartition("/")[2] for name in names))
    return f"a policy here cannot name {listed} without a circle or a parameter's default"


def _with_wildcards(
    grant: Grant, united: Mapping[tuple[int, str], list[Pair]], made: list[Cell]
) -> list[Cell]:
    """Return cells with the wildcards as written where all that they give stays."""
    whole = {(cell.number, cell.action) for cell in made if not cell.said}
    patterns = [
        pattern
        for pattern in (() if grant.not_actions else grant.actions)
        if all(key in whole for key in united if matches(pattern, key[1], fold=True))
    ]
    found: dict[tuple[int, str], Cell] = {}
    for cell in made:
        given = next((p for p in patterns if matches(p, cell.action, fold=True)), cell.action)
        found.setdefault((cell.number, given), Cell(cell.number, given, cell.said))
    return list(found.values())
