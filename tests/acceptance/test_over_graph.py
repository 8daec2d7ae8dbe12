"""A whole turn over Graph: a disagreement is raised, both practitioners are written to, everything is filed; and the
token may come by a certificate.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from mailbot.shell.errors import LoginRefused
from mailbot.shell.servers.oauth import OAuth, Tokens, certificate_ends
from tests.deployment import IMAP_URL, SMTP_URL, Deployment, copied, opening
from tests.servers.graph import GraphServer

OURS = "escalation@nsscp.example"
TABITHA, OTTILIE = "t.merriwell@kewbridge.sch.example", "ottilie.farrow@somerbourne-council.example"


@pytest.fixture
def server() -> Iterator[GraphServer]:
    with GraphServer(OURS, TABITHA, OTTILIE, "business.manager@nsscp.example", page=3) as serving:
        yield serving


def over_graph(folder: Path, server: GraphServer) -> Deployment:
    made = copied(folder)
    for url in (f"{IMAP_URL}/INBOX", SMTP_URL):
        made.change("mailbot.toml", url, f"graph://{OURS}")
    made.change("mailbot.toml", 'password_file = "../var/mailbox-password"', f'graph_url = "{server.base}"')
    made.change("mailbot.toml", 'authserv_ids = ["mail.nsscp.example"]', 'authserv_ids = ["microsoft"]')
    made.config.write_text(
        made.config.read_text()
        + f'\n[partnership.north-somerset.oauth]\ntoken_url = "{server.token_url}"\nclient_id = "c1"\n'
        + 'secret_file = "../var/client-secret"\n'
    )
    (folder / "var").mkdir()
    (folder / "var" / "client-secret").write_text(f"{server.secret}\n")
    (folder / "var" / "client-secret").chmod(0o600)
    assert made.command("init") == 0
    return made


def raised() -> bytes:
    return opening().replace(b"mail.nsscp.example; dmarc=pass", b"spf=pass smtp.mailfrom=x.example; dmarc=pass")


def test_a_disagreement_raised_over_graph_is_opened_told_and_filed(
    tmp_path: Path, server: GraphServer, capsys: pytest.CaptureFixture[str]
) -> None:
    made = over_graph(tmp_path, server)
    server.deliver(OURS, raised())
    assert made.command("check") == 0
    assert made.command("once") == 0
    for person in (TABITHA, OTTILIE):
        (letter,) = server.inbox(person).mails.values()
        assert f"To: {person}".encode() in letter.raw or f"<{person}>".encode() in letter.raw
    filed = server.drawer(OURS, ("Disputes", "NS-26-0001"))
    assert raised() in [mail.raw for mail in filed.mails.values()]
    assert server.inbox(OURS).mails == {}
    again = len(server.inbox(TABITHA).mails)
    assert made.command("once") == 0
    assert len(server.inbox(TABITHA).mails) == again


def test_a_card_lies_flagged_or_not_in_the_overview(tmp_path: Path, server: GraphServer) -> None:
    made = over_graph(tmp_path, server)
    server.deliver(OURS, raised())
    assert made.command("once") == 0
    cards = list(server.drawer(OURS, ("Disputes",)).mails.values())
    assert len(cards) == 1
    assert b"NS-26-0001" in cards[0].raw


# Tokens by certificate


class Microsoft:
    """What msal's HTTP client is handed in place of the network: Microsoft's token server, as published."""

    def __init__(self, code: int = 200, **told: object) -> None:
        self.code, self.told, self.sent = code, told, []

    def get(self, url: str, **_: object) -> "Reply":
        base = url.split("/v2.0/")[0]
        return Reply(
            200,
            {
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "issuer": f"{base}/v2.0",
            },
        )

    def post(self, url: str, data: dict[str, str], **_: object) -> "Reply":
        self.sent.append((url, data))
        return Reply(self.code, self.told)

    def close(self) -> None:
        """There is no line to hang up."""


class Reply:
    def __init__(self, code: int, told: object) -> None:
        self.status_code, self.text, self.headers = code, json.dumps(told), {}

    def raise_for_status(self) -> None:
        """The code is read by msal itself."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for it that ends on 2027-03-01, in one PEM file."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mailbot")])
    begins = datetime(2026, 3, 1, tzinfo=UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, begins, begins + timedelta(days=365))
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    file = tmp_path_factory.mktemp("certificate") / "mailbot.pem"
    file.write_bytes(pem)
    file.chmod(0o600)
    return file


def asked_by(certificate: Path) -> OAuth:
    url = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token"
    return OAuth(url, "our-client", scope="https://graph.microsoft.com/.default", certificate=certificate)


def test_a_certificate_signs_for_a_token_and_never_leaves(certificate: Path) -> None:
    microsoft = Microsoft(access_token="t1", expires_in=3599, token_type="Bearer")
    assert Tokens(asked_by(certificate), microsoft)() == "t1"
    ((url, form),) = microsoft.sent
    assert url.endswith("/oauth2/v2.0/token")
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert str(form["client_assertion"]).count(".") == 2
    assert "PRIVATE" not in str(form)
    assert "client_secret" not in form


def test_a_certificate_that_microsoft_does_not_know_is_a_refused_login(certificate: Path) -> None:
    refused = Microsoft(401, error="invalid_client", error_description="AADSTS700027: no such key.\r\nTrace ID: 1")
    with pytest.raises(LoginRefused, match=r"invalid_client: AADSTS700027: no such key\.$"):
        Tokens(asked_by(certificate), refused)()


def test_a_file_without_a_key_or_a_certificate_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "half.pem"
    file.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    file.chmod(0o600)
    with pytest.raises(LoginRefused, match="must hold its private key and the certificate"):
        Tokens(asked_by(file), Microsoft())()


def test_the_day_a_certificate_runs_out_is_read_from_it(certificate: Path, tmp_path: Path) -> None:
    assert certificate_ends(certificate) == date(2027, 3, 1)
    assert certificate_ends(tmp_path / "none.pem") is None
