"""A plan beside the files that it was made of: whether they still are the same.

A plan that was kept, or made for some targets only, has other blocks than the files. The files
say which blocks there are, the plan which instances they have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path as File
from typing import NamedTuple

from checkrein.model import Place
from checkrein.notation.hcl_nodes import literal
from checkrein.read.made import Lost
from checkrein.read.terraform.configuration import STAND_IN, Configuration, configuration
from checkrein.read.terraform.instances import Instance, Root
from checkrein.read.terraform.plan_references import KEY
from checkrein.read.terraform.sources import called_configuration

DEEPEST = 12
AGAIN = "make it anew with `terraform plan -out tfplan && terraform show -json tfplan > plan.json`"
ELSEWHERE = "put it beside the .tf files and findings stand on their lines"


class Declared(NamedTuple):
    """The blocks of a module and of those that it calls, and which modules are not at hand."""

    blocks: frozenset[str]
    closed: tuple[str, ...]  # prefixes of addresses
    is_whole: bool


class Compared(NamedTuple):
    """What only the files have, which of the plan's they no longer declare, if they are there."""

    new: tuple[Instance, ...]
    gone: frozenset[str]
    is_beside: bool

    def lost(self, place: Place) -> Iterator[Lost]:
        """Yield what that costs."""
        if not self.is_beside:
            yield Lost("no file of its module lies beside this plan", ELSEWHERE, place)
        parts = [
            f"{len(names)} of {whose} ({', '.join(sorted(names)[:2])}{' …' * (len(names) > 2)})"  # noqa: PLR2004
            for whose, names in (
                ("the files that it lacks", {each.address for each in self.new}),
                ("its own that they do not have", self.gone),
            )
            if names
        ]
        if parts:
            reason = f"the plan was made of other files: {' and '.join(parts)}"
            yield Lost(reason, f"the files count; {AGAIN}", place)


def declared(root: File, folder: str) -> Declared:
    """Return the blocks that a folder's files declare, modules' by their addresses."""
    blocks: set[str] = set()
    closed: list[str] = []
    whole: list[bool] = []
    _gather(root, configuration(root, folder), "", (blocks, closed, whole))
    return Declared(frozenset(blocks), tuple(closed), all(whole))


def _gather(
    root: File,
    found: Configuration,
    prefix: str,
    into: tuple[set[str], list[str], list[bool]],
) -> None:
    blocks, closed, whole = into
    whole.append(not any(one.fatal for one in found.lost))
    for mode, kind, name in found.resources:
        blocks.add(f"{prefix}{'data.' if mode == 'data' else ''}{kind}.{name}")
    for name, block in found.modules.items():
        own = f"{prefix}module.{name}."
        inner = called_configuration(root, found, literal(block.body.value("source")))
        is_open = isinstance(inner, Configuration) and not inner.shown.startswith(STAND_IN)
        if isinstance(inner, Configuration) and is_open and own.count("module.") <= DEEPEST:
            _gather(root, inner, own, into)
        else:
            closed.append(own)


def compared(beside: Root, files: Declared, planned: Iterable[str]) -> Compared:
    """Compare the addresses of a plan with the files beside it."""
    if not beside.files:
        return Compared((), frozenset(), is_beside=False)
    bare = {address: KEY.sub("", address) for address in planned}
    known = set(bare.values())
    new = [
        each
        for each in beside.instances
        if not each.is_data
        and not each.condition
        and not {"count", "for_each"} & each.values.keys()
        and KEY.sub("", each.address) not in known
        and KEY.sub("", each.address) in files.blocks
    ]
    gone = [
        address
        for address, name in bare.items()
        if files.is_whole and name not in files.blocks and not name.startswith(files.closed)
    ]
    return Compared(tuple(new), frozenset(gone), is_beside=True)
