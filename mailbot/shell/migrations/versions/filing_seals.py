"""Seals of what waits to be filed. What is there already is left unsealed, and is said by a note to be older."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("filing", sa.Column("seal", sa.Text(), nullable=False, server_default=""))
    newest = "SELECT partnership, 'filings are sealed', max(created) FROM filing GROUP BY partnership"
    op.execute(f"INSERT INTO note (partnership, what, at) {newest}")
