"""docs/architectures.md says what the code of today does: each type has its line, none crashes, some are made anew.

The whole page is `python -m tools.architectures`; a part of it is compared by the slow tests.
"""

from __future__ import annotations

import pytest
import transformers

from core.errors import BadInput, Message, ModelFailure
from tools.architectures import checks
from tools.architectures.children import rows
from tools.architectures.table import PAGE, line
from tools.architectures.tiny_types import text_types

ANEW = "run `python -m tools.architectures` and read what changed"


def texts() -> str:
    """The page without its table of pictures, where a type may stand a second time."""
    return PAGE.read_text(encoding="utf-8").partition("## Pictures")[0]


def test_the_page_is_of_the_installed_library_and_nothing_in_it_crashes():
    page = PAGE.read_text(encoding="utf-8")
    assert f"transformers {transformers.__version__}," in page, ANEW
    assert "WRONG" not in page and "CRASH" not in page


def test_every_text_type_has_its_line():
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in text_types() if f"\n| {name} |" not in page] == [], ANEW


@pytest.mark.parametrize("name", ["bert", "jetmoe", "hrm_text"])
def test_a_text_type_is_as_the_page_says(name):
    assert line(checks.text_row(name)) in texts(), ANEW


def test_a_vision_type_is_as_the_page_says():
    assert line(checks.vision_row("vit")) in PAGE.read_text(encoding="utf-8"), ANEW


def raising(error: Exception):
    def check():
        raise error

    return check


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ModelFailure("{step} failed", step=Message("the lens")), "failed"),
        (BadInput("no such word"), "refused"),
        (checks.Broken("a row sums to 2"), "wrong"),
        (ZeroDivisionError("by hand"), "crash"),
    ],
)
def test_what_a_check_raises_is_told_apart(error, status):
    assert checks._outcome(raising(error)).status == status
    assert checks._outcome(lambda: None).status == "ok"


@pytest.mark.slow
def test_a_row_without_memory_ends_alone(tmp_path):
    starved = next(rows("text", ["bert"], tmp_path / "starved", memory=2**20, wall=20))  # it may hang in its panic
    fed = next(rows("text", ["bert"], tmp_path / "fed"))
    assert line(starved) != line(fed) and line(fed) in texts()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_a_part_of_the_page_made_anew(part, tmp_path):
    """Every fifth text type, in four parts; numbers of floating point in a reason may differ between machines."""
    names = text_types()[part::20]
    wrong = [line(row) for row in rows("text", names, tmp_path) if not row.built and line(row) not in texts()]
    assert wrong == [], ANEW
