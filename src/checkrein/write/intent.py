"""Changes of ``checkrein.yaml``, entry by entry; comments, order and style stay as they are.

For every command that edits the file (``init``, ``accept``)::

    entries = [
        ignoring("public-function-url", "a public page", subject="api/template/Page"),
        holding("api/template/Orders", ["biz.order"]),              # may_hold=True: the other list
        linking("api/template.TableName", "data/template/Orders"),
        Entry(("settings", "fail_on"), "medium"),                   # any other line of the file
        Entry(("ignore", 2), operation="remove"),
    ]
    save(root, entries)                    # the file itself, made with a head where it is not there
    written(text, entries)                 # the text as it would be: for --dry-run
    edits(text, entries)                   # the spans, for a diff

Every comment stays: one that stands within what goes moves to a line of its own, where that was.
What comes out is read back and compared with what was meant before anybody sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from checkrein.errors import InputError, UsageError
from checkrein.model import INTENT as FILE
from checkrein.model import Change, Edit, Place
from checkrein.model import Path as Keys
from checkrein.notation import Tree, decode, parse, splice
from checkrein.write.edits import drafted
from checkrein.write.files import replace_files
from checkrein.write.layout import Layout
from checkrein.write.plans import applied, planned
from checkrein.write.refusals import CannotEdit
from checkrein.write.rendering import block_lines
from checkrein.write.styles import style_of

HEAD = """\
# What this application is meant to do with its data, as its team decided: commit it with the code.
# Everything is optional; `checkrein schema intent` prints the schema for your editor.
#
# data:            your own classes of data, and what a class is worth to you (0 to 10)
# names:           what a field of that name holds, or none
# resources:       what a resource is meant to hold; resources that no template declares
# links:           which resource a stack's parameter names
# programs:        compliance programs that `checkrein comply` asks about
# settings:        options for everybody who runs checkrein here
# ignore:          findings that you accept, each with a reason
"""
COMMENT = re.compile(r"(?:(?<=\s)|(?<![\s\S]))#[^\r\n]*")


class Entry(Struct, frozen=True):
    """One change of the file: what stands at a path is set, removed, or gets an item appended.

    The path goes through the file's keys, through lists by index; parents that are not there are
    made, and emptied ones go. Indices count in the file as it is.
    """

    path: Keys
    value: Any = None
    operation: str = "set"  # set, remove, append


def ignoring(
    check: str, reason: str, subject: str = "", path: str = "", expires: str = ""
) -> Entry:
    """Return the entry that accepts a check's findings; what is empty is left out."""
    told = {"id": check, "subject": subject, "path": path, "reason": reason, "expires": expires}
    return Entry(("ignore",), {key: value for key, value in told.items() if value}, "append")


def holding(resource: str, classes: Iterable[str], *, may_hold: bool = False) -> Entry:
    """Return the entry that says what a resource is meant to hold, or may hold besides."""
    return Entry(("resources", resource, "may_hold" if may_hold else "holds"), list(classes))


def linking(parameter: str, target: str) -> Entry:
    """Return the entry that says which resource a stack's parameter (``stack.Name``) names."""
    return Entry(("links", parameter), target)


def save(root: Path, entries: Iterable[Entry]) -> str:
    """Change the file in a folder, or make it, and return its text.

    Raise CannotEdit where there is no safe place for a change, UsageError where the file cannot
    be written or somebody changed it meanwhile.
    """
    file = root / FILE
    try:
        before = file.read_bytes()
    except FileNotFoundError:
        text = written(None, entries)
        try:
            with file.open("x", encoding="utf-8", newline="") as stream:
                stream.write(text)
        except OSError as error:
            raise UsageError(f"cannot write {FILE}: {error.strerror}") from None
        return text
    text = written(before, entries)
    replace_files(root, {FILE: (before, text)})
    return text


def written(text: bytes | None, entries: Iterable[Entry]) -> str:
    """Return the file's text with the entries; ``None`` stands for no file. Raise CannotEdit."""
    found = edits(text, entries)
    return splice(decode(text or b"", FILE), found)


def edits(text: bytes | None, entries: Iterable[Entry]) -> tuple[Edit, ...]:
    """Return the edits that make the changes; they count in the file as it is.

    Raise CannotEdit where the file is no YAML, the changes contradict each other, or what they
    would make does not read back as what was meant.
    """
    changes = [(each.path, Change(FILE, each.path, each.operation, each.value)) for each in entries]
    tree = _tree(text)
    meant = _meant(tree, changes)
    found: Iterable[Edit]
    if text is None or tree.value is None:
        found = [_appended(tree, meant, HEAD if text is None else "")]
    elif not meant:
        found = _kept(tree, _cleared(tree))
    else:
        found = _kept(tree, _beside_comments(tree, drafted(tree, changes)))
    return _proved(tree, tuple(found), meant)


def _tree(text: bytes | None) -> Tree:
    try:
        tree = parse(text or b"", FILE)
    except InputError as error:
        raise CannotEdit(f"{FILE} cannot be read: {error}") from None
    if tree.value is not None and not isinstance(tree.value, dict):
        raise CannotEdit(f"{FILE} must hold sections such as resources and ignore")
    return tree


def _meant(tree: Tree, changes: list[tuple[Keys, Change]]) -> Any:
    value = tree.value if tree.value is not None else {}
    return applied(planned(value, changes), value)


def _appended(tree: Tree, value: dict[str, Any], head: str) -> Edit:
    """Write the whole of what is meant below the comments of a file that says nothing yet."""
    style, layout = style_of(tree), Layout(tree)
    end = len(tree.text)
    unended = bool(tree.text) and not tree.text.endswith(("\n", "\r"))
    lines = [
        *([""] if unended or head else []),  # ends the last line, or parts what follows from it
        *(block_lines(value, style, 0) if value else []),
    ]
    text = style.newline.join([*lines, ""]) if value else ""
    return layout.edit(end, end, head + text)


def _cleared(tree: Tree) -> list[Edit]:
    """Take every section out, with its lines."""
    root: Any = tree.nodes[()]
    layout = Layout(tree)
    if root.flow_style:
        return [layout.edit(*layout.span(root), "{}")]
    return [
        layout.edit(layout.line_start(one.start), layout.line_end(one.end), "")
        for one in layout.members((), root)
    ]


def _beside_comments(tree: Tree, found: list[Edit]) -> Iterator[Edit]:
    """Let what comes below an empty key begin behind the comment of its line."""
    layout = Layout(tree)
    comments = _comments(tree, layout)
    for edit in found:
        start, end = _offsets(layout, edit.place)
        behind = next((c for c in comments if start <= c[0] < layout.line_end(start)), None)
        gap = "" if behind is None else tree.text[start : behind[0]]
        newline = edit.text.startswith(("\n", "\r"))
        if behind and start == end and newline and not gap.strip():
            yield layout.edit(behind[1], behind[1], edit.text)
        else:
            yield edit


def _kept(tree: Tree, found: Iterable[Edit]) -> Iterator[Edit]:
    """Yield the edits with the comments that stand in what they take away."""
    layout = Layout(tree)
    comments = _comments(tree, layout)
    for edit in found:
        start, end = _offsets(layout, edit.place)
        lost = [tree.text[a:b] for a, b in comments if start <= a < end]
        if not lost:
            yield edit
            continue
        at = layout.line_start(start)
        blank = " " * _indent(tree, at)
        newline = style_of(tree).newline
        lines = "".join(f"{blank}{comment}{newline}" for comment in lost)
        if at == start:
            yield Edit(edit.place, lines + edit.text)
        else:
            yield layout.edit(at, at, lines)
            yield edit


def _indent(tree: Tree, at: int) -> int:
    rest = tree.text[at:]
    return len(rest) - len(rest.lstrip(" "))


def _offsets(layout: Layout, place: Place) -> tuple[int, int]:
    start = layout.starts[place.line - 1] + place.column - 1
    if not place.end_line:
        return start, start
    return start, layout.starts[place.end_line - 1] + place.end_column - 1


def _comments(tree: Tree, layout: Layout) -> Sequence[tuple[int, int]]:
    """Return the spans of all comments, in order: what begins with # outside of every text."""
    texts = sorted(
        layout.span(node)
        for node in (*tree.nodes.values(), *tree.keys.values())
        if isinstance(node, yaml.ScalarNode)
    )
    found, rest = [], iter(texts)
    inside = next(rest, None)
    done = 0
    while match := COMMENT.search(tree.text, done):
        while inside and inside[1] <= match.start():
            inside = next(rest, None)
        if inside and inside[0] <= match.start():
            done = max(inside[1], match.start() + 1)
        else:
            found.append(match.span())
            done = match.end()
    return found


def _proved(tree: Tree, found: tuple[Edit, ...], meant: Any) -> tuple[Edit, ...]:
    try:
        after = parse(splice(tree.text, found), FILE).value
    except (InputError, ValueError, LookupError):
        after = CannotEdit
    if (after or {}) != meant:
        raise CannotEdit(f"the way {FILE} is written leaves no safe place for this change")
    return found
