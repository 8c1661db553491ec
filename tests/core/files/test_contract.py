"""The contract of ``core.files``: a file gives the same sentences in Python and on the page, in every format."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile

import pytest

import core
from core.errors import BadFile

SENTENCES = ("Ela derramou água da jarra para o copo.", "O copo ficou cheio; a jarra, vazia.")


def workbook() -> bytes:
    """The beginning of every XLSX file: a ZIP archive whose first member names the others."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("frases.txt", "{0}\r\n\r\n{1}\r\n"),
        ("frases.csv", 'id,frase\n1,"{0}"\n2,"{1}"\n'),
        ("frases.tsv", "id\tfrase\n1\t{0}\n2\t{1}\n"),
        ("frases.jsonl", '{{"frase": "{0}"}}\n{{"frase": "{1}"}}\n'),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_format_gives_its_sentences(name: str, text: str, encoding: str) -> None:
    assert core.files.read_upload(text.format(*SENTENCES).encode(encoding), name).sentences == SENTENCES


@pytest.mark.parametrize("name", ["frases.xlsx", "frases.csv"])
def test_a_workbook_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(BadFile, match="save the sentences as CSV|Save the sentences as one of these"):
        core.files.read_upload(workbook(), name)


def test_the_page_reads_with_the_same_function() -> None:
    from ui.pages.my_sentences import reading

    assert reading.read_upload is core.files.read_upload


def test_the_name_costs_no_import_before_its_first_use() -> None:
    program = """
import sys, core.files
assert not {"torch", "streamlit", "charset_normalizer", "core.files.sentences"} & set(sys.modules)
print(core.files.read_upload("água\\ncopo".encode(), "frases.txt").sentences)
assert "torch" not in sys.modules
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "('água', 'copo')"
