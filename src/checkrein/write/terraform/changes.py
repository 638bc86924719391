"""Changes of properties, as edits of Terraform's files.

What one expression says is changed there. Else the tables are read backwards: an argument or nested
block comes into the resource's block, or into a resource of its own where Terraform keeps the
setting in one.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as File

from checkrein.catalog.terraform_arguments import routes
from checkrein.model import App, Change, Edit, Path, Resource
from checkrein.model.values import Symbol
from checkrein.notation.hcl_nodes import Block
from checkrein.write.refusals import CannotEdit
from checkrein.write.terraform.added import Added
from checkrein.write.terraform.alignment import realigned
from checkrein.write.terraform.documents import Documents
from checkrein.write.terraform.inputs import Inputs
from checkrein.write.terraform.inverse import settings
from checkrein.write.terraform.literals import Literals
from checkrein.write.terraform.plan import Plan
from checkrein.write.terraform.removal import removed
from checkrein.write.terraform.scene import Lookup, Scene
from checkrein.write.terraform.settled import Settled
from checkrein.write.terraform.speaking import Speaker, plain_value

ADD, SET, APPEND, REMOVE = "add", "set", "append", "remove"
STAGE = "StageDescription"
KEPT = (("DeletionPolicy",), ("UpdateReplacePolicy",))


def hcl_edits(changes: Iterable[Change], app: App, text_of: Lookup, root: File) -> list[Edit]:
    """Return the edits that make changes; raise CannotEdit where one of them cannot be made."""
    return _Writing(app, text_of, root).edits(list(changes))


class _Writing:
    def __init__(self, app: App, text_of: Lookup, root: File) -> None:
        self.app = app
        self.scene = Scene(text_of, root)
        self.plan = Plan(self.scene)
        self.speaker = Speaker(app, self.plan)
        self.literals = Literals(text_of, self._beside)
        self.settled = Settled(self.plan, self.speaker)
        self.inputs = Inputs(self.settled)
        self.added = Added(app, self.plan, self.speaker, self.settled)
        self.documents = Documents(app, self.plan, self.speaker)

    def edits(self, changes: list[Change]) -> list[Edit]:
        for change in changes:
            if change.operation == ADD:
                self.added.name(change)
        self.added.fill()
        for change in changes:
            if change.operation != ADD:
                self._write(change)
        self.settled.complete()
        made = [*self.literals.edits(), *self.plan.edits()]
        return [*made, *realigned(made, self.scene.text_of)]

    def _beside(self, symbol: Symbol, resource: Resource) -> str:
        return self.speaker.beside(resource, self._block(resource))(symbol)

    def _block(self, resource: Resource) -> Block:
        """Return the block of a resource; raise CannotEdit where a published module has it."""
        block = self.scene.block(resource.place)
        if block is None or block.type not in ("resource", "data"):
            made = f'the module "{block.labels[0]}"' if block and block.labels else "something else"
            raise CannotEdit(f"{made} makes it: change {_told(resource)}")
        return block

    def _write(self, change: Change) -> None:
        resource = next(iter(self.app.alternatives(Resource, change.resource)), None)
        if resource is None:
            raise CannotEdit(f"no file of Terraform declares {change.resource}")
        change = plain_value(change)
        self.scene.body(resource.where(change.path).path)
        if change.operation == SET and change.path not in KEPT:
            try:
                self.literals.add(change, resource)
            except CannotEdit as error:
                refused = str(error)
            else:
                return
        else:
            refused = ""
        self._elsewhere(change, resource, refused)

    def _elsewhere(self, change: Change, resource: Resource, refused: str) -> None:
        if refused.startswith(("two fixes", "nothing would")):
            raise CannotEdit(refused)
        if self.documents.write(change, resource):
            return
        call = self.scene.block(resource.place)
        if call and call.type == "module" and change.operation == SET and change.path not in KEPT:
            self.inputs.put(change, resource, call)
            return
        block = self._block(resource)
        if change.path in KEPT:
            self.settled.keep(block)
        elif change.operation == REMOVE:
            removed(self.plan, block, resource, change.path)
        else:
            self._set(change, resource, block)

    def _set(self, change: Change, resource: Resource, block: Block) -> None:
        path, value = change.path, change.value
        there = resource.value(path)
        if change.operation == APPEND:
            path = (*path, len(there) if isinstance(there, list) else 0)
        elif isinstance(value, list) and there not in (None, [], ()):
            value = value if not _is_structured(value) else _refuse(resource, change)
        known = routes(block.labels[0], resource.type)
        refer = self.speaker.beside(resource, block)
        try:
            wanted = list(settings(known, path, value))
        except CannotEdit:
            raise CannotEdit(_unsaid(block, path, resource)) from None
        for setting in wanted:
            self.settled.put(setting, resource, block, refer)


def _is_structured(value: list[object]) -> bool:
    return any(isinstance(item, dict) for item in value)


def _refuse(resource: Resource, change: Change) -> list[object]:
    place = resource.where(change.path)
    raise CannotEdit(f"other items are there already: change {place.path}, line {place.line}")


def _unsaid(block: Block, path: Path, resource: Resource) -> str:
    """Say that no argument says a property, or that a text does (a document in a heredoc).

    One of a stage that a deployment makes has none.
    """
    if place := resource.places.get(path):
        return f"checkrein does not write Terraform there: change {place.path}, line {place.line}"
    said = f"{block.labels[0]} has no argument for {'.'.join(map(str, path))}"
    return f"{said}: give its stage a block of its own" if path[:1] == (STAGE,) else said


def _told(resource: Resource) -> str:
    return f"{resource.place.path}, line {resource.place.line}"
