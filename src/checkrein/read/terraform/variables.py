"""The values that a root module's variables have: ``terraform.tfvars`` and ``*.auto.tfvars``."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any, NamedTuple

from checkrein import files
from checkrein.errors import InputError
from checkrein.model import Place
from checkrein.notation import parse
from checkrein.notation.hcl import parse_hcl
from checkrein.notation.hcl_nodes import Block, Call, Expression, Name, literal
from checkrein.read.made import Lost
from checkrein.read.paths import joined
from checkrein.read.terraform.evaluation import evaluated
from checkrein.read.terraform.functions.encoding import held
from checkrein.read.terraform.scopes import Scope
from checkrein.read.terraform.unknowns import is_known

EFFECT = "its variables have their defaults"
SCALARS = {"string": "String", "number": "Number", "bool": "String", "any": "String"}


def variable_files(names: frozenset[str]) -> list[str]:
    """Return the files that Terraform loads by itself, later ones count more."""
    own = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    automatic = (".auto.tfvars", ".auto.tfvars.json")
    return [*own, *sorted(name for name in names if name.endswith(automatic))]


class Assigned(NamedTuple):
    """Variables' values, and where those of them stand that have a place."""

    values: dict[str, Any]
    places: dict[str, Place]


def assigned(root: File, folder: str, scope: Scope, lost: list[Lost]) -> Assigned:
    """Return the variables' values from the files of a root module's folder."""
    found = Assigned({}, {})
    for name in variable_files(files.names(root / folder)):
        path = joined(folder, name)
        try:
            values, places = _values(files.content(root / path), path, scope)
            found.values.update(values)
            found.places.update(dict.fromkeys(values, Place(path, 1)) | places)
        except InputError as error:
            reason = f"the file cannot be read: {error}"
            lost.append(Lost(reason, EFFECT, Place(path, error.line or 1), fatal=True))
        except OSError as error:
            reason = f"the file cannot be opened ({error.strerror})"
            lost.append(Lost(reason, EFFECT, Place(path, 1), fatal=True))
    return found


def _values(data: bytes, path: str, scope: Scope) -> Assigned:
    if path.endswith(".json"):
        value = parse(data, path).value
        return Assigned(dict(held(value)) if isinstance(value, dict) else {}, {})
    written = parse_hcl(data, path).attributes.items()
    values = {name: evaluated(each.value, scope) for name, each in written}
    return Assigned(values, {name: each.place for name, each in written})


def parameter(block: Block, scope: Scope) -> dict[str, Any]:
    """Return a variable as CloudFormation declares a parameter."""
    body = block.body
    found: dict[str, Any] = {"Type": _type(body.value("type"))}
    default = evaluated(body.value("default"), scope)
    if isinstance(default, bool):
        found["Default"] = "true" if default else "false"
    elif isinstance(default, (str, int, float)) and is_known(default):
        found["Default"] = default
    if literal(body.value("sensitive")) is True:
        found["NoEcho"] = True
    if isinstance(literal(body.value("description")), str):
        found["Description"] = literal(body.value("description"))
    return found


def _type(node: Expression | None) -> str:
    if isinstance(node, Call):
        return "CommaDelimitedList" if node.name in ("list", "set") else "String"
    return SCALARS.get(node.name, "String") if isinstance(node, Name) else "String"
