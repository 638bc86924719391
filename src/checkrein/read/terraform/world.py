"""A root module with the modules that it calls: what they share while they are evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path as File
from typing import Any

from checkrein.model import Place
from checkrein.model.values import Open, Value, When
from checkrein.notation.hcl_nodes import Block, literal
from checkrein.read.made import Lost
from checkrein.read.terraform.blocks import block_place, depends_on, instance_place, is_stand_in
from checkrein.read.terraform.configuration import MANAGED, Configuration
from checkrein.read.terraform.evaluation import evaluated
from checkrein.read.terraform.expansion import MOST, Item
from checkrein.read.terraform.finished import finished
from checkrein.read.terraform.instances import Instance, is_only
from checkrein.read.terraform.module import Module
from checkrein.read.terraform.scopes import Work
from checkrein.read.terraform.sources import called_configuration

DEEPEST = 12  # modules that call modules
MOST_INSTANCES = 5_000
LEFT_OUT = "the rest is missing"


class World:
    """What all modules below one root share: addresses, conditions, what was lost."""

    def __init__(self, root: File, configuration: Configuration, assigned: dict[str, Any]) -> None:
        self.root = root
        self.folder = configuration.folder
        self.assigned = assigned
        self.work = Work()
        self.lost: list[Lost] = list(configuration.lost)
        self.held: dict[str, tuple[Module, Block, Item]] = {}
        self.modules: dict[str, Module | Open] = {}
        self.read: set[str] = {configuration.folder}
        self.providers: dict[str, dict[str, Any]] = {}  # a region may be a resource's
        self.top = Module(self, configuration)
        self.providers = self._providers()
        self.made = 0

    # ---------------------------------------------------------------------------- modules

    def child(self, module: Module, block: Block, item: Item) -> Module | Open:
        """Return an instance of a module that a block calls, or why it is not here."""
        address = module.child_address(block, item)
        if address not in self.modules:
            self.modules[address] = self._child(module, block, item, address)
        return self.modules[address]

    def _child(self, module: Module, block: Block, item: Item, address: str) -> Module | Open:
        place = block_place(block, module.scope)
        source = literal(block.body.value("source"))
        if address.count("module.") > DEEPEST:
            self._lose(f"{address} is a module that calls itself", "it is not followed", place)
            return Open("a module that calls itself")
        found = called_configuration(self.root, module.configuration, source)
        if not isinstance(found, Configuration):
            self._lose(f"the module {block.labels[0]} {found.reason}", "its resources", place)
            return Open(f"module.{block.labels[0]} {found.reason}")
        if found.folder not in self.read:
            self.read.add(found.folder)
            self.lost += found.lost
        child = Module(self, found, f"{address}.", (block, module.item_scope(item)))
        child.condition = self.condition(item.whens, module.condition)
        child.providers = module.passed_providers(block)
        is_inner = is_stand_in(block.source.path)
        child.published_as = address if is_stand_in(found.shown) and not is_inner else ""
        child.call_place = module.call_place if is_inner else block.place
        return child

    def _lose(self, reason: str, effect: str, place: Place) -> None:
        lost = Lost(reason, f"{effect} are missing" if effect == "its resources" else effect, place)
        if lost not in self.lost:
            self.lost.append(lost)

    # ---------------------------------------------------------------------------- instances

    def instances(self) -> Iterator[Instance]:
        """Yield all resources and data sources, modules' after those of who calls them."""
        yield from self._of(self.top)

    def _of(self, module: Module) -> Iterator[Instance]:
        called = module.published_as
        for block in module.configuration.resources.values():
            items = list(self._items(module, block))
            for item in items:
                found = self._instance(module, block, item)
                is_it = called and not found.is_data and is_only(found.address, len(items))
                yield replace(found, called=called) if is_it else found
            if items and block.type == MANAGED:
                called = ""  # a published module is about the first that it makes
        for block in module.configuration.modules.values():
            for item in self._items(module, block):
                child = self.child(module, block, item)
                if isinstance(child, Module):
                    yield from self._of(child)

    def _items(self, module: Module, block: Block) -> Iterator[Item]:
        found = module.expanded(block)
        if found.cut:
            name = f"{module.prefix}{'.'.join(block.labels)}"
            reason = f"{name} has {found.cut:,} instances; the first {MOST} are read"
            self._lose(reason, LEFT_OUT, block_place(block, module.scope))
        for item in found.items.values():
            self.made += 1
            if self.made > MOST_INSTANCES:
                reason = f"there are more than {MOST_INSTANCES:,} instances"
                self._lose(reason, LEFT_OUT, block_place(block, module.scope))
                return
            yield item

    def _instance(self, module: Module, block: Block, item: Item) -> Instance:
        address = module.reference(block, item).address
        values, places = finished(module.values(block, item), self.work)
        wanted = depends_on(block.body, module.prefix)
        if wanted:
            values["depends_on"] = wanted
        unknown = module.expanded(block).unknown
        if unknown is not None:
            values["for_each" if block.body.value("for_each") else "count"] = unknown
        return Instance(
            address,
            block.labels[0],
            values,
            instance_place(block, item.names.get("each"), module.scope),
            places,
            block.type == "data",
            self.condition(item.whens, module.condition),
        )

    # ---------------------------------------------------------------------------- conditions

    def condition(self, whens: list[When], outer: str) -> str:
        """Return the name of the condition that holds where one of several does, and an outer."""
        if () in whens or not whens:
            return outer
        own = [outer] if outer else []
        names = sorted({self._all([*self._each(when), *own]) for when in whens})
        if len(names) == 1:
            return names[0]
        name = " || ".join(names)
        self.work.conditions[name] = {"Fn::Or": [{"Condition": each} for each in names]}
        return name

    def _each(self, when: When) -> list[str]:
        return [name[1:] if holds else self._not(name[1:]) for name, holds in when]

    def _not(self, name: str) -> str:
        opposite = f"!({name})"
        definition = {"Fn::Not": [{"Condition": name}]}
        self.work.conditions[opposite] = definition
        return opposite

    def _all(self, names: list[str]) -> str:
        names = sorted(set(names))
        if len(names) == 1:
            return names[0]
        name = " && ".join(names)
        self.work.conditions[name] = {"Fn::And": [{"Condition": each} for each in names]}
        return name

    # ---------------------------------------------------------------------------- providers

    def _providers(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for block in self.top.configuration.providers:
            alias = literal(block.body.value("alias"))
            name = f"{block.labels[0]}.{alias}" if alias else (block.labels or ("",))[0]
            region = evaluated(block.body.value("region"), self.top.scope)
            found[name] = {} if region is None else {"region": region}
        return found

    def provider_region(self, name: Value) -> Value | None:
        """Return the region of a provider other than the one that is meant where none is named."""
        if not isinstance(name, str) or name not in self.providers:
            return None
        own = self.providers[name].get("region")
        usual = self.providers.get(name.partition(".")[0], {}).get("region")
        return own if isinstance(own, str) and own != usual else None
