"""Whole resources that a fix adds, behind the one they belong to and named after it."""

from __future__ import annotations

from checkrein.catalog.terraform_arguments import made_as, routes
from checkrein.model import App, Change, Resource
from checkrein.notation.hcl_nodes import Block
from checkrein.write.refusals import CannotEdit
from checkrein.write.terraform.inverse import settings_of
from checkrein.write.terraform.plan import New, Plan
from checkrein.write.terraform.references import called, snake, turn
from checkrein.write.terraform.settled import Settled, copy_turns
from checkrein.write.terraform.speaking import Speaker, plain_value


class Added:
    """Makes new resources."""

    def __init__(self, app: App, plan: Plan, speaker: Speaker, settled: Settled) -> None:
        self._app, self._plan, self._speaker, self._settled = app, plan, speaker, settled
        self._shared: dict[tuple[str, int, str, str], New] = {}
        self._made: dict[str, tuple[New, Resource, Block, object]] = {}

    def name(self, change: Change) -> None:
        """Give a new resource its place and name, by which others may refer to it."""
        if change.resource in self._made:
            if self._made[change.resource][3] != change.value:
                raise CannotEdit(f"two fixes add {change.resource}, each another one")
            return
        owner, suffix = self._owner(change.resource)
        block = self._plan.scene.block(owner.place)
        if block is None or block.type != "resource":
            raise CannotEdit(
                f"a module makes {owner.name}: change {owner.place.path}, line {owner.place.line}"
            )
        target = change.value["Type"]
        type = made_as(target)
        if not type:
            raise CannotEdit(f"checkrein writes no {target} in Terraform")
        new = self._new(block, type, snake(suffix))
        self._made[change.resource] = new, owner, block, change.value
        self._speaker.added[change.resource] = new, turn(block), target

    def _new(self, block: Block, type: str, suffix: str) -> New:
        """Return a new resource; one for all instances that one block makes."""
        spot = (block.source.path, block.start, type, suffix)
        if spot not in self._shared:
            label = f"{block.labels[1]}_{suffix}"
            new = self._shared[spot] = self._plan.behind(block, "resource", type, label)
            copy_turns(new, block)
            own = called(block)
            more = f"{suffix}{new.label.removeprefix(label)}".replace("_", "-")
            new.called = f"{own}-{more}" if own else ""
        return self._shared[spot]

    def fill(self) -> None:
        """Give the new resources what they say."""
        for new, owner, block, value in self._made.values():
            assert isinstance(value, dict)
            self._settled.begin(new)
            refer = self._speaker.beside(owner, block)
            wanted = plain_value(Change("", (), "add", value.get("Properties") or {})).value
            for setting in settings_of(routes(new.type, value["Type"]), (), wanted):
                self._settled.fill(new, setting, refer)

    def _owner(self, id: str) -> tuple[Resource, str]:
        """Return the resource that a new one is named after, and what its name adds."""
        for end in range(len(id) - 1, id.rfind("/") + 1, -1):
            found = next(iter(self._app.alternatives(Resource, id[:end])), None)
            if found:
                return found, id[end:]
        raise CannotEdit(f"no file of Terraform declares what {id} belongs to")
