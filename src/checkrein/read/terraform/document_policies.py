"""The data source that writes policy documents, as the document it writes.

Source: the AWS provider's documentation of ``aws_iam_policy_document``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from checkrein.model import Path, Place
from checkrein.model.values import Open, Text, Value, text
from checkrein.read.json_text import parse_json
from checkrein.read.terraform.instances import Instance

POLICY_DOCUMENT: Final = "aws_iam_policy_document"
VERSION: Final = "2012-10-17"
LISTS: Final = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
WHOM: Final = {"principals": "Principal", "not_principals": "NotPrincipal"}
PLACED: Final = {"effect": "Effect", "sid": "Sid", "condition": "Condition", **LISTS, **WHOM}
Known = Callable[[Any], Value]


def policy(values: dict[str, Any], known: Known) -> Value:
    """Return the policy that the data source's arguments say; ``known`` resolves references.

    Statements of the documents that it starts from come first; one that overrides takes the place
    of the statement with its ``Sid``.
    """
    found: list[Value] = []
    for name in ("source_policy_documents", "source_json"):
        found += _statements(values.get(name), known)
    for item in _listed(values.get("statement")):
        found.append(_statement(item, known) if isinstance(item, dict) else known(item))
    for name in ("override_policy_documents", "override_json"):
        over = _statements(values.get(name), known)
        sids = {_sid(each) for each in over} - {None}
        found = [each for each in found if _sid(each) not in sids] + over
    return {"Version": values.get("version") or VERSION, "Statement": found}


def policy_places(source: Instance) -> dict[Path, Place]:
    """Return where the statements of a data source are written, by their path in the document."""
    start = len(_listed(source.values.get("source_policy_documents")))
    if start:
        return {}
    found: dict[Path, Place] = {}
    for index in range(len(_listed(source.values.get("statement")))):
        own: Path = ("Statement", index)
        at = source.places.get(("statement", index), source.place)
        found[own] = at
        for name, element in PLACED.items():
            place = source.places.get(("statement", index, name))
            place = place or source.places.get(("statement", index, name, 0))
            if place:
                found[*own, element] = place
    return found


def _statements(documents: Any, known: Known) -> list[Value]:
    found: list[Value] = []
    for document in _listed(documents):
        value = known(document)
        value = parse_json(value) if isinstance(value, (str, Text)) else value
        inner = value.get("Statement") if isinstance(value, dict) else None
        found += _listed(inner) if inner is not None else [Open("a policy that it starts from")]
    return found


def _sid(statement: Value) -> Any:
    return (statement.get("Sid") or None) if isinstance(statement, dict) else None


def _statement(block: dict[str, Any], known: Known) -> Value:
    found: dict[str, Value] = {}
    if block.get("sid"):
        found["Sid"] = known(block["sid"])
    found["Effect"] = known(block.get("effect")) or "Allow"
    for name, element in LISTS.items():
        if block.get(name) is not None:
            found[element] = _unescaped(known(block[name]))
    for name, element in WHOM.items():
        if block.get(name):
            found[element] = _principals(_listed(block[name]), known)
    if block.get("condition"):
        found["Condition"] = _conditions(_listed(block["condition"]), known)
    return found


def _principals(blocks: list[Any], known: Known) -> Value:
    found: dict[str, list[Value]] = {}
    for block in blocks:
        if not isinstance(block, dict):
            return Open("principals that are not known")
        kind, names = known(block.get("type")), known(block.get("identifiers"))
        if kind == "*":
            return "*"
        if not isinstance(kind, str):
            return Open("principals whose kind is not known")
        found.setdefault(kind, []).extend(_listed(names))
    return found


def _conditions(blocks: list[Any], known: Known) -> Value:
    found: dict[str, dict[str, Value]] = {}
    for block in blocks:
        if not isinstance(block, dict):
            return Open("conditions that are not known")
        test, key = known(block.get("test")), known(block.get("variable"))
        values = _unescaped(known(block.get("values")))
        found.setdefault(str(test), {}).setdefault(str(key), []).extend(_listed(values))
    return found


def _unescaped(value: Value) -> Value:
    """Return text with IAM's own variables as IAM writes them: Terraform has ``&{…}`` for those."""
    if isinstance(value, list):
        return [_unescaped(item) for item in value]
    if isinstance(value, Text):
        return text([_unescaped(part) for part in value.parts])
    return value.replace("&{", "${") if isinstance(value, str) else value


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
