"""Dovecot with a configuration of its own in a temporary folder: IMAP for the tests, LMTP and logins for Postfix.

Nothing of the system's Dovecot is read or touched. It must be root, because it gives its processes other users.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.certificates import Certificates
from tests.servers.ports import free_ports, wait_for

DOVECOT, POSTFIX = Path("/usr/sbin/dovecot"), Path("/usr/sbin/postfix")
LMTP_SERVER = Path("/usr/lib/dovecot/lmtp")

CONFIGURATION = """
base_dir = {run}
state_dir = {run}
instance_name = mailbot-tests
log_path = {directory}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificates.chain}
ssl_key = <{certificates.key}
auth_mechanisms = plain login
auth_failure_delay = 0
disable_plaintext_auth = yes
mail_location = maildir:{directory}/mail/%u
mail_fsync = never
mail_max_userip_connections = 50
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {directory}/users
}}
userdb {{
  driver = passwd-file
  args = {directory}/users
  default_fields = uid=nobody gid=nogroup home={directory}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener {directory}/lmtp {{
    mode = 0666
  }}
}}
service auth {{
  unix_listener {directory}/auth {{
    mode = 0666
  }}
}}
# Otherwise an address that gave one wrong password is answered seconds later for a while, and it is everybody's here.
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{more}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """``lmtp`` and ``auth`` are the sockets Postfix delivers to and asks for logins."""

    tls_port: int
    starttls_port: int
    lmtp: Path
    auth: Path


def why_no_real_servers() -> str:
    """What is missing for Dovecot and Postfix to run here, or nothing."""
    missing = [str(path) for path in (DOVECOT, LMTP_SERVER, POSTFIX) if not path.exists()]
    if missing:
        return f"not installed: {', '.join(missing)} (.ci/run installs dovecot-imapd, dovecot-lmtpd and postfix)"
    return "" if os.geteuid() == 0 else "Dovecot and Postfix change users, which only root may"


@contextmanager
def dovecot(directory: Path, users: Mapping[str, str], certificates: Certificates, more: str = "") -> Iterator[Dovecot]:
    """Runs until the block ends. ``directory`` must be open to other users; ``more`` is added to the configuration."""
    tls_port, starttls_port = free_ports(2)
    run = directory / "run"
    run.mkdir()
    (directory / "mail").mkdir()
    (directory / "mail").chmod(0o777)
    (directory / "users").write_text("".join(f"{name}:{{PLAIN}}{secret}::::::\n" for name, secret in users.items()))
    configuration = directory / "dovecot.conf"
    configuration.write_text(
        CONFIGURATION.format(
            directory=directory,
            run=run,
            certificates=certificates,
            tls_port=tls_port,
            starttls_port=starttls_port,
            more=more,
        )
    )
    process = subprocess.Popen([DOVECOT, "-F", "-c", configuration], stdout=subprocess.DEVNULL)
    try:
        wait_for(starttls_port)
        yield Dovecot(tls_port, starttls_port, directory / "lmtp", directory / "auth")
    finally:
        process.terminate()
        process.wait(timeout=20)
