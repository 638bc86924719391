"""Where code uses a value in a way that can go wrong, and what makes a value harmless.

Source: ``data/uses.yaml``, which explains its words. A *family* is a way to go wrong (``command``,
``sql`` …); sets of families are bit sets, for a value carries one through the whole program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from typing import NamedTuple

from checkrein.catalog.tables import table

FILE = "uses.yaml"
EVERY = "all"
CREDENTIAL = "credential"
ANY = "*"  # whatever the module
SEGMENT = "segment"  # marks a piece of a text that was split at dots
PARSED = "parsed"  # marks what was parsed out of a text, and need be none itself
DECODED = "decoded"  # marks what base64 was read of
ROWS = "rows"  # marks what chose rows by a statement that it is a part of
KEPT = object()  # no value of a setting
NO_USES = frozenset(("doubtful", SEGMENT, PARSED, DECODED, "state", ROWS))
MARKS = frozenset((SEGMENT, PARSED, DECODED))  # which say nothing of harm


class Use(NamedTuple):
    """What a function does with its arguments: a family, and the parameters by position.

    A parameter in brackets, ``(options)``, is none that can be the fault. ``always`` is true for
    families that are about which function is used, or about constants.
    """

    family: str
    parameters: tuple[str, ...]
    always: bool = False


class Proof(NamedTuple):
    """How a function says that a caller could sign: by raising or by its answer.

    ``later`` where a promise does; ``key`` is the position of the secret, None where it has none.
    """

    raises: bool
    later: bool
    key: int | None


@cache
def families() -> Mapping[str, int]:
    """Return the bit of each family, in order."""
    return {name: 1 << position for position, name in enumerate(table(FILE)["families"])}


@cache
def bits(names: str) -> int:
    """Return the bit set of families, ``all`` or names with spaces between."""
    known = families()
    if names == EVERY:
        return sum(bit for name, bit in known.items() if name not in NO_USES)
    return sum(known[name] for name in names.split())


@cache
def named(harmless: int) -> tuple[str, ...]:
    """Return the families of a bit set, ``("all",)`` where it holds them all."""
    if harmless & bits(EVERY) == bits(EVERY):
        return (EVERY,)
    return tuple(name for name, bit in families().items() if harmless & bit and name not in MARKS)


def of_function(name: str) -> Use | None:
    """Return how a function of a language or library uses its arguments."""
    return _functions().get(name)


def of_credential(name: str) -> Use | None:
    """Return which arguments of a function are secrets, besides how it uses the others."""
    return _credentials().get(name)


@cache
def in_clear() -> frozenset[str]:
    """Return the functions that connect to a database without TLS where no setting asks for it."""
    return frozenset(table(FILE)["in_clear"])


def of_made(module: str, method: str) -> Use | None:
    """Return how a method uses its arguments, of whatever a module makes."""
    return _made().get((module, method)) or _made().get((ANY, method))


def of_unknown(method: str) -> Use | None:
    """Return how a method uses its arguments, of a receiver that is not known."""
    return _methods().get(method)


def of_documents(method: str, packages: AbstractSet[str]) -> bool:
    """Tell whether a method of an unknown object may ask documents, where packages are loaded.

    Not where only what maps objects to tables is there, whose methods are called the same.
    """
    known = table(FILE)
    if packages.isdisjoint(known["relational"]):
        return True
    documents = known["made"]["nosql"]
    return any(method in documents[package] for package in packages if package in documents)


def unverified(setting: str, module: str) -> object:
    """Return the value by which a setting of a package turns off that certificates are verified.

    ``KEPT`` where the setting does not do that. ``module`` is "" where it is not known.
    """
    said = table(FILE)["unverified"].get(setting)
    if said is None or module not in said.get("of", [module]):
        return KEPT
    return said["value"]


@cache
def unverifying() -> frozenset[str]:
    """Return the names of settings that can turn off that certificates are verified."""
    return frozenset(table(FILE)["unverified"])


def harmless_result(name: str) -> int:
    """Return the families that a function's result is harmless for."""
    return _bits("harmless").get(name, 0)


def raw_marks(name: str) -> tuple[str, ...] | None:
    """Return what in a template says that a value is put in as it is; None: nothing is escaped."""
    marks = table(FILE)["escaping"].get(name)
    return None if marks is None else tuple(marks)


def test(method: str) -> int:
    """Return the families that a text is harmless for where its method says yes."""
    return _bits("tests").get(method, 0)


def of_texts(language: str, method: str) -> str:
    """Return "making", "asking" or "turning" for a method of texts, by what it does; else ""."""
    return _of_texts().get((language, method), "")


def predicate(name: str) -> int:
    """Return the families that a function's first argument is harmless for where it says yes."""
    return _bits("predicates").get(name, 0)


def component(name: str) -> int:
    """Return the families that a function's arguments are harmless for where a part is known.

    ``name`` is that of the part: ``URL().hostname``.
    """
    return _bits("components").get(name, 0)


def without(text: str) -> int:
    """Return the families that a text is harmless for in which another does not stand."""
    return _bits("without").get(text, 0)


def raises(name: str) -> bool:
    """Tell whether a function raises unless its argument is as ``harmless_result`` says."""
    return name in _raising()


@cache
def proving(section: str) -> frozenset[str]:
    """Return the functions of a section of what tells who calls: ``comparing holding later``."""
    return frozenset(table(FILE)["proving"][section])


def compares(name: str) -> bool:
    """Tell whether a function tells if two values are the same, in as much time if not."""
    return name in proving("comparing")


@lru_cache(maxsize=4096)
def package(module: str) -> str:
    """Return the package of a module: ``psycopg2.extras`` and ``mysql2/promise`` are its parts."""
    if module.startswith("@"):
        return "/".join(module.split("/")[:2])
    return module.partition("/")[0].partition(".")[0]


def proof(module: str, name: str) -> Proof | None:
    """Return how a package's function says that a caller could sign, None if it does not."""
    return _checking().get((package(module), name))


@cache
def may_prove(name: str) -> bool:
    """Tell whether some function of a name may tell who calls."""
    return compares(name) or name in {method for _, method in _checking()}


@cache
def _checking() -> Mapping[tuple[str, str], Proof]:
    return {
        (package, name): _proof(said.split())
        for package, methods in table(FILE)["proving"]["checking"].items()
        for name, said in methods.items()
    }


def _proof(words: list[str]) -> Proof:
    key = int(words[-1]) if words[-1].isdigit() else None
    return Proof("raises" in words, "later" in words, key)


@cache
def _functions() -> Mapping[str, Use]:
    return _uses((f, said) for f, said in table(FILE)["functions"].items() if f != CREDENTIAL)


@cache
def _credentials() -> Mapping[str, Use]:
    return _uses([(CREDENTIAL, table(FILE)["functions"][CREDENTIAL])])


@cache
def _methods() -> Mapping[str, Use]:
    return _uses(table(FILE)["methods"].items())


def _uses(said: Iterable[tuple[str, Mapping[str, str]]]) -> Mapping[str, Use]:
    return {name: _use(family, text) for family, listed in said for name, text in listed.items()}


@cache
def _made() -> Mapping[tuple[str, str], Use]:
    return {
        (module, method): _use(family, parameters)
        for family, modules in table(FILE)["made"].items()
        for module, methods in modules.items()
        for method, parameters in methods.items()
    }


def _use(family: str, parameters: str) -> Use:
    names = tuple(name.strip() for name in parameters.split(",")) if parameters else ()
    return Use(family, names, family in table(FILE)["always"])


@cache
def _bits(section: str) -> Mapping[str, int]:
    return {name: bits(str(said)) for name, said in table(FILE)[section].items()}


@cache
def _of_texts() -> Mapping[tuple[str, str], str]:
    return {
        (language, method): kind
        for language, kinds in table(FILE)["texts"].items()
        for kind, methods in kinds.items()
        for method in methods
    }


@cache
def _raising() -> frozenset[str]:
    return frozenset(table(FILE)["raising"])
