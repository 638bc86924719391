"""One instance of a module: its variables, locals, resources and outputs, evaluated when asked."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from checkrein import files
from checkrein.model import Place
from checkrein.model.values import SPECIAL, Open, Symbol, Value, substitute
from checkrein.notation.hcl_nodes import Attribute, Block, Literal, ObjectNode, literal
from checkrein.read.paths import inside, joined
from checkrein.read.terraform.blocks import META, attribute_place, block_values, shown_path
from checkrein.read.terraform.configuration import DATA, MANAGED, Configuration
from checkrein.read.terraform.containers import Items, Object, Told
from checkrein.read.terraform.data_sources import looked_up
from checkrein.read.terraform.evaluation import evaluate, evaluated
from checkrein.read.terraform.expansion import Expansion, Item, expansion
from checkrein.read.terraform.scopes import Scope
from checkrein.read.terraform.types import converted
from checkrein.read.terraform.unknowns import (
    PARAMETER,
    Failed,
    ModuleReference,
    Reference,
)

if TYPE_CHECKING:
    from checkrein.read.terraform.world import World

RUNNING = object()  # stands for what is being evaluated
LARGEST = 2_000_000  # bytes of a file that a function reads


class Module:
    """A module's names, as ``scopes.Names`` has them.

    ``given`` are the arguments of the block that calls it, to be evaluated in ``outer``, and
    ``condition`` the name of the one under which it is there at all.
    """

    def __init__(
        self,
        world: World,
        configuration: Configuration,
        prefix: str = "",
        call: tuple[Block, Scope] | None = None,
    ) -> None:
        self.world = world
        self.work = world.work
        self.configuration = configuration
        self.prefix = prefix
        self.given: dict[str, Attribute] = dict(call[0].body.attributes) if call else {}
        self.outer = call[1] if call else None
        self.scope = Scope(self)
        self.call_place: Place | None = None
        self.published_as = ""  # what the team wrote for it, if it is a published one
        self.providers: dict[str, str] = {}
        self.condition = ""
        self._memo: dict[tuple[str, ...], Any] = {}

    # ---------------------------------------------------------------------------- names

    def lookup(self, namespace: str, name: str) -> Value:
        known = {"var": self.variable, "local": self.local, "module": self.called}
        if namespace in known:
            return known[namespace](name)
        if namespace == "path":
            return self.folder if name == "module" else "."
        if namespace == "terraform":
            return "default" if name in ("workspace", "env") else Open(f"terraform.{name}")
        return self.resource(MANAGED, namespace, name)

    def data(self, type: str, name: str) -> Value:
        return self.resource(DATA, type, name)

    def _once(self, key: tuple[str, ...], make: Callable[[], Value]) -> Value:
        """Evaluate something once; what refers to itself is open."""
        found = self._memo.get(key)
        if found is None and key not in self._memo:
            self._memo[key] = RUNNING
            try:
                found = make()
            except Failed as error:
                found = error
            except RecursionError:
                found = Open(f"{'.'.join(key)} is nested too deep, or refers to itself")
            self._memo[key] = found
        if found is RUNNING:
            return Open(f"{'.'.join(key)} refers to itself")
        if isinstance(found, Failed):
            raise Failed(str(found))
        return found

    def local(self, name: str) -> Value:
        attribute = self.configuration.locals.get(name)
        if attribute is None:
            raise Failed(f"local.{name} is not declared")
        return self._once(("local", name), lambda: evaluate(attribute.value, self.scope))

    def variable(self, name: str) -> Value:
        block = self.configuration.variables.get(name)
        if block is None:
            raise Failed(f"var.{name} is not declared")
        return self._once(("var", name), lambda: self._variable(name, block))

    def _variable(self, name: str, block: Block) -> Value:
        body = block.body
        value = self._assigned(name)
        is_required = literal(body.value("nullable")) is False
        if value is None and (name not in self.given or is_required):
            value = evaluated(body.value("default"), self.scope, self._missing(name))
        return converted(value, body.value("type"), lambda node: evaluated(node, self.scope))

    def _assigned(self, name: str) -> Value:
        if self.outer is not None and name in self.given:
            return evaluated(self.given[name].value, self.outer)
        return self.world.assigned.get(name) if self.outer is None else None

    def _missing(self, name: str) -> Value:
        if self.outer is None:
            return Symbol(PARAMETER, name)
        return Open(f"{self.prefix.rstrip('.')} is not given its {name}")

    def given_place(self, name: str) -> Place | None:
        """Return where a variable's value is written by who calls the module."""
        attribute = self.given.get(name)
        if attribute is None or self.outer is None:
            return None
        return attribute_place(attribute, self.outer)

    # ---------------------------------------------------------------------------- resources

    def resource(self, mode: str, type: str, name: str) -> Value:
        block = self.configuration.resources.get((mode, type, name))
        if block is None:
            raise Failed(f"{_address(mode, type, name)} is not declared")

        def made() -> Value:
            return self.expanded(block).whole(lambda item: self.reference(block, item))

        return self._once((mode, type, name), made)

    def called(self, name: str) -> Value:
        block = self.configuration.modules.get(name)
        if block is None:
            raise Failed(f"module.{name} is not declared")

        def made() -> Value:
            return self.expanded(block).whole(lambda item: self._child(block, item))

        return self._once(("module", name), made)

    def child_address(self, block: Block, item: Item) -> str:
        return f"{self.prefix}module.{block.labels[0]}{item.suffix}"

    def _child(self, block: Block, item: Item) -> ModuleReference:
        self.world.child(self, block, item)
        return ModuleReference(self.child_address(block, item))

    def provider(self, block: Block) -> str:
        """Return the root module's name for a resource's provider, "" for the usual one."""
        node = block.body.value("provider")
        name = shown_path(node) if node is not None else block.labels[0].partition("_")[0]
        found = self.providers.get(name, name)
        return found if "." in found else ""

    def passed_providers(self, block: Block) -> dict[str, str]:
        """Return what the providers of a module that a block calls are named in the root."""
        node = block.body.value("providers")
        found = {name: given for name, given in self.providers.items() if "." not in name}
        for key, value in node.items if isinstance(node, ObjectNode) else ():
            name = str(key.value) if isinstance(key, Literal) else shown_path(key)
            own = shown_path(value)
            found[name] = self.providers.get(own, own)
        return found

    def expanded(self, block: Block) -> Expansion:
        """Return a block's instances."""
        key = (block.type, *block.labels, "instances")
        found: Expansion = self._once(key, lambda: expansion(block, self.scope))
        if isinstance(found, Open):
            return Expansion({"": Item("", {}, [()])}, [((), None)])
        return found

    @property
    def address(self) -> str:
        return self.prefix.removesuffix(".")

    def reference(self, block: Block, item: Item) -> Reference:
        mode, (type, name) = block.type, block.labels[:2]
        address = f"{self.prefix}{_address(mode, type, name)}{item.suffix}"
        self.world.held.setdefault(address, (self, block, item))
        return Reference(address)

    def item_scope(self, item: Item) -> Scope:
        return self.scope.within(item.names, item.suffix)

    def attribute(self, reference: Reference, name: str) -> Value:
        module, block, item = self.world.held[reference.address]
        if block.type == DATA:
            values = module.values(block, item)
            return looked_up(reference.address, block.labels[0], name, values, self.world)
        found = module.argument(block, item, name)
        if isinstance(found, (list, dict)):
            if isinstance(found, list) and name not in block.body.attributes:
                return told(found, reference.address, name)
            return found
        options = getattr(found, "options", ())
        if any(isinstance(option, (list, dict)) for _, option in options):
            return found
        return Symbol(reference.address, name)

    def argument(self, block: Block, item: Item, name: str) -> Value:
        """Return what is written for an argument or as nested blocks, None if nothing is."""
        scope = self.item_scope(item)
        attribute = block.body.attributes.get(name)
        key = (block.type, *block.labels, item.suffix, name)
        if attribute is not None:
            return self._once(key, lambda: evaluated(attribute.value, scope))
        nested = [b for b in block.body.blocks if name in (b.type, *b.labels[:1])]
        if not nested:
            return None
        return self._once(key, lambda: self.values(block, item).get(name))

    def values(self, block: Block, item: Item) -> Object:
        """Return all arguments of one instance."""
        key = (block.type, *block.labels, item.suffix, "all")

        def made() -> Object:
            values = block_values(block.body, self.item_scope(item), skip=META)
            provider = self.provider(block)
            if provider:
                values["provider"] = provider
            return values

        found = self._once(key, made)
        return found if isinstance(found, Object) else Object()

    def output(self, reference: ModuleReference, name: str) -> Value:
        child = self.world.modules[reference.address]
        if isinstance(child, Open):
            return child
        return child.outcome(name)

    def outcome(self, name: str) -> Value:
        """Return one of this module's outputs."""
        block = self.configuration.outputs.get(name)
        if block is None:
            raise Failed(f"{self.address} has no output {name}")
        node = block.body.value("value")
        return self._once(("output", name), lambda: evaluate(node, self.scope) if node else None)

    def settled(self, value: Value) -> Value:
        """Return a value with resources' attributes replaced by what is plainly configured."""
        if not isinstance(value, (*SPECIAL, list, dict)):
            return value
        return substitute(value, self._configured)

    def _configured(self, symbol: Symbol) -> Value | None:
        held = self.world.held.get(symbol.owner)
        if held is None:
            return None
        module, block, item = held
        found = module.argument(block, item, symbol.attribute)
        return found if isinstance(found, (str, int, float)) else None

    # ---------------------------------------------------------------------------- files

    @property
    def folder(self) -> str:
        """The module's folder as ``path.module`` gives it: from the root module on."""
        if self.outer is None:
            return "."
        return posixpath.relpath(self.configuration.folder or ".", self.world.folder or ".")

    def place_of(self, path: str) -> str:
        return joined(self.world.folder, path)

    def _file(self, path: str) -> File | None:
        found = joined(self.world.folder, path)
        if path.startswith(("/", "~")) or "\0" in path or not inside(found):
            return None
        return self.world.root / found

    def file(self, path: str) -> Value:
        there = self._file(path)
        if there is None:
            return Open(f"{path} lies outside of what is scanned")
        if not files.is_file(there):
            raise Failed(f"there is no file {path}")
        if files.size(there) > LARGEST:
            return Open(f"{path} is larger than 2 MB")
        try:
            return files.text(there)
        except (OSError, ValueError):
            return Open(f"{path} is no text")

    def names(self, folder: str) -> frozenset[str] | None:
        there = self._file(folder)
        if there is None or not files.is_folder(there):
            return None
        return files.names(there)


def told(blocks: list[Any], address: str, name: str) -> Items:
    """Return nested blocks, in which what nobody wrote is what the resource tells."""

    def one(position: int, block: Any) -> Any:
        if not isinstance(block, dict):
            return block
        return Told(block, lambda key: Symbol(address, f"{name}.{position}.{key}"))

    return Items(one(i, block) for i, block in enumerate(blocks))


def _address(mode: str, type: str, name: str) -> str:
    return f"{type}.{name}" if mode == MANAGED else f"data.{type}.{name}"
