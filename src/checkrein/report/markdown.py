"""A report for a pull request or a step's summary: short, with the details folded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from checkrein.late import regex
from checkrein.model import Outcome, Severity, Unread
from checkrein.model.result import Result
from checkrein.report.counts import counts, crashed
from checkrein.report.details import acceptance, at, because, remedy_of
from checkrein.report.diff import diff
from checkrein.report.groups import Group, groups, names
from checkrein.report.order import Told, worst_first
from checkrein.report.run import Run
from checkrein.report.secrets import Secrets, secrets
from checkrein.report.wording import classes, many

MOST = 60_000  # characters; a comment on GitHub holds 65,536
SCREEN = 12  # findings that are seen at once
DIFF = 12  # lines
UNREAD = 5
MARKS = regex(r"([\\`*_{}\[\]<>#|~&])")
LINKED = regex(r"(?i)(www)\.")  # as a scheme before an address: GitHub makes a link of what follows


def document(result: Result, run: Run) -> bytes:
    """Return the report: a screen of the worst findings, and the others folded.

    It is cut between findings where a comment could not hold it.
    """
    told = worst_first(result)
    parts = [_head(result, told)]
    room = MOST - len(parts[0])
    tail = "".join([_data(result), *_unread(result, run), *_crashed(result), *_notes(result)])
    room -= len(tail.encode())
    found, hidden = [], secrets(result)
    for each in told:
        part = _finding(each, result, run, hidden)
        room -= len(part.encode())
        if room < 0:
            break
        found.append(part)
    rest = len(told) - len(found)
    more = f"\n{many(rest, 'less severe finding')} not shown here.\n" if rest else ""
    return "".join([*parts, *found[:SCREEN], *_folded(found[SCREEN:], more), tail]).encode()


def _folded(found: list[str], more: str) -> Iterator[str]:
    if found:
        title = many(len(found), "less severe finding")
        yield f"\n<details><summary>{title}</summary>\n{''.join(found)}{more}\n</details>\n"
    else:
        yield more


def _head(result: Result, told: list[Told]) -> str:
    levels = Counter(verdict.severity for verdict, _ in told)
    numbers = counts(result).verdicts
    held = sum(verdict.outcome is Outcome.FAIL for verdict in result.held)
    said = [
        *(f"{levels[level]} {level}" for level in reversed(Severity) if levels[level]),
        f"{numbers['undecided']} undecided" if numbers["undecided"] else "",
        f"{numbers['crashed']} crashed" if numbers["crashed"] else "",
        f"{held} for auditors (`--persona auditor`)" if held else "",
        f"{numbers['ignored']} ignored" if numbers["ignored"] else "",
        f"{numbers['known']} in the baseline" if numbers["known"] else "",
        f"{numbers['pass']} passed" if numbers["pass"] else "",
    ]
    incomplete = any(unread.fatal for unread in result.app.every(Unread))
    none = "nothing found in what could be read" if incomplete else "nothing found"
    found = many(len(told), "finding") if told else none
    numbers_told = " · ".join(filter(None, said))
    return f"## checkrein: {found}\n" + (f"\n{numbers_told}\n" if numbers_told else "")


def _finding(told: Told, result: Result, run: Run, hidden: Secrets) -> str:
    verdict, finding = told
    where = f"<code>{_html(at(finding.place, run))}</code>"
    head = f"<b>{verdict.severity}</b> {_html(finding.message)} · {where}"
    listed = "".join(f"- {escaped(line)}\n" for line in because(finding, run))
    tag = f" · {finding.cwe}" if finding.cwe else ""
    sure = "" if verdict.confidence == "certain" else f" · {verdict.confidence}, not certain"
    accept = acceptance(finding)
    meant = f"- if it is meant: `{accept}`\n" if accept else ""
    body = f"{listed}{meant}- {escaped(verdict.reason)}{sure} · `{verdict.check}`{tag}\n"
    fix = "".join(_fix(told, result, hidden))
    return f"\n<details><summary>{head}</summary>\n\n{body}{fix}\n</details>\n"


def _fix(told: Told, result: Result, hidden: Secrets) -> Iterator[str]:
    finding = told.finding
    if not finding.fix:
        return
    unsafe = "" if finding.fix.safe else " (review it: this may change what works)"
    yield f"- fix: {escaped(finding.fix.title)}{unsafe}\n"
    changed = list(diff(remedy_of(finding, result).edits, result.root, hidden))
    if changed:
        more = [f"… {len(changed) - DIFF} more lines"] if len(changed) > DIFF else []
        inner = "\n".join([*changed[:DIFF], *more])
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", inner)), default=0))
        yield f"\n{fence}diff\n{inner}\n{fence}\n"


def _data(result: Result) -> str:
    """Return the table of data: what each service holds, and what it could hold besides."""
    told = [group for group in groups(result.app) if group.risk]
    lines = [
        line for group in told for line in _lines(group, titled=len(told) > 1 or bool(group.copies))
    ]
    number = sum(row.risk > 0 for group in told for row in group.rows)
    head = "| Risk | Service | Data seen in code | Could also hold |\n|---|---|---|---|\n"
    return _within(f"Data of {many(number, 'service')}", head, lines) if lines else ""


def _lines(group: Group, *, titled: bool) -> Iterator[str]:
    """Yield a deployment's rows, the riskiest first, after its name where there are several."""
    if titled:
        yield f"| | **{escaped(group.title)}** {escaped(group.size)} | | |\n"
    called = names(group.rows)
    for row in sorted(group.rows, key=lambda each: (-each.risk, each.service, each.id)):
        if row.risk:
            beyond = _held(sorted({*row.potential} - {*row.coded}))
            service = f"{escaped(row.service)} {escaped(called[row.id])}"
            yield f"| {'★' * row.risk} | {service} | {_held(row.coded)} | {beyond} |\n"


def _within(title: str, head: str, lines: list[str]) -> str:
    """Fold lines, at most a third of what a comment holds."""
    room, kept = MOST // 3, []
    for line in lines:
        room -= len(line.encode())
        if room < 0:
            break
        kept.append(line)
    more = f"\n{len(lines) - len(kept)} more\n" if len(kept) < len(lines) else ""
    body = "".join(kept)
    return f"\n<details><summary>{title}</summary>\n\n{head}{body}{more}\n</details>\n"


def _held(data: object) -> str:
    listed = list(data) if isinstance(data, (list, tuple)) else []
    return escaped(classes(listed)) if listed else "-"


def _unread(result: Result, run: Run) -> Iterator[str]:
    unread = sorted(result.app.every(Unread), key=lambda each: (not each.fatal, each.path))
    if unread:
        yield "\n**Could not be read**\n\n"
    for each in unread[:UNREAD]:
        yield f"- {escaped(run.path(each.path))}: {escaped(each.reason)} ({escaped(each.effect)})\n"
    if len(unread) > UNREAD:
        yield f"- {len(unread) - UNREAD} more\n"


def _crashed(result: Result) -> Iterator[str]:
    if told := crashed(result):
        yield "\n**Crashed**\n\n"
        yield from (f"- {escaped(each)}\n" for each in told[:UNREAD])
        if len(told) > UNREAD:
            yield f"- {len(told) - UNREAD} more\n"


def _notes(result: Result) -> Iterator[str]:
    if result.notes:
        yield "\n" + "".join(f"_{escaped(note)}_\n" for note in result.notes)


def escaped(text: str) -> str:
    """Return a text that no mark-up changes, that mentions nobody and leads nowhere."""
    return _aside(MARKS.sub(r"\\\1", " ".join(text.split())))


def _html(text: str) -> str:
    """Return a text for inside an element, where Markdown may still look."""
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _aside(re.sub(r"([*_`|\[\]~])", lambda m: f"&#{ord(m[1])};", plain))


def _aside(text: str) -> str:
    """Return a text of which GitHub makes neither a mention nor, by itself, a link."""
    named = text.replace("@", "@&#8203;").replace("://", "&#58;//")
    return LINKED.sub(lambda host: f"{host[1]}&#46;", named)
