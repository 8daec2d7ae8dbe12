"""A person may say which dispute a held message belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("message", sa.Column("into", sa.Text(), nullable=False, server_default=""))
