"""Run by alembic: applies the migrations on the connection it is handed, inside that connection's transaction."""

from alembic import context
from sqlalchemy import Connection

from mailbot.shell.store.tables import metadata


def _run(connection: Connection) -> None:
    # SQLite can undo a change of schema as well as PostgreSQL can, although alembic does not think so.
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
    )
    context.run_migrations()


_run(context.config.attributes["connection"])
