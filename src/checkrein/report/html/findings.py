"""The findings: each the code, why it is true, what to do; the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from checkrein.model import Evidence, Finding, Severity
from checkrein.model.result import Result
from checkrein.report.choice import Shown, followed, held_back, subject_of
from checkrein.report.details import remedy_of
from checkrein.report.diff import diff
from checkrein.report.html.markup import Markup, breaking, element
from checkrein.report.html.sources import Sources
from checkrein.report.order import worst_first
from checkrein.report.wording import listed, many

OPEN = 40  # of a severity, from which on its list is folded
ALSO = 4  # findings of one verdict
STEPS = 8
DIFF = 14  # lines
NAMED = 12  # others of the same


class Teller:
    """Tells findings in the words of one scan."""

    def __init__(self, result: Result, sources: Sources) -> None:
        self._result = result
        self._sources = sources

    def findings(self, shown: Sequence[Shown]) -> Iterator[Markup]:
        """Yield a list for each severity, the worst first; then how many are not told."""
        numbers = Counter(verdict.severity for verdict, _ in worst_first(self._result))
        told = list(enumerate(shown))
        for severity, same in groupby(told, lambda each: each[1].verdict.severity):
            items = list(same)
            yield self._level(severity, items, numbers[severity], first=items[0][0] == 0)
        named = sum(len(verdict.findings) for group in shown for verdict in group.more)
        rest = held_back(self._result, [*shown]).total() - named
        if rest > 0:
            said = f"{many(rest, 'less severe finding')}: checkrein scan --format csv"
            yield element("p", said, class_="rest")

    def _level(
        self, severity: Severity, same: list[tuple[int, Shown]], number: int, *, first: bool
    ) -> Markup:
        count = element("span", f"{number:,}", class_="count")
        head = element("summary", element("h3", severity.title()), " ", count)
        items = [self._item(n, group) for n, group in same]
        unfolded = first or (severity in {Severity.CRITICAL, Severity.HIGH} and len(same) <= OPEN)
        return element("details", head, element("ol", items), class_="level", open=unfolded)

    def _item(self, number: int, group: Shown) -> Markup:
        verdict, first = group.verdict, group.verdict.findings[0]
        head = element(
            "summary",
            element("span", verdict.severity, class_="severity"),
            " ",
            element("span", breaking(first.message), class_="message"),
            " ",
            element("span", breaking(str(first.place)), class_="where"),
        )
        body = element("div", self._body(group), class_="body")
        return element(
            "li", element("details", head, body), id=f"f{number}", class_=verdict.severity
        )

    def _body(self, group: Shown) -> Iterator[Markup]:
        verdict, first = group.verdict, group.verdict.findings[0]
        before: Finding | None = None
        for finding in verdict.findings[:ALSO]:
            if finding.message != first.message:
                yield element("p", finding.message)
            if before is None or before.place != finding.place:
                yield from self._code(finding)
            if before is None or (before.evidence, before.steps) != (
                finding.evidence,
                finding.steps,
            ):
                yield from self._because(finding)
            before = finding
        yield from self._fix(first)
        yield from self._others(group)
        sure = "" if verdict.confidence == "certain" else f" · {verdict.confidence}, not certain"
        tag = f" · {first.cwe}" if first.cwe else ""
        said = f"{verdict.reason}{sure}{tag} · "
        yield element("p", said, element("code", verdict.check), class_="reason")

    def _code(self, finding: Finding) -> Iterator[Markup]:
        line = self._sources.marked(finding.place)
        if line:
            yield element("pre", line)

    def _because(self, finding: Finding) -> Iterator[Markup]:
        told = [*finding.evidence, *finding.steps]
        items = [self._step(each, finding) for each in told[:STEPS]]
        if len(told) > STEPS:
            items.append(element("li", f"… {len(told) - STEPS} more steps"))
        if items:
            yield element("ol", items, class_="steps")

    def _step(self, each: Evidence, finding: Finding) -> Markup:
        if not each.place.path or each.place == finding.place:
            return element("li", each.text)
        where = element("span", str(each.place), class_="where")
        line = self._sources.marked(each.place)
        return element("li", each.text, " ", where, element("pre", line) if line else None)

    def _fix(self, finding: Finding) -> Iterator[Markup]:
        if not finding.fix:
            return
        unsafe = "" if finding.fix.safe else " (review it: this may change what works)"
        yield element("p", element("b", "Fix"), f": {finding.fix.title}{unsafe}", class_="fix")
        remedy = remedy_of(finding, self._result)
        changed = list(diff(remedy.edits, self._result.root, self._sources.hidden))
        names = {"+": "ins", "-": "del"}
        lines = [element(names[line[0]], line, "\n") for line in changed[:DIFF]]
        if len(changed) > DIFF:
            lines.append(element("span", f"… {len(changed) - DIFF} more lines"))
        if lines:
            yield element("pre", lines, class_="diff")

    def _others(self, group: Shown) -> Iterator[Markup]:
        """Name what else stands at the place, and where else the same is so."""
        for verdict in group.beside:
            said = f" {verdict.findings[0].message}"
            yield element("p", element("code", verdict.check), said, class_="beside")
        same = [*group.verdict.findings[ALSO:], *(v.findings[0] for v in group.same)]
        if same:
            places = [str(finding.place) for finding in same]
            yield element("p", f"Also at {listed(places, NAMED)}", class_="beside")
        for said in followed(group.caused):
            yield element("p", said, class_="beside")
        if group.more:
            names = [f"{subject_of(v, v.findings[0])} {v.findings[0].place}" for v in group.more]
            said = f"And {len(names)} more: {listed(names, NAMED)}"
            yield element("p", said, class_="beside")
