"""The first tables. Written out and never changed again: ``tables.py`` says how things are, this how they began."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("received", INSTANT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("released", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("partnership", "digest"),
    )
    op.create_index("ix_message_partnership_message_id", "message", ["partnership", "message_id"])
    op.create_index("ix_message_partnership_state_received", "message", ["partnership", "state", "received"])


def _message_bytes() -> None:
    op.create_table(
        "message_bytes",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("partnership", "digest"),
    )


def _dispute() -> None:
    op.create_table(
        "dispute",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("limit", INSTANT, nullable=True),
        sa.Column("next_due", INSTANT, nullable=True),
        sa.Column("opened", INSTANT, nullable=False),
        sa.Column("head_sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("head_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partnership", "reference"),
    )
    op.create_index("ix_dispute_partnership_next_due", "dispute", ["partnership", "next_due"])


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("cause_kind", sa.Text(), nullable=False),
        sa.Column("cause_what", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("partnership", "reference", "sequence"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawn", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", INSTANT, nullable=True),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("finished", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outbox_partnership_key", "outbox", ["partnership", "key"], unique=True)
    op.create_index("ix_outbox_partnership_message_id", "outbox", ["partnership", "message_id"], unique=True)
    op.create_index("ix_outbox_partnership_reference", "outbox", ["partnership", "reference"])
    op.create_index("ix_outbox_partnership_state_next_try", "outbox", ["partnership", "state", "next_try"])


def _filing() -> None:
    op.create_table(
        "filing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("dated", INSTANT, nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", INSTANT, nullable=True),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("finished", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_filing_partnership_key", "filing", ["partnership", "key"], unique=True)
    op.create_index("ix_filing_partnership_state_next_try", "filing", ["partnership", "state", "next_try"])


def _held() -> None:
    op.create_table(
        "held",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("settled", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("partnership", "number"),
    )
    op.create_index("ix_held_partnership_digest", "held", ["partnership", "digest"])
    op.create_index("ix_held_partnership_state", "held", ["partnership", "state"])


def _known_id() -> None:
    op.create_table(
        "known_id",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("partnership", "message_id"),
    )
    op.create_index("ix_known_id_partnership_reference", "known_id", ["partnership", "reference"])


def _mailbox() -> None:
    op.create_table(
        "mailbox",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("uid", sa.BigInteger(), nullable=True),
        sa.Column("drained", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("partnership", "mailbox"),
    )


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("partnership", "name"),
    )


def _digest_run() -> None:
    op.create_table(
        "digest_run",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("partnership", "kind", "period"),
    )


def _note() -> None:
    op.create_table(
        "note",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partnership", "what"),
    )


def _lease() -> None:
    op.create_table(
        "lease",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("partnership", "name"),
    )


def upgrade() -> None:
    _message()
    _message_bytes()
    _dispute()
    _ledger()
    _outbox()
    _filing()
    _held()
    _known_id()
    _mailbox()
    _counter()
    _digest_run()
    _note()
    _lease()
