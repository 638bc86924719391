"""What the sections of ``checkrein.yaml`` declare, one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from checkrein.model import INTENT as FILE
from checkrein.model import Fact
from checkrein.notation import Tree
from checkrein.read.intent import SECTIONS, choices
from checkrein.read.intent.classes import Classes
from checkrein.read.intent.declared import declared, made_with
from checkrein.read.intent.known import Known, known_of
from checkrein.read.intent.page import Page
from checkrein.read.intent.resources import Resources


def declared_in(root: Path, tree: Tree, facts: Iterable[Fact], *, complete: bool) -> list[Fact]:
    """Return what a file declares that was parsed; see ``read_intent``."""
    known = known_of(facts, complete=complete)
    page = Page(tree)
    _outline(page)
    classes = Classes(page)
    resources = Resources(page, classes, known)
    new = made_with(resources.new) | {each.id: each.type for each in resources.new}
    stacks = {each.stack: frozenset[str]() for each in resources.new}
    both = Known({**known.types, **new}, known.stacks, known.complete)
    all_stacks = Known(both.types, {**stacks, **known.stacks}, known.complete)
    found = [
        *classes.facts,
        *classes.named(),
        *resources.decisions(),
        *declared(root, page, both, resources.new),
        *choices.links(page, all_stacks),
        *choices.ignores(page),
    ]
    choices.programs_of(page)
    choices.settings(page)
    return [*found, *sorted(page.wrong, key=lambda each: each.place)]


def _outline(page: Page) -> None:
    """Complain of what stands twice and of sections that there are not."""
    for path, place in page.tree.duplicates:
        page.complain(f"{path[-1]} stands twice; keep one", line=place.line)
    if page.tree.value is not None and not isinstance(page.tree.value, dict):
        page.complain(f"the file must hold sections: {', '.join(SECTIONS)}", ())
        page.tree = Tree(FILE, page.tree.text, {}, page.tree.nodes, page.tree.keys)
    for name in page.tree.value or {}:
        page.knows(name, SECTIONS, (name,), "section")
