"""Files on this machine: the same encodings as on the page, and no letter replaced without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadFile
from core.files.local import local_text

TEXT = "O gato está aí.\nA gata não come pão.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_a_text_is_read_as_on_the_page(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "frases.json"
    path.write_bytes(TEXT.encode(encoding))
    assert local_text(path) == TEXT


def test_a_stray_line_is_named_instead_of_replaced(tmp_path: Path) -> None:
    path = tmp_path / "frases.txt"
    path.write_bytes((TEXT * 3).encode() + "só\n".encode("cp1252"))
    with pytest.raises(BadFile, match="line 7"):
        local_text(path)
