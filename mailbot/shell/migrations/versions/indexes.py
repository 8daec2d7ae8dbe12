"""Columns and indexes by which nothing is asked of everything: danger, letters that wait, people, cards."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("message", sa.Column("danger", sa.Boolean(), nullable=True))
    op.add_column("outbox", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("dispute", sa.Column("card_due", INSTANT, nullable=True))
    op.create_table(
        "involved",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("partnership", "address", "reference", name="pk_involved"),
    )
    for table, columns in (
        ("message", ("partnership", "state", "danger", "received")),
        ("outbox", ("partnership", "urgent", "next_try")),
        ("outbox", ("partnership", "recipient", "created")),
        ("filing", ("partnership", "next_try")),
        ("filing", ("partnership", "message_id")),
        ("dispute", ("partnership", "card_due")),
        ("dispute", ("partnership", "state")),
        ("ledger", ("partnership", "at")),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
    _what_is_there()


def _what_is_there() -> None:
    op.execute("UPDATE outbox SET next_try = NULL WHERE state IN ('sent', 'refused', 'cancelled')")
    op.execute("UPDATE outbox SET next_try = claimed_until WHERE state = 'sending'")
    op.execute("UPDATE filing SET next_try = NULL WHERE state IN ('filed', 'failed')")
    op.execute("UPDATE filing SET next_try = claimed_until WHERE state = 'filing'")
    op.execute("UPDATE outbox SET urgent = (1 = 1) WHERE letter IN ('urgent', 'urgent_told')")
    op.execute("UPDATE dispute SET card_due = head_at")  # looked at once; what is true stays
    connection = op.get_bind()
    asked = "SELECT partnership, reference, text FROM ledger WHERE kind IN ('DisputeOpened', 'PersonRecorded', "
    rows = connection.execute(sa.text(asked + "'PersonHandedOver')"))
    found = {(row[0], address, row[1]) for row in rows for address in _addresses(json.loads(row[2]))}
    if found:
        involved = sa.table("involved", *(sa.column(name) for name in ("partnership", "address", "reference")))
        columns = ("partnership", "address", "reference")
        connection.execute(sa.insert(involved), [dict(zip(columns, one, strict=True)) for one in sorted(found)])


def _addresses(value: object) -> Iterator[str]:
    """Every address in an event: one too many is looked at for nothing, one too few would be missed."""
    if isinstance(value, dict):
        if isinstance(value.get("address"), str) and value["address"]:
            yield value["address"]
        for each in value.values():
            yield from _addresses(each)
    elif isinstance(value, list):
        for each in value:
            yield from _addresses(each)
