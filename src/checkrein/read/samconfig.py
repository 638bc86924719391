"""Parameter values that lie beside a template: samconfig.toml and parameter files."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import Any

from checkrein import files
from checkrein.late import regex

CONFIGURATIONS = ("samconfig.toml",)
FILES = ("parameters.json", "params.json")
ASSIGNMENT = regex(r"([A-Za-z0-9]+)=(.*)", re.DOTALL)
LONG = regex(r"ParameterKey=([^,]+),ParameterValue=(.*)", re.DOTALL)


def file_values(root: File, path: str, declared: dict[str, Any]) -> dict[str, Any]:
    """Return the values that files beside a template give to its declared parameters.

    samconfig.toml counts for the template it names, else for ``template.*``; its ``default``
    environment counts most. A parameter file counts if it is named ``parameters.json``,
    ``params.json`` or ``<template>.parameters.json`` and has the shape of one. What cannot be
    read there is no loss: the defaults stand.
    """
    if not declared:
        return {}
    folder = (root / path).parent
    found = {**_parameter_files(folder, path), **_samconfig(folder, path)}
    return {name: value for name, value in found.items() if name in declared}


def stack_name(root: File, path: str) -> str:
    """Return the name that samconfig.toml gives the stack of a template, "" where it says none."""
    said = (one.get("stack_name") for one in _commands((root / path).parent, path))
    return next((name for name in reversed(list(said)) if isinstance(name, str)), "")


def _samconfig(folder: File, path: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for parameters in _commands(folder, path):
        values |= _overrides(parameters.get("parameter_overrides"))
    return values


def _commands(folder: File, path: str) -> Iterator[dict[str, Any]]:
    """Yield the parameters of each command, those of the default environment last."""
    import tomllib  # noqa: PLC0415 - most templates have nothing such beside them

    for name in CONFIGURATIONS:
        try:
            content = tomllib.loads(files.text(folder / name))
        except (OSError, ValueError):
            continue
        for _, environment in sorted(content.items(), key=lambda item: item[0] == "default"):
            yield from _of_environment(environment, path)


def _of_environment(environment: Any, path: str) -> Iterator[dict[str, Any]]:
    for command in ("global", "build", "deploy"):
        section = environment.get(command) if isinstance(environment, dict) else None
        parameters = section.get("parameters") if isinstance(section, dict) else None
        if isinstance(parameters, dict) and _is_for(parameters, path):
            yield parameters


def _is_for(parameters: dict[str, Any], path: str) -> bool:
    named = parameters.get("template_file") or parameters.get("template")
    if isinstance(named, str):
        return PurePosixPath(named).name == PurePosixPath(path).name
    return PurePosixPath(path).stem == "template"


def _overrides(value: Any) -> dict[str, Any]:
    """Read ``A=1 B="x y"``, a list of such, or a table."""
    if isinstance(value, dict):
        return value
    lines = value if isinstance(value, list) else [value]
    found: dict[str, Any] = {}
    for line in lines:
        if isinstance(line, str):
            found |= dict(filter(None, map(_assignment, _words(line))))
    return found


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()


def _assignment(word: str) -> tuple[str, str] | None:
    found = LONG.fullmatch(word) or ASSIGNMENT.fullmatch(word)
    return (found[1], found[2].strip('"')) if found else None


def _parameter_files(folder: File, path: str) -> dict[str, Any]:
    stem = PurePosixPath(path).stem
    names = (*FILES, f"{stem}.parameters.json", f"{stem}-parameters.json", f"{stem}.params.json")
    values: dict[str, Any] = {}
    for name in names:
        try:
            values |= _pairs(json.loads(files.text(folder / name)))
        except (OSError, ValueError):
            continue
    return values


def _pairs(content: Any) -> dict[str, Any]:
    """Read CloudFormation's list of ParameterKey and ParameterValue, or a ``Parameters`` table."""
    if isinstance(content, list):
        return {
            item["ParameterKey"]: item["ParameterValue"]
            for item in content
            if isinstance(item, dict) and {"ParameterKey", "ParameterValue"} <= set(item)
        }
    parameters = content.get("Parameters") if isinstance(content, dict) else None
    return parameters if isinstance(parameters, dict) else {}
