"""What stands on the page, from the sentence of the result to the notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checkrein import __version__
from checkrein.model import Row
from checkrein.model.picture import Picture
from checkrein.model.result import Result
from checkrein.report.choice import Shown
from checkrein.report.drawing import without_idle
from checkrein.report.html.findings import Teller
from checkrein.report.html.markup import Markup, element, joined
from checkrein.report.html.parts import parts
from checkrein.report.html.script_data import ScriptData
from checkrein.report.html.sources import Sources
from checkrein.report.html.summary import excess, headline, left_open, read, worst
from checkrein.report.html.svg import drawings, legend
from checkrein.report.html.table import table
from checkrein.report.html.views import views
from checkrein.report.run import Run

KEYS = (
    ("/", "search"),
    ("arrows", "move in the picture or the table"),
    ("Enter", "pick"),
    ("Escape", "let go"),
)


def body(
    result: Result,
    run: Run,
    picture: Picture,
    shown: Sequence[Shown],
    data: ScriptData,
    sources: Sources,
) -> Markup:
    """Return the page's content; ``data`` numbers nodes and pairs of them."""
    rows = result.app.every(Row)
    parts = (
        element("a", "To the table", href="#table", class_="jump"),
        _head(result, run),
        element(
            "main",
            _result(result, rows, shown),
            element(
                "div",
                _picture(picture, data),
                element(
                    "section",
                    element("h2", "Data of each service"),
                    table(result.app, data.nodes),
                    class_="services",
                ),
                _beside(Teller(result, sources).findings(shown)),
                element("section", *left_open(result), class_="notes"),
                class_="layout",
            ),
        ),
        element("footer", _legend()),
    )
    return joined(parts)


def _head(result: Result, run: Run) -> Markup:
    search = element(
        "input",
        type="search",
        id="search",
        placeholder="Search  /",
        aria_label="Search services and findings",
        autocomplete="off",
    )
    theme = element("button", "Light or dark", type="button", id="theme")
    return element(
        "header",
        element("b", "checkrein"),
        " ",
        element("span", result.root.name, class_="of"),
        " ",
        element(
            "time",
            f"{run.at:%Y-%m-%d %H:%M} UTC",
            class_="of",
            datetime=f"{run.at:%Y-%m-%dT%H:%M:%SZ}",
        ),
        element("form", search, theme, class_="scripted", role="search"),
    )


def _result(result: Result, rows: Sequence[Row], shown: Sequence[Shown]) -> Markup:
    return element(
        "section",
        element("h1", f"{headline(result)}."),
        element("p", excess(rows)),
        element("p", read(result), class_="read"),
        worst(shown),
        class_="result",
    )


def _beside(findings: Iterable[Markup]) -> Markup:
    told = list(findings) or [element("p", "Nothing found.", class_="rest")]
    return element(
        "aside",
        element("div", id="panel"),
        element("h2", "Findings", " ", element("span", id="about")),
        element("p", id="said", role="status", class_="unseen"),
        told,
        aria_label="What is picked, and findings",
    )


def _legend() -> Markup:
    keys = [element("span", element("kbd", key), f" {what}") for key, what in KEYS]
    return joined(
        [
            element("p", keys, class_="keys scripted"),
            element("p", f"checkrein {__version__}. This file asks nothing of any network."),
        ]
    )


def _picture(picture: Picture, data: ScriptData) -> Markup:
    return element(
        "section",
        element("h2", "Where data goes", class_="unseen"),
        views(picture),
        drawings(parts(without_idle(picture, data.edges)), data.nodes, data.pairs),
        legend(),
        class_="picture",
    )
