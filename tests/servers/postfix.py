"""Postfix with configuration, queue and state of its own in a temporary folder; nothing leaves this machine.

It takes submissions with a login over STARTTLS, asks Dovecot whether the login is right, and delivers to Dovecot over
LMTP. It also plays the border: mail from a domain it knows is marked as authenticated.
"""

import pwd
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.servers.certificates import Certificates
from tests.servers.dovecot import POSTFIX, Dovecot
from tests.servers.ports import free_ports, wait_for

MAIN = """
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/state
maillog_file = {directory}/postfix.log
maillog_file_prefixes = {directory}
myhostname = {authserv_id}
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = texthash:{directory}/recipients
virtual_transport = lmtp:unix:{dovecot.lmtp}
default_transport = error:5.7.1 no mail leaves this machine
notify_classes =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {dovecot.auth}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {certificates.chain}
smtpd_tls_key_file = {certificates.key}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_data_restrictions = check_sender_access texthash:{directory}/border
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
message_size_limit = 30000000
"""
# service, type, private, unprivileged, chroot, wake-up, most processes, command
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@contextmanager
def postfix(
    directory: Path, users: Mapping[str, str], domains: Iterable[str], certificates: Certificates, dovecot: Dovecot
) -> Iterator[int]:
    """Runs until the block ends; gives the submission port."""
    (port,) = free_ports(1)
    domains = list(domains)
    authserv_id = f"mail.{domains[0]}"
    configuration = directory / "postfix"
    for path in (configuration, directory / "queue", directory / "state"):
        path.mkdir()
    shutil.chown(directory / "state", pwd.getpwnam("postfix").pw_uid)
    (directory / "recipients").write_text("".join(f"{name} {name}\n" for name in users))
    (directory / "border").write_text(
        "".join(
            f"{domain} PREPEND Authentication-Results: {authserv_id}; dmarc=pass header.from={domain}\n"
            for domain in domains
        )
    )
    filled = MAIN.format(
        directory=directory,
        authserv_id=authserv_id,
        domains=" ".join(domains),
        dovecot=dovecot,
        certificates=certificates,
    )
    (configuration / "main.cf").write_text(filled)
    (configuration / "master.cf").write_text(MASTER.format(port=port))
    try:
        _postfix(configuration, "start")
        wait_for(port)
        yield port
    finally:
        _postfix(configuration, "abort")


def _postfix(configuration: Path, command: str) -> None:
    log = configuration / f"{command}.log"
    with log.open("wb") as stream:
        result = subprocess.run([POSTFIX, "-c", configuration, command], stdout=stream, stderr=stream, timeout=60)
    assert result.returncode == 0, log.read_text()
