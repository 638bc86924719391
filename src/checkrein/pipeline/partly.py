"""What was left out of code that is here: no silence looks like a pass."""

from __future__ import annotations

from collections.abc import Iterable

from checkrein import code
from checkrein.model import Evidence, Fact, Function, Summary, Unread


def partly_read(functions: list[Function], found: Iterable[Fact]) -> list[Unread]:
    """Say what was left out of code that is here: of each file once, whoever runs it.

    It ends no build that a deployment's archive has another handler, or that a bound was met.
    """
    declared = {function.id: function for function in functions}
    unread: dict[tuple[str, str], Unread] = {}
    for summary in (fact for fact in found if isinstance(fact, Summary)):
        function = declared[summary.function]
        for each in summary.lost if function.programs else ():
            path = each.place.path or function.place.path
            said = each.text.rstrip(".")
            reason = said if each.place.path else f"{function.id.rpartition('/')[2]}: {said}"
            unread[path, reason] = Unread(
                id=f"{path}: {reason}",
                path=path,
                reason=reason,
                effect="what the code does with data is known in part",
                fatal=bool(each.place.path) or code.failed(summary),
                evidence=(Evidence(reason, each.place if each.place.path else function.place),),
            )
    return list(unread.values())
