"""Calls to a mailbox over Microsoft Graph: with a token, page by page, no faster than the server asks.

For tenants that allow neither IMAP nor SMTP AUTH. Written after the published API (learn.microsoft.com/graph, v1.0):
throttling answers 429 or 503 with Retry-After; lists come in pages with ``@odata.nextLink``; what is new is told by
``delta``. A token is sent to the one host that it is for, whatever a link in an answer says.
"""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from mailbot.shell.clock import elapsed
from mailbot.shell.errors import LoginRefused, Unreachable
from mailbot.shell.servers.connection import connection_fault

GRAPH = "https://graph.microsoft.com/v1.0"
GRAPH_SCOPE = "https://graph.microsoft.com/.default"
TIMEOUT_SECONDS = 60.0
MOST_WAITED = 30.0  # seconds that one call waits for a throttling server before it gives up for now
LARGEST_ANSWER = 160_000_000  # bytes: Exchange Online takes messages of 150 MB at most
THROTTLED = {429, 503, 504}
# An id that stays the same when somebody moves the message (learn.microsoft.com/graph/outlook-immutable-id).
PREFER = 'IdType="ImmutableId", odata.maxpagesize=200'


IDLE_SECONDS = 20.0  # after which a connection is not used again: servers hang up on idle clients without a word


class AnswerLost(Unreachable):
    """The request was sent to Graph, and no answer came back: it may have been done or not."""


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """What Graph said: ``code`` of HTTP; ``error`` its own word for what was wrong, "" where nothing was."""

    code: int
    body: bytes
    error: str = ""
    words: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """The answer to a call over Graph as JSON. Any: its shape is the server's. Raises ValueError where it is
        none."""
        found = json.loads(self.body or b"{}")
        if not isinstance(found, dict):
            raise ValueError("an answer that is no JSON object")
        return found


class GraphCalls:
    """Calls on behalf of one mailbox. ``base`` is the API's address with its version; ``token`` gives an access token.

    Every failure of the world leaves as ``Unreachable``, a login that is not wanted as ``LoginRefused``. Not for two
    threads at once.
    """

    def __init__(
        self, base: str, user: str, token: Callable[[], str], pause: Callable[[float], None] = time.sleep
    ) -> None:
        parts = urlsplit(base)
        self._secure, self._host, self._root = parts.scheme == "https", parts.netloc, parts.path.rstrip("/")
        self._user, self._token, self.pause = f"/users/{quote(user, safe='')}", token, pause
        self._line: http.client.HTTPConnection | None = None
        self._not_before = self._used = 0.0
        self.date = ""  # of the last answer, by its server's clock (RFC 9110, section 6.6.1)

    @property
    def address(self) -> str:
        return self._host

    def get(self, path: str, *taken: int) -> GraphAnswer:
        """GET of a path under the mailbox, or of a whole link that the server gave. Codes besides 2xx raise, except
        those ``taken``."""
        return self.call("GET", path, None, taken)

    def post(self, path: str, body: Mapping[str, object] | bytes, *taken: int) -> GraphAnswer:
        """POST of JSON, or of text (a message in base64, as Graph takes MIME)."""
        return self.call("POST", path, body, taken)

    def call(
        self, method: str, path: str, body: Mapping[str, object] | bytes | None, taken: tuple[int, ...]
    ) -> GraphAnswer:
        """One call, repeated while the server asks for patience, for half a minute at most."""
        waited = 0.0
        while True:
            if (left := self._not_before - elapsed()) > 0:
                if waited + left > MOST_WAITED:
                    raise Unreachable(self._host, f"asks to be left alone for {round(left)} seconds")
                waited += left
                self.pause(left)
                self._not_before = 0.0
            answer, patience = self._once(method, self._target(path), body)
            if answer.code in THROTTLED and patience is not None:
                self._not_before = elapsed() + patience
                continue
            if answer.code < 300 or answer.code in taken:
                return answer
            said = f"answers {answer.code} {answer.error}: {answer.words}".strip(": ")
            raise LoginRefused(self._host, said) if answer.code in (401, 403) else Unreachable(self._host, said)

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """The pages of a list, each as it was told."""
        link = path
        while link:
            told = self.get(link).told
            yield told
            link = str(told.get("@odata.nextLink", ""))

    def items(self, path: str) -> Iterator[dict[str, Any]]:
        """The items of a list, over all its pages."""
        for page in self.pages(path):
            yield from page.get("value", ())

    def _target(self, path: str) -> str:
        if not path.startswith(("http://", "https://")):
            return f"{self._root}{self._user}{path}"
        parts = urlsplit(path)
        if parts.netloc != self._host:  # the token is for one host
            raise Unreachable(self._host, f"sends on to another machine, {parts.netloc}")
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _once(
        self, method: str, target: str, body: Mapping[str, object] | bytes | None
    ) -> tuple[GraphAnswer, float | None]:
        """One call over Graph and its answer, with the seconds of patience that it asks for."""
        head = {"Authorization": f"Bearer {self._token()}", "Prefer": PREFER, "Accept": "application/json"}
        sent: bytes | None = body if isinstance(body, bytes) else None
        if isinstance(body, Mapping):
            sent, head["Content-Type"] = json.dumps(body).encode(), "application/json"
        elif sent is not None:
            head["Content-Type"] = "text/plain"
        line = self._open()
        try:
            line.request(method, target, sent, head)
            response = line.getresponse()
            raw = response.read(LARGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise AnswerLost(self._host, connection_fault(error)) from error
        self._used = elapsed()
        self.date = response.headers.get("Date", "")
        after = response.headers.get("Retry-After", "")
        patience = float(after) if after.isdigit() else 5.0 if response.status in THROTTLED else None
        return _answer(response.status, raw), patience

    def _open(self) -> http.client.HTTPConnection:
        if self._line is not None and elapsed() - self._used < IDLE_SECONDS:
            return self._line
        self.close()
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        self._line = kind(self._host, timeout=TIMEOUT_SECONDS)
        try:
            self._line.connect()
        except OSError as error:
            self.close()
            raise Unreachable(self._host, connection_fault(error)) from error
        return self._line

    def close(self) -> None:
        """Hangs up; the next call connects again."""
        if self._line is not None:
            self._line.close()
        self._line = None


def _answer(code: int, raw: bytes) -> GraphAnswer:
    if code < 300:
        return GraphAnswer(code, raw)
    try:
        told = json.loads(raw).get("error", {})
        return GraphAnswer(code, raw, str(told.get("code", "")), " ".join(str(told.get("message", "")).split())[:200])
    except (ValueError, AttributeError):
        return GraphAnswer(code, raw)
