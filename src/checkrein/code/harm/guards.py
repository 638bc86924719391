"""Tests that let only harmless content through: ``if name not in ALLOWED: return``."""

from __future__ import annotations

import re
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Final

from checkrein.catalog import uses
from checkrein.code import ir
from checkrein.code.domain.scopes import part_of
from checkrein.code.domain.things import Library, Structure
from checkrein.code.domain.values import NOTHING, families, only_string, sources_of, strings
from checkrein.code.harm import (
    claims,
    comparisons,
    express_validator,
    held,
    items,
    proofs,
    ranks,
    regular,
    requests,
    telling,
)
from checkrein.code.harm.telling import Told
from checkrein.code.libraries.text_methods import pattern_of
from checkrein.model import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Answer, Scope
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

HOLDING = frozenset(("includes", "has", "hasOwnProperty", "__contains__", "contains"))
PREFIXES = frozenset(("startswith", "startsWith", "is_relative_to"))
SUFFIXES = frozenset(("endswith", "endsWith"))
LINES = frozenset(("re.M", "re.MULTILINE", "re.RegexFlag.M", "re.RegexFlag.MULTILINE"))
CLASSES = {"int": "all", "float": "all", "bool": "all", "str": "text"}
# functions that tell whether something is a number -> the answer that says so
NUMERIC = {
    "isNaN": False,
    "isFinite": True,
    "Number.isNaN": False,
    "Number.isFinite": True,
    "Number.isInteger": True,
    "Number.isSafeInteger": True,
}
CONVERTING = frozenset(("isNaN", "isFinite"))  # of these, those that make a number of it first
# What an answer often is, and never a test.
SILENT: Final = frozenset((ir.Constant, ir.Dictionary, ir.Sequence, ir.Format, ir.Attribute))
MATCHES = {"match": "start", "fullmatch": "both", "search": "none", "test": "none", "exec": "none"}


def told(run: Interpreter, test: ir.Node, scope: Scope, *, holds: bool) -> Told:
    """Return what a test tells, where it holds or where it does not."""
    looked = express_validator.looked(run, test, scope, holds=holds)
    if not looked and not isinstance(test, ir.Name):
        looked = answered(test, scope, holds=holds)
    return looked or _told(run, test, scope, holds=holds)


def _told(run: Interpreter, test: ir.Node, scope: Scope, *, holds: bool) -> Told:
    if type(test) in SILENT:
        return _held(run, test, scope) if holds else telling.NOTHING
    awaited = isinstance(test, ir.Await)
    if isinstance(test, ir.Await):
        test = test.value
    if isinstance(test, ir.Not):
        return told(run, test.value, scope, holds=not holds)
    if isinstance(test, ir.Operation) and test.operator in ("and", "or"):
        every = [told(run, operand, scope, holds=holds) for operand in test.operands]
        return telling.united(every) if (test.operator == "and") is holds else telling.either(every)
    if isinstance(test, ir.Compare):
        stored = Told(held.compared(run, test, scope, holds=holds), {})
        return telling.united((comparisons.told(run, test, scope, holds=holds), stored))
    if isinstance(test, ir.Call):
        return _called(run, test, scope, holds=holds, awaited=awaited)
    return _answered(run, test, scope, holds=holds)


def _answered(run: Interpreter, test: ir.Node, scope: Scope, *, holds: bool) -> Told:
    """``ALLOWED[x]``; ``valid = x in ALLOWED``, and then ``if valid``."""
    if isinstance(test, ir.Subscript) and holds:
        stored = Told(held.there(run, test, scope), {})
        return telling.united((_listed(run, test, scope), stored))
    if not isinstance(test, ir.Name):
        return telling.NOTHING
    found = answered(test, scope, holds=holds)
    value = scope.find(test.id) if holds else None
    shown = _there(run, value) | held.found(run, value, scope) if value is not None else {}
    return telling.united((found, Told(shown, {}))) if shown else found


def answered(test: ir.Node, scope: Scope, *, holds: bool) -> Told:
    """Return what an answer told that has a name, or a part of it: ``auth.ok``, ``auth["ok"]``."""
    answer = named(test, scope)
    return Told(answer.yes if holds else answer.no, {}) if answer is not None else telling.NOTHING


def named(test: ir.Node, scope: Scope) -> Answer | None:
    """Return the answer that an expression names, None if it is none or is changed since."""
    answer = scope.tests.get(_name(test)) if scope.tests else None
    if answer is None or any(one.changed > answer.when for one in answer.of):
        return None
    return answer


def _name(test: ir.Node) -> str:
    if isinstance(test, ir.Name):
        return test.id
    if isinstance(test, ir.Subscript) and isinstance(test.index, ir.Constant):
        whole, name = test.value, str(test.index.value)
    elif isinstance(test, ir.Attribute):
        whole, name = test.value, test.name
    else:
        return ""
    return part_of(whole.id, name) if isinstance(whole, ir.Name) else ""


def _held(run: Interpreter, test: ir.Node, scope: Scope) -> Told:
    """``caller.isAdmin``, ``req.superAdmin``."""
    if not isinstance(test, ir.Attribute):
        return telling.NOTHING
    mark = ranks.marked(run, test, scope) | held.there(run, test, scope)
    return Told(_there(run, run.evaluate(test, scope)) | mark, {})


def _there(run: Interpreter, value: Abstract) -> Facts:
    """Return what it tells of who calls that a value is there."""
    known = claims.shown(value) or claims.opened(run, value)
    return known | ranks.there(run, value)


def _listed(run: Interpreter, test: ir.Subscript, scope: Scope) -> Told:
    """``if (COLUMNS[name])``: an object of the program's own has only known keys."""
    things = run.evaluate(test.value, scope).things
    known = [t for t in things if isinstance(t, Structure) and t.fields and not t.element]
    if not known or len(known) < len(things) or any(t.rest or t.kind == "list" for t in known):
        return telling.NOTHING
    return telling.of(run, test.index, uses.bits("all"), scope)


def is_test(node: ir.Node) -> bool:
    """Tell whether an expression looks like a test: a comparison, a match, a look into a list."""
    if proofs.may_tell(node):
        return True
    if isinstance(node, ir.Operation) and node.operator in ("and", "or"):
        return any(map(is_test, node.operands))
    if not isinstance(node, ir.Call):
        return isinstance(node, (ir.Compare, ir.Not))
    if not isinstance(node.function, ir.Attribute):
        return False
    name = node.function.name
    return name in MATCHES or name in HOLDING or name == "isEmpty" or bool(uses.test(name))


# ------------------------------------------------------------------------------ calls


def _called(run: Interpreter, test: ir.Call, scope: Scope, *, holds: bool, awaited: bool) -> Told:
    outcome = run.running.outcomes.get(id(test))
    if outcome is not None:
        return Told(outcome.says(holds=holds, awaited=awaited), {})
    of_items = items.told(run, test, scope, holds=holds)
    if of_items:
        return Told(of_items, {})
    found = _asked(run, test, scope, holds=holds)
    proof = proofs.called(run, test, scope, awaited=awaited) if holds else telling.NOTHING
    if holds and not proof and held.may_tell(test):
        proof = Told(held.there(run, test, scope), {})
    return telling.united((found, proof)) if proof else found


def _asked(run: Interpreter, test: ir.Call, scope: Scope, *, holds: bool) -> Told:
    """Return what a method or a function of a library tells of a value."""
    function = test.function
    numeric = _numeric(run, test, scope, holds=holds)
    if numeric:
        return numeric
    if isinstance(function, ir.Attribute) and function.name in PREFIXES:
        return _beginning(run, function.value, test, scope, holds=holds)
    if not holds:
        if isinstance(function, ir.Attribute) and function.name in HOLDING and test.arguments:
            found = telling.no_prototype(run, test.arguments[0].value, function.value, scope)
            if found:
                return found
        return _lacking(run, function, test, scope)
    if isinstance(function, ir.Attribute):
        found = _method(run, function, test, scope)
        if found:
            return found
    return _by_library(run, test, scope)


def _numeric(run: Interpreter, test: ir.Call, scope: Scope, *, holds: bool) -> Told:
    """``!isNaN(x)``, ``Number.isInteger(Number(x))``: all of the text is a number."""
    name = _global(test.function)
    if NUMERIC.get(name) is not holds or len(test.arguments) != 1:
        return telling.NOTHING
    if scope.find(name.partition(".")[0]) is not None:  # the program's own
        return telling.NOTHING
    subject = test.arguments[0].value
    converted = _converted(subject)
    if converted is None and name not in CONVERTING:
        return telling.NOTHING
    return telling.of(run, converted or subject, uses.bits("all"), scope)


def _converted(node: ir.Node) -> ir.Node | None:
    """Return what a number is made of, of all of it: ``Number(x)``, ``+x``."""
    if isinstance(node, ir.Operation) and node.operator == "+" and len(node.operands) == 1:
        return node.operands[0]
    if not isinstance(node, ir.Call) or len(node.arguments) != 1:
        return None
    return node.arguments[0].value if _global(node.function) == "Number" else None


def _global(node: ir.Node) -> str:
    """Return the name of a function of the language, "" if an expression is none."""
    if isinstance(node, ir.Attribute) and isinstance(node.value, ir.Name):
        return f"{node.value.id}.{node.name}"
    return node.id if isinstance(node, ir.Name) else ""


def _lacking(run: Interpreter, function: ir.Node, test: ir.Call, scope: Scope) -> Told:
    """``if (name.includes("..")) throw``."""
    if not isinstance(function, ir.Attribute) or function.name not in HOLDING or not test.arguments:
        return telling.NOTHING
    return telling.lacking(run, function.value, test.arguments[0].value, scope)


def _beginning(
    run: Interpreter, subject: ir.Node, test: ir.Call, scope: Scope, *, holds: bool
) -> Told:
    """``url.startswith("https://host/")``, ``os.path.realpath(path).startswith(root)``."""
    value = run.evaluate(subject, scope)
    prefix = run.evaluate(test.arguments[0].value, scope) if test.arguments else NOTHING
    if any(telling.components(value)):
        return telling.of(run, subject, uses.bits("path"), scope) if not holds else telling.NOTHING
    resolved = uses.bits("resolved")
    path = all(families(s) & resolved for s in sources_of(value) if s.owner != "env")
    if not holds:
        leading = path and (only_string(prefix) or "").startswith("..")
        return telling.of(run, subject, uses.bits("path") if leading else 0, scope)
    folder = telling.of(run, subject, _by_folder(run, prefix), scope)
    if telling.trusted(run, prefix) == 0:
        return folder
    told_of = [_by_prefix(atom) for atom in prefix.atoms] or ["url redirect"]
    harmless = reduce(and_, map(uses.bits, told_of)) | (uses.bits("path") if path else 0)
    found = telling.of(run, subject, harmless, scope)
    return telling.united((found, folder, requests.begins(run, subject, prefix, scope)))


def _by_folder(run: Interpreter, prefix: Abstract) -> int:
    """Return the family of keys where a text begins with a folder for one of many.

    ``f"uploads/{organisation}/"`` is one whoever chooses the rest of it, and so is what no caller
    chooses. A folder that the code names whole is everybody's: it bounds nobody.
    """
    parts = [atom.parts if isinstance(atom, Text) else (atom,) for atom in prefix.atoms]
    if any(isinstance(atom, str) for atom in prefix.atoms):
        return 0
    written = parts and not prefix.open and not prefix.things
    if written and all(isinstance(p[0], str) and "/" in p[0].lstrip("/") for p in parts):
        return uses.bits("key")
    return uses.bits("key") if telling.trusted(run, prefix) else 0


def _by_prefix(atom: object) -> str:
    """Return what a text is harmless for that begins so."""
    if not isinstance(atom, str):
        return "url redirect"  # of the environment, or what a call gave
    if regular.HOST.match(atom) or re.match(r"/[^/\\]", atom):
        return "url redirect"
    return "doubtful" if atom == "/" or len(atom) > len("https://") else ""


def _method(run: Interpreter, function: ir.Attribute, test: ir.Call, scope: Scope) -> Told:
    """``x.isdigit()``, ``ALLOWED.includes(x)``, ``x.startsWith("https://a/")``."""
    arguments = [one.value for one in test.arguments if not one.name]
    if function.name in HOLDING and arguments:
        return telling.member(run, arguments[0], function.value, scope)
    if function.name == "match" and arguments:  # JavaScript's, of a text
        pattern = pattern_of(run.evaluate(arguments[0], scope))
        if pattern is not None and not _is_pattern(run, function.value, scope):
            harmless = regular.harmless(pattern, anchored="none")
            return telling.of(run, function.value, harmless, scope)
    harmless = uses.test(function.name)
    if function.name in SUFFIXES:  # of a host
        suffix = only_string(run.evaluate(arguments[0], scope)) if arguments else None
        host = any(telling.components(run.evaluate(function.value, scope)))
        harmless = uses.bits("url redirect") if host and (suffix or "").startswith(".") else 0
    if arguments and telling.trusted(run, run.evaluate(arguments[0], scope)) == 0:
        return telling.NOTHING
    return telling.of(run, function.value, harmless, scope)


def _is_pattern(run: Interpreter, node: ir.Node, scope: Scope) -> bool:
    value = run.evaluate(node, scope)
    return pattern_of(value) is not None or any(
        isinstance(t, Library) and t.module == "re" for t in value.things
    )


def _by_library(run: Interpreter, test: ir.Call, scope: Scope) -> Told:
    """``re.fullmatch(pattern, x)``, ``PATTERN.test(x)``, ``validator.isUUID(x)``."""
    if any(isinstance(one.value, ir.Lambda) for one in test.arguments):
        return telling.NOTHING  # to ask what it is of would register the function again
    arguments = [one.value for one in test.arguments if not one.name]
    for one in telling.called(run, test.function, scope):
        if not isinstance(one, Library):
            continue
        name = one.name.removeprefix("builtins.")
        last = name.rpartition(".")[2]
        if last in MATCHES and ("compile()." in name or "RegExp()." in name) and arguments:
            pattern = _flagged(one.arguments)
            return _matched(run, pattern, MATCHES[last], arguments[0], scope)
        if one.module == "re" and last in MATCHES and len(arguments) > 1:
            given = [run.evaluate(node, scope) for node in (arguments[0], *arguments[2:])]
            named = [run.evaluate(a.value, scope) for a in test.arguments if a.name == "flags"]
            pattern = _flagged([*given, *named])
            return _matched(run, pattern, MATCHES[last], arguments[1], scope)
        if name == "isinstance" and len(arguments) > 1:
            return _instance(run, arguments, scope)
        if arguments and uses.predicate(name):
            return telling.of(run, arguments[0], uses.predicate(name), scope)
    return telling.NOTHING


def _flagged(given: Sequence[Abstract]) -> str | None:
    """Return a pattern, None if it is not known, with the flag by which ``$`` ends each line."""
    pattern = only_string(given[0]) if given else None
    flags = given[1] if len(given) > 1 else NOTHING
    names = {t.name for t in flags.things if isinstance(t, Library)}
    lines = not names.isdisjoint(LINES) or any("m" in text for text in strings(flags))
    return f"(?m){pattern}" if lines and pattern is not None else pattern


def _matched(
    run: Interpreter, pattern: str | None, anchored: str, subject: ir.Node, scope: Scope
) -> Told:
    """Return what a match tells; a pattern that is not known may be made for the purpose."""
    if pattern is None:
        return telling.of(run, subject, uses.bits("doubtful"), scope)
    return telling.of(run, subject, regular.harmless(pattern, anchored=anchored), scope)


def _instance(run: Interpreter, arguments: list[ir.Node], scope: Scope) -> Told:
    classes = run.evaluate(arguments[1], scope)
    listed = [t for one in classes.things if isinstance(one, Structure) for t in one.items().things]
    every = [t for t in (*classes.things, *listed) if isinstance(t, Library)]
    known = [uses.bits(CLASSES.get(one.name.removeprefix("builtins."), "")) for one in every]
    harmless = reduce(and_, known, known[0]) if known else 0
    return telling.of(run, arguments[0], harmless, scope)
