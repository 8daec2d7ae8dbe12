"""What is not kept as it was written, and disputes whose time is over."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _words(name: str, default: str | None = None) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _at() -> "sa.Column[object]":
    return sa.Column("at", sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.create_table(
        "replaced",
        *(_words(name) for name in ("partnership", "what", "key", "was")),
        _words("becomes", ""),
        _words("why"),
        _at(),
        _words("seal", ""),
        sa.PrimaryKeyConstraint("partnership", "what", "key", name="pk_replaced"),
    )
    op.create_table(
        "purged",
        *(_words(name) for name in ("partnership", "reference", "entries")),
        sa.Column("head_sequence", sa.Integer(), nullable=False),
        *(_words(name) for name in ("head_hash", "by", "why")),
        _at(),
        _words("seal", ""),
        sa.PrimaryKeyConstraint("partnership", "reference", name="pk_purged"),
    )
