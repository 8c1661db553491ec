"""Bring the tables of rooms to the form that this version of Mirante knows (Alembic; the steps: migrations/versions).

Alembic is imported when a database is opened. A new step: a file beside the first, with ``down_revision`` naming the
one before. Not here: the table of long texts, which has had one form so far (texts.py)."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from .room_tables import ROOM_METADATA

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(connection: sa.Connection) -> None:
    """Every step that this database lacks, within the transaction of ``connection``.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database refuses. alembic.util.CommandError: a later version of Mirante
        has changed it.
    """
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "metadata": ROOM_METADATA})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, "head")
