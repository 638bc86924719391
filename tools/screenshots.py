"""Make the pictures of the HTML report that the README shows.

    .venv/bin/python -m tools.screenshots [FOLDER]

Scans ``examples/wild-rydes`` and writes PNG files into ``docs/images`` (or FOLDER): the report by
light with the way to a cell, by night with what could be beyond the intent, and on a phone.
Needs Chromium; the time of the scan is fixed, so that equal reports give equal pictures.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from checkrein.cli import run
from tools.browser import Browser, installed
from tools.palette import smaller

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "wild-rydes"
EPOCH = "1772368205"  # 2026-03-01
STILL = "new Promise((done) => setTimeout(done, 400))"  # until what fades has faded
CELL = """(() => {
  const row = [...document.querySelectorAll("#table tr[id]")].find((each) =>
    each.cells[0].textContent.includes("Logs RequestRide"));
  row.cells[3].click();
})()"""
BEYOND = """(() => {
  const less = document.querySelector("#less");
  less.value = "0";
  less.dispatchEvent(new Event("change"));
  document.querySelector("[name=show][value='2']").click();
})()"""
FINDING = """(() => {
  const item = [...document.querySelectorAll(".level li")].find((each) =>
    each.textContent.includes("the log of Charge receives"));
  item.querySelector("summary").click();
})()"""


class Shot(Struct, frozen=True):
    """A picture: its name, the window, and what is done before."""

    name: str
    width: int
    height: int
    steps: tuple[str, ...] = ()
    dark: bool = False


SHOTS = (
    Shot("report-path", 1280, 800, (CELL,)),
    Shot("report-beyond-intent", 1280, 800, (BEYOND, FINDING), dark=True),
    Shot("report-phone", 390, 844),
)


def main() -> int:
    """Write the pictures and print their sizes; 1 where no browser is installed."""
    if not installed():
        print("no Chromium is installed (apt-get install chromium)", file=sys.stderr)
        return 1
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    with TemporaryDirectory() as temporary, Browser() as browser:
        report = Path(temporary) / "report.html"
        run(["scan", str(EXAMPLE), "--format", f"html={report}"])
        for shot in SHOTS:
            browser.look(shot.width, shot.height, dark=shot.dark)
            browser.open(report)
            for step in (*shot.steps, STILL):
                browser.run(step)
            file = folder / f"{shot.name}.png"
            file.write_bytes(smaller(browser.picture()))
            print(f"{file}: {file.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
