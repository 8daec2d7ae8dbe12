"""A Graph server on this machine, written after the published API (learn.microsoft.com/graph, v1.0): mailboxes with
folders and messages, pages, delta links, tokens, and a server that asks for patience.

What Exchange does beside that is not here: it makes the bytes of ``$value`` anew, may give another Message-ID, and
consents to nothing by itself. Only a tenant shows that.
"""

import base64
import itertools
import json
import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.utils import getaddresses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from mailbot.shell.servers.mailbox_interface import message_id_of

NUMBER = "Integer 0x0E23"


@dataclass
class Mail:
    id: str
    raw: bytes
    received: datetime
    number: int
    read: bool = False
    flagged: bool = False

    def told(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "internetMessageId": message_id_of(self.raw),
            "receivedDateTime": f"{self.received:%Y-%m-%dT%H:%M:%SZ}",
            "isRead": self.read,
            "internetMessageHeaders": [
                {"name": name, "value": str(value)} for name, value in message_from_bytes(self.raw).items()
            ],
            "singleValueExtendedProperties": [{"id": "Integer 0xe23", "value": str(self.number)}],
        }


@dataclass
class Drawer:
    """A folder: ``log`` holds what has changed, in order, for delta links."""

    id: str
    name: str
    above: str
    mails: dict[str, Mail] = field(default_factory=dict)
    last: int = 0
    log: list[str] = field(default_factory=list)


class GraphServer:
    """Mailboxes of ``users``. ``page`` is how many items a page holds. ``asks_for_patience`` answers so many calls with
    429; ``refuses`` maps a part of a path to the answer that is given in place of doing it."""

    def __init__(self, *users: str, page: int = 2) -> None:
        self.users, self.page = users, page
        self.token, self.secret = "a token", "correct horse"
        self.patience: list[int] = []
        self.refuses: dict[str, tuple[int, str]] = {}
        self.calls: list[str] = []
        self.forgets = False  # delta links made so far are no longer known (410)
        self._ids = itertools.count(1)
        self._alone = threading.RLock()
        self.drawers: dict[str, dict[str, Drawer]] = {}
        for user in users:
            inbox = Drawer(f"AAMk{next(self._ids)}=", "Inbox", "")
            self.drawers[user] = {inbox.id: inbox}
        self._listening = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.base = f"http://127.0.0.1:{self._listening.server_port}/v1.0"
        self.token_url = f"http://127.0.0.1:{self._listening.server_port}/tenant/oauth2/v2.0/token"

    def __enter__(self) -> "GraphServer":
        threading.Thread(target=self._listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listening.shutdown()
        self._listening.server_close()

    # What people and other servers do

    def inbox(self, user: str) -> Drawer:
        return next(drawer for drawer in self.drawers[user].values() if drawer.name == "Inbox")

    def drawer(self, user: str, folder: tuple[str, ...]) -> Drawer:
        above, found = "", None
        for name in folder:
            found = next(d for d in self.drawers[user].values() if (d.above, d.name) == (above, name))
            above = found.id
        assert found is not None
        return found

    def deliver(self, user: str, raw: bytes, when: datetime | None = None) -> Mail:
        with self._alone:
            return self.lay(self.inbox(user), raw, when or datetime.now(UTC))

    def lay(self, drawer: Drawer, raw: bytes, when: datetime) -> Mail:
        drawer.last += 1
        mail = Mail(f"AAQ/{next(self._ids)}+=", raw, when, drawer.last)
        drawer.mails[mail.id] = mail
        drawer.log.append(mail.id)
        return mail

    def take_out(self, user: str, mail_id: str) -> Mail | None:
        for drawer in self.drawers[user].values():
            if (mail := drawer.mails.pop(mail_id, None)) is not None:
                drawer.log.append(mail_id)
                return mail
        return None

    def shift(self, user: str, mail_id: str, to: Drawer) -> Mail | None:
        with self._alone:
            mail = self.take_out(user, mail_id)
            if mail is not None:
                to.last += 1
                mail.number = to.last
                to.mails[mail.id] = mail
                to.log.append(mail.id)
            return mail

    # The API

    def answer(self, method: str, target: str, head: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(target)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.calls.append(f"{method} {unquote(parts.path)}")
        if parts.path.endswith("/token"):
            return self._token(parse_qs(body.decode()))
        if head.get("Authorization") != f"Bearer {self.token}":
            return _error(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
        if self.patience:
            return 429, {"Retry-After": str(self.patience.pop(0))}, b'{"error": {"code": "ApplicationThrottled"}}'
        for part, (code, word) in self.refuses.items():
            if part in unquote(parts.path):
                return _error(code, word, "the words of the service")
        match = re.fullmatch(r"/v1\.0/users/([^/]+)(/.*)", parts.path)
        user = unquote(match[1]) if match else ""
        if match is None or user not in self.users:
            return _error(404, "ErrorInvalidUser", "The requested user is invalid.")
        with self._alone:
            steps = [unquote(step) for step in match[2].strip("/").split("/")]
            return self._route(method, user, steps, query, body, target)

    def _token(self, form: dict[str, list[str]]) -> tuple[int, dict[str, str], bytes]:
        if form.get("client_secret") != [self.secret] and "client_assertion" not in form:
            text = "AADSTS7000215: Invalid client secret provided."
            return 401, {}, json.dumps({"error": "invalid_client", "error_description": text}).encode()
        granted = {"token_type": "Bearer", "access_token": self.token, "expires_in": 3599}
        return 200, {"Content-Type": "application/json"}, json.dumps(granted).encode()

    def _route(
        self, method: str, user: str, steps: list[str], query: dict[str, str], body: bytes, target: str
    ) -> tuple[int, dict[str, str], bytes]:
        drawers = self.drawers[user]
        match (method, *steps):
            case ("GET", "mailFolders"):
                return self._folders(user, "", query, target)
            case ("POST", "mailFolders"):
                return self._made(user, "", body)
            case ("GET", "mailFolders", folder):
                found = self.inbox(user) if folder == "inbox" else drawers.get(folder)
                return _json(_shown(found)) if found else _error(404, "ErrorItemNotFound", "not found in the store")
            case ("GET", "mailFolders", folder, "childFolders"):
                return self._folders(user, folder, query, target)
            case ("POST", "mailFolders", folder, "childFolders"):
                return self._made(user, folder, body)
            case ("POST", "sendMail"):
                return self._sent(body)
        if len(steps) >= 3 and steps[0] == "mailFolders" and steps[2] == "messages":
            drawer = self.inbox(user) if steps[1] == "inbox" else drawers.get(steps[1])
            if drawer is None:
                return _error(404, "ErrorItemNotFound", "not found in the store")
            return self._in_folder(method, drawer, steps[3:], query, body, target)
        if steps[0] == "messages":
            return self._message(method, user, steps[1:], body)
        return _error(400, "BadRequest", f"no such resource: {method} {steps}")

    def _folders(self, user: str, above: str, query: dict[str, str], target: str) -> Any:
        found = [_shown(drawer) for drawer in self.drawers[user].values() if drawer.above == above]
        return self._paged(found, query, target)

    def _made(self, user: str, above: str, body: bytes) -> Any:
        name = json.loads(body)["displayName"]
        if any((d.above, d.name) == (above, name) for d in self.drawers[user].values()):
            return _error(409, "ErrorFolderExists", "A folder with the specified name already exists.")
        drawer = Drawer(f"AAMk{next(self._ids)}=", name, above)
        self.drawers[user][drawer.id] = drawer
        return _json(_shown(drawer), 201)

    def _in_folder(
        self, method: str, drawer: Drawer, rest: list[str], query: dict[str, str], body: bytes, target: str
    ) -> Any:
        if method == "POST" and not rest:
            return _json(self.lay(drawer, base64.b64decode(body), datetime.now(UTC)).told(), 201)
        if rest == ["delta"]:
            return self._delta(drawer, query, target)
        if not rest:
            return self._paged([mail.told() for mail in drawer.mails.values()], query, target)
        mail = drawer.mails.get(rest[0])
        if mail is None:
            return _error(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        return (200, {"Content-Type": "text/plain"}, mail.raw) if rest[1:] == ["$value"] else _json(mail.told())

    def _delta(self, drawer: Drawer, query: dict[str, str], target: str) -> Any:
        """Changes since a token; all messages where there is none. Tokens are places in the log."""
        since, place = int(query.get("$deltatoken", -1)), int(query.get("$skiptoken", 0))
        if self.forgets and since >= 0:
            self.forgets = False
            return _error(410, "SyncStateNotFound", "The sync state generation is not found; resync required.")
        changed = list(drawer.mails) if since < 0 else list(dict.fromkeys(drawer.log[since:]))
        told = [_change(drawer, mail_id) for mail_id in changed[place : place + self.page]]
        here = f"{self.base}{urlsplit(target).path.removeprefix('/v1.0')}"
        page: dict[str, object] = {"value": told}
        if place + self.page < len(changed):
            more = f"$deltatoken={since}&" if since >= 0 else ""
            page["@odata.nextLink"] = f"{here}?{more}$skiptoken={place + self.page}"
        else:
            page["@odata.deltaLink"] = f"{here}?$deltatoken={len(drawer.log)}"
        return _json(page)

    def _message(self, method: str, user: str, steps: list[str], body: bytes) -> Any:
        mail_id, act = steps[0], (steps[1] if len(steps) > 1 else "")
        found = next((d.mails[mail_id] for d in self.drawers[user].values() if mail_id in d.mails), None)
        if found is None:
            return _error(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        if act == "move":
            to = self.drawers[user].get(json.loads(body)["destinationId"])
            if to is None:
                return _error(404, "ErrorFolderNotFound", "The destination is not found in the store.")
            return _json((self.shift(user, mail_id, to) or found).told(), 201)
        if act == "permanentDelete":
            self.take_out(user, mail_id)
            return 204, {}, b""
        if method == "PATCH":
            told = json.loads(body)
            found.read = told.get("isRead", found.read)
            found.flagged = told.get("flag", {}).get("flagStatus") == "flagged"
            return _json(found.told())
        return _error(405, "MethodNotAllowed", method)

    def _sent(self, body: bytes) -> Any:
        raw = base64.b64decode(body)
        message = message_from_bytes(raw)
        to = getaddresses([str(v) for name in ("To", "Cc", "Bcc") for v in message.get_all(name, [])])
        if not to:
            return _error(400, "ErrorInvalidRecipients", "At least one recipient is not valid.")
        for _, address in to:
            if address in self.users:
                self.lay(self.inbox(address), raw, datetime.now(UTC))
        return 202, {}, b""

    def _paged(self, items: list[dict[str, Any]], query: dict[str, str], target: str) -> Any:
        place = int(query.get("$skip", 0))
        page: dict[str, object] = {"value": items[place : place + self.page]}
        if place + self.page < len(items):
            bare = re.sub(r"&?\$skip=\d+", "", urlsplit(target).query)
            path = urlsplit(target).path.removeprefix("/v1.0")
            page["@odata.nextLink"] = f"{self.base}{path}?{bare}&$skip={place + self.page}"
        return _json(page)


def _change(drawer: Drawer, mail_id: str) -> dict[str, object]:
    return {"id": mail_id} if mail_id in drawer.mails else {"id": mail_id, "@removed": {"reason": "deleted"}}


def _shown(drawer: Drawer) -> dict[str, object]:
    return {"id": drawer.id, "displayName": drawer.name, "totalItemCount": len(drawer.mails)}


def _json(told: object, code: int = 200) -> tuple[int, dict[str, str], bytes]:
    return code, {"Content-Type": "application/json"}, json.dumps(told).encode()


def _error(code: int, word: str, said: str) -> tuple[int, dict[str, str], bytes]:
    return _json({"error": {"code": word, "message": said}}, code)


def _handler(server: GraphServer) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each body waits 40 ms for the client to acknowledge its headers

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            code, head, told = server.answer(self.command, self.path, self.headers, body)
            self.send_response(code)
            for name, value in head.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = do_PATCH = _do  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nothing on the test's terminal."""

    return Answering
