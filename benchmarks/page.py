"""Sizes and times of the HTML report, of generated applications and of those in folders.

    make bench-page                      generated ones, of 100 and 340 functions (1,150 boxes)
    python -m benchmarks.page FOLDER…    the applications in some folders

Prints the file's size, the seconds to make it after the scan, and in headless Chromium the
milliseconds until it is there, and until the window shows what a reader did.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from checkrein import pipeline
from checkrein.compare.picture import picture
from checkrein.report.html import document
from checkrein.report.run import Run
from tests.report.html.shops import write_shop
from tools.browser import Browser, installed

SIZES = (3, 30, 100, 340)
RUN = Run(at=datetime(2026, 3, 1, tzinfo=UTC))
ACTIONS = {
    "view": "document.querySelector('[name=show][value=\"2\"]').click()",
    "cell": "document.querySelectorAll('#table tr[id]')[5].cells[3].click()",
    "search": "Object.assign(document.querySelector('#search'), { value: 'a' })"
    ".dispatchEvent(new Event('input'))",
}
SEEN = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


def main() -> int:
    """Measure and print; 1 where no browser is installed."""
    if not installed():
        print("no Chromium is installed (apt-get install chromium)", file=sys.stderr)
        return 1
    with TemporaryDirectory() as temporary, Browser() as browser:
        browser.look(1280, 800)
        shops = [write_shop(Path(temporary) / f"shop-{size}", size) for size in SIZES]
        for folder in [Path(name) for name in sys.argv[1:]] or shops:
            _measure(folder, Path(temporary) / "page.html", browser)
    return 0


def _measure(folder: Path, file: Path, browser: Browser) -> None:
    result = pipeline.scan((folder,))
    drawn = picture(result.app)
    start = time.perf_counter()
    file.write_bytes(document(result, RUN, drawn))
    made = time.perf_counter() - start
    start = time.perf_counter()
    browser.open(file)
    loaded = time.perf_counter() - start
    told = [f"{name} {_took(browser, action):.0f}" for name, action in ACTIONS.items()]
    head = f"{folder.name}: {len(drawn.nodes):,} boxes, {file.stat().st_size:,} bytes"
    print(f"{head}, made in {made:.1f} s; ms: load {1000 * loaded:.0f}, {', '.join(told)}")


def _took(browser: Browser, action: str) -> float:
    """Return the milliseconds until the window shows what an action did."""
    took = browser.run(
        f"(async () => {{ const start = performance.now(); {action}; await {SEEN}; "
        "return performance.now() - start; })()"
    )
    return float(took)


if __name__ == "__main__":
    sys.exit(main())
