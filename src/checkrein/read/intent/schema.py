"""The JSON Schema of checkrein.yaml, for editors: its keys and words are the reader's own."""

from __future__ import annotations

import json
from typing import Any

from checkrein.catalog.data_classes import classes
from checkrein.catalog.eligibility import programs
from checkrein.detect.own import NONE
from checkrein.read.intent import SECTIONS
from checkrein.read.intent.choices import CHOICES, IGNORE_KEYS, NEEDED, SETTINGS
from checkrein.read.intent.classes import HIGHEST, KEYS, LONGEST, NAME
from checkrein.read.intent.resources import KEYS as RESOURCE_KEYS
from checkrein.read.intent.resources import TYPE

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": "string", "minLength": 1}
TEXTS = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
ANY_MAP = {"type": ["object", "null"]}
SAYS = {
    "data": "Your own classes of data, and what a class is worth to you: 0 to 10, or more words.",
    "names": "What a field of that name holds: a class of data, or none. Stars stand for letters.",
    "resources": "What resources are meant to hold; resources that no template declares.",
    "links": "Which resource a stack's parameter names: STACK.PARAMETER: its id.",
    "programs": "Compliance programs that `checkrein comply` asks about.",
    "settings": "Options for everybody who runs checkrein here; the command line comes first.",
    "ignore": "Findings that you accept, each with a reason.",
    "value": "What such data is worth, from 0 to 10.",
    "title": "How the table calls it.",
    "patterns": "Regular expressions that a whole text of this class has.",
    "type": "The CloudFormation type of a resource that no template declares.",
    "properties": "Its properties as CloudFormation names them; ids and ${id.Attribute} refer.",
    "holds": "The classes that it is meant to hold.",
    "may_hold": "The classes that are accepted if they get there.",
    "fields": "What single fields of it hold: a class of data, or none.",
    "code": "The folder or file of a function's code, seen from this file.",
    "handler": "The function that runs: file.function.",
    "runtime": "Lambda's name of the runtime; by the language of the code if left out.",
    "role": "The role that it runs as: an id or an ARN.",
    "policies": "What it may do, where no role says so: statements and managed policies.",
    "environment": "Its variables.",
    "events": "What sets it off: POST /path, a resource's id, rate(…), cron(…), url.",
    "id": "A check's id.",
    "subject": "The resource's id or a pattern; any if left out.",
    "path": "The file of the finding or a pattern; any if left out.",
    "reason": "Why you accept it.",
    "expires": "The last day on which it counts.",
    "fail_on": "Exit with 1 from this severity on.",
    "persona": "auditor: hygiene too.",
    "exclude": "Folders and files in which no templates are looked for.",
}


def schema() -> bytes:
    """Return the schema as JSON text."""
    sections = {
        "data": _map(_data(), f"^({'|'.join(_families())})\\.{NAME.pattern[:-2]}$"),
        "names": _map(_class(NONE)),
        "resources": _map(_object(_resource(), RESOURCE_KEYS, nullable=True)),
        "links": _map(TEXT, r"^.+\..+$"),
        "programs": _several({"enum": list(programs())}),
        "settings": _object(_settings(), SETTINGS, nullable=True),
        "ignore": {"type": ["array", "null"], "items": _object(_ignore(), IGNORE_KEYS, NEEDED)},
    }
    whole = _object(sections, SECTIONS, nullable=True)
    head = {"$schema": DIALECT, "title": "checkrein.yaml"}
    return json.dumps(head | whole, indent=2, ensure_ascii=False).encode() + b"\n"


def _data() -> dict[str, Any]:
    value = {"type": "integer", "minimum": 0, "maximum": HIGHEST}
    pattern = TEXT | {"maxLength": LONGEST}
    told = {"value": value, "title": TEXT, "names": TEXTS, "patterns": _several(pattern)}
    return {"anyOf": [value, _object(told, KEYS)]}


def _resource() -> dict[str, Any]:
    return {
        "type": {"type": "string", "pattern": f"^{TYPE.pattern[:-2]}$"},
        "properties": ANY_MAP,
        "holds": {"type": "array", "items": _class()},
        "may_hold": {"type": "array", "items": _class()},
        "fields": _map(_class(NONE)),
        "code": TEXT,
        "handler": TEXT,
        "runtime": TEXT,
        "role": {},
        "policies": {},
        "environment": ANY_MAP,
        "events": {"type": ["array", "object", "null"]},
    }


def _settings() -> dict[str, Any]:
    chosen: dict[str, Any] = {key: {"enum": list(words)} for key, words in CHOICES.items()}
    return {**chosen, "exclude": TEXTS}


def _ignore() -> dict[str, Any]:
    day = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    return {**dict.fromkeys(IGNORE_KEYS, TEXT), "expires": day}


def _class(*more: str) -> dict[str, Any]:
    """Return what names a class: those that are known, for completion, or one of the team's."""
    known = [*(data.id for data in classes()), *more]
    return {"anyOf": [{"enum": known}, {"pattern": f"^({'|'.join(_families())})\\.[a-z]"}]}


def _families() -> list[str]:
    return sorted({data.family for data in classes()})


def _several(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [item, {"type": "array", "items": item}, {"type": "null"}]}


def _map(value: dict[str, Any], name: str = "") -> dict[str, Any]:
    named = {"propertyNames": {"pattern": name}} if name else {}
    return {"type": ["object", "null"], "additionalProperties": value, **named}


def _object(
    told: dict[str, Any],
    keys: tuple[str, ...],
    needed: tuple[str, ...] = (),
    *,
    nullable: bool = False,
) -> dict[str, Any]:
    """Return the schema of a mapping with exactly some keys, in the reader's order."""
    return {
        "type": ["object", "null"] if nullable else "object",
        "additionalProperties": False,
        "properties": {key: {"description": SAYS[key]} | told[key] for key in keys},
        **({"required": list(needed)} if needed else {}),
    }
