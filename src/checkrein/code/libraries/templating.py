"""Template engines that escape what they put into a page, unless the template says otherwise."""

from __future__ import annotations

from checkrein.catalog.uses import bits, raw_marks
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library, Structure
from checkrein.code.domain.values import constants, sources_of

PAGES = "html xml"
SETTINGS = frozenset(("noEscape", "escape", "autoescape", "autoEscape"))  # how values are escaped


def escaped(one: Library, given: Arguments) -> int:
    """Return the families that what a template engine makes is harmless for.

    Where it is told how to escape, it may escape nothing. A template whose text is not known is
    taken to be a file of the program's; who writes the template writes the page.
    """
    marks = raw_marks(one.name)
    if marks is None:
        return 0
    template = one.arguments[0] if one.name.endswith("()") and one.arguments else given.first()
    texts = [text for text in constants(template) if isinstance(text, str)]
    if sources_of(template) or any(mark in text for text in texts for mark in marks):
        return 0
    return 0 if any(map(_sets, (*one.arguments, *given.positional))) else bits(PAGES)


def _sets(options: Abstract) -> bool:
    """Tell whether options say how values are escaped: ``{noEscape: true}``."""
    fields = [one.fields for one in options.things if isinstance(one, Structure)]
    return any(not SETTINGS.isdisjoint(each) for each in fields)
