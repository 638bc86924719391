"""What a look-up answers: content of the store that was asked, not the text that it was asked with.

Where a statement takes its values apart from its text, or a model is asked for a row, the caller
chooses which row comes, and nothing of what stands in it. So the answer follows from what was
asked with, and is harmless as what that is: whoever filled the store chose it. The answer to a
statement that was put together from a caller's text may be anything, that text too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog.uses import bits, of_unknown
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Library
from checkrein.code.domain.values import cleaned, sources_of
from checkrein.code.harm.uses import is_built, is_statement

if TYPE_CHECKING:
    from checkrein.code.domain.things import Arguments, Thing

FINDING = frozenset(  # methods of models and collections that give rows or documents
    (
        *("findOne", "findAll", "findByPk", "findById", "findUnique", "findUniqueOrThrow"),
        *("findFirst", "findFirstOrThrow", "findMany", "findAndCountAll", "findOneBy"),
        *("findOneOrFail", "findOneByOrFail", "findAndCount", "findAndCountBy", "find_one"),
        *("find_by_id", "get_or_404", "first_or_404"),
    )
)
# Names that say it only of a library that keeps what its classes describe.
OF_MODELS = frozenset(("get", "get_by_id", "get_or_none"))
MAPPING = frozenset(
    (
        *("sqlalchemy", "sqlmodel", "flask_sqlalchemy", "django", "peewee", "pony", "tortoise"),
        *("pynamodb", "mongoengine", "odmantic", "beanie", "elasticsearch_dsl", "opensearchpy"),
    )
)
# All that a text may be used for; not "all", since which row it is may still be a caller's choice.
STORED = (
    "command code sql nosql path url html header redirect log xml regex template deserialize"
    " property ldap xpath archive cors cookie resolved"
)


def answered(name: str, given: Arguments, result: Abstract, module: str = "") -> Abstract:
    """Return the result of a library's method, as content of a store where it looks that up."""
    if not result or not _looks_up(name, given, module.partition(".")[0]):
        return result
    kept = cleaned(Abstract(result.atoms, (), result.sources, result.open), bits(STORED))
    return Abstract(kept.atoms, tuple(map(_bare, result.things)), kept.sources, kept.open)


def _bare(one: Thing) -> Thing:
    """Return something of a library without what it was made with: the sources tell that."""
    return Library(one.module, one.path) if isinstance(one, Library) else one


def _looks_up(name: str, given: Arguments, library: str) -> bool:
    if name in OF_MODELS and library in MAPPING:
        return True
    if name in FINDING:
        return not any(value.things and _is_given_function(value) for value in given.every())
    use = of_unknown(name)
    if use is None or use.family != "sql":
        return False
    statement = given.first()
    return is_built(statement) or (is_statement(statement) and not sources_of(statement))


def _is_given_function(value: Abstract) -> bool:
    from checkrein.code.running.calls import is_function  # noqa: PLC0415 - it calls libraries

    return any(map(is_function, value.things))
