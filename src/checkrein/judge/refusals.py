"""What code asks of a resource that nobody declares, and its role is given no right to.

Who made a table by hand may have given the right to it by hand too; as these files deploy the
application, the call fails. So such a fault is a small one, whatever lies there.
"""

from __future__ import annotations

from msgspec.structs import replace

from checkrein.checks.missing import takes_roles
from checkrein.checks.questions import grouped, listed, short
from checkrein.model import App, Call, Evidence, Fact, Finding, Function, Need, Resource

SMALL = 1


def refused(app: App, subject: Fact, finding: Finding) -> Finding:
    """Return a finding, a small fault if all that it endangers refuses the function it is of."""
    if not isinstance(subject, Function) or not finding.endangers:
        return finding
    if not all(_refuses(app, id, subject.id) for id in finding.endangers):
        return finding
    names = listed(map(short, finding.endangers))
    said = Evidence(f"nothing here gives {short(subject.id)} a right to {names}", subject.place)
    return replace(finding, fault=SMALL, evidence=(*finding.evidence, said))


def _refuses(app: App, target: str, function: str) -> bool:
    """Tell whether a function's role gives none of what its code asks of what nobody declares."""
    resource = app.get(Resource, target)
    if resource is None or not resource.is_undeclared:
        return False
    calls = grouped(app, Call, "function").get(function, [])
    asked = {(c.place, action) for c in calls if c.target == target for action in c.actions}
    needs = grouped(app, Need, "function").get(function, [])
    given = [each.granted for each in needs if (each.place, each.action) in asked]
    return bool(given) and not any(given) and not takes_roles(app, function)
