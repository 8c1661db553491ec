"""Texts too long for a link, kept in a database under a short id.

The id is a digest of the text (60 bits, base32: 12 characters), so the same text always has the same one. Beyond
MAX_TEXTS or MAX_STORED_BYTES the texts that nobody opened for longest are dropped. ``MIRANTE_DATABASE`` names the
database: an SQLAlchemy URL, nothing for a file in ``var/`` of the checkout, or ``off``. Not inside: links and pages
(ui/top_bar/long_text.py), the rules of one SQLite connection (core/storage/sqlite.py)."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from ..assets import ROOT
from ..errors import MiranteError, TooLong
from .sqlite import opened

VARIABLE = "MIRANTE_DATABASE"
DEFAULT_FILE = ROOT / "var" / "mirante.db"
MAX_TEXT_BYTES = 32_000  # of one text in UTF-8: some 8,000 tokens of Portuguese, where the models here read 512
MAX_TEXTS = 20_000
MAX_STORED_BYTES = 200 * 10**6
A_DAY = 86_400.0  # seconds: how exactly it is known when a text was last opened
ID = re.compile(r"[a-z2-7]{12}")

METADATA = sa.MetaData()
TEXTS = sa.Table(
    "texts",
    METADATA,
    sa.Column("id", sa.String(12), primary_key=True),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Column("used", sa.Float, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
sa.Index("texts_by_use", TEXTS.c.used, TEXTS.c.bytes)  # the sums below read this, not the texts


def text_id(text: str) -> str:
    """The id of a text, whether the store has it or not."""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:12]


def size_of_text(text: str) -> int:
    """Bytes of a text in UTF-8."""
    return len(text.encode("utf-8", "replace"))


class Store:
    """The texts of one database. The database is opened, and made where it is a file, when it is first used."""

    def __init__(self, url: str, *, max_texts: int = MAX_TEXTS, max_bytes: int = MAX_STORED_BYTES) -> None:
        self.url, self.max_texts, self.max_bytes = url, max_texts, max_bytes
        self._engine: sa.Engine | None = None
        self._opening = threading.Lock()

    def keep(self, text: str) -> str:
        """Write a text for good and return its id; on return it is committed.

        Raises:
            TooLong: more than MAX_TEXT_BYTES. MiranteError: the database cannot be written, or another text has this
            id.
        """
        if (size := size_of_text(text)) > MAX_TEXT_BYTES:
            raise TooLong(
                "The text takes {n} bytes, and at most {limit} are kept. Shorten it or split it into sentences.",
                n=size,
                limit=MAX_TEXT_BYTES,
            )
        key = text_id(text)
        with self._connection(writes=True) as connection:
            stored = connection.scalar(sa.select(TEXTS.c.body).where(TEXTS.c.id == key))
            if stored is None:
                connection.execute(
                    sa.insert(TEXTS).values(id=key, bytes=len(text.encode()), used=time.time(), body=text)
                )
                self._drop_oldest(connection, key)
            elif stored != text:
                raise _unavailable()
            else:
                connection.execute(_used_now(key))
        return key

    def find(self, key: str) -> str | None:
        """The text of an id; None where there is none, or no such id can be.

        Raises:
            MiranteError: the database cannot be read.
        """
        if not ID.fullmatch(key):
            return None
        with self._connection() as connection:
            row = connection.execute(sa.select(TEXTS.c.body, TEXTS.c.used).where(TEXTS.c.id == key)).first()
        if row is not None and time.time() - row.used > A_DAY:
            self._mark_used(key)
        return row.body if row is not None else None

    def close(self) -> None:
        """Let the connections go; the next use opens them again."""
        with self._opening:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None

    def _mark_used(self, key: str) -> None:
        """A text that can be read is given even where nothing can be written."""
        try:
            with self._connection(writes=True) as connection:
                connection.execute(_used_now(key))
        except MiranteError:
            pass

    def _drop_oldest(self, connection: sa.Connection, newest: str) -> None:
        """Back under both limits; the text that was just written stays."""
        texts, size = connection.execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(TEXTS.c.bytes), 0))
        ).one()
        oldest = connection.execute(
            sa.select(TEXTS.c.id, TEXTS.c.bytes).where(TEXTS.c.id != newest).order_by(TEXTS.c.used)
        )
        dropped = []
        for row in oldest:
            if texts <= self.max_texts and size <= self.max_bytes:
                break
            dropped.append(row.id)
            texts, size = texts - 1, size - row.bytes
        oldest.close()
        for key in dropped:
            connection.execute(sa.delete(TEXTS).where(TEXTS.c.id == key))

    @contextmanager
    def _connection(self, *, writes: bool = False) -> Iterator[sa.Connection]:
        """One transaction; errors of the database become ours, whatever they are."""
        try:
            with self._open().execution_options(writes=writes).begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError, UnicodeError, ImportError) as error:
            raise _unavailable() from error

    def _open(self) -> sa.Engine:
        with self._opening:
            if self._engine is None:
                engine = opened(self.url)
                METADATA.create_all(engine.execution_options(writes=True))
                self._engine = engine
            return self._engine


@lru_cache(maxsize=4)
def store(url: str | None = None) -> Store:
    """The store of ``url``, or of the environment; one per address and process.

    Raises:
        MiranteError: it is switched off.
    """
    url = url if url is not None else os.environ.get(VARIABLE, "") or f"sqlite:///{DEFAULT_FILE}"
    if url == "off":
        raise _unavailable()
    return Store(url)


def _used_now(key: str):
    return sa.update(TEXTS).where(TEXTS.c.id == key).values(used=time.time())


def _unavailable() -> MiranteError:
    return MiranteError("Long texts cannot be kept here now, so they cannot travel in a link.")
