"""What other tools found becomes facts: SARIF 2.1.0, and OCSF's findings as JSON or JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checkrein.errors import InputError
from checkrein.model import Claim, Evidence, Fact, Place, Unread
from checkrein.read.claims import ocsf, sarif


def read_claims(file: Path, root: Path) -> Iterator[Fact]:
    """Yield the Claims of one file of another tool; paths become those of the scanned folder.

    What stands in no file below ``root`` is counted in an Unread fact. Raises InputError where the
    file is neither SARIF nor OCSF.
    """
    content = _parsed(file)
    claims = list(_claims(content, file.name))
    here = _Files(root)
    lost = 0
    for claim in claims:
        path = here.find(claim.place.path)
        if claim.place.path and not path and not claim.names:
            lost += 1
        else:
            yield _placed(claim, path)
    if lost:
        reason = f"{lost} of its {len(claims)} findings stand in files that were not read"
        place = (Evidence(reason, Place(file.name, 1)),)
        effect = "they are on nothing in the model"
        yield Unread(
            id=file.name, path=file.name, reason=reason, effect=effect, evidence=place, fatal=False
        )


def _claims(content: Any, name: str) -> Iterator[Claim]:
    if isinstance(content, dict) and isinstance(content.get("runs"), list):
        return sarif.claims(content)
    listed = content if isinstance(content, list) else [content]
    if all(isinstance(item, dict) and "class_uid" in item for item in listed):
        return ocsf.claims(listed)
    raise InputError(f"{name} is neither SARIF (runs) nor OCSF (class_uid): import another file")


def _parsed(file: Path) -> Any:
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{file.name} is no text in UTF-8") from None
    if not text.strip():
        raise InputError(f"{file.name} is empty: its tool may have failed", file.name)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as whole:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            return [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            raise InputError(f"{file.name} is no JSON: {whole}", file.name) from None


def _placed(claim: Claim, path: str) -> Claim:
    place = claim.place
    moved = Place(path, place.line, place.column, place.end_line, place.end_column)
    return Claim(
        id=claim.id,
        evidence=(Evidence(claim.evidence[0].text, moved),),
        tool=claim.tool,
        rule=claim.rule,
        message=claim.message,
        level=claim.level,
        cwe=claim.cwe,
        names=claim.names,
    )


class _Files:
    """Finds a file that another tool names from its own working folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.known: dict[str, str] = {}

    def find(self, path: str) -> str:
        """Return the path below the root: the longest end of the given one that exists there."""
        if path not in self.known:
            parts = [part for part in path.split("/") if part not in {"", "."}]
            ends = ("/".join(parts[start:]) for start in range(len(parts)))
            safe = ".." not in parts
            self.known[path] = next(
                (end for end in ends if safe and (self.root / end).is_file()), ""
            )
        return self.known[path]
