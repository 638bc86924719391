"""Evidence for an audit: a folder of pages for people and tables for programs.

The pages are Markdown, beside each stands its table (CSV), and ``evidence.json`` holds all counts
with the files that make up the folder. Equal input and date give equal bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from checkrein.catalog.frameworks import Framework
from checkrein.model.eligibility import Compliance
from checkrein.model.movement import Movements
from checkrein.model.result import Result
from checkrein.report.evidence.controls import controls_page, controls_table
from checkrein.report.evidence.findings import accepted_page, findings_page, verdicts_table
from checkrein.report.evidence.flow import flow_page
from checkrein.report.evidence.folder import Files, with_manifest
from checkrein.report.evidence.index import Cover, index_page
from checkrein.report.evidence.inventory import data_page, data_table
from checkrein.report.evidence.read import files_read, files_table
from checkrein.report.evidence.services import services_page, services_table
from checkrein.report.evidence.tallies import Question as Question
from checkrein.report.evidence.tallies import tallied


class Asked(Struct, frozen=True):
    """What evidence is made of. ``checks`` are all there are, ``day`` the date on the cover."""

    framework: Framework
    checks: Sequence[Question]
    result: Result
    movements: Movements
    programs: Sequence[Compliance]
    day: date


def evidence(asked: Asked) -> Files:
    """Return the files of the folder by their names."""
    result = asked.result
    tallies = tallied(asked.framework, asked.checks, result)
    read = files_read(result)
    cover = Cover(asked.framework, result, tallies, read, asked.day)
    pages = {
        "index.md": index_page(cover),
        "controls.md": controls_page(asked.framework, tallies),
        "controls.csv": controls_table(asked.framework, tallies),
        "findings.md": findings_page(tallies),
        "verdicts.csv": verdicts_table(result),
        "accepted.md": accepted_page(result),
        "data.md": data_page(result.app),
        "data.csv": data_table(result.app),
        "flow.md": flow_page(asked.movements),
        "services.md": services_page(result.app, asked.programs),
        "services.csv": services_table(result.app, asked.programs),
        "files.csv": files_table(read),
    }
    return with_manifest(pages, cover.facts())
