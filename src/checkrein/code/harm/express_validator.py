"""express-validator: chains in front of a route, and what code that looks at their result knows.

What a chain makes of a value (``trim``, ``toInt``) stands in the request in place of what was sent,
whoever looks. What it asks of it (``isEmail``) is only noted: code that does not look at
``validationResult`` has anything. A chain keeps both as a shape, by part of the request and field.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from checkrein.catalog import uses
from checkrein.code import ir
from checkrein.code.domain import shapes
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.listed import listed
from checkrein.code.domain.things import Arguments, Library, Structure
from checkrein.code.domain.values import only_string, sources_of, symbolic
from checkrein.code.harm import comparisons, facts, regular, schemas, telling
from checkrein.code.harm.backtracking import exponential
from checkrein.code.libraries.text_methods import pattern_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.harm.telling import Facts, Told
    from checkrein.code.running.interpreter import Interpreter

    Chain = dict[str, Any]

MODULE = "express-validator"
PLACES = {  # of a request, and where the event has them
    "body": ("body",),
    "param": ("pathParameters",),
    "params": ("pathParameters",),
    "query": ("queryStringParameters",),
    "headers": ("headers",),
    "header": ("headers",),
    "check": ("body", "pathParameters", "queryStringParameters", "headers"),
}
MADE, ASKED = "made", "asked"
NEGATED, ENDED = "negated", "ended"  # marks of a chain: after ``not``, and after ``if``
RESULT = "validationResult"
TEXTUAL = frozenset((
    "trim", "ltrim", "rtrim", "escape", "unescape", "blacklist", "whitelist", "stripLow",
    "normalizeEmail", "toString",
))  # fmt: skip
NUMERIC = frozenset(("toInt", "toFloat", "toBoolean", "toDate"))
REPLACING = frozenset(("customSanitizer", "default", "replace"))
# what the text of an object, "[object Object]", is refused by
REFUSING = frozenset((
    "isString", "isEmail", "isURL", "isFQDN", "isMobilePhone", "isPostalCode", "isHexColor",
    "isCreditCard", "isIBAN", "isBIC", "isJWT", "isBase64", "isHexadecimal", "isSlug", "isDate",
    "isISO8601", "isRFC3339", "isMACAddress", "isMD5", "isHash", "isSemVer", "isLocale", "isJSON",
    "isLowercase", "isUppercase", "isCurrency", "isISBN", "isISO4217", "isISO31661Alpha2",
    "isLatLong", "isMimeType", "isDataURI", "isMagnetURI", "isPassportNumber", "isLicensePlate",
))  # fmt: skip
KNOWN = frozenset(("isIn", "equals", "isFloat", "isDecimal", "isBoolean"))
VALIDATORS = frozenset(("contains", "equals", "exists", "matches", "notEmpty", "custom"))
OBJECT = "[object Object]"
LONGEST = 200  # a pattern beyond this is not tried
LENGTHS = range(3)  # of the list of errors
OFF = Abstract(frozenset((False,)))
SETTINGS = frozenset(("in", "errorMessage", "optional", "exists"))  # of a field in a schema
VALIDATING = re.compile(r"(?i)valid|check")


def call(run: Interpreter, one: Library, given: Arguments) -> Abstract | None:
    """Return what a function of the library gives, None if it is of no chain."""
    word = one.path.rpartition(".")[2]
    if word == "throw" and one.path.startswith(RESULT):
        facts.learn(run, run.running.asked)
        return None
    if one.path == "checkSchema":
        return _schema(run, given)
    if one.path == word and word in PLACES:
        return _chain(f"{word}()", _begun(word, listed(given.first())))
    if one.shape is None:
        return None
    if word == "run":
        _learn(run, one.shape)
        return None
    return _chain(f"{one.path}()", _more(one.shape, word, given.positional))


def _chain(path: str, shape: Chain) -> Abstract:
    made = Library(MODULE, path)
    made.shape = shape
    return Abstract(things=(made,))


def _begun(place: str, names: Iterable[str]) -> Chain:
    fields = {name.replace(".*", "[]"): shapes.ANYTHING for name in names}
    parts = dict.fromkeys(PLACES[place], fields)
    return {MADE: parts, ASKED: parts}


def _more(before: Chain, word: str, given: list[Abstract]) -> Chain:
    """Return what a chain says with one more word."""
    if ENDED in before or word == "if":  # what follows is only done for some requests
        return {**before, ENDED: 1}
    if word == "not":
        return {**before, NEGATED: 1}
    if word in REPLACING:
        return {MADE: _with(before[MADE], None), ASKED: _with(before[ASKED], None)}
    if NEGATED in before and (word.startswith("is") or word in VALIDATORS):
        return {name: part for name, part in before.items() if name != NEGATED}
    made, asked = _made(word), _asked(word, given[0] if given else Abstract())
    return {**before, MADE: _with(before[MADE], made), ASKED: _with(before[ASKED], asked)}


def _with(parts: dict[str, Any], bits: int | None) -> dict[str, Any]:
    """Return parts of a request with more known of each field, or nothing any more."""
    return {
        place: {name: 0 if bits is None else known | bits for name, known in fields.items()}
        for place, fields in parts.items()
    }


def _made(word: str) -> int:
    if word in NUMERIC:
        return uses.bits("all")
    if word not in TEXTUAL:
        return 0
    return uses.bits(f"{shapes.TEXT} html xml" if word == "escape" else shapes.TEXT)


def _asked(word: str, first: Abstract) -> int:
    """Return what a value is harmless for that a validator lets through, or a list of such."""
    if word in KNOWN:
        return 0 if sources_of(first) else uses.bits("all")
    if word == "matches":
        return _matching(pattern_of(first) or only_string(first))
    found = uses.predicate(f"validator.{word}") | shapes.of_word(word, first)
    return found | (uses.bits(shapes.TEXT) if word in REFUSING or found else 0)


def _matching(pattern: str | None) -> int:
    if not pattern:
        return 0
    found = regular.harmless(pattern, anchored="none")
    return found | (0 if _takes_objects(pattern) else uses.bits(shapes.TEXT))


def _takes_objects(pattern: str) -> bool:
    """Tell whether the text of an object matches a pattern, or may."""
    if len(pattern) > LONGEST or exponential(pattern, whole=True):
        return True
    written = regular.WITHOUT_FLAGS.match(pattern)
    try:
        return bool(re.search(written[1] if written else pattern, OBJECT, re.IGNORECASE))
    except (re.error, RecursionError, OverflowError):
        return True


def _schema(run: Interpreter, given: Arguments) -> Abstract:
    """``checkSchema({email: {in: ["body"], isEmail: true}}, ["body"])``: a list of chains."""
    default = listed(given.first(1)) or ["check"]
    chains: list[Abstract] = []
    for each in [t for t in given.first().things if isinstance(t, Structure)]:
        for name, rules in each.fields.items():
            for rule in [t for t in rules.things if isinstance(t, Structure)]:
                places = listed(rule.fields.get("in", Abstract())) or default
                chains += [_of_rules(place, name, rule) for place in places if place in PLACES]
    return run.built("list", {str(at): chain for at, chain in enumerate(chains)})


def _of_rules(place: str, name: str, rule: Structure) -> Abstract:
    chain = _begun(place, [name])
    for word, said in rule.fields.items():
        if word in SETTINGS or said == OFF:
            continue
        options = [t.fields["options"] for t in said.things if _has_options(t)]
        negated = any(isinstance(t, Structure) and "negated" in t.fields for t in said.things)
        first = [one.fields["0"] for o in options for one in o.things if _is_list(one)] or options
        chain = _more(chain, "not", []) if negated else chain
        chain = _more(chain, word, first)
    return _chain("checkSchema()", chain)


def _has_options(one: object) -> bool:
    return isinstance(one, Structure) and "options" in one.fields


def _is_list(one: object) -> bool:
    return isinstance(one, Structure) and one.kind == "list" and "0" in one.fields


# ------------------------------------------------------------------------------ what code knows


def stands_unread(one: Library) -> bool:
    """Tell whether a library's function in front of a route may look at the result for it."""
    return one.module != MODULE and bool(VALIDATING.search(one.path.replace("()", "")))


@contextmanager
def found(run: Interpreter, every: Iterable[Library]) -> Iterator[None]:
    """While it lasts, the request is what chains made of it, and their result can be looked at."""
    before, run.running.asked = run.running.asked, {}
    chains = [one.shape for one in every if one.module == MODULE and one.shape]
    try:
        for chain in chains:
            _learn(run, chain)
        if any(stands_unread(one) for one in every):
            facts.learn(run, run.running.asked)
        yield
    finally:
        run.running.asked = before


def _learn(run: Interpreter, chain: Chain) -> None:
    """Learn what a chain made, and note what it asked."""
    made: Facts = {}
    for place, shape in chain[MADE].items():
        schemas.gather(symbolic("event", place), shape, made)
    facts.learn(run, made)
    asked = dict(run.running.asked)
    for place, shape in [*chain[MADE].items(), *chain[ASKED].items()]:
        schemas.gather(symbolic("event", place), shape, asked)
    run.running.asked = asked


def looked(run: Interpreter, test: ir.Node, scope: Scope, *, holds: bool) -> Told:
    """Return what it tells that there are no errors: ``errors.isEmpty()``, ``errors.length``."""
    if not run.running.asked:
        return telling.NOTHING
    if isinstance(test, ir.Call):
        none = holds and _is_result(run, test.function, scope, "isEmpty")
    elif isinstance(test, ir.Compare):
        none = _none(run, test, scope, holds=holds)
    else:
        none = not holds and _is_result(run, test, scope, "length")
    return telling.Told(run.running.asked, {}) if none else telling.NOTHING


def _none(run: Interpreter, test: ir.Compare, scope: Scope, *, holds: bool) -> bool:
    """``errors.array().length > 0``, where it does not hold."""
    compare = comparisons.COMPARING.get(test.operator)
    if compare is None or not _is_result(run, test.left, scope, "length"):
        return False
    limits = [a for a in run.evaluate(test.right, scope).atoms if isinstance(a, (int, float))]
    return len(limits) == 1 and [n for n in LENGTHS if compare(n, limits[0]) is holds] == [0]


def _is_result(run: Interpreter, node: ir.Node, scope: Scope, name: str) -> bool:
    if not isinstance(node, ir.Attribute) or node.name != name:
        return False
    return any(
        isinstance(one, Library) and one.module == MODULE and RESULT in one.path
        for one in run.evaluate(node, scope).things
    )
