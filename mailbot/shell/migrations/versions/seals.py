"""Seals of each dispute's head and of each letter. What is there already is left unsealed, and is said to be."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("dispute", sa.Column("seal", sa.Text(), nullable=False, server_default=""))
    op.add_column("dispute", sa.Column("unkeyed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("seal", sa.Text(), nullable=False, server_default=""))
