"""What a column may hold: instants that know their zone, and text that every database can keep."""

import hashlib
from datetime import UTC, datetime

from sqlalchemy import DateTime, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from mailbot.core.happened.event_text import storable, text_fault

# An index entry of PostgreSQL holds 2704 bytes, a character takes up to four, and a stranger writes the Message-ID.
_LONGEST_ID = 500


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC with microseconds. Raises ``ValueError`` for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant without a time zone cannot be stored: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text without NUL and without half surrogate pairs. Raises ``ValueError`` that says where one stands."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and (fault := text_fault(value)):
            raise ValueError(fault)
        return value


def id_key(message_id: str) -> str:
    """A Message-ID as it is stored and looked up: storable, and short enough to be indexed.

    A longer one (a stranger may write kilobytes) keeps its beginning, and a digest of all of it.
    """
    clean = storable(message_id)
    if len(clean) <= _LONGEST_ID:
        return clean
    return f"{clean[:200]}…{hashlib.sha256(clean.encode()).hexdigest()}"
