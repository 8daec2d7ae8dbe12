"""A card for each open dispute in the overview, replaced as it changes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "card",
        sa.Column("partnership", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("partnership", "reference", "number", name="pk_card"),
    )
    op.add_column("filing", sa.Column("reference", sa.Text(), nullable=False, server_default=""))
    op.add_column("filing", sa.Column("flagged", sa.Boolean(), nullable=False, server_default=sa.false()))
