"""What a function of the program tells its caller by what it returns.

What was known where it ended is known to the caller too: of every answer, of a yes and of a no
(``return key === process.env.KEY``), and so of each part of an answer that is put together
(``return False, "wrong key"``; ``return { ok: true, user }``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from checkrein.code import ir
from checkrein.code.domain.scopes import FACTS, Answer, Case, Left, common, part_of
from checkrein.code.domain.things import Structure
from checkrein.code.domain.values import NOTHING
from checkrein.code.harm import facts, guards, proofs
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

ANY: Final[frozenset[object]] = frozenset(("any",))
NO_ONE: Final[frozenset[object]] = frozenset((None, "some"))  # a match, or none


class Part(NamedTuple):
    """What an answer or a part of it tells by a yes and by a no, and what it may be."""

    yes: Facts
    no: Facts
    forms: frozenset[object]


class Outcome(NamedTuple):
    """What a function of the program tells its caller: always, and by a yes or a no."""

    definition: ir.Lambda
    always: Facts
    whole: Part
    ending: Facts  # where it returns nothing, or what is false
    parts: dict[str, Part]  # by index or key of what it returns

    def says(self, *, holds: bool, awaited: bool) -> Facts:
        """Return what a yes or a no tells; a promise that nobody awaits is always a yes."""
        if self.definition.is_async and not awaited:
            return {}
        return self.whole.yes if holds else self.whole.no


# ------------------------------------------------------------------------------ where it ends


def leave(run: Interpreter, answer: ir.Node | None, value: Abstract, scope: Scope) -> None:
    """Keep what is known where a function ends with an answer, which has been evaluated."""
    known = scope.names.get(FACTS, NOTHING)
    case = _case(run, answer, value, scope)
    scope.left.append(Left(known, case, dict(_parts(run, answer, value, scope))))


def _case(run: Interpreter, node: ir.Node | None, value: Abstract, scope: Scope) -> Case:
    """Return what is known where an answer is a yes, and a no."""
    known = scope.names.get(FACTS, NOTHING)
    forms = _forms(value, scope)
    if forms.isdisjoint((False, None, *ANY)):
        return Case(known, None, forms)
    if forms <= {False, None}:
        return Case(None, known, forms)
    if node is None:
        return Case(known, known, forms)
    yes, no = (facts.asked(run, node, scope, holds=holds).symbols for holds in (True, False))
    return Case(
        facts.also(known, yes) if yes else known, facts.also(known, no) if no else known, forms
    )


def _forms(value: Abstract, scope: Scope) -> frozenset[object]:
    """Return what a value may be: True, False, None, some other yes, or anything."""
    if value.open or not (value.atoms or value.things):
        return ANY
    found = {_form(atom) for atom in value.atoms}
    objects = scope.source.language == "javascript"
    found |= {"some" if _is_yes(one, objects=objects) else "any" for one in value.things}
    return ANY if "any" in found else frozenset(found)


def _form(atom: object) -> object:
    if atom is None or isinstance(atom, bool):
        return atom
    if isinstance(atom, Text):
        return "some" if any(part for part in atom.parts if isinstance(part, str)) else "any"
    return "some" if atom and not isinstance(atom, Symbol) else "any"


def _is_yes(one: object, *, objects: bool) -> bool:
    """Tell whether an object counts as true: what is put in it later may not be there."""
    if not isinstance(one, Structure):
        return False
    return objects or (bool(one.fields) and not one.changed and one.owner is None)


def _parts(
    run: Interpreter, answer: ir.Node | None, value: Abstract, scope: Scope
) -> Iterator[tuple[str, Case]]:
    """Yield what is known by the parts of an answer, by index or key."""
    call = answer.value if isinstance(answer, ir.Await) else answer
    told = run.running.outcomes.get(id(call))
    known = scope.names.get(FACTS, NOTHING)
    if told is not None:
        later = told.definition.is_async and call is answer
        if not later or (scope.definition is not None and scope.definition.is_async):
            for name, (yes, no, forms) in told.parts.items():
                yield name, Case(facts.also(known, yes), facts.also(known, no), forms)
        return
    (made,) = value.things if len(value.things) == 1 else (None,)
    if not isinstance(made, Structure) or value.atoms or value.open or not _is_whole(made):
        return
    nodes = dict(_written(answer))
    for name, part in made.fields.items():
        yield name, _case(run, nodes.get(name), part, scope)


def _is_whole(made: Structure) -> bool:
    """Tell whether a structure has the fields that are known of it, and no others."""
    return made.owner is None and not (made.element or made.keys or made.rest)


def _written(answer: ir.Node | None) -> Iterator[tuple[str, ir.Node]]:
    """Yield the parts of an answer that is written out: ``False, "…"``, ``{ok: false}``.

    Of one that is spread from others nobody sees here which part stands.
    """
    if isinstance(answer, ir.Sequence) and any(isinstance(i, ir.Spread) for i in answer.items):
        return
    if isinstance(answer, ir.Dictionary) and any(key is None for key, _ in answer.items):
        return
    if isinstance(answer, ir.Sequence):
        yield from ((str(position), item) for position, item in enumerate(answer.items))
    elif isinstance(answer, ir.Dictionary):
        for key, item in answer.items:
            if isinstance(key, ir.Constant):
                yield str(key.value), item


def outcome(definition: ir.Lambda, scope: Scope) -> Outcome | None:
    """Return what a function that has run tells its caller, None if it tells nothing."""
    ends = scope.left
    if not any(left.always or left.case.yes or left.case.no or left.parts for left in ends):
        return None
    if definition.is_generator and not definition.decorators:  # a call of it runs nothing
        return None
    always = facts.as_facts(common(left.always for left in ends))
    ending = [left.always for left in ends if left.case.yes is None]
    whole = _by_answer(left.case for left in ends)
    told = {name: _by_answer(_of_part(left, name) for left in ends) for name in _named(ends)}
    return Outcome(definition, always, whole, _common(ending), told)


def either(one: Outcome | None, other: Outcome | None) -> Outcome | None:
    """Return what each of two functions tells whose call is the same, None if nothing."""
    if one is None or other is None or one is other:
        return one if one is other else None
    first, second = one.definition, other.definition
    if first.name != second.name or first.is_async is not second.is_async:
        return None
    parts = {
        name: _in_both(one.parts[name], other.parts[name])
        for name in one.parts
        if name in other.parts
    }
    always, ending = _both(one.always, other.always), _both(one.ending, other.ending)
    return Outcome(first, always, _in_both(one.whole, other.whole), ending, parts)


def _in_both(one: Part, other: Part) -> Part:
    return Part(_both(one.yes, other.yes), _both(one.no, other.no), one.forms | other.forms)


def _both(one: Facts, other: Facts) -> Facts:
    return {s: bits & other[s] for s, bits in one.items() if other.get(s, 0) & bits}


def _by_answer(cases: Iterable[Case]) -> Part:
    """Return what is known wherever an answer is a yes, and a no."""
    every = list(cases)
    yes = _common(one.yes for one in every if one.yes is not None)
    no = _common(one.no for one in every if one.no is not None)
    forms = frozenset[object]().union(*(one.forms for one in every))
    return Part(yes, no, forms)


def _common(known: Iterable[Abstract]) -> Facts:
    every = list(known)
    return facts.as_facts(common(every)) if every else {}


def _named(ends: Iterable[Left]) -> list[str]:
    """Return the parts that answers have, if any of them says something."""
    parts = [part for left in ends for part in left.parts.items()]
    says = any(case.yes or case.no for _, case in parts)
    return sorted({name for name, _ in parts}) if says else []


def _of_part(left: Left, name: str) -> Case:
    """Return what is known by a part; an answer that has others lacks this one."""
    if name in left.parts:
        return left.parts[name]
    lacks = bool(left.parts) or left.case.yes is None
    return Case(None if lacks else left.always, left.always, ANY)


# ------------------------------------------------------------------------------ where it is called


def after(run: Interpreter, node: ir.Call, scope: Scope) -> None:
    """Learn what a function of the program tells by having returned."""
    running = run.running
    if running.proof is not None:
        _proved(run, node, scope)
    found = running.outcome
    if found is None:
        if running.outcomes:
            running.outcomes.pop(id(node), None)
        return
    running.outcome = None
    if _called(node) != found.definition.name:
        running.outcomes.pop(id(node), None)
        return
    running.outcomes[id(node)] = found
    if not found.definition.is_async:
        facts.learn_in(running.frame or scope, found.always)


def _proved(run: Interpreter, node: ir.Call, scope: Scope) -> None:
    """Learn what a library's function proves by having returned, now or where it is awaited."""
    proof, run.running.proof = run.running.proof, None
    if proof is not None and proof.at == node.at:
        if proof.later:
            run.running.awaiting[id(node)] = proofs.of(proof.proof)
        else:
            facts.learn_in(run.running.frame or scope, proofs.of(proof.proof))


def awaited(run: Interpreter, node: ir.Node, scope: Scope) -> None:
    """Learn what an async function tells by having returned, where it is awaited."""
    found = run.running.outcomes.get(id(node))
    always = found.always if found is not None else run.running.awaiting.get(id(node))
    if always:
        facts.learn_in(run.running.frame or scope, always)


def _called(node: ir.Call) -> str:
    """Return the name of the function that a call names."""
    function = node.function
    if isinstance(function, ir.Attribute):
        return function.name
    return function.id if isinstance(function, ir.Name) else ""


# ------------------------------------------------------------------------------ names of answers


def answered(
    run: Interpreter, node: ir.Assign, value: Abstract, scope: Scope, *, declares: bool
) -> dict[str, Answer]:
    """Return what an answer tells that gets a name, or whose parts do, by these names.

    ``valid = x in ALLOWED``, ``key, error = shown(event)``, ``const { ok } = await shown(event)``.
    Only of a name that gets no other answer: of several, nobody knows which it is.
    """
    target, test = node.target, node.value
    found = _told(run, test)
    told: dict[str, Answer] = {}
    if isinstance(target, ir.Name) and _is_own(target.id, test, scope, declares=declares):
        if guards.is_test(test) or (found is not None and (found.whole.yes or found.whole.no)):
            yes, no = (facts.asked(run, test, scope, holds=h).symbols for h in (True, False))
            forms = found.whole.forms if found is not None else _forms_of(test)
            told[target.id] = Answer(yes, no, id(test), forms, (), 0)
        of = tuple(one for one in value.things if isinstance(one, Structure))
        for name, part in _parts_of(found).items():
            known = Answer(*part[:2], id(test), part.forms, of, run.running.changes)
            told[part_of(target.id, name)] = known
    for name, index in _names(target):
        at = _parts_of(found).get(index)
        if at is not None and _is_own(name, test, scope, declares=declares):
            told[name] = Answer(at.yes, at.no, id(test), at.forms, (), 0)
    return {name: one for name, one in told.items() if one.yes or one.no}


def _is_own(name: str, test: ir.Node, scope: Scope, *, declares: bool) -> bool:
    """Tell whether a name of the function that runs gets its only answer, perhaps in a loop."""
    if name in scope.outer or (not declares and name not in scope.names):
        return False
    parts = part_of(name, "")
    known = [one for key, one in scope.tests.items() if key == name or key.startswith(parts)]
    return any(one.test == id(test) for one in known) or name not in scope.names


def _forms_of(test: ir.Node) -> frozenset[object]:
    """Return what the answer of a test may be."""
    if isinstance(test, (ir.Compare, ir.Not)):
        return frozenset((True, False))
    function = test.function if isinstance(test, ir.Call) else None
    matches = isinstance(function, ir.Attribute) and function.name in guards.MATCHES
    return NO_ONE if matches else ANY


def _parts_of(found: Outcome | None) -> dict[str, Part]:
    return found.parts if found is not None else {}


def _told(run: Interpreter, test: ir.Node) -> Outcome | None:
    """Return what the function of the program has told that an expression calls."""
    call = test.value if isinstance(test, ir.Await) else test
    found = run.running.outcomes.get(id(call))
    if found is None or (found.definition.is_async and call is test):
        return None
    return found


def _names(target: ir.Node) -> Iterator[tuple[str, str]]:
    """Yield the names that an assignment gives to parts of an answer."""
    if isinstance(target, ir.Sequence):
        for position, item in enumerate(target.items):
            if isinstance(item, ir.Spread):
                return  # what follows is counted from the end
            if isinstance(item, ir.Name):
                yield item.id, str(position)
    elif isinstance(target, ir.ObjectPattern):
        for key, item in target.items:
            if isinstance(key, ir.Constant) and isinstance(item, ir.Name):
                yield item.id, str(key.value)
