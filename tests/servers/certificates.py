"""A certificate authority made for one test run.

Python 3.13 checks with VERIFY_X509_STRICT: the authority must carry keyUsage and basicConstraints, which trustme sets.
"""

from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Certificates:
    """Paths of PEM files: the authority to trust, and a server's chain and key for ``localhost`` and ``127.0.0.1``."""

    authority: Path
    chain: Path
    key: Path


def made(directory: Path) -> Certificates:
    authority = trustme.CA()
    server = authority.issue_cert("localhost", "127.0.0.1")
    made = Certificates(directory / "authority.pem", directory / "chain.pem", directory / "key.pem")
    authority.cert_pem.write_to_path(str(made.authority))
    made.chain.write_bytes(b"".join(blob.bytes() for blob in server.cert_chain_pems))
    server.private_key_pem.write_to_path(str(made.key))
    made.key.chmod(0o600)
    return made
