"""What a team wrote for the modules of a plan that lies alone: the blocks of published ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checkrein.catalog.terraform_modules import STAND_INS, stand_in
from checkrein.read.terraform.configuration import MANAGED, configuration
from checkrein.read.terraform.instances import is_only
from checkrein.read.terraform.plan_references import KEY, STEP


def called(module: dict[str, Any], addresses: Mapping[str, bool]) -> dict[str, str]:
    """Return, by address, the module that is about a resource: its block is the name for it.

    ``addresses`` are those of a plan's resources, with whether they are managed ones.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for address, is_managed in addresses.items():
        outer, rest = _split(address)
        if is_managed and outer:
            found.setdefault(outer, {}).setdefault(KEY.sub("", rest), []).append(address)
    named = ((outer, made, _source(module, outer)) for outer, made in found.items())
    return dict(one for outer, made, source in named for one in _first(outer, made, source))


def _first(outer: str, made: dict[str, list[str]], source: str) -> Iterator[tuple[str, str]]:
    """Yield what the first block that makes something makes, if that is one, with its name."""
    folder = stand_in(source) if source else None
    blocks = configuration(STAND_INS, folder).resources if folder else {}
    names = [f"{kind}.{name}" for mode, kind, name in blocks if mode == MANAGED]
    addresses = next((made[name] for name in names if name in made), [])
    if addresses and is_only(addresses[0], len(addresses)):
        yield addresses[0], outer


def _split(address: str) -> tuple[str, str]:
    """Return the module that a resource lies in, and the resource's address there."""
    at = max((m.start() for m in STEP.finditer(address) if m[1].startswith("aws_")), default=0)
    return address[:at].rstrip("."), address[at:]


def _source(module: dict[str, Any], outer: str) -> str:
    """Return where a module comes from, "" unless the team's own files call it."""
    source = ""
    for name, _ in STEP.findall(outer)[1::2]:
        if source and stand_in(source):
            return ""
        calls = module.get("module_calls")
        call = calls.get(name) if isinstance(calls, dict) else None
        call = call if isinstance(call, dict) else {}
        source, inner = str(call.get("source") or ""), call.get("module")
        module = inner if isinstance(inner, dict) else {}
    return source
