"""An SQLAlchemy engine whose SQLite connections lose nothing that was acknowledged; other databases keep their own
rules.

Per connection: foreign keys checked, 5 s of patience for another writer, every commit on the disk before it returns,
and writing transactions that ask for the lock when they begin (a reader that becomes a writer half-way may be refused
at once, whatever the patience)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, make_url

PATIENCE = 5000  # ms
WAL_SAFE = (3, 51, 3)  # older ones have a bug that can corrupt the file when the write-ahead log is reset


def opened(url: str) -> Engine:
    """An engine for ``url``; the folder of an SQLite file is made.

    Raises:
        sqlalchemy.exc.ArgumentError: not a URL. OSError: the folder cannot be made.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address)
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return engine


def _settle(connection: sqlite3.Connection, _record: object) -> None:
    """The driver's own transactions are switched off (``isolation_level``): ours begin as ``_begin`` says."""
    connection.isolation_level = None
    journal = "WAL" if sqlite3.sqlite_version_info >= WAL_SAFE else "DELETE"
    for rule in (f"busy_timeout={PATIENCE}", "foreign_keys=ON", "synchronous=FULL", f"journal_mode={journal}"):
        connection.execute(f"PRAGMA {rule}").close()


def _begin(connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
