"""What a function of the program tells its caller by what it returns.

What was known where it ended is known to the caller too: of every answer, of a yes and of a no
(``return key === process.env.KEY``), and so of each part of an answer that is put together
(``return False, "wrong key"``; ``return { ok: true, user }``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checkrein.code import ir
from checkrein.code.domain.scopes import FACTS, Answer, Left, common, part_of
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

Cases = tuple["Abstract | None", "Abstract | None"]  # what is known of a yes, and of a no


class Outcome(NamedTuple):
    """What a function of the program tells its caller: always, and by a yes or a no."""

    definition: ir.Lambda
    always: Facts
    yes: Facts
    no: Facts
    ending: Facts  # where it returns nothing, or what is false
    parts: dict[str, tuple[Facts, Facts]]  # by index or key of what it returns: of a yes, of a no

    def says(self, *, holds: bool, awaited: bool) -> Facts:
        """Return what a yes or a no tells; a promise that nobody awaits is always a yes."""
        if self.definition.is_async and not awaited:
            return {}
        return self.yes if holds else self.no


# ------------------------------------------------------------------------------ where it ends


def leave(run: Interpreter, answer: ir.Node | None, value: Abstract, scope: Scope) -> None:
    """Keep what is known where a function ends with an answer, which has been evaluated."""
    known = scope.names.get(FACTS, NOTHING)
    yes, no = _cases(run, answer, value, scope)
    scope.left.append(Left(known, yes, no, dict(_parts(run, answer, value, scope))))


def _cases(run: Interpreter, node: ir.Node | None, value: Abstract, scope: Scope) -> Cases:
    """Return what is known where an answer is a yes, and a no; None where it can not be that."""
    known = scope.names.get(FACTS, NOTHING)
    truth = _truth(value)
    if truth is not None:
        return (known, None) if truth else (None, known)
    if node is None:
        return known, known
    yes, no = (facts.asked(run, node, scope, holds=holds).symbols for holds in (True, False))
    return (facts.also(known, yes) if yes else known, facts.also(known, no) if no else known)


def _truth(value: Abstract) -> bool | None:
    """Tell whether a value counts as true, None where that is open."""
    if value.open:
        return None
    found = {_is_true(atom) for atom in value.atoms}
    found |= {(isinstance(one, Structure) and bool(one.fields)) or None for one in value.things}
    return found.pop() if len(found) == 1 else None


def _is_true(atom: object) -> bool | None:
    if isinstance(atom, Text):
        return any(part for part in atom.parts if isinstance(part, str)) or None
    return None if isinstance(atom, Symbol) else bool(atom)


def _parts(
    run: Interpreter, answer: ir.Node | None, value: Abstract, scope: Scope
) -> Iterator[tuple[str, Cases]]:
    """Yield what is known by the parts of an answer, by index or key."""
    call = answer.value if isinstance(answer, ir.Await) else answer
    told = run.running.outcomes.get(id(call))
    known = scope.names.get(FACTS, NOTHING)
    for name, (yes, no) in told.parts.items() if told is not None else ():
        yield name, (facts.also(known, yes), facts.also(known, no))
    (made,) = value.things if len(value.things) == 1 else (None,)
    if told is not None or not isinstance(made, Structure) or value.atoms or value.open:
        return
    nodes = dict(_written(answer))
    for name, part in made.fields.items():
        yield name, _cases(run, nodes.get(name), part, scope)


def _written(answer: ir.Node | None) -> Iterator[tuple[str, ir.Node]]:
    """Yield the parts of an answer that is written out: ``False, "…"``, ``{ok: false}``."""
    if isinstance(answer, ir.Sequence):
        yield from ((str(position), item) for position, item in enumerate(answer.items))
    elif isinstance(answer, ir.Dictionary):
        for key, item in answer.items:
            if isinstance(key, ir.Constant):
                yield str(key.value), item


def outcome(definition: ir.Lambda, scope: Scope) -> Outcome | None:
    """Return what a function that has run tells its caller, None if it tells nothing."""
    ends = scope.left
    if not any(left.always or left.yes or left.no or left.parts for left in ends):
        return None
    always = facts.as_facts(common(left.always for left in ends))
    ending = [left.always for left in ends if left.yes is None]
    yes, no = _by_answer((left.yes, left.no) for left in ends)
    told = {name: _by_answer(_of_part(left, name) for left in ends) for name in _named(ends)}
    return Outcome(definition, always, yes, no, _common(ending), told)


def _by_answer(cases: Iterable[Cases]) -> tuple[Facts, Facts]:
    """Return what is known wherever an answer is a yes, and a no."""
    every = list(cases)
    yes = _common(yes for yes, _ in every if yes is not None)
    return yes, _common(no for _, no in every if no is not None)


def _common(known: Iterable[Abstract]) -> Facts:
    every = list(known)
    return facts.as_facts(common(every)) if every else {}


def _named(ends: Iterable[Left]) -> list[str]:
    """Return the parts that answers have, if any of them says something."""
    parts = [part for left in ends for part in left.parts.items()]
    says = any(yes or no for _, (yes, no) in parts)
    return sorted({name for name, _ in parts}) if says else []


def _of_part(left: Left, name: str) -> Cases:
    """Return what is known by a part; an answer that has others lacks this one."""
    if name in left.parts:
        return left.parts[name]
    return (None, left.always) if left.parts or left.yes is None else (left.always, left.always)


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


def answered(run: Interpreter, target: ir.Node, test: ir.Node, scope: Scope) -> None:
    """Remember what an answer tells that gets a name, or whose parts do.

    ``valid = x in ALLOWED``, ``key, error = shown(event)``, ``const { ok } = await shown(event)``.
    Only of a name that gets no other answer: of several, nobody knows which it is.
    """
    found = _told(run, test)
    told: dict[str, tuple[Facts, Facts]] = {}
    if isinstance(target, ir.Name):
        if guards.is_test(test) or (found is not None and (found.yes or found.no)):
            yes, no = (facts.asked(run, test, scope, holds=h).symbols for h in (True, False))
            told[target.id] = yes, no
        told |= {part_of(target.id, part): cases for part, cases in _parts_of(found).items()}
    names = [target.id] if isinstance(target, ir.Name) else []
    for name, part in _names(target):
        names.append(name)
        told[name] = _parts_of(found).get(part, ({}, {}))
    for name in names:
        _remember(name, told, test, scope)


def _remember(base: str, told: dict[str, tuple[Facts, Facts]], test: ir.Node, scope: Scope) -> None:
    known = [name for name in scope.tests if name == base or name.startswith(part_of(base, ""))]
    again = any(scope.tests.pop(name).test == id(test) for name in known)  # in a loop
    if not again and base in scope.names:
        return
    for name, (yes, no) in told.items():
        if (yes or no) and (name == base or name.startswith(part_of(base, ""))):
            scope.tests[name] = Answer(yes, no, id(test))


def _parts_of(found: Outcome | None) -> dict[str, tuple[Facts, Facts]]:
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
            if isinstance(item, ir.Name):
                yield item.id, str(position)
    elif isinstance(target, ir.ObjectPattern):
        for key, item in target.items:
            if isinstance(key, ir.Constant) and isinstance(item, ir.Name):
                yield item.id, str(key.value)
