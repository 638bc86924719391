"""A browser to look at reports with: headless Chromium over a pipe of its own debugging protocol.

Chromium speaks the DevTools protocol on two pipes, so neither a driver, a port nor a package is
needed. Used by ``tests/report/html`` and ``tools/screenshots.py``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--headless",
    "--no-sandbox",  # the pages are our own, and containers seldom allow one
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
TO_BROWSER, FROM_BROWSER = 3, 4  # the file descriptors that Chromium reads and writes
END = b"\0"  # of a message
PHONE = 600  # CSS pixels: narrower windows are phones


class Failed(Exception):
    """What was asked of the browser failed; says what it answered."""


def installed() -> str:
    """Return the path of a Chromium, "" if there is none."""
    return next(filter(None, map(shutil.which, NAMES)), "")


class Browser:
    """One headless Chromium with one page."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="checkrein-browser-", ignore_cleanup_errors=True)
        reads, self._to = os.pipe()
        self._from, writes = os.pipe()
        arguments = [installed(), *QUIET, f"--user-data-dir={self._folder.name}", "about:blank"]
        redirect = f'exec "$@" {TO_BROWSER}<&{reads} {FROM_BROWSER}>&{writes}'
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", redirect, "browser", *arguments],
            pass_fds=(reads, writes),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(reads)
        os.close(writes)
        self._number = 0
        self._rest = b""
        self.events: list[dict[str, Any]] = []
        self._session = ""
        pages = self.send("Target.getTargets")["targetInfos"]
        page = next(page for page in pages if page["type"] == "page")
        attached = self.send("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Audits"):
            self.send(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and remove what it kept."""
        os.close(self._to)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._from)
        self._folder.cleanup()

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return the answer to a command of the protocol; events go to ``events``."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + END)
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                break
            self.events.append(answer)
        if "error" in answer:
            raise Failed(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _receive(self) -> dict[str, Any]:
        while END not in self._rest:
            piece = os.read(self._from, 1 << 16)
            if not piece:
                raise Failed("the browser ended")
            self._rest += piece
        message, _, self._rest = self._rest.partition(END)
        answer: dict[str, Any] = json.loads(message)
        return answer

    def wait_for(self, method: str) -> dict[str, Any]:
        """Return the parameters of the next event of a kind, those known already too."""
        for number, event in enumerate(self.events):
            if event["method"] == method:
                parameters: dict[str, Any] = self.events.pop(number)["params"]
                return parameters
        event = self._receive()
        while event.get("method") != method:
            self.events.append(event)
            event = self._receive()
        found: dict[str, Any] = event["params"]
        return found

    def open(self, file: Path) -> None:
        """Load a file and wait until it is there."""
        self.events.clear()
        self.send("Page.navigate", url=file.resolve().as_uri())
        self.wait_for("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """Return the value of a script's expression, as JSON; raise Failed where it throws."""
        found = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in found:
            raise Failed(found["exceptionDetails"]["exception"].get("description", "it threw"))
        return found["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key, by its name (``Enter``, ``ArrowDown``, ``/``)."""
        codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowUp": 38, "ArrowDown": 40}
        codes |= {"ArrowLeft": 37, "ArrowRight": 39}
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        known = {"key": key, "code": key, "windowsVirtualKeyCode": codes.get(key, 0)}
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **known)
        self.send("Input.dispatchKeyEvent", type="keyUp", **known)

    def point(self, selector: str) -> tuple[float, float]:
        """Bring the pointer to the middle of an element; return where that is."""
        x, y = self.run(
            f"""(() => {{
              const element = document.querySelector({json.dumps(selector)});
              element.scrollIntoView({{block: "center", inline: "center"}});
              const box = element.getBoundingClientRect();
              return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"""
        )
        self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        return x, y

    def click(self, selector: str) -> None:
        """Click in the middle of an element, as a mouse does."""
        x, y = self.point(selector)
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def look(self, width: int, height: int, *, dark: bool = False, media: str = "screen") -> None:
        """Set the window's size, the colours that the reader prefers, and the medium."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < PHONE,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def picture(self) -> bytes:
        """Return what is seen, as PNG."""
        return b64decode(self.send("Page.captureScreenshot", format="png")["data"])
