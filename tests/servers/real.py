"""Dovecot and Postfix together, in one temporary folder that is gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.servers.certificates import made
from tests.servers.dovecot import dovecot
from tests.servers.postfix import postfix
from tests.servers.shape import Servers


@contextmanager
def running(users: Mapping[str, str], domains: Iterable[str], spare: Iterable[str] = ()) -> Iterator[Servers]:
    """``spare`` are further addresses, with the password "spare", for tests that want a mailbox of their own."""
    # Not pytest's folder: that one is closed to the servers' users, and too long a name for a socket.
    directory = Path(tempfile.mkdtemp(prefix="mailbot-servers-"))
    directory.chmod(0o755)
    spare = tuple(spare)
    everybody = {**users, **dict.fromkeys(spare, "spare")}
    try:
        certificates = made(directory)
        with (
            dovecot(directory, everybody, certificates) as imap,
            postfix(directory, everybody, domains, certificates, imap) as port,
        ):
            yield Servers(
                imap_host="localhost",
                imap_port=imap.tls_port,
                imap_security="tls",
                smtp_host="localhost",
                smtp_port=port,
                smtp_security="starttls",
                cafile=str(certificates.authority),
                users=everybody,
                spare=spare,
                imap_starttls_port=imap.starttls_port,
                delivery_seconds=1.5,
            )
    finally:
        shutil.rmtree(directory, ignore_errors=True)
