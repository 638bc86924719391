"""Findings in code that cannot be loaded as these files deploy it: possible, and no more.

Somebody may pack it by hand, so what it does is still told. What stands in a file is there to be
read, whether the code runs or not.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.catalog.runtimes import WITHOUT_CALLBACKS, WITHOUT_SDK_2, version_of_node
from checkrein.checks.questions import grouped, listed, short
from checkrein.model import App, Evidence, Fact, Finding, Function, Summary
from checkrein.model.asking import settled_each
from checkrein.model.workloads import JAVASCRIPT

SDK, SDKS = "aws-sdk", ("@aws-sdk/", "@smithy/")  # versions 2 and 3


def doubted(app: App, subject: Fact, finding: Finding) -> Finding:
    """Return a finding, only possible if none of the functions that it is of can be loaded."""
    is_of_code = not finding.secret and _is_of_code(app, finding)
    functions = _concerned(app, subject, finding) if is_of_code else []
    reasons = [_reason(app, id) for id in functions]
    if not functions or not all(reasons):
        return finding
    said = Evidence(f"{short(functions[0])} cannot be loaded as it is deployed: {reasons[0]}")
    return replace(finding, confidence="possible", evidence=(*finding.evidence, said))


def _is_of_code(app: App, finding: Finding) -> bool:
    """Tell whether a finding rests on what code does: a runtime or a right is there without it."""
    said = (*finding.steps, *finding.evidence)
    places = (finding.place, *(one.place for one in said))
    return any(_running(app, place.path) for place in places)


def _concerned(app: App, subject: Fact, finding: Finding) -> list[str]:
    """Return the functions that a finding is about: by name, else those whose code it stands in."""
    named = dict.fromkeys((subject.id, *finding.by, *finding.endangers))
    functions = [id for id in named if app.alternatives(Function, id)]
    return functions or list(_running(app, finding.place.path) or ())


@settled_each
def _running(app: App) -> dict[str, tuple[str, ...]]:
    """Return, for each file of code, the functions that run it."""
    found: dict[str, tuple[str, ...]] = {}
    for summary in app.every(Summary):
        for file in summary.files:
            found[file] = (*found.get(file, ()), summary.function)
    return found


def _reason(app: App, id: str) -> str:
    """Return why a function cannot be loaded, "" if it can for all that is known."""
    known = app.alternatives(Function, id)
    if known and all(_is_refused(app, one) for one in known):
        return "its runtime refuses handlers that take a callback"
    if not known or any(one.code is None or not one.code.lacks for one in known):
        return ""
    code = known[0].code
    if code is not None and code.lacks == JAVASCRIPT:
        return f"nothing puts what {code.file} is compiled to into its bundle"
    lost = sorted(set(_missing(app, known[0])))
    return f"nothing puts {listed(lost)} into its bundle" if lost else ""


def _is_refused(app: App, function: Function) -> bool:
    summaries = grouped(app, Summary, "function").get(function.id, [])
    refuses = version_of_node(function.runtime) >= WITHOUT_CALLBACKS
    return refuses and bool(summaries) and all(one.callback for one in summaries)


def _missing(app: App, function: Function) -> Iterator[str]:
    version = version_of_node(function.runtime)
    for summary in grouped(app, Summary, "function").get(function.id, []):
        yield from (name for name in summary.packages if not _is_shipped(name, version))


def _is_shipped(name: str, version: int) -> bool:
    """Tell whether a version of Node's runtime brings a package, any where it is not known."""
    if name == SDK:
        return version < WITHOUT_SDK_2
    return name.startswith(SDKS) and (version >= WITHOUT_SDK_2 or not version)
