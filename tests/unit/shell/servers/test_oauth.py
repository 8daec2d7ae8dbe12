"""Tokens from a server on this machine: asked for once, asked for again when they run out, refusals in words."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from mailbot.shell.config.secrets import Secret
from mailbot.shell.errors import LoginRefused, Unreachable
from mailbot.shell.servers.oauth import OAuth, Tokens, token_url_fault


@dataclass
class TokenServer:
    """Answers with ``code`` and ``told``; ``asked`` holds the forms it was sent."""

    code: int = 200
    told: dict[str, object] = field(default_factory=dict)
    lifetime: int = 3600
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server() -> Iterator[TokenServer]:
    shape = TokenServer()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            shape.asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            granted = {"access_token": f"token {len(shape.asked)}", "expires_in": shape.lifetime}
            body = json.dumps(shape.told or granted).encode()
            self.send_response(shape.code)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing on the test's terminal."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    shape.url = f"http://127.0.0.1:{listening.server_port}/token"
    yield shape
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def secret(tmp_path: Path) -> Secret:
    path = tmp_path / "client-secret"
    path.write_text("correct horse\n")
    path.chmod(0o600)
    return Secret(file=path)


def test_a_token_is_asked_for_once_while_it_lasts(server: TokenServer, secret: Secret) -> None:
    tokens = Tokens(OAuth(server.url, "our-client", secret, "mail/.default"))
    assert [tokens(), tokens()] == ["token 1", "token 1"]
    assert server.asked == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["our-client"],
            "client_secret": ["correct horse"],
            "scope": ["mail/.default"],
        }
    ]


def test_a_token_about_to_run_out_is_not_used_again(server: TokenServer, secret: Secret) -> None:
    server.lifetime = 200
    tokens = Tokens(OAuth(server.url, "our-client", secret))
    assert [tokens(), tokens()] == ["token 1", "token 2"]


def test_a_refusal_is_told_in_its_first_line_and_without_the_secret(server: TokenServer, secret: Secret) -> None:
    server.code = 401
    server.told = {"error": "invalid_client", "error_description": "The secret has expired.\r\nTrace ID: 1"}
    with pytest.raises(LoginRefused, match=r"invalid_client: The secret has expired\.$") as refused:
        Tokens(OAuth(server.url, "our-client", secret))()
    assert "correct horse" not in str(refused.value)


@pytest.mark.parametrize("code", [429, 503])
def test_a_server_too_busy_to_answer_is_out_of_reach_and_no_refusal(
    server: TokenServer, secret: Secret, code: int
) -> None:
    server.code = code
    with pytest.raises(Unreachable, match=f"answers {code}") as gone:
        Tokens(OAuth(server.url, "our-client", secret))()
    assert not isinstance(gone.value, LoginRefused)


def test_an_answer_without_a_token_is_told_by_its_kind_alone(server: TokenServer, secret: Secret) -> None:
    server.told = {"unexpected": "a secret thing"}
    with pytest.raises(Unreachable, match="it answers with something that is no token") as gone:
        Tokens(OAuth(server.url, "our-client", secret))()
    assert "a secret thing" not in str(gone.value)


def test_a_secret_that_cannot_be_read_is_a_refused_login(server: TokenServer, tmp_path: Path) -> None:
    with pytest.raises(LoginRefused, match="cannot be read"):
        Tokens(OAuth(server.url, "our-client", Secret(file=tmp_path / "missing")))()
    assert server.asked == []


def test_a_server_that_is_not_there_is_out_of_reach(secret: Secret) -> None:
    with pytest.raises(Unreachable, match="connection refused"):
        Tokens(OAuth("http://127.0.0.1:9/token", "our-client", secret))()


def test_secrets_go_over_https_or_to_this_machine_alone() -> None:
    assert token_url_fault("https://login.example/token") == ""
    assert token_url_fault("http://127.0.0.1:8080/token") == ""
    assert token_url_fault("http://login.example/token") == "must begin with https://"
    assert token_url_fault("file:///etc/passwd") == "must begin with https://"
