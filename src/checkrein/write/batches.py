"""The edits of many fixes that stand side by side, each as if it were made alone.

To read a file back for each of its fixes would cost the square of its size. So fixes that touch no
resource in common are proved together: with all their edits made, the file must read as all their
changes mean; where it does not, halves are tried, down to the one that is at fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from checkrein.model import App, Change, Edit
from checkrein.model import Path as Keys
from checkrein.notation import Tree
from checkrein.write.edits import DECLARED, by_file, drafted, of_hcl, reads_as_meant, refused


class Draft(NamedTuple):
    """The edits that one fix wants in one file, not yet proved."""

    fix: int
    tree: Tree
    changes: list[tuple[Keys, Change]]
    edits: list[Edit]

    @property
    def touched(self) -> set[Keys]:
        return {path[:DECLARED] for path, _ in self.changes}


def edits_of_each(
    root: Path, fixes: Iterable[tuple[Change, ...]], app: App
) -> list[tuple[Edit, ...] | Exception]:
    """Return, for each fix's changes, what ``edits`` would return, or what it would raise."""
    found: list[tuple[Edit, ...] | Exception] = []
    drafts: list[Draft] = []
    for number, changes in enumerate(fixes):
        try:
            mine = [
                Draft(number, tree, planned_here, drafted(tree, planned_here))
                for tree, planned_here in by_file(root, changes, app)
            ]
            others = of_hcl(root, changes, app)
        except Exception as error:  # noqa: BLE001 - a fix that fails must not hide the others
            found.append(error)
            continue
        drafts += mine
        found.append((*others, *(edit for draft in mine for edit in draft.edits)))
    for batch in _apart(drafts):
        for draft in _false(batch):
            found[draft.fix] = refused(draft.tree, draft.changes)
    return found


def _apart(drafts: list[Draft]) -> list[list[Draft]]:
    """Part drafts into batches of one file, in which no two touch the same resource."""
    batches: dict[str, list[tuple[set[Keys], list[Draft]]]] = {}
    for draft in drafts:
        here = batches.setdefault(draft.tree.path, [])
        for touched, batch in here:
            if touched.isdisjoint(draft.touched):
                touched.update(draft.touched)
                batch.append(draft)
                break
        else:
            here.append((draft.touched, [draft]))
    return [batch for here in batches.values() for _, batch in here]


def _false(batch: list[Draft]) -> Iterator[Draft]:
    """Yield the drafts after which the file would not read as it is meant to."""
    changes = [change for draft in batch for change in draft.changes]
    if reads_as_meant(batch[0].tree, changes, [edit for d in batch for edit in d.edits]):
        return
    if len(batch) == 1:
        yield batch[0]
        return
    half = len(batch) // 2
    yield from _false(batch[:half])
    yield from _false(batch[half:])
