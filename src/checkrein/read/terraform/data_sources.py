"""What data sources tell before anything runs.

Those of the account, of parameters, secrets and other states have symbols of their own in the
model. All others are symbols of the data source: the mapping knows what they echo, and what only
running tells.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from checkrein.model.values import Symbol, Value, plain_text
from checkrein.read.paths import joined
from checkrein.read.terraform.containers import Answers
from checkrein.read.terraform.unknowns import is_known, shown

if TYPE_CHECKING:
    from checkrein.read.terraform.world import World

ACCOUNT = {"account_id": "AccountId", "id": "AccountId"}
REGION = {"name": "Region", "id": "Region", "region": "Region"}
PARTITION = {"partition": "Partition", "id": "Partition", "dns_suffix": "URLSuffix"}
PSEUDO = {
    "aws_caller_identity": ACCOUNT,
    "aws_region": REGION,
    "aws_partition": PARTITION,
}


def looked_up(address: str, type: str, name: str, values: dict[str, Any], world: World) -> Value:
    """Return an attribute of a data source; ``values`` are its arguments."""
    if name in PSEUDO.get(type, {}):
        return _pseudo(PSEUDO[type][name], values, world)
    if type in SPECIAL:
        found = SPECIAL[type](name, values, world)
        if found is not None:
            return found
    given = values.get(name)
    return given if isinstance(given, (list, dict)) else Symbol(address, name)


def _pseudo(attribute: str, values: dict[str, Any], world: World) -> Value:
    """Return the account's or region's symbol; the region of another provider by its name."""
    other = world.provider_region(values.get("provider"))
    if attribute == "Region" and other is not None:
        return other
    return Symbol("@aws", attribute)


def _parameter(name: str, values: dict[str, Any], _world: World) -> Value | None:
    if name not in ("value", "insecure_value"):
        return None
    return Symbol("@ssm", _shown(values.get("name"))) if values.get("name") is not None else None


def _secret(name: str, values: dict[str, Any], world: World) -> Value | None:
    found = values.get("secret_id")
    if name != "secret_string" or found is None:
        return None
    if isinstance(found, Symbol) and found.owner in world.held:
        block = world.held[found.owner][1]
        if block.type == "resource":
            return Symbol(found.owner, "SecretString")
        found = world.held[found.owner][0].values(block, world.held[found.owner][2]).get("name")
    return Symbol("@secretsmanager", _shown(found))


def _state(name: str, values: dict[str, Any], world: World) -> Value | None:
    if name != "outputs":
        return None
    state = _state_name(values, world)
    return Answers(f"the outputs of {state}", lambda key: Symbol("@stack-output", f"{state}.{key}"))


def _state_name(values: dict[str, Any], world: World) -> str:
    """Return what tells one state from another: its folder, where it is local, or its key."""
    config = values.get("config")
    config = config if isinstance(config, dict) else {}
    if isinstance(config.get("path"), str):
        return joined(world.folder, config["path"], "..")
    keys = ("key", "prefix", "workspaces", "name")
    found = next((config[key] for key in keys if config.get(key) is not None), "state")
    return _shown(found)


def _shown(value: Value) -> str:
    return plain_text(value) if is_known(value) else shown(value)


SPECIAL: dict[str, Callable[[str, dict[str, Any], Any], Value | None]] = {
    "aws_ssm_parameter": _parameter,
    "aws_secretsmanager_secret_version": _secret,
    "terraform_remote_state": _state,
}
