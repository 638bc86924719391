"""One template's document: its sections as plain JSON, and where each part is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

from checkrein import files
from checkrein.errors import InputError
from checkrein.model import Path, Place
from checkrein.notation import Tree, decode, parse
from checkrein.read.made import Made
from checkrein.read.synthesized import adopt

KNOWN_MACROS = (
    "AWS::Serverless-2016-10-31",
    "AWS::LanguageExtensions",
    "AWS::CodeDeployBlueGreen",
    "AWS::Include",
)
TYPES = ("AWS::", "Custom::", "Alexa::", "Fn::ForEach::")


class Template:
    """A document that can be rewritten (macros expanded, files merged) and keeps its places.

    ``value`` is free to change; ``bases`` says where a resource was written that expansion moved,
    ``grafts`` which other document stands at a path (and from which path of it), ``made`` which
    program wrote the document, if one did. ``value`` is given where the file is not the document.
    """

    def __init__(
        self, tree: Tree, made: Made | None = None, value: dict[str, Any] | None = None
    ) -> None:
        self.path = tree.path
        self.tree = tree
        self.value: dict[str, Any] = tree.value if value is None else value
        self.bases: dict[Path, Path] = {
            ("Resources", name): ("Resources", old)
            for name, old in (made.logical.items() if made else ())
        }
        self.grafts: dict[Path, tuple[Tree, Path]] = {}
        self.made = made or Made()
        self._groups: dict[Path, list[Path]] | None = None
        self._section: dict[str, Any] | None = None
        self._resources: dict[str, dict[str, Any]] = {}

    def section(self, name: str) -> dict[str, Any]:
        """Return a section; an empty or malformed one is empty."""
        found = self.value.get(name)
        return found if isinstance(found, dict) else {}

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The declarations that have a type, as long as the section is the same object."""
        section = self.section("Resources")
        if section is not self._section:
            self._section = section
            self._resources = {
                name: declared
                for name, declared in section.items()
                if isinstance(declared, dict) and isinstance(declared.get("Type"), str)
            }
        return self._resources

    def own_resources(self) -> dict[str, dict[str, Any]]:
        """Return the resources as declarations that no other document shares."""
        section = self.section("Resources")
        self.value["Resources"] = {
            name: {**one} if isinstance(one, dict) else one for name, one in section.items()
        }
        return self.resources

    @property
    def is_serverless(self) -> bool:
        """Tell whether the template needs the SAM transform."""
        return any(
            declared["Type"].startswith("AWS::Serverless::") or "Connectors" in declared
            for declared in self.resources.values()
        )

    @property
    def macros(self) -> list[str]:
        """The macros that the whole template asks for and that are not known here."""
        found = asked(self.value.get("Transform"))
        names = [one.get("Name") if isinstance(one, dict) else one for one in found]
        return [str(name) for name in names if name not in KNOWN_MACROS]

    def place(self, path: Path) -> Place:
        """Return where a path, or its nearest parent that is written, stands."""
        own = self.made.place(path)
        if own:
            return own
        path = self._written(path)
        tree, path = self._holding(path)
        while path and path not in tree.nodes:
            path = path[:-1]
        return tree.entry(path)

    def _holding(self, path: Path) -> tuple[Tree, Path]:
        """Return the document that says what stands at a path, and the path in that."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.grafts:
                tree, start = self.grafts[path[:length]]
                return tree, start + path[length:]
        return self.tree, path

    def places(self, prefix: Path) -> dict[Path, Place]:
        """Return the place of everything below a path, by the path relative to it.

        What stands in a branch of ``Fn::If`` is found by its path without the branch too.
        """
        found: dict[Path, Place] = {}
        own = self.made.places.get(prefix[1:2])
        if own:
            return {at: place for at, place in own.items() if at}
        written = self._written(prefix)
        start, entry = len(written), self.tree.entry
        for path in self._group(written[:2]):
            if path[:start] == written:
                _put(found, path[start:], entry(path))
        for path, place in self._grafted(prefix):
            _put(found, path, place)
        return found

    def _grafted(self, prefix: Path) -> Iterator[tuple[Path, Place]]:
        """Yield where other files say what stands below a path, by the path relative to it."""
        for at, (tree, start) in self.grafts.items():
            whole = prefix[: len(at)] == at
            head = start + prefix[len(at) :] if whole else start
            if whole or at[: len(prefix)] == prefix:
                before = () if whole else at[len(prefix) :]
                inner = (path for path in tree.nodes if path[: len(head)] == head)
                yield from ((before + path[len(head) :], tree.entry(path)) for path in inner)

    def _written(self, path: Path) -> Path:
        base = self.bases.get(path[:2])
        return path if base is None else base + path[2:]

    def _group(self, head: Path) -> list[Path]:
        if self._groups is None:
            self._groups = {}
            for path in self.tree.nodes:
                self._groups.setdefault(path[:2], []).append(path)
        return self._groups.get(head, [])


def asked(transform: Any) -> list[Any]:
    """Return the macros that a template's ``Transform`` asks for, by name or with parameters."""
    return transform if isinstance(transform, list) else [] if transform is None else [transform]


def holds(value: Any, start: str) -> bool:
    """Tell whether a key that begins so stands anywhere inside."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key.startswith(start) or (isinstance(item, (dict, list)) and holds(item, start)):
                return True
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list)) and holds(item, start):
                return True
    return False


def _put(found: dict[Path, Place], path: Path, place: Place) -> None:
    found[path] = place
    if "Fn::If" in path:
        found.setdefault(tuple(_without_branches(path)), place)


def _without_branches(path: Path) -> Iterator[str | int]:
    skip = False
    for key in path:
        if not skip and key != "Fn::If":
            yield key
        skip = key == "Fn::If"


def open_template(root: File, path: str, text: str | None = None) -> Template | None:
    """Read a file; None if it parses and is no template. Raise InputError if it cannot be read.

    A document that says it is a template and has no Resources is one that cannot be read.
    ``text`` stands in for the file's content.
    """
    text = _content(root, path) if text is None else text
    if _is_other_json(text):
        return None
    tree = parse(text, path)
    if is_template(tree.value):
        return Template(tree, adopt(root, path, tree.value))
    if _says_so(tree.value):
        raise InputError("it says it is a template, and declares no resources", path, 1)
    return None


def _says_so(value: Any) -> bool:
    return isinstance(value, dict) and "AWSTemplateFormatVersion" in value


def _is_other_json(text: str) -> bool:
    """Tell JSON that is surely no template: it may be large, and to place its parts takes long."""
    if text[:1] not in ("{", "["):
        return False
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return not is_template(value) and not _says_so(value)


def _content(root: File, path: str) -> str:
    try:
        data = files.content(root / path)
    except OSError as error:
        raise InputError(f"the file cannot be opened ({error.strerror})", path) from None
    return decode(data, path)


def is_template(value: Any) -> bool:
    """Tell whether a parsed document is a CloudFormation or SAM template."""
    if not isinstance(value, dict) or "Resources" not in value:
        return False
    resources = value["Resources"]
    if isinstance(resources, dict):
        for name, declared in resources.items():
            if name.startswith("Fn::ForEach::"):
                return True
            kind = declared.get("Type") if isinstance(declared, dict) else None
            if isinstance(kind, str) and kind.startswith(TYPES):
                return True
    return not resources and "AWSTemplateFormatVersion" in value
