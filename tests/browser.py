"""Debian's Chromium, headless, driven over a pipe: pages measured and photographed at the width of a device.

The DevTools protocol over file descriptors 3 and 4, one JSON message a NUL, needs no port and no library. A page is
given as text and may fetch nothing: whatever it would have asked for is told.
"""

import base64
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

CHROMIUM = shutil.which("chromium") or ""
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)
TALLEST = 6000  # pixels of a picture


@dataclass(frozen=True, slots=True)
class Measured:
    """What a page is at one width: how wide its content came out, how tall, and what it tried to fetch."""

    width: int
    content: int
    height: int
    fetched: tuple[str, ...] = ()


class Browser:
    """``with Browser() as browser:``. Raises RuntimeError where Chromium is missing or has died."""

    def __enter__(self) -> Self:
        if not CHROMIUM:
            raise RuntimeError("chromium is not installed")
        self._profile = tempfile.mkdtemp(prefix="mailbot-chromium-")
        to_browser, ours_out = os.pipe()
        ours_in, from_browser = os.pipe()
        # Chromium reads from 3 and writes to 4; both ends are first moved well above those.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_browser, from_browser)]
        begin = f"import os, sys; os.dup2({ends[0]}, 3); os.dup2({ends[1]}, 4); os.execv(sys.argv[1], sys.argv[1:])"
        self._process = subprocess.Popen(
            [sys.executable, "-c", begin, CHROMIUM, *_FLAGS, f"--user-data-dir={self._profile}", "about:blank"],
            pass_fds=ends,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in ends:
            os.close(end)
        os.close(to_browser)
        os.close(from_browser)
        self._out, self._in = ours_out, ours_in
        self._number, self._buffer, self._fetched = 0, b"", list[str]()
        self._session = ""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")
        self._ask("Network.enable")
        self._frame = self._ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)
        os.close(self._out)
        os.close(self._in)
        shutil.rmtree(self._profile, ignore_errors=True)

    def show(self, html: str, width: int, dark: bool = False) -> Measured:
        """Lays ``html`` out ``width`` pixels wide, in light or dark colours."""
        self._fetched.clear()
        self._ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._ask("Emulation.setEmulatedMedia", features=scheme)
        self._ask("Page.setDocumentContent", frameId=self._frame, html=html)
        sizes = self.ask_page("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        return Measured(width, int(sizes[0]), int(sizes[1]), tuple(self._fetched))

    def ask_page(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page shown."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def picture(self, measured: Measured, scale: float = 1) -> bytes:
        """A PNG of the whole page as it was last shown."""
        height = min(measured.height, TALLEST)
        clip = {"x": 0, "y": 0, "width": measured.width, "height": height, "scale": scale}
        answer = self._ask("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(answer["data"])

    def _ask(self, method: str, **params: object) -> Mapping[str, Any]:
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        rest = json.dumps(message).encode() + b"\0"
        while rest:
            rest = rest[os.write(self._out, rest) :]
        while True:
            answer = self._next()
            if answer.get("method") == "Network.requestWillBeSent":
                url = str(answer["params"]["request"]["url"])
                if not url.startswith(("data:", "about:")):
                    self._fetched.append(url)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error'].get('message')}")
                result: Mapping[str, Any] = answer["result"]
                return result

    def _next(self) -> Mapping[str, Any]:
        while b"\0" not in self._buffer:
            more = os.read(self._in, 1 << 20)
            if not more:
                raise RuntimeError("chromium has gone")
            self._buffer += more
        one, _, self._buffer = self._buffer.partition(b"\0")
        found: Mapping[str, Any] = json.loads(one)
        return found


def written(path: Path, picture: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture)
    return path
