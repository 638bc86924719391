"""SARIF 2.1.0: results that fail, with their rule's help (Static Analysis Results Interchange)."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from msgspec.structs import replace

from checkrein.late import regex
from checkrein.model import Claim, Evidence, Place

LEVELS = {"note": 1, "none": 1, "warning": 2, "error": 3}
SCORES = ((7.0, 3), (4.0, 2))  # GitHub's bands of security-severity; what is less is 1
SCHEME = regex(r"^[A-Za-z][\w+.-]*://[^/]*")
CWE = regex(r"(?i)\bcwe[-/: ]*0*(\d+)")
MANY = 5  # findings, from which on one level for all of them says nothing
FAILING = {"fail", "open", "review"}


def claims(document: dict[str, Any]) -> Iterator[Claim]:
    """Yield a Claim for each failing result that nobody suppressed; what lacks parts is skipped.

    A tool that calls all it finds an error grades nothing: its findings are small until the data
    say otherwise.
    """
    for run in document["runs"]:
        if isinstance(run, dict):
            found = list(_run(run))
            graded = len(found) < MANY or len({claim.level for claim in found}) > 1
            yield from found if graded else (replace(claim, level=1) for claim in found)


def _run(run: dict[str, Any]) -> Iterator[Claim]:
    driver = _dict(_dict(run.get("tool")).get("driver"))
    tool = str(driver.get("name") or "another tool")
    rules = {str(r.get("id")): r for r in _dicts(driver.get("rules"))}
    listed = _dicts(driver.get("rules"))
    for result in _dicts(run.get("results")):
        if str(result.get("kind", "fail")) not in FAILING or _suppressed(result):
            continue
        index = result.get("ruleIndex", -1)
        known = listed[index] if isinstance(index, int) and 0 <= index < len(listed) else {}
        id = str(result.get("ruleId") or _dict(result.get("rule")).get("id") or known.get("id", ""))
        yield _claim(tool, result, id, rules.get(id, known))


def _claim(tool: str, result: dict[str, Any], id: str, rule: dict[str, Any]) -> Claim:
    message = _dict(result.get("message"))
    text = str(message.get("text") or message.get("markdown") or id).strip().split("\n")[0]
    place = _place(result)
    properties = {**_dict(rule.get("properties")), **_dict(result.get("properties"))}
    tags = properties.get("tags")
    cwe = CWE.search(f"{tags} {properties.get('cwe', '')} {id}")
    told = "\0".join((tool, id, place.path, str(place.line), text))
    return Claim(
        id=f"claim:{sha256(told.encode()).hexdigest()[:16]}",
        evidence=(Evidence(f"{tool} says so ({id})", place),),
        tool=tool,
        rule=id,
        message=text,
        level=_level(result, rule, properties),
        cwe=f"CWE-{cwe[1]}" if cwe else "",
    )


def _level(result: dict[str, Any], rule: dict[str, Any], properties: dict[str, Any]) -> int:
    try:
        score = float(properties["security-severity"])
    except (KeyError, TypeError, ValueError):
        usual = _dict(rule.get("defaultConfiguration")).get("level", "warning")
        return LEVELS.get(str(result.get("level") or usual), 2)
    return next((level for least, level in SCORES if score >= least), 1)


def _place(result: dict[str, Any]) -> Place:
    for location in _dicts(result.get("locations")):
        physical = _dict(location.get("physicalLocation"))
        uri = str(_dict(physical.get("artifactLocation")).get("uri") or "")
        region = _dict(physical.get("region"))
        line, column = _number(region, "startLine", 1), _number(region, "startColumn", 1)
        path = unquote(SCHEME.sub("", uri))
        end = _number(region, "endLine", line)
        return Place(path, line, column, end, _number(region, "endColumn", column))
    return Place("", 0)


def _suppressed(result: dict[str, Any]) -> bool:
    suppressions = _dicts(result.get("suppressions"))
    return any(s.get("status", "accepted") == "accepted" for s in suppressions)


def _number(region: dict[str, Any], key: str, otherwise: int) -> int:
    found = region.get(key)
    return found if isinstance(found, int) and found > 0 else otherwise


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
