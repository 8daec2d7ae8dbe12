"""Encryption at rest, as an option: what people wrote is unreadable in the database, whose key lies outside it.

Emails and letters with all that is in them, the words of the record, the reasons why mail waits. Not what rows are
found by: references, digests, instants, addresses of professionals. AES-256 in Galois/Counter Mode (NIST SP 800-38D),
a nonce of its own for each value; a value that was changed is not read as anything.
"""

import base64
import hashlib
import os
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import LargeBinary, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from mailbot.core.record.events_as_json import text_fault
from mailbot.shell.errors import StoreRefused

if TYPE_CHECKING:
    pass

# Nothing that is kept begins so: no email has a NUL in its first line, and no words of ours a letter of private use.
LOCKED, LOCKED_WORDS = b"\x00mailbot:1:", "\ue100mailbot:1:"
_PLAIN = b"\x00mailbot:0:"  # before bytes that begin as locked ones do, whoever wrote them
_NONCE = 12
NO_LIBRARY = 'the library "cryptography" is not installed: install from requirements-extras.lock'
NO_KEY = "the database is encrypted, and [store] names no key_file that opens it"


class StorageCipher:
    """Locks and unlocks single values. Empty ones stay empty: that there is nothing says nothing."""

    def __init__(self, secret: bytes) -> None:
        try:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError:
            raise StoreRefused(NO_LIBRARY) from None
        self._made: AESGCM = AESGCM(hashlib.sha256(b"mailbot storage " + secret).digest())

    def lock(self, content: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return LOCKED + nonce + self._made.encrypt(nonce, content, None)

    def unlock(self, locked: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag

        body = locked[len(LOCKED) :]
        try:
            return self._made.decrypt(body[:_NONCE], body[_NONCE:], None)
        except (InvalidTag, ValueError):
            raise StoreRefused("a value in the database does not open with this key, or was changed") from None


_CIPHERS: WeakKeyDictionary[Dialect, StorageCipher] = WeakKeyDictionary()


def encrypt_with(dialect: Dialect, secret: bytes) -> None:
    """Everything that is written by this dialect is encrypted from now on."""
    _CIPHERS[dialect] = StorageCipher(secret)


class LockedBytesColumn(TypeDecorator[bytes]):
    """Bytes that are encrypted where the database has a key, and read either way."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if not value:
            return value
        cipher = _CIPHERS.get(dialect)
        if cipher is not None:
            return cipher.lock(value)
        return _PLAIN + value if value.startswith((LOCKED, _PLAIN)) else value

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is None or not value.startswith((LOCKED, _PLAIN)):
            return value
        if value.startswith(_PLAIN):
            return value[len(_PLAIN) :]
        return _cipher_of(dialect).unlock(value)


class LockedWordsColumn(TypeDecorator[str]):
    """Words that are encrypted where the database has a key, and read either way. Without NUL and without half
    surrogate pairs: raises ``ValueError`` that says where one stands."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and (fault := text_fault(value)):
            raise ValueError(fault)
        cipher = _CIPHERS.get(dialect)
        if not value or cipher is None:
            return value
        return LOCKED_WORDS + base64.b64encode(cipher.lock(value.encode())).decode("ascii")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or not value.startswith(LOCKED_WORDS):
            return value
        return _cipher_of(dialect).unlock(base64.b64decode(value[len(LOCKED_WORDS) :])).decode()


def _cipher_of(dialect: Dialect) -> StorageCipher:
    cipher = _CIPHERS.get(dialect)
    if cipher is None:
        raise StoreRefused(NO_KEY)
    return cipher
