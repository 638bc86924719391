"""Settings put into the blocks that say them: the resource's own, or one beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from checkrein.catalog.terraform import entry
from checkrein.catalog.terraform_arguments import EMPTY, NEW, Route, arguments
from checkrein.model import Path, Resource
from checkrein.notation.hcl_nodes import Attribute, Block, Literal, TupleNode
from checkrein.notation.hcl_writing import written
from checkrein.write.refusals import CannotEdit
from checkrein.write.terraform.inverse import Setting
from checkrein.write.terraform.plan import New, Plan, blocks_of
from checkrein.write.terraform.provider import refuse_unknown
from checkrein.write.terraform.references import snake, turn
from checkrein.write.terraform.rendering import Content, Refer, plain, rendered
from checkrein.write.terraform.speaking import Speaker

NEEDED, COPIED = "needed", "copied"
META = ("count", "for_each")
OF_AWS = re.compile(r'"arn:aws:iam::aws:policy/(?:[\w-]+/)*(?:AWS|Amazon)?(\w+)"')
NAMED = "=name"


class Settled:
    """Puts settings where they belong."""

    def __init__(self, plan: Plan, speaker: Speaker) -> None:
        self._plan, self._speaker = plan, speaker
        self._companions: dict[tuple[str, int, str, Path], New] = {}
        self._fresh: list[tuple[Content, Mapping[str, Any], str]] = []

    def keep(self, block: Block) -> None:
        """Have Terraform refuse to destroy a resource."""
        for each in blocks_of(block, "lifecycle"):
            self._put(each, Content(), "prevent_destroy", "true")
            return
        self._plan.within(block).inner("lifecycle").arguments["prevent_destroy"] = "true"

    def put(self, setting: Setting, resource: Resource, block: Block, refer: Refer) -> None:
        """Have an argument say a setting: the first of those that can."""
        refusal: CannotEdit | None = None
        for route, value in setting.ways:
            told = rendered(value, refer, as_json=route.kind == "json")
            try:
                self._put_one(route, told, setting.path, resource, block)
            except CannotEdit as error:
                refusal = refusal or error
            else:
                return
        raise refusal or CannotEdit("nothing says it")

    def say(self, block: Block, name: str, told: str) -> None:
        """Have a block say an argument."""
        self._put(block, None, name, told)

    def fill(self, new: New, setting: Setting, refer: Refer) -> None:
        """Have a new resource say a setting."""
        route, value = setting.ways[0]
        content = self._descended(new.content, route, arguments(new.type), new.label, setting.path)
        if route.kind != EMPTY:
            content.say(route.argument, rendered(value, refer, as_json=route.kind == "json"))

    def begin(self, new: New) -> None:
        """Note that a new resource has to be completed."""
        called = new.called or plain(snake(new.label).replace("_", "-"))
        self._fresh.append((new.content, arguments(new.type), called))

    def complete(self) -> None:
        """Give new blocks what they need and nobody said, and their arguments in order."""
        for content, spec, called in self._fresh:
            for name, kind in spec.items():
                if isinstance(kind, str) and kind.startswith("=") and name not in content.arguments:
                    content.arguments[name] = _given(name, kind, called)
            order = {name: place for place, name in enumerate((*META, *spec))}
            content.arguments = dict(
                sorted(content.arguments.items(), key=lambda each: order.get(each[0], len(order)))
            )

    # -------------------------------------------------------------------------------- placing

    def _put_one(
        self, route: Route, told: str, path: Path, resource: Resource, block: Block
    ) -> None:
        holder = self._holder(route, path, resource, block, told)
        if isinstance(holder, New):
            content = self._descended(
                holder.content, route, arguments(route.type), holder.label, path
            )
            if route.kind != EMPTY:
                content.say(route.argument, told)
            return
        spec: Any = arguments(route.type)
        for number, step in enumerate(route.steps):
            found = list(blocks_of(holder, step.block))
            spec = spec[step.block][0] if step.repeated else spec[step.block]
            inner = _meant(found, _actual(step.at, path), resource)
            if inner is None:
                rest = route._replace(steps=route.steps[number:])
                above = {step.block: [spec] if step.repeated else spec}
                _refuse_needed(spec, step.block)
                content = self._descended(self._plan.within(holder), rest, above, "", path)
                if route.kind != EMPTY:
                    content.say(route.argument, told)
                return
            holder = inner
        if route.kind != EMPTY:
            self._put(holder, None, route.argument, told)

    def _put(self, block: Block, content: Content | None, name: str, told: str) -> None:
        """Have a block that is there say an argument."""
        found = block.body.attributes.get(name)
        if found is None:
            self._plan.within(block).say(name, told)
            return
        if not isinstance(found.value, (Literal, TupleNode)) and content is None:
            self._put_default(block, found, told)
            return
        indent = " " * (found.source.place(found.start, found.end).column - 1)
        self._plan.replace(
            block, found.value.start, found.value.end, told.replace("\n", f"\n{indent}")
        )

    def _put_default(self, block: Block, found: Attribute, told: str) -> None:
        """Have the default of the variable that gives an argument be another literal."""
        said = self._default(block, written(found.value))
        if said is None or "\n" in told:
            where = f"{block.source.path}, line {found.place.line}"
            raise CannotEdit(f"{written(found.value)} gives it: change {where}")
        variable, node = said
        self._plan.replace(variable, node.start, node.end, told)

    def _default(self, block: Block, named: str) -> tuple[Block, Literal] | None:
        """Return the block of a variable and its default, where that is a literal and not null."""
        name = named.removeprefix("var.")
        for each in self._plan.scene.beside(block.source.path) if name != named else ():
            node = each.body.value("default")
            if (each.type, each.labels) == ("variable", (name,)) and isinstance(node, Literal):
                return (each, node) if node.value is not None else None
        return None

    def _descended(
        self, content: Content, route: Route, spec: Mapping[str, Any], label: str, path: Path
    ) -> Content:
        """Return the content of the innermost block of a route, new ones noted."""
        fields: Any = spec
        for step in route.steps:
            fields = fields[step.block][0] if step.repeated else fields[step.block]
            index = _index(step.at, path) if step.repeated else 0
            made = len(content.blocks.get(step.block, ())) <= index
            content = content.inner(step.block, index)
            if made:
                _refuse_needed(fields, step.block)
                self._fresh.append((content, fields, label))
        return content

    def _holder(
        self, route: Route, path: Path, resource: Resource, block: Block, told: str
    ) -> Block | New:
        """Return the block that holds an argument, a new resource if there is none yet."""
        if route.type == block.labels[0]:
            return block
        known = entry(route.type)
        assert known is not None
        assert known.into is not None
        listed = known.into.at.endswith("[]")
        base = len([key for key in known.into.at.removesuffix("[]").split(".") if key])
        way = path[: base + 1] if listed else path[:base]
        for at, place in resource.places.items():
            if at[: len(way)] == way:
                found = self._plan.scene.block(place)
                if found and found.type == "resource" and found.labels[0] == route.type:
                    return found
        return self._companion(route.type, way if listed else (), block, _after(told))

    def _companion(self, type: str, way: Path, block: Block, suffix: str) -> New:
        """Return a new resource that sets something of another one, named after it."""
        spot = (block.source.path, block.start, type, way)
        if spot in self._companions:
            return self._companions[spot]
        refuse_unknown(self._plan.scene, block, type)
        new = self._plan.behind(block, "resource", type, f"{block.labels[1]}{suffix}")
        copy_turns(new, block)
        for name, kind in arguments(type).items():
            if kind == COPIED:
                new.content.arguments[name] = _source(block, name)
            elif isinstance(kind, str) and kind.startswith("."):
                own = f"{block.labels[0]}.{block.labels[1]}{turn(block)}"
                new.content.arguments[name] = f"{own}{kind}"
        self.begin(new)
        self._companions[spot] = new
        return new


def _after(told: str) -> str:
    """Return what a resource that says one of AWS's own policies adds to its name."""
    found = OF_AWS.fullmatch(told)
    return f"_{snake(found[1])}" if found else ""


def copy_turns(new: New, block: Block) -> None:
    """Make as many of a new resource as there are of the one that it belongs to."""
    for name in META:
        if name in block.body.attributes:
            new.content.arguments[name] = _source(block, name)


def _source(block: Block, name: str) -> str:
    found = block.body.attributes.get(name)
    if found is None:
        line = block.place.line
        raise CannotEdit(f"{block.source.path}, line {line} does not say {name}")
    return block.source.data[found.value.start : found.value.end].decode()


def _given(name: str, kind: str, called: str) -> str:
    if kind == NAMED:
        return f'"{called}{"-" if name.endswith("prefix") else ""}"'
    told = kind.removeprefix("=")
    return told if told in ("true", "false") or told.isdigit() else f'"{plain(told)}"'


def _refuse_needed(spec: Mapping[str, Any], name: str) -> None:
    lacking = [argument for argument, kind in spec.items() if kind == NEEDED]
    if lacking:
        raise CannotEdit(f"a new block {name} would need {' and '.join(lacking)}")


def _actual(at: Path, path: Path) -> Path:
    """Return where a block's property stands, with the positions that a change says."""
    return tuple(
        path[place] if key == NEW and place < len(path) else key for place, key in enumerate(at)
    )


def _index(at: Path, path: Path) -> int:
    found = _actual(at, path)[-1]
    return found if isinstance(found, int) else 0


def _meant(found: list[Block], at: Path, resource: Resource) -> Block | None:
    """Return which of several nested blocks a property is written in, None if in none."""
    if len(found) < 2 and (not at or not isinstance(at[-1], int)):  # noqa: PLR2004
        return found[0] if found else None
    place = resource.places.get(at)
    return next((each for each in found if each.place == place), None)
