"""Make ``catalog/data/sam_policy_templates.json``: what SAM's policy templates allow.

Usage: ``python tools/catalog_sam_policies.py``, in an environment with aws-sam-translator.
Source: aws-sam-translator (Apache-2.0), its ``policy_templates.json``.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src/checkrein/catalog/data/sam_policy_templates.json"


def main() -> None:
    """Write the table."""
    source = files("samtranslator.policy_templates_data") / "policy_templates.json"
    found = json.loads(source.read_text(encoding="utf-8"))["Templates"]
    source_said = {
        "name": "aws-sam-translator",
        "version": version("aws-sam-translator"),
        "licence": "Apache-2.0",
        "date": "",
        "taken": str(datetime.now(UTC).date()),
    }
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(made(found[name]))}" for name in sorted(found)
    )
    text = f'{{"sources": [{json.dumps(source_said)}],\n"templates": {{\n{lines}\n}}}}\n'
    TARGET.write_text(text, encoding="utf-8")


def made(template: dict[str, Any]) -> dict[str, Any]:
    """Return a template's parameters and statements, ``${Parameter}`` in their resources."""
    return {
        "parameters": list(template["Parameters"]),
        "statements": [
            {
                "actions": listed(statement["Action"]),
                "resources": [filled(one) for one in listed(statement["Resource"])],
                "conditional": "Condition" in statement,
            }
            for statement in template["Definition"]["Statement"]
        ],
    }


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def filled(resource: Any) -> str:
    """Return a resource with the parameters' own names in it."""
    if isinstance(resource, str):
        return resource
    argument = resource["Fn::Sub"]
    if isinstance(argument, str):
        return argument
    text, names = argument
    for name, reference in names.items():
        text = text.replace(f"${{{name}}}", f"${{{reference['Ref']}}}")
    return str(text)


if __name__ == "__main__":
    main()
