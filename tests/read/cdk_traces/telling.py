"""Programs of CDK apps in a folder, traced, and what was traced as short texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from checkrein.read.cdk.unsynthesized.trace import (
    Called,
    Choice,
    Member,
    New,
    Package,
    Text,
    Trace,
    Unknown,
)
from checkrein.read.cdk.unsynthesized.tracing import traced

SCRIPT = """import * as cdk from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as path from 'path';
const app = new cdk.App();
const stack = new cdk.Stack(app, 'S');
"""
PYTHON = """import os
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3, aws_lambda as lambda_, Stack
from constructs import Construct
app = cdk.App()
stack = Stack(app, "S")
"""


def trace(root: Path, files: dict[str, str], **cdk: Any) -> Trace:
    """Write an app's files, and trace it."""
    first = next(iter(files))
    command = f"python {first}" if first.endswith(".py") else f"npx ts-node {first}"
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root / "cdk.json").write_text(json.dumps({"app": command, **cdk}))
    found = traced(root, "")
    assert found is not None
    return found


def script(root: Path, text: str, **cdk: Any) -> Trace:
    """Trace a program in TypeScript that begins with an app and a stack."""
    return trace(root, {"app.ts": SCRIPT + text}, **cdk)


def python(root: Path, text: str, **cdk: Any) -> Trace:
    """Trace a program in Python that begins with an app and a stack."""
    return trace(root, {"app.py": PYTHON + text}, **cdk)


def path(thing: New) -> str:
    """Return a construct's ids from its stack on."""
    own = str(shown(thing.id)) if thing.scope is not None else ""
    above = path(thing.scope) if thing.scope is not None else ""
    return f"{above}/{own}" if above else own


def shown(value: Any) -> Any:  # noqa: C901, PLR0911 - one line for each kind
    """Return a value as JSON with short texts for what is special."""
    if isinstance(value, New):
        return f"<{path(value) or value.kind}>"
    if isinstance(value, dict):
        return {key: shown(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shown(one) for one in value]
    if isinstance(value, Package):
        return value.name
    if isinstance(value, Member):
        return f"{shown(value.of)}.{value.name}"
    if isinstance(value, Called):
        return f"{shown(value.of)}.{value.name}({', '.join(map(str, map(shown, value.arguments)))})"
    if isinstance(value, Text):
        return "".join(str(shown(one)) for one in value.parts)
    if isinstance(value, Choice):
        return "|".join(str(shown(one)) for one in value.among)
    return "?" if isinstance(value, Unknown) else value


def constructs(found: Trace) -> list[str]:
    """Return kinds and paths of what was made below the stack, "?" behind what is not sure."""
    made = [one for one in found.done if isinstance(one, New) and one.scope is not None]
    return [
        f"{one.kind} {path(one)}{'' if one.sure else ' ?'}" for one in made if one.kind != "Stack"
    ]


def made(found: Trace, name: str) -> New:
    """Return the one construct with an id."""
    (one,) = [each for each in found.done if isinstance(each, New) and shown(each.id) == name]
    return one


def properties(found: Trace, name: str) -> Any:
    """Return what the one construct with an id was given."""
    return shown(made(found, name).arguments[0])


def calls(found: Trace) -> list[str]:
    """Return what was called, "?" behind what is not sure."""
    return [
        f"{shown(one)}{'' if one.sure else ' ?'}" for one in found.done if isinstance(one, Called)
    ]


def lost(found: Trace) -> list[str]:
    """Return what was not followed, with its line."""
    return [f"{one.place.line}: {one.why}" for one in found.lost]
