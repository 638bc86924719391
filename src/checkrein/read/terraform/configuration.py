"""What the files of one folder declare, before anything is evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as File

from checkrein import files
from checkrein.errors import InputError
from checkrein.model import Place
from checkrein.notation.hcl import parse_hcl
from checkrein.notation.hcl_json import parse_json
from checkrein.notation.hcl_nodes import Attribute, Block, Body
from checkrein.read.made import Lost
from checkrein.read.paths import joined

SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
LARGEST = 5_000_000  # bytes of one file
MANAGED, DATA = "resource", "data"
STAND_IN = "@module/"  # how the path of a file begins that stands for a published module
MISSING = "what it declares is missing"


@dataclass
class Configuration:
    """One module: its blocks by name, overrides applied."""

    folder: str
    files: tuple[str, ...] = ()
    shown: str = ""  # the folder as places have it
    variables: dict[str, Block] = field(default_factory=dict)
    locals: dict[str, Attribute] = field(default_factory=dict)
    resources: dict[tuple[str, str, str], Block] = field(default_factory=dict)
    modules: dict[str, Block] = field(default_factory=dict)
    outputs: dict[str, Block] = field(default_factory=dict)
    providers: list[Block] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)


def is_terraform(name: str) -> bool:
    """Tell whether a file's name is one of Terraform's or OpenTofu's modules."""
    return name.endswith(SUFFIXES) and not name.startswith(".")


@files.remembered
def configuration(root: File, folder: str, shown: str | None = None) -> Configuration:
    """Read a folder's files; ``shown`` is how its path appears in places, if not as it is."""
    names = _in_order(files.names(root / folder))
    found = Configuration(folder, module_files(root, folder), shown or folder)
    overrides: list[Body] = []
    for name in names:
        body = _body(root, joined(folder, name), found, joined(shown or folder, name))
        if _is_override(name):
            overrides.append(body)
        else:
            _add(found, body)
    for body in overrides:
        _override(found, body)
    return found


def module_files(root: File, folder: str) -> tuple[str, ...]:
    """Return the paths of a folder's files as Terraform loads them."""
    return tuple(joined(folder, name) for name in _in_order(files.names(root / folder)))


def _in_order(names: frozenset[str]) -> list[str]:
    """Return a module's files as Terraform loads them; OpenTofu's own stand for Terraform's."""
    found = [name for name in sorted(names) if is_terraform(name)]
    tofu = {name.replace(".tofu", ".tf") for name in found if ".tofu" in name}
    return [name for name in found if name not in tofu]


def _is_override(name: str) -> bool:
    stem = name.partition(".")[0]
    return stem == "override" or stem.endswith("_override")


def _body(root: File, path: str, found: Configuration, shown: str) -> Body:
    place = Place(shown, 1)
    try:
        body = _parsed(root / path, shown)
    except InputError as error:
        place = Place(shown, error.line or 1)
        found.lost.append(Lost(f"the file cannot be read: {error}", MISSING, place, fatal=True))
        return Body()
    except OSError as error:
        reason = f"the file cannot be opened ({error.strerror})"
        found.lost.append(Lost(reason, MISSING, place, fatal=True))
        return Body()
    if body.faults:
        fault = body.faults[0]
        reason = f"line {fault.line} is no HCL that can be read"
        effect = "the block that it stands in is missing"
        found.lost.append(Lost(reason, effect, fault, fatal=True))
    return body


def _parsed(path: File, shown: str) -> Body:
    if files.size(path) > LARGEST:
        raise InputError("the file is larger than 5 MB", shown, 1)
    data = files.content(path)
    return parse_json(data, shown) if shown.endswith(".json") else parse_hcl(data, shown)


def _add(found: Configuration, body: Body) -> None:
    for block in body.blocks:
        if block.type in (MANAGED, DATA) and len(block.labels) == 2:  # noqa: PLR2004
            found.resources.setdefault((block.type, *block.labels), block)
        elif block.type == "locals":
            for name, attribute in block.body.attributes.items():
                found.locals.setdefault(name, attribute)
        elif block.type == "provider":
            found.providers.append(block)
        else:
            named = _named(found, block.type)
            if named is not None and block.labels:
                named.setdefault(block.labels[0], block)


def _named(found: Configuration, kind: str) -> dict[str, Block] | None:
    kinds = {"variable": found.variables, "module": found.modules, "output": found.outputs}
    return kinds.get(kind)


def _override(found: Configuration, body: Body) -> None:
    """Let an override file's blocks change those of the same name."""
    for block in body.blocks:
        if block.type == "locals":
            found.locals.update(block.body.attributes)
        elif block.type in (MANAGED, DATA) and len(block.labels) == 2:  # noqa: PLR2004
            key = (block.type, block.labels[0], block.labels[1])
            found.resources[key] = _merged(found.resources.get(key), block)
        else:
            named = _named(found, block.type)
            if named is not None and block.labels:
                named[block.labels[0]] = _merged(named.get(block.labels[0]), block)


def _merged(block: Block | None, over: Block) -> Block:
    if block is None:
        return over
    replaced = {inner.type for inner in over.body.blocks}
    kept = [inner for inner in block.body.blocks if inner.type not in replaced]
    attributes = {**block.body.attributes, **over.body.attributes}
    body = Body(attributes, (*kept, *over.body.blocks))
    return Block(
        block.type, block.labels, body, block.source, block.start, block.header_end, block.end
    )
