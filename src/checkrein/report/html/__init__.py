"""The report that people look at: one file with the picture, the table and the findings.

It is whole without its script, which adds views, filters, paths and keys. The elements are made
by plain functions (``markup``) in which text cannot become mark-up: a template language would
save nothing here, as the page is one shape of a few lists.
"""

from __future__ import annotations

from checkrein.model import Row
from checkrein.model.picture import Picture
from checkrein.model.result import Result
from checkrein.report.choice import choose
from checkrein.report.html.body import body
from checkrein.report.html.page import page
from checkrein.report.html.script_data import ScriptData
from checkrein.report.html.sources import Sources
from checkrein.report.run import Run
from checkrein.report.secrets import secrets

MOST = 150  # findings told in full: more nobody reads here, and the file must stay small
OF_ONE_CHECK = 3


def document(result: Result, run: Run, picture: Picture) -> bytes:
    """Return the report as one HTML file; ``picture`` is that of the result's app."""
    sources = Sources(result.root, secrets(result))
    shown = choose(result, None if run.all else MOST, OF_ONE_CHECK)
    data = ScriptData(picture, sources)
    encoded = data.encoded(result.app.every(Row), shown)
    content = body(result, run, picture, shown, data, sources)
    return page(f"checkrein: {result.root.name}", content, encoded).encode()
