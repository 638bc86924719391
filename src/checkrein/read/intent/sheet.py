"""A template that nobody wrote: what one stack's declared resources would be in CloudFormation.

It is read by the reader of templates, so that nothing later knows the difference. Every part of it
stands where the team wrote it, in checkrein.yaml.
"""

from __future__ import annotations

from typing import Any

import yaml

from checkrein.model import Path as Keys
from checkrein.notation import Tree
from checkrein.read.intent.references import References
from checkrein.read.template import Template

KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}  # no stack takes it with it


class Sheet:
    """Resources of one stack, added one by one; ``references`` understands what they name."""

    def __init__(self, tree: Tree, references: References) -> None:
        self.tree, self.references = tree, references
        self.resources: dict[str, dict[str, Any]] = {}
        self._nodes: dict[Keys, yaml.Node] = {(): tree.nodes[()]}
        self._keys: dict[Keys, yaml.Node] = {}

    def add(self, name: str, type: str, path: Keys, properties: dict[str, Any]) -> None:
        """Add a resource that is declared at a path, with properties in CloudFormation's form."""
        self.resources[name] = {"Type": type, "Properties": properties, **KEPT}
        self._copy(path, ("Resources", name))

    def write(self, name: str, key: str, value: Any, path: Keys) -> None:
        """Give a resource a property as it is written at a path, references in it understood."""
        self.resources[name]["Properties"][key] = self.references.rewritten(value, path)
        self._copy(path, ("Resources", name, "Properties", key))

    def stands(self, name: str, property: Keys, path: Keys) -> None:
        """Say at which path of the file a property of a resource stands."""
        self._copy(path, ("Resources", name, "Properties", *property))

    def template(self) -> Template:
        """Return the template."""
        parameters = {name: {"Type": "String"} for name in self.references.arguments}
        value = {"Parameters": parameters, "Resources": self.resources}
        return Template(Tree(self.tree.path, self.tree.text, value, self._nodes, self._keys))

    def _copy(self, source: Keys, target: Keys) -> None:
        both = (self.tree.nodes, self._nodes), (self.tree.keys, self._keys)
        for known, copies in both:
            for path in [path for path in known if path[: len(source)] == source]:
                copies[target + path[len(source) :]] = known[path]
