"""Passwords and keys: never in the configuration, never in a log; in a file of their own or in a variable.

A file that everybody on the machine can read is refused: a secret there is one no longer.
"""

import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mailbot.shell.private_files import make_private_folder

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is: the variable ``env``, or ``file``. Neither: none is needed."""

    env: str = ""
    file: Path | None = None

    def __bool__(self) -> bool:
        return bool(self.env or self.file)

    def read(self, environment: Mapping[str, str] = os.environ) -> str:
        """Reads a secret of a server: the secret, without the line end an editor leaves. Raises ValueError, in words,
        when it cannot be had."""
        if self.env:
            found = environment.get(self.env, "")
            if not found:
                raise ValueError(f"the variable {self.env} is not set")
            return found
        return _one_line(self.file) if self.file else ""


def _one_line(path: Path) -> str:
    """The secret in a file that holds nothing else. Raises ValueError, in words."""
    try:
        found = read_private(path).decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8 text: save it as UTF-8") from None
    if any(letter in found for letter in "\r\n\0"):
        raise ValueError(f"{path} has more than one line: it holds the password, and nothing else")
    return found


def read_private(path: Path) -> bytes:
    """Reads a secret's private file. Raises ValueError, in words, for a file that is missing, empty, or open to others
    than its owner and group."""
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        raise ValueError(f"{path} can be read by everybody on this machine: chmod 600 {path}")
    if not content.strip():
        raise ValueError(f"{path} is empty")
    return content


def secret_key(path: Path) -> bytes:
    """The key of our Message-IDs. Raises ValueError, in words."""
    content = read_private(path).strip()
    if len(content) < KEY_BYTES:
        raise ValueError(f"{path} is too short for a key: remove it, and mailbot init makes a new one")
    return content


def make_key(path: Path) -> bool:
    """Makes the secret key of a deployment: a new key, readable by its owner alone; False if there was one, which is
    never replaced."""
    make_private_folder(path.parent)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(KEY_BYTES) + "\n")
    return True
