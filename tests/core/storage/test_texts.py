"""The store of long texts: what was acknowledged is there, the bounds hold, and a store that does not work says so."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as some
from sqlalchemy import func, select, text

from core.assets import ROOT
from core.errors import MiranteError, TooLong
from core.storage.sqlite import WAL_SAFE
from core.storage.texts import DEFAULT_FILE, ID, MAX_TEXT_BYTES, TEXTS, Store, store, text_id


@pytest.fixture
def kept(tmp_path: Path):
    opened = Store(f"sqlite:///{tmp_path}/new/texts.db", max_texts=5, max_bytes=10_000)
    yield opened
    opened.close()


def aged(shelf: Store, key: str, seconds: float) -> None:
    """A text was last opened so long ago."""
    with shelf._connection(writes=True) as connection:
        connection.execute(TEXTS.update().where(TEXTS.c.id == key).values(used=time.time() - seconds))


def count(shelf: Store) -> int:
    with shelf._connection() as connection:
        return connection.scalar(select(func.count()).select_from(TEXTS))


def test_a_text_comes_back_and_always_has_the_same_id(kept):
    body = "A jarra está cheia. \n" * 200 + "“=1+1” <s> שלום 👩‍👧 \\"
    key = kept.keep(body)
    assert ID.fullmatch(key) and key == kept.keep(body) == text_id(body) and kept.find(key) == body
    assert count(kept) == 1 and kept.keep(body + ".") != key


@settings(max_examples=60, deadline=None)
@given(some.text(alphabet=some.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_survives(tmp_path_factory, body):
    shelf = Store(f"sqlite:///{tmp_path_factory.getbasetemp()}/any.db")
    assert shelf.find(shelf.keep(body)) == body
    shelf.close()


@pytest.mark.parametrize(
    "key", ["", "a" * 12, "a" * 11, "A" * 12, "../../../etc", "' OR 1=1 --", "á" * 12, "a" * 10_000]
)
def test_an_id_of_nothing_is_none(kept, key):
    assert kept.find(key) is None


def test_the_text_that_nobody_opened_for_longest_goes_first(kept):
    keys = [kept.keep(f"text {i}") for i in range(5)]
    for age, key in enumerate(keys):
        aged(kept, key, (10 - age) * 86_400)
    assert kept.find(keys[0]) == "text 0"  # opened: young again
    kept.keep("text 5")
    assert kept.find(keys[1]) is None and [kept.find(key) is None for key in keys].count(True) == 1 and count(kept) == 5


def test_bytes_are_bounded_too(kept):
    keys = [kept.keep("ç" * 2_000 + str(i)) for i in range(3)]
    assert count(kept) == 2 and kept.find(keys[0]) is None and kept.find(keys[2]) is not None
    large = kept.keep("x" * 20_000)
    assert count(kept) == 1 and kept.find(large) == "x" * 20_000  # what was just acknowledged stays


def test_a_text_beyond_what_is_read_is_refused(kept):
    assert kept.find(kept.keep("a" * MAX_TEXT_BYTES)) is not None
    for large in ("a" * (MAX_TEXT_BYTES + 1), "𠀀" * (MAX_TEXT_BYTES // 4) + "a"):
        with pytest.raises(TooLong, match="32001 bytes"):
            kept.keep(large)


def test_every_connection_follows_the_rules(kept):
    with kept._connection() as connection:
        found = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("foreign_keys", "busy_timeout", "synchronous", "journal_mode")
        }
    journal = "wal" if sqlite3.sqlite_version_info >= WAL_SAFE else "delete"
    assert found == {"foreign_keys": 1, "busy_timeout": 5000, "synchronous": 2, "journal_mode": journal}


def test_eight_threads_write_and_read_at_once(tmp_path):
    shelf, problems = Store(f"sqlite:///{tmp_path}/t.db"), []

    def work(number: int) -> None:
        try:
            for i in range(25):
                body = f"text {i if i % 2 else (number, i)}" * 50
                assert shelf.find(shelf.keep(body)) == body
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == [] and count(shelf) == 12 + 13 * 8
    shelf.close()


WRITER = """
import sys
from core.storage.texts import Store
shelf, first = Store(sys.argv[1]), int(sys.argv[2])
for i in range(first, first + 100_000):
    body = f"text {i} " * 400
    print(shelf.keep(body), i, flush=True)
"""


def test_a_process_killed_at_any_moment_loses_no_acknowledged_text(tmp_path):
    url, dice, acknowledged = f"sqlite:///{tmp_path}/k.db", random.Random(7), {}
    for turn in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, url, str(turn * 100_000)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        first = writer.stdout.readline()
        time.sleep(dice.uniform(0.05, 0.4))
        os.kill(writer.pid, signal.SIGKILL)
        rest, _ = writer.communicate()
        whole = (first + rest).rpartition("\n")[0].splitlines()
        acknowledged |= {line.split()[0]: int(line.split()[1]) for line in whole}
    shelf = Store(url)
    assert len(acknowledged) > 20
    assert all(shelf.find(key) == f"text {i} " * 400 for key, i in acknowledged.items())
    with shelf._connection() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    shelf.close()


def test_a_store_that_cannot_be_opened_says_so(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    for url in (f"sqlite:///{tmp_path}/file/x.db", f"sqlite:///{tmp_path}/file", "nonsense", "nosuch://host/x"):
        for ask in (lambda s: s.keep("a long text"), lambda s: s.find("a" * 12)):
            shelf = Store(url)
            with pytest.raises(MiranteError, match="cannot be kept here now"):
                ask(shelf)
            shelf.close()


def test_a_file_that_cannot_be_written_is_still_read(tmp_path):
    shelf = Store(f"sqlite:///{tmp_path}/r.db")
    key = shelf.keep("a text")
    aged(shelf, key, 10**6)
    shelf.close()
    reader = Store(f"sqlite:///file:{tmp_path}/r.db?mode=ro&uri=true")
    assert reader.find(key) == "a text"
    with pytest.raises(MiranteError):
        reader.keep("another")
    reader.close()


def test_the_environment_chooses(monkeypatch, tmp_path):
    store.cache_clear()
    monkeypatch.delenv("MIRANTE_DATABASE", raising=False)
    assert store().url == f"sqlite:///{DEFAULT_FILE}"
    store.cache_clear()
    monkeypatch.setenv("MIRANTE_DATABASE", "off")
    with pytest.raises(MiranteError):
        store()
    monkeypatch.setenv("MIRANTE_DATABASE", f"sqlite:///{tmp_path}/e.db")
    assert store().url.endswith("/e.db") and store() is store()
    store.cache_clear()
